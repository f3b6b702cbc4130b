"""The pictures of pages, drawn twice: for a screen and for a phone."""

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

from tracker.charts.frame import NARROW, WIDE
from tracker.charts.shapes import Picture
from tracker.charts.svg import svg_text
from tracker.charts.timeline import timeline_picture
from tracker.charts.timeline_rows import Timeline
from tracker.errors import ChartsMissing
from tracker.reports.names import Names
from tracker.web.asking.address import query_text
from tracker.web.asking.answering import Inquiry

MOST_DRAWN = 500
"""How many steps a page draws, the last ones: a picture of thousands is larger than all else on the page."""


def timeline_drawing(found: Timeline, names: Names, asked: Inquiry) -> Markup:
    """The pictures of a timeline, whose marks lead to their entries; nothing where there is nothing to draw."""
    days = sorted(step.on for block in found.blocks for lane in block.lanes for step in lane.steps)
    after = days[-MOST_DRAWN] if len(days) > MOST_DRAWN else None
    return drawing(lambda width: timeline_picture(found, names, width, after), asked) if found.blocks else Markup()


def drawing(picture: Callable[[int], Picture], asked: Inquiry) -> Markup:
    """A picture for a screen and one for a phone; its marks lead to their entries.

    It is empty where the libraries that paint are not installed: the same stands below it in words.
    """
    cuts = query_text(pair for pair in asked.address.given if pair[0] in ("known_at", "published_by", "on"))
    to_entry = "/entries/{}" + ("?" + cuts.replace("{", "%7B").replace("}", "%7D") if cuts else "")
    try:
        wide, narrow = (_painted(picture(width), to_entry) for width in (WIDE, NARROW))
    except ChartsMissing:
        return Markup()
    return Markup(f'<div class="wide-chart">{wide}</div><div class="narrow-chart">{narrow}</div>')


@lru_cache(maxsize=32)
def _painted(picture: Picture, to_entry: str) -> str:
    """Painting takes a tenth of a second, and the same picture is asked for again and again."""
    return svg_text(picture, to_entry)
