"""A picture as SVG that may stand in any page: no script, no style, colours by class, and a title for each mark."""

import re
from xml.etree import ElementTree

from tracker.charts.painting.colours import CLASSES, COLOURS
from tracker.charts.painting.vega_lite import ENTRY, FONT
from tracker.charts.shapes import Picture, safe

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_DROPPED = {
    "class",
    "role",
    "aria-roledescription",
    "aria-hidden",
    "pointer-events",
    "stroke-miterlimit",
    "font-family",
}
_IDLE = {"stroke-dasharray": "", "fill-opacity": "1", "opacity": "1", "stroke": "transparent", "font-weight": "normal"}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_ENTRY = re.compile(rf"{ENTRY}(\d+)")
TO_ENTRY = "/entries/{}"
"""The address of an entry on the pages of `tracker serve`, with `{}` for its log position."""


def svg_text(picture: Picture, to_entry: str | None = None) -> str:
    """Paint a picture as SVG, the same text for the same picture.

    Marks lead to their entries, if `to_entry` says where these are: `{}` in it stands for the log position. Raises
    ChartsMissing.
    """
    from tracker.charts.painting.library import painted

    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(painted(picture))
    for parent in [*root.iter()]:
        for place, child in enumerate([*parent]):
            if _name(child) == "a":
                parent[place] = _linked(child, to_entry)
    for element in root.iter():
        _mend(element)
    _prune(root)
    _head(root, picture)
    ElementTree.indent(root, space="")
    return f"{ElementTree.tostring(root, encoding='unicode')}\n"


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _linked(link: ElementTree.Element, to_entry: str | None) -> ElementTree.Element:
    """Return a link with the address of its entry and the name of its mark, or the mark alone."""
    mark = link[0]
    entry = _ENTRY.fullmatch(link.get(f"{{{_XLINK}}}href", ""))
    if entry is None or to_entry is None:
        return mark
    link.attrib.clear()
    link.set("href", to_entry.replace("{}", entry[1]))
    if name := mark.get("aria-label"):
        link.set("aria-label", name)
    return link


def _mend(element: ElementTree.Element) -> None:
    """Take out what a page does not need, say what a mark is in a title, and name its colours."""
    for attribute, value in [*element.attrib.items()]:
        if attribute in _DROPPED or _IDLE.get(attribute) == value:
            del element.attrib[attribute]
        elif attribute in ("d", "transform"):
            element.set(attribute, _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}", value))
    classes = [f"{way}-{CLASSES[colour]}" for way in ("fill", "stroke") if (colour := element.get(way, "")) in CLASSES]
    if classes:
        element.set("class", " ".join(classes))
    if (label := element.attrib.pop("aria-label", None)) and _name(element) != "a":
        title = ElementTree.Element(f"{{{_SVG}}}title")
        title.text = label
        element.insert(0, title)
    elif label:
        element.set("aria-label", label)


def _prune(element: ElementTree.Element) -> None:
    """Take out what paints nothing, from the inside out: groups without a shape, and backgrounds."""
    for child in [*element]:
        _prune(child)
        is_empty = _name(child) == "g" and not len(child)
        is_background = _name(child) == "path" and not {"fill", "stroke"} & child.attrib.keys()
        if is_empty or is_background:
            element.remove(child)


def _head(root: ElementTree.Element, picture: Picture) -> None:
    """Give the picture its title, its description and its paper."""
    width, height = picture.width, f"{picture.height:g}"
    root.attrib = {
        "viewBox": f"0 0 {width} {height}",
        "width": str(width),
        "height": height,
        "class": "chart",
        "font-family": FONT,
        "role": "group",
        "aria-label": safe(picture.title),
    }
    title, told = ElementTree.Element(f"{{{_SVG}}}title"), ElementTree.Element(f"{{{_SVG}}}desc")
    title.text, told.text = safe(picture.title), safe(picture.told)
    paper = {"width": str(width), "height": height, "fill": COLOURS["paper"].fill, "class": "fill-paper"}
    root[:0] = [title, told, ElementTree.Element(f"{{{_SVG}}}rect", paper)]
