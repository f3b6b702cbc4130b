"""The log and its projections in a database."""
