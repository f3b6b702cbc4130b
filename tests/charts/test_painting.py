"""How a picture is painted: SVG for any page, the same bytes each time, inert, by libraries that may be missing."""

import re
import sys
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.charts.record import ON, RECORD
from tests.cli.test_hostile_text import HOSTILE
from tracker.charts import pictures
from tracker.charts.page import chart_style, page
from tracker.charts.painting.colours import CLASSES, COLOURS
from tracker.charts.painting.vega_lite import specification
from tracker.charts.shapes import Box, Dot, Line, Picture, Words
from tracker.charts.svg import svg_text
from tracker.errors import ChartsMissing

SVG = "{http://www.w3.org/2000/svg}"
TOLD = f"{HOSTILE} \"'&<a href=javascript:alert(1)>"
PICTURE = Picture(
    TOLD,
    TOLD,
    400,
    200,
    (
        Box(10.0, 200.0, 10, 30, "supports", TOLD, 12),
        Box(10.0, 200.0, 10, 30, "veil"),
        Line(10.0, 20.0, 40, 40, dashed=True),
        Dot(50.0, 60, "diamond", filled=False, told=TOLD, entry=7),
        Words(10.0, 90, TOLD, told=TOLD),
        Words(10.0, 110, "datum.x = {{1}} {signal}", bold=True, anchor="right"),
    ),
)


@pytest.fixture(scope="module")
def painted() -> str:
    return svg_text(PICTURE, "../entries/{}.html?q={0.real}")


def test_what_people_wrote_is_text_and_nothing_else(painted: str) -> None:
    root = ElementTree.fromstring(painted)
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "desc", "g", "path", "line", "rect", "text", "a"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "xmlns:xlink")}
    assert "<script" not in painted
    assert "\x1b" not in painted
    assert [element.text for element in root.iter(f"{SVG}text")][1] == "datum.x = {{1}} {signal}"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in painted


def test_marks_lead_to_their_entries_where_the_caller_says_these_are(painted: str) -> None:
    links = [*ElementTree.fromstring(painted).iter(f"{SVG}a")]
    assert sorted(link.attrib["href"] for link in links) == [
        "../entries/12.html?q={0.real}",
        "../entries/7.html?q={0.real}",
    ]
    assert all(link.attrib.keys() == {"href", "aria-label"} for link in links)
    assert "<a " not in svg_text(PICTURE)


def test_a_picture_has_a_title_a_description_and_its_size_for_any_screen(painted: str) -> None:
    root = ElementTree.fromstring(painted)
    assert (root.attrib["viewBox"], root.attrib["role"]) == ("0 0 400 200", "group")
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == root.attrib["aria-label"]


def test_every_colour_has_a_class_that_the_style_sheet_gives_the_colour_of_the_page(painted: str) -> None:
    used = {colour for row in COLOURS.values() for colour in row}
    assert used <= CLASSES.keys()
    style = chart_style()
    for name in CLASSES.values():
        assert f".chart .fill-{name} {{ fill: var(--{name}); }}" in style
        assert f".chart .stroke-{name} {{ stroke: var(--{name}); }}" in style
    for element in ElementTree.fromstring(painted).iter():
        for way in ("fill", "stroke"):
            colour = element.attrib.get(way, "none")
            assert colour == "none" or f"{way}-{CLASSES[colour]}" in element.attrib["class"]


def test_the_colours_are_those_of_pages_by_day() -> None:
    style = re.search(r":root \{(.*?)\}", page_style(), re.DOTALL)
    assert style
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", style[1]))
    for colour, name in CLASSES.items():
        assert named[name] == colour


def page_style() -> str:
    from importlib.resources import files

    return (files("tracker.reports") / "templates" / "style.css").read_text(encoding="utf-8")


def test_the_same_picture_is_the_same_text(painted: str) -> None:
    assert svg_text(PICTURE, "../entries/{}.html?q={0.real}") == painted


def test_a_picture_of_a_record_is_the_same_whatever_was_recorded_since(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(RECORD) as tracker, tracker.snapshot() as snapshot:
        query = snapshot.query(issue="arms/start", known_at="@12")
        first = svg_text(pictures.timeline(snapshot, query, ON))
    more = f"{RECORD}\n stated FRA arms/start opposes 2019-12-10\n updated RUS name=Elsewhere"
    with new_tracker(more) as tracker, tracker.snapshot() as snapshot:
        query = snapshot.query(issue="arms/start", known_at="@12")
        assert svg_text(pictures.timeline(snapshot, query, ON)) == first


def test_a_page_stands_alone_and_has_a_picture_for_a_phone() -> None:
    shown = page([PICTURE, PICTURE])
    assert shown.count("<svg") == 2
    for drawn in re.findall(r"<svg .*?</svg>", shown, re.DOTALL):
        assert not {"href", "src"} & {name for one in ElementTree.fromstring(drawn).iter() for name in one.attrib}
    assert "<link" not in shown
    assert "@import" not in shown
    assert "url(" not in shown
    assert '<div class="narrow-chart">' in shown
    assert "prefers-color-scheme: dark" in shown


def test_the_chart_is_one_that_vega_lite_describes() -> None:
    from altair import Chart, LayerChart

    found = specification(PICTURE)
    assert isinstance(Chart.from_dict(found), LayerChart)


@pytest.mark.parametrize("name", ["vl_convert"])
def test_without_the_libraries_a_picture_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ChartsMissing) as refused:
        svg_text(PICTURE)
    assert str(refused.value).endswith("Install it with `pip install 'negotiation-tracker[charts]'`.")


def test_days_are_drawn_in_proportion() -> None:
    from tracker.charts.shapes import Scale

    scale = Scale(date(2019, 1, 1), date(2019, 1, 11), 100, 200)
    assert [scale.place(date(2019, 1, day)) for day in (1, 6, 11)] == [100, 150, 200]
