"""A picture as a Vega-Lite chart: a layer of rectangles, rules, points or texts for each kind of shape.

Every place and every size is given, so that nothing depends on the fonts of a machine.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.charts.painting.colours import COLOURS
from tracker.charts.shapes import Across, Box, Dot, Line, Picture, Shape, Words, safe

FONT = "Helvetica Neue, Arial, Liberation Sans, DejaVu Sans, sans-serif"
ENTRY = "https://entry.invalid/"
"""What an entry's address begins with until it is known where entries are: Vega resolves relative ones itself."""
Spec = dict[str, Any]


def specification(picture: Picture) -> Spec:
    """Return the Vega-Lite specification of a picture."""
    layers: dict[int, list[Shape]] = {}
    for shape in picture.shapes:
        layers.setdefault(_depth(shape), []).append(shape)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": picture.width,
        "height": picture.height,
        "padding": 0,
        "autosize": "none",
        "background": "transparent",
        "config": {"view": {"stroke": "transparent"}, "font": FONT},
        "layer": [_layer(shapes, picture) for _, shapes in sorted(layers.items())],
    }


def _depth(shape: Shape) -> int:
    """Return how far in front a shape is painted: grounds, lines, boxes, veils, red lines, marks, words."""
    if isinstance(shape, Box):
        return {"faint": 0, "veil": 3}.get(shape.role, 2)
    if isinstance(shape, Line):
        return 4 if shape.role == "line" else 1
    return 5 if isinstance(shape, Dot) else 6


def _layer(shapes: list[Shape], picture: Picture) -> Spec:
    mark, channels, row_of = _PAINTERS[type(shapes[0])]
    places = {"x": picture.width, "y": picture.height}
    encoding: Spec = {
        name: {
            "field": name,
            "type": "quantitative",
            "axis": None,
            "scale": {"domain": [0, most], "range": [0, most], "nice": False, "zero": False},
        }
        for name, most in places.items()
    }
    rows = [row_of(shape, picture) for shape in shapes]
    fields = {field for row in rows for field in row}
    encoding |= {name: channel for name, channel in channels.items() if name in fields}
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _as_given(field: str) -> Spec:
    return {"field": field, "type": "nominal", "scale": None, "legend": None}


_ENDS: Spec = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
_COLOURS: Spec = {"fill": _as_given("fill"), "stroke": _as_given("stroke")}
_SIZE: Spec = {"size": {"field": "size", "type": "quantitative", "scale": None, "legend": None}}
_TOLD: Spec = {name: {"field": name, "type": "nominal"} for name in ("description", "href")}
_DASH: Spec = {"strokeDash": {"expr": "datum.dash"}}


def _box_row(box: Box, picture: Picture) -> Spec:
    is_ground = not box.edged or box.role in ("veil", "paper", "faint")
    colours = COLOURS["paper" if box.role == "veil" else box.role]
    return {
        **_ends(box, picture),
        "fill": colours.fill,
        "stroke": "transparent" if is_ground else colours.edge,
        "dash": [3, 2] if box.dashed else [],
        "round": box.rounded,
        "pale": 0.62 if box.role == "veil" else 1,
        **_told(box),
    }


def _line_row(line: Line, picture: Picture) -> Spec:
    dash = [2, 3] if line.dashed else []
    return {**_ends(line, picture), "stroke": COLOURS[line.role].edge, "dash": dash, "wide": line.width}


def _dot_row(dot: Dot, picture: Picture) -> Spec:
    edge = COLOURS[dot.role].edge
    row = {"x": _place(dot.at, picture), "y": _round(dot.middle), "shape": dot.form, "size": dot.size}
    return {**row, "fill": edge if dot.filled else COLOURS["paper"].fill, "stroke": edge, **_told(dot)}


def _words_row(words: Words, picture: Picture) -> Spec:
    return {
        "x": _place(words.at, picture),
        "y": _round(words.base),
        "text": safe(words.text),
        "fill": COLOURS[words.role].fill,
        "size": words.size,
        "weight": "bold" if words.bold else "normal",
        "anchor": words.anchor,
        **_told(words),
    }


def _ends(shape: Box | Line, picture: Picture) -> Spec:
    places = {"x": _place(shape.left, picture), "x2": _place(shape.right, picture)}
    return {**places, "y": _round(shape.top), "y2": _round(shape.bottom)}


def _told(shape: Box | Dot | Words) -> Spec:
    return {"description": safe(shape.told), "href": "" if shape.entry is None else f"{ENTRY}{shape.entry}"}


def _place(at: Across, picture: Picture) -> float:
    if isinstance(at, date | Decimal):
        assert picture.scale is not None
        return _round(picture.scale.place(at))
    return _round(at)


def _round(pixels: float) -> float:
    return round(pixels, 1)


_PAINTERS: Mapping[type[Shape], tuple[Spec, Spec, Callable[[Any, Picture], Spec]]] = {
    Box: (
        {"type": "rect", "cornerRadius": {"expr": "datum.round"}, "fillOpacity": {"expr": "datum.pale"}, **_DASH},
        {**_ENDS, **_COLOURS, **_TOLD},
        _box_row,
    ),
    Line: (
        {"type": "rule", "strokeWidth": {"expr": "datum.wide"}, **_DASH},
        {**_ENDS, "stroke": _COLOURS["stroke"]},
        _line_row,
    ),
    Dot: (
        {"type": "point", "strokeWidth": 1.4, "opacity": 1},
        {**_COLOURS, **_SIZE, "shape": _as_given("shape"), **_TOLD},
        _dot_row,
    ),
    Words: (
        {
            "type": "text",
            "align": {"expr": "datum.anchor"},
            "fontWeight": {"expr": "datum.weight"},
            "baseline": "alphabetic",
            "font": FONT,
            "limit": 0,
        },
        {"text": {"field": "text", "type": "nominal"}, "fill": _COLOURS["fill"], **_SIZE, **_TOLD},
        _words_row,
    ),
}
"""By shape: the mark, its channels, and the function that makes a row of data of one."""
