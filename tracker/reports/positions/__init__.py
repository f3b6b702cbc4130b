"""Positions as people read them: values with their units and signs, and what else statements say."""
