"""Parties, issues and sources as registered, and their names."""
