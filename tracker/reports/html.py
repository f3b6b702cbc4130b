"""Answers as HTML: one page that stands alone, fits any screen and A4; text from outside is escaped."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from tracker.domain.answers.changes import Change
from tracker.domain.answers.report import Report
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.registers import Registers
from tracker.domain.timeline.state import Cell, State
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports import change_wording, wording
from tracker.reports.answers import StateAnswer
from tracker.reports.report_sections import PairBrief, ReportAnswer, brief, repeats, sections

_COLUMNS = 8
"""Parties per table; more take further tables, so that none is cut off in print."""

_NO_NAMES = Registers({}, {}, {})


def render_state(answer: StateAnswer) -> str:
    """The state on a day: a table of issues by parties for each group of issues, closed issues below it."""
    state, look = answer.state, answer.look
    return _page(
        "state.html",
        answer=state,
        look=look,
        names=look.names or _NO_NAMES,
        groups=[_group(name, tuple(cells)) for name, cells in groupby(state.cells, key=_group_name)],
        stale_after=look.stale_after,
        signs=_signs(wording.marks(cell, state.on, look.stale_after) for cell in state.cells),
        remarks=lambda cell: tuple(_remarks(cell, state)),
    )


def render_report(answer: ReportAnswer) -> str:
    """The change report as a brief to hand on, with its evidence in numbered notes."""
    report = answer.report
    parts = brief(report)
    return _page(
        "report.html",
        answer=report,
        names=answer.names or _NO_NAMES,
        parts=parts,
        sections=sections(report, parts),
        affirmations=lambda pair: _affirmations(report, pair),
        filters=tuple(wording.filters(report.scope)),
        stale_after=wording.STALE_AFTER,
        signs=_signs(wording.statement_marks(change.attribution, change.standing) for change in report.changes),
    )


# --- the page -------------------------------------------------------------------------------------


def _page(template: str, **view: Any) -> str:
    return _environment().get_template(template).render(notes=_Notes(), **view)


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
    environment.globals.update(shared, web_address=_web_address, stances=_STANCES, WITHDRAWN=WITHDRAWN)
    return environment


_STANCES = (*reversed(Stance), WITHDRAWN)
_WORDING = (
    (wording, ("GLYPHS", "MARKS", "NONE", "affirmed", "age", "day_text", "left_out", "marks", "short_day")),
    (wording, ("stance_before", "statement_marks", "terms", "times")),
    (change_wording, ("correction_text", "learned_context_text", "learned_text", "relation_text", "since_text")),
)


def _signs(used: Iterable[str]) -> list[str]:
    """The marks on a page, in the legend's order."""
    found = set("".join(used))
    return [mark for mark in wording.MARKS if mark in found]


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


# --- the change report ----------------------------------------------------------------------------


def _affirmations(report: Report, pair: PairBrief) -> list[Change]:
    """The statements of a pair that the report only counts."""
    return [row for row in report.changes if (row.issue, row.party) == (pair.issue, pair.party) and repeats(row)]


# --- the state ------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """An issue with a cell for each party; a closed one with the last stances."""

    issue: str
    cells: tuple[Cell | None, ...]


class _Table(NamedTuple):
    parties: tuple[str, ...]
    rows: tuple[_Row, ...]


class _Group(NamedTuple):
    name: str
    tables: tuple[_Table, ...]
    folded: tuple[_Row, ...]


def _group_name(cell: Cell) -> str:
    return cell.row.issue.split("/")[0]


def _group(name: str, cells: Sequence[Cell]) -> _Group:
    still_open = [cell for cell in cells if cell.row.closed is None]
    stances = Counter(cell.row.party for cell in still_open)
    parties = sorted(stances, key=lambda party: (-stances[party], party))
    some = (tuple(parties[start : start + _COLUMNS]) for start in range(0, len(parties), _COLUMNS))
    folded = (_Row(issue, members) for issue, members in _issues(cells) if members[0].row.closed is not None)
    return _Group(name, tuple(_table(columns, still_open) for columns in some), tuple(folded))


def _table(parties: tuple[str, ...], cells: Sequence[Cell]) -> _Table:
    rows = []
    for issue, members in _issues(cell for cell in cells if cell.row.party in parties):
        by_party = {cell.row.party: cell for cell in members}
        rows.append(_Row(issue, tuple(by_party.get(party) for party in parties)))
    return _Table(parties, tuple(rows))


def _issues(cells: Iterable[Cell]) -> list[tuple[str, tuple[Cell, ...]]]:
    return [(issue, tuple(members)) for issue, members in groupby(cells, key=lambda cell: cell.row.issue)]


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
