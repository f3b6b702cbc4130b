"""Write the projections of the log."""
