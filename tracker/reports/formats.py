"""The formats of every answer, and the function that renders each, imported when it is used.

A new format is one file, its row in `FORMATS`, and one line below: in `_DATA` for every answer, in `_ROWS` for answers
that come in rows.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, NamedTuple

View = Callable[[int], Any]
"""Renders for a width in columns what `rich` prints."""
Body = str | View | Iterator[str]
"""A text, a view for a terminal, or the parts of a text, which are printed as they come."""


class Rendering(NamedTuple):
    """An answer in one format, and the remarks that go to standard error before and after it."""

    body: Body
    before: str = ""
    after: str = ""


class Format(NamedTuple):
    """What all answers in one format share: the endings of its files, and whom it is for."""

    endings: tuple[str, ...]
    is_data: bool = False
    """For programs: nothing is cut, and rows are written as they are read."""
    is_document: bool = False
    """Cites sources by their titles, and shows titles and names beside paths and codes."""


FORMATS: Mapping[str, Format] = {
    "table": Format((".txt",)),
    "json": Format((".json",), is_data=True),
    "csv": Format((".csv",), is_data=True),
    "md": Format((".md", ".markdown"), is_document=True),
    "html": Format((".html", ".htm"), is_document=True),
    "graphml": Format((".graphml",), is_data=True, is_document=True),
}
"""Every format, by the name that `--format` takes."""

_DATA = {"json": "data_formats:render_json"}
_ROWS = {
    "table": "tables.layout:render_rows",
    **_DATA,
    "csv": "data_formats:render_csv",
    "md": "markdown:render_rows",
}
_FIELDS = {"table": "tables.terminal:render_fields", **_DATA, "md": "markdown:render_fields"}
RENDERERS: Mapping[str, Mapping[str, str]] = {
    "rows": _ROWS,
    "log": {**_ROWS, "table": "tables.entry_table:render_log"},
    "log as it grows": {"table": "tables.entry_table:render_log", "json": "data_formats:render_json_lines"},
    "state": {
        **_ROWS,
        "table": "tables.state_table:render_state",
        "md": "markdown:render_state",
        "html": "html:render_state",
    },
    "report": {
        **_ROWS,
        "table": "tables.report_table:render_report",
        "md": "report.markdown:render_report",
        "html": "html:render_report",
    },
    "consensus": {
        **_ROWS,
        "table": "agreement.table:render_consensus",
        "md": "agreement.markdown:render_consensus",
        "html": "html:render_consensus",
    },
    "convergence": {
        **_ROWS,
        "table": "agreement.table:render_convergence",
        "md": "agreement.markdown:render_convergence",
        "html": "html:render_convergence",
    },
    "agreement": {
        **_ROWS,
        "table": "agreement.matrix:render_table",
        "md": "agreement.matrix:render_markdown",
        "html": "html:render_agreement",
        "graphml": "agreement.graphml:render_graphml",
    },
    "search": _ROWS,
    "history": {**_ROWS, "html": "html:render_page"},
    "asks": {**_ROWS, "html": "html:render_page"},
    "conditions": {**_ROWS, "html": "html:render_page"},
    "fields": _FIELDS,
    "explanation": {**_FIELDS, "html": "html:render_page"},
}
"""By answer and format, the module below this package and its function. What it takes is in `answers`."""

TITLED = frozenset(
    {"state", "report", "consensus", "agreement", "history", "asks", "conditions", "search", "explanation"}
)
"""Answers about parties and issues, which can show their names and titles."""


def formats_of(answer: str) -> tuple[str, ...]:
    """The formats that an answer has, the first of them by default."""
    return tuple(RENDERERS[answer])


def render(answer: str, form: str, content: Any, **how: Any) -> Rendering:
    """Render the content of an answer in one of its formats; a web page may have a `shell` of its own."""
    module, _, function = RENDERERS[answer][form].partition(":")
    rendered = getattr(import_module(f"{__package__}.{module}"), function)(content, **how)
    return rendered if isinstance(rendered, Rendering) else Rendering(rendered)
