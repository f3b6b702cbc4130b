"""Commands that record positions, correct what was recorded, and say who may record over the network."""
