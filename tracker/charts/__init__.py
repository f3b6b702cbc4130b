"""Pictures of answers: who stood where over time and on a day, as SVG for any page, as PNG, or as a page of their own.

`pictures` has a function for each chart, which asks and lays out; `svg_text` paints what it returns, by libraries that
are an extra. The rows that a picture shows are those of the command of the same answer.
"""
