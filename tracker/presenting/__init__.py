"""Answers made ready for a format: what a question finds, with the names, days and legends that its format shows.

One function an answer, which the command line and the page both call, so that both give the same bytes.
"""
