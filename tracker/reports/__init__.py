"""Rendering of answers: terminal, Markdown, HTML, JSON, CSV."""
