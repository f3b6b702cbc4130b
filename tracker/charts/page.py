"""A picture as an HTML page that stands alone, in the look of all pages: wide on a screen, narrow on a phone."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from tracker.charts.shapes import Picture, safe
from tracker.charts.svg import svg_text


def chart_style() -> str:
    """Return the style sheet by which pictures take the colours of the page on which they stand."""
    return (files("tracker.charts") / "chart.css").read_text(encoding="utf-8")


def page(pictures: Iterable[Picture]) -> str:
    """Return a page with a picture, and perhaps a second one for a phone. Raises ChartsMissing."""
    wide, *narrow = pictures
    style = (files("tracker.reports") / "templates" / "style.css").read_text(encoding="utf-8")
    shown = [("wide-chart", wide), *(("narrow-chart", one) for one in narrow)] if narrow else [("only-chart", wide)]
    drawn = "\n".join(f'<div class="{name}">\n{svg_text(one)}</div>' for name, one in shown)
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(safe(wide.title))}</title>
<style>
{style}{chart_style()}</style>
</head>
<body class="charts">
<main>
{drawn}
</main>
</body>
</html>
"""
