"""Write what is derived from the log."""
