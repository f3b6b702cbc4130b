"""Append and read entries."""
