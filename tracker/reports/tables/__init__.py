"""Answers as tables for a terminal or a text file."""
