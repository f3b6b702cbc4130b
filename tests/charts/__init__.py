"""Pictures: what they draw, and how it is painted."""
