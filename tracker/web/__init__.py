"""The page and the API: what `tracker serve` shows in a browser, over the same verbs as the command line."""
