"""What is concluded from the timelines: changes, relations, corrections, asks, explanations."""
