"""One verb per file: load, a pure call, save."""
