"""Conclusions from the timelines: changes, relations, corrections, asks, explanations."""
