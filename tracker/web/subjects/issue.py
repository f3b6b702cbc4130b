"""The page of one issue: the question, where everybody stands on it, how they came there, and who could agree."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.charts.timeline_rows import Timeline, timeline_of
from tracker.domain.answers.changes import Change
from tracker.domain.registers.names import resolve_issue_group
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.scope import Query
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Value
from tracker.presenting import registers
from tracker.reports.agreement.brief import Block, Brief, brief_of
from tracker.reports.agreement.series import series_of
from tracker.reports.answers import Document, Fields
from tracker.reports.basis import basis_of
from tracker.reports.names import Names
from tracker.reports.positions.values import GLYPHS
from tracker.reports.report.items import occurrence_words
from tracker.reports.steps import step_signs
from tracker.reports.wording import marks
from tracker.web.asking.answering import Inquiry
from tracker.web.drawing import timeline_drawing
from tracker.web.subjects.asking import ask_lists
from tracker.web.subjects.cells import telling_cells
from tracker.web.subjects.group import group_page

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

MOST_CELLS, MOST_STEPS, MOST_DAYS = 150, 400, 12
"""How much of each list the page shows; a sentence says where the whole is."""


class Camp(NamedTuple):
    """The parties that hold one value: what the page says first."""

    value: Value
    unit: str | None
    cells: Sequence[Cell]


def issue_page(snapshot: "Snapshot", asked: Inquiry) -> Fields:
    """The page of the issue, or of the group of issues, that an address names. Raises TrackerError."""
    values, on = asked.address.values, asked.address.values["on"] or asked.today
    known = snapshot.names().issues
    path = resolve_issue_group(values["name"], known) if values["name"] else ""
    if path not in known:
        return group_page(snapshot, asked, path)
    cutoffs = registers.cutoffs_of(snapshot, asked.query)
    record = registers.issue(snapshot, path, on, cutoffs)
    names = snapshot.registers(on, known_at=cutoffs.known_at, published_by=cutoffs.published_by)
    query = replace(asked.query, scope=replace(asked.query.scope, issues=frozenset({path})))
    about = {path, *record.options}
    state = snapshot.state(on, query, inherit=values["inherit"])
    cells = [cell for cell in state.cells if cell.row.issue in about]
    timeline = _only(timeline_of(snapshot, query, on, inherit=values["inherit"]), about)
    steps = [step for block in timeline.blocks for lane in block.lanes for step in lane.steps]
    asks = [ask for ask in snapshot.asks(on, query).asks if ask.statement.issue in about]
    basis = basis_of(asked.query, on, asked.head, state.left_out_undated)
    contents = {
        "record": record,
        "path": path,
        "wordings": (*record.found.earlier, record.found.wording),
        "by_option": _by_option(cells[:MOST_CELLS], record.options or (path,)),
        "cut_cells": len(cells) - MOST_CELLS,
        **telling_cells(on),
        "drawing": partial(timeline_drawing, timeline, Names(names), asked),
        "lanes": _lanes(steps[:MOST_STEPS]),
        "cut_steps": bool(timeline.cut) or len(steps) > MOST_STEPS,
        "happened": [(row, occurrence_words(row, Names(names))) for block in timeline.blocks for row in block.happened],
        **_agreement(snapshot, query, path, on, steps, Names(names), inherit=values["inherit"]),
        **ask_lists(asks, basis, names),
        "below": [one for one in names.issues if one.startswith(f"{path}/") and one not in about],
        "values": [cell.row.value for cell in cells],
    }
    signs = "".join([*(marks(cell, on) for cell in cells), *map(step_signs, steps[:MOST_STEPS])])
    return Fields(record.fields.data, document=Document(basis, names, signs, template="issue.html", contents=contents))


def _only(found: Timeline, about: set[str]) -> Timeline:
    """The timeline without the issues that lie below the one asked about."""
    blocks = (
        block._replace(lanes=tuple(lane for lane in block.lanes if lane.issue in about)) for block in found.blocks
    )
    return found._replace(blocks=tuple(block for block in blocks if block.lanes))


def _by_option(cells: Sequence[Cell], issues: Iterable[str]) -> list[tuple[str, list[Camp], list[Cell]]]:
    """For the issue, or each option: who holds what, and the cells, those for it first."""
    found = []
    for issue in issues:
        own = sorted((cell for cell in cells if cell.row.issue == issue), key=_place)
        found.append((issue, list(_camps(own)), own))
    return found


def _place(cell: Cell) -> tuple[Any, ...]:
    value = cell.row.value
    if isinstance(value, Amount):
        ends = value.at_most if value.at_least is None else value.at_least
        return (0, ends or 0, str(value), cell.row.party)
    return (1, list(GLYPHS).index(value), "", cell.row.party)


def _camps(cells: Sequence[Cell]) -> Iterator[Camp]:
    for value in dict.fromkeys(cell.row.value for cell in cells):
        own = [cell for cell in cells if cell.row.value == value]
        yield Camp(value, own[0].unit, own)


def _lanes(steps: Sequence[Change]) -> list[tuple[str, str, list[Change]]]:
    """The steps of each party on the issue, or on each option; the parties in order."""
    lanes = dict.fromkeys((step.party, step.issue) for step in sorted(steps, key=lambda step: (step.party, step.issue)))
    return [(*lane, [step for step in steps if (step.party, step.issue) == lane]) for lane in lanes]


def _agreement(
    snapshot: "Snapshot",
    query: Query,
    path: str,
    on: date,
    steps: Sequence[Change],
    names: Names,
    *,
    inherit: bool,
) -> dict[str, Any]:
    """Who could agree on the day, and what became of that on the last days on which somebody moved."""
    found = brief_of(snapshot.consensus(on=on, query=query, inherit=inherit), names)
    days = sorted({step.on for step in steps})[-MOST_DAYS:]
    course = None
    if len(days) > 1:
        first = days[0] if days[0] < on else on - timedelta(1)
        course = _block(series_of(snapshot.convergence(first, on, query=query, inherit=inherit), names), path)
    return {
        "agreement": _block(found, path),
        "course": course,
        "first_day": min((step.on for step in steps), default=None),
    }


def _block(brief: Brief, path: str) -> Block | None:
    blocks = [one for part in brief.parts for block in part.blocks for one in (block, *block.options)]
    return next((block for block in blocks if block.issue == path), None)
