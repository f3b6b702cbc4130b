"""Rendering of answers: terminal, Markdown, JSON, CSV."""
