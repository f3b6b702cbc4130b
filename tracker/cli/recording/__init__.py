"""Commands that record positions and correct what was recorded."""
