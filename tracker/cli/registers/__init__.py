"""The registers: `party`, `issue` and `source`, each with `add`, `list` and `show`."""
