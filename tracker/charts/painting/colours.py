"""The colours of pictures by the role of a shape: those of pages by day, which a style sheet may change by class."""

from collections.abc import Mapping
from typing import NamedTuple


class Colours(NamedTuple):
    """The colour inside a shape and that of its edge."""

    fill: str
    edge: str


_FILLS = {
    "supports": "#dcecdf",
    "conditional": "#eaf0d3",
    "neutral": "#e9eaec",
    "sceptical": "#f8e8cf",
    "opposes": "#f7dcd8",
    "amount": "#dde8f6",
    "paper": "#ffffff",
    "ink": "#1a1e24",
    "soft": "#545c67",
    "rule": "#d3d7dd",
    "faint": "#f4f5f7",
    "accent": "#1d3c66",
    "line": "#8f1111",
}
_INKS = {
    "supports": "#17482a",
    "conditional": "#404c10",
    "neutral": "#3d434b",
    "sceptical": "#6a4103",
    "opposes": "#7d1d16",
    "amount": "#17396b",
}
_ALIKE = {"withdrawn": Colours("#ffffff", "#545c67"), "no-figure": Colours("#ffffff", "#17396b")}

COLOURS: Mapping[str, Colours] = {
    **{role: Colours(fill, _INKS.get(role, fill)) for role, fill in _FILLS.items()},
    **{f"{role}-ink": Colours(ink, ink) for role, ink in _INKS.items()},
    **_ALIKE,
    "withdrawn-ink": Colours("#545c67", "#545c67"),
    "no-figure-ink": Colours("#17396b", "#17396b"),
}
"""By role: a value as `value_class` names it, its ink, or a part of the paper, as in the style sheet of pages."""

CLASSES: Mapping[str, str] = {
    **{colour: role for role, colour in _FILLS.items()},
    **{colour: f"{role}-ink" for role, colour in _INKS.items()},
}
"""The name of each colour, by which a style sheet changes it: those of pages are custom properties of these names."""
