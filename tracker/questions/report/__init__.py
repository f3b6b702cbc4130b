"""The question of what changed between two days."""
