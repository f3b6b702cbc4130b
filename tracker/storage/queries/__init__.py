"""Read the projections."""
