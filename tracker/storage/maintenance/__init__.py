"""Migrate, rebuild, verify and examine a database."""
