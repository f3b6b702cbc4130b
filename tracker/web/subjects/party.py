"""The page of one party: where it stands on everything, what it waits for, what it asks and is asked, its blocs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.terms.scope import Query
from tracker.domain.timeline.state import Cell
from tracker.presenting import registers
from tracker.reports.answers import Document, Fields
from tracker.reports.basis import basis_of
from tracker.reports.names import Names
from tracker.reports.positions.outcomes import succession_text
from tracker.reports.steps import step_signs
from tracker.reports.wording import marks
from tracker.web.asking.answering import Inquiry
from tracker.web.subjects.asking import MOST_ASKS, ask_lists, in_order
from tracker.web.subjects.cells import telling_cells

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

MOST_CELLS, MOST_MOVES = 300, 5
"""How much of each list the page shows; a sentence says where the whole is."""


def party_page(snapshot: "Snapshot", asked: Inquiry) -> Fields:
    """The page of the party that an address names. Raises TrackerError."""
    values, on = asked.address.values, asked.address.values["on"] or asked.today
    cutoffs = registers.cutoffs_of(snapshot, asked.query)
    record = registers.party(snapshot, values["name"], on, cutoffs)
    code = record.found.party.party
    names = snapshot.registers(on, known_at=cutoffs.known_at, published_by=cutoffs.published_by)
    query = replace(asked.query, scope=replace(asked.query.scope, parties=frozenset({code})))
    state = snapshot.state(on, query, inherit=values["inherit"])
    cells = [cell for cell in state.cells if cell.row.party == code]
    asks = snapshot.asks(on, query).asks
    made, received = [one for one in asks if one.party == code], [one for one in asks if one.to == code]
    basis = basis_of(asked.query, on, asked.head, state.left_out_undated)
    open_cells = [cell for cell in cells if cell.row.closed is None]
    moves = _moves(snapshot, query, cells, on, inherit=values["inherit"])
    ended = next((cell.succession for cell in cells if cell.succession is not None), None)
    told = ask_lists([*made, *received], basis, names)
    contents = {
        "party": record.found.party,
        "record": record,
        "earlier": record.found.earlier_names,
        "groups": _groups(open_cells[:MOST_CELLS]),
        "closed": _groups([cell for cell in cells if cell.row.closed is not None][:MOST_CELLS]),
        "cut_cells": len(cells) - MOST_CELLS,
        **telling_cells(on),
        "matters": [cell for cell in cells if cell.row.red_line or cell.row.priority],
        "waiting": [cell for cell in open_cells if cell.row.conditions],
        "last": max((cell.statement for cell in cells if not cell.inherited_from), key=_place, default=None),
        "moves": moves,
        "answer_text": told["answer_text"],
        "remarks": told["remarks"],
        "made": in_order(made)[:MOST_ASKS],
        "received": in_order(received)[:MOST_ASKS],
        "cut_asks": max(len(made), len(received)) - MOST_ASKS,
        "member_of": [one for one in record.memberships if one.party == code],
        "members": [one for one in record.memberships if one.bloc == code],
        "ended": succession_text(ended, Names(names)) if ended else "",
        "values": [cell.row.value for cell in cells],
    }
    signs = "".join([*(marks(cell, on) for cell in cells), *map(step_signs, moves)])
    return Fields(record.fields.data, document=Document(basis, names, signs, template="party.html", contents=contents))


def _place(statement: Any) -> tuple[date, int]:
    return statement.on, statement.rank


def _groups(cells: Sequence[Cell]) -> list[tuple[str, list[Cell]]]:
    """The cells by the first segment of their issues' paths."""
    return [(name, list(own)) for name, own in groupby(cells, key=lambda cell: cell.row.issue.split("/")[0])]


def _moves(snapshot: "Snapshot", query: Query, cells: Sequence[Cell], on: date, *, inherit: bool) -> list[Change]:
    """The latest step of each of the issues on which the party moved last, the latest first."""
    latest = sorted(cells, key=lambda cell: cell.row.since, reverse=True)[:MOST_MOVES]
    if not latest:
        return []
    scope = replace(query.scope, issues=frozenset(cell.row.issue for cell in latest))
    rows = snapshot.history_rows(on, replace(query, scope=scope), inherit=inherit).rows
    moved = {step.issue: step for step in rows if step.kind not in (Kind.REAFFIRMED, Kind.AMENDED)}
    return sorted(moved.values(), key=lambda step: step.on, reverse=True)[:MOST_MOVES]
