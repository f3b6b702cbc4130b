"""The log in a browser: its pages, its entries as data, and new ones as they are recorded."""
