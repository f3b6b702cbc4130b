"""The libraries that paint, imported as the first picture is painted: they are an extra, and take a second to load."""

from tracker.charts.shapes import Picture
from tracker.errors import ChartsMissing


def painted(picture: Picture) -> str:
    """Return a picture as Vega writes SVG. Raises ChartsMissing."""
    try:
        import vl_convert

        from tracker.charts.painting.vega_lite import specification
    except ModuleNotFoundError as missing:
        raise ChartsMissing(missing.name or "") from missing
    found: str = vl_convert.vegalite_to_svg(specification(picture), allowed_base_urls=[])
    return found


def png_of(svg: str, *, scale: float) -> bytes:
    """Return an SVG as a PNG, so many pixels for each of its own. Raises ChartsMissing."""
    try:
        import vl_convert
    except ModuleNotFoundError as missing:
        raise ChartsMissing(missing.name or "") from missing
    found: bytes = vl_convert.svg_to_png(svg, scale=scale)
    return found
