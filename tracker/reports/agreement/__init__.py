"""Answers about agreement: who could agree on a day, and over time."""
