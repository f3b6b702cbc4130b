"""Answers as HTML: one page that stands alone, fits any screen and A4; text from outside is escaped."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker.domain.terms.safe_text import plain
from tracker.domain.timeline.registers import Registers
from tracker.domain.timeline.state import Cell, State
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports import report_sections, wording
from tracker.reports.answers import StateAnswer
from tracker.reports.report_sections import ReportAnswer, sections

_NO_NAMES = Registers({}, {}, {})


def render_state(answer: StateAnswer) -> str:
    """The state on a day: a table of issues by parties for each group of issues, closed issues below it."""
    state = answer.state
    return _page(
        "state.html",
        answer=state,
        cut=answer.cut,
        groups=answer.groups,
        marks=answer.marks,
        names=answer.names or _NO_NAMES,
        remarks=lambda cell: _remarks(cell, state),
        signs=answer.signs,
        stale_after=answer.stale_after,
        wide=answer.wide,
    )


def render_report(answer: ReportAnswer) -> str:
    """The change report as a brief to hand on, with its evidence in numbered notes."""
    report = answer.report
    return _page(
        "report.html",
        answer=report,
        filters=tuple(wording.filters(report.scope)),
        names=answer.names or _NO_NAMES,
        sections=sections(report),
        signs=answer.signs,
        stale_after=wording.STALE_AFTER,
    )


# --- the page -------------------------------------------------------------------------------------


def _page(template: str, *, signs: str, **view: Any) -> str:
    legend = [mark for mark in wording.MARKS if mark in signs]
    return _environment().get_template(template).render(notes=_Notes(), signs=legend, **view)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tracker.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    shared = {name: getattr(module, name) for module, names in _WORDING for name in names}
    environment.globals.update(shared, web_address=_web_address)
    return environment


_WORDING = (
    (wording, ("GLYPHS", "MARKS", "NONE", "WITHDRAWN", "affirmed", "age", "day_text", "left_out", "short_day")),
    (wording, ("stance_before", "statement_marks", "terms", "times")),
    (report_sections, ("correction_text", "learned_context_text", "learned_text", "relation_text")),
)


def _visible(value: object) -> object:
    """Make a printed value safe to show; markup comes from templates alone, where each part was made safe."""
    return value if hasattr(value, "__html__") else plain(str(value))


def _web_address(url: str | None) -> str | None:
    """The address, if a link may lead to it; any other is shown as text."""
    return url if url and url.isprintable() and re.fullmatch(r"https?://[^\s/]\S*", url, re.IGNORECASE) else None


class _Note(NamedTuple):
    """One piece of evidence, and the places in the page that rest on it.

    `source` is None where an entry names none, and empty where none is asked for: what we did to our own record.
    """

    number: int
    source: str | None
    event_id: str
    places: list[str]


class _Notes:
    """The notes of a page, numbered as they are first cited."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str | None, str], _Note] = {}

    def cite(self, source: str | None, event_id: str = "") -> _Note:
        """The note on a source as evidence of an entry, with one more place, its last, that cites it."""
        note = self._notes.setdefault((source, event_id), _Note(len(self._notes) + 1, source, event_id, []))
        note.places.append(f"r{note.number}-{len(note.places) + 1}")
        return note

    def __iter__(self) -> Iterator[_Note]:
        return iter(self._notes.values())


# --- the state ------------------------------------------------------------------------------------


def _remarks(cell: Cell, state: State) -> Iterator[tuple[str, str]]:
    """The bloc or the withdrawal with its day, the conditions in force, and both sides of a contest."""
    row = cell.row
    if cell.inherited_from is not None:
        yield f"from {cell.inherited_from}", f"since {wording.short_day(row.since, state.on)}"
    elif row.value is WITHDRAWN:
        yield "withdrawn", f"since {wording.short_day(row.since, state.on)}"
    if row.conditions:
        yield "if", f"{'; '.join(row.conditions)} ({wording.short_day(cell.naming.on, state.on)})"
    for other in cell.contested_by:
        yield "contested", wording.sides(cell, other, state.on)
