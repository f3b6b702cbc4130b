"""The asks between parties, and the open conditions of their stances."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import Scope, within
from tracker.domain.terms.vocabulary import Act, Attribution, Stance, Standing
from tracker.domain.timeline.state import Cell, Closing
from tracker.domain.timeline.statement import WITHDRAWN, Statement, Value


class Ask(NamedTuple):
    """A demand, proposal, offer or question of one party to another, and the first answer to it.

    It is answered once the addressee states a position on the issue, or on one below it, later in the order of DESIGN
    section 6. `open_since` is the effective day of the ask; `answered_on` that of the answer.
    """

    party: str
    to: str
    issue: str
    act: Act
    open_since: date
    stated_on: str
    value: Value
    summary: str
    quote: str | None
    conditions: tuple[str, ...] | None
    speaker: str | None
    standing: Standing | None
    attribution: Attribution
    source: str | None
    event_id: str
    position: int
    answered_by: str | None
    answered_on: date | None
    answer_issue: str | None
    answer_value: Value | None
    closed: Closing | None


@dataclass(frozen=True, slots=True)
class Asks:
    """The asks up to a day, the log position that they rest on, and how many statements `published_by` left out."""

    on: date
    log: LogHead
    asks: tuple[Ask, ...]
    left_out_undated: int


FindStatements = Callable[[Statement, str], Iterable[Statement]]
"""Finds visible statements of an ask's addressee up to the day: all of them, or those that may be its answer."""


def asks(
    asking: Iterable[Statement], find: FindStatements, scope: Scope, closings: Mapping[str, Closing], on: date
) -> tuple[Ask, ...]:
    """Return the asks up to a day (inclusive) with either party in scope, by issue, asker, addressee and place."""
    rows = []
    for statement in asking:
        if not statement.is_ask or statement.on > on or not scope.includes_issue(statement.issue):
            continue
        for addressee in dict.fromkeys(statement.addressed_to):
            if scope.includes_party(statement.party) or scope.includes_party(addressee):
                answer = _answer(statement, find(statement, addressee))
                rows.append((statement.place, _ask(statement, addressee, answer, closings.get(statement.issue))))
    rows.sort(key=lambda row: (row[1].issue, row[1].party, row[1].to, row[0]))
    return tuple(ask for _, ask in rows)


def _answer(ask: Statement, stated: Iterable[Statement]) -> Statement | None:
    """Return the addressee's first position after an ask, on its issue or one below."""
    later = (one for one in stated if one.place > ask.place and within(one.issue, ask.issue))
    return min((one for one in later if one.value is not WITHDRAWN), key=lambda one: one.place, default=None)


def _ask(statement: Statement, addressee: str, answer: Statement | None, closed: Closing | None) -> Ask:
    assert statement.act is not None
    return Ask(
        party=statement.party,
        to=addressee,
        issue=statement.issue,
        act=statement.act,
        open_since=statement.on,
        stated_on=statement.stated_on,
        value=statement.value,
        summary=statement.summary,
        quote=statement.quote,
        conditions=statement.conditions,
        speaker=statement.speaker,
        standing=statement.standing,
        attribution=statement.attribution,
        source=statement.source,
        event_id=statement.event_id,
        position=statement.position,
        answered_by=answer.event_id if answer else None,
        answered_on=answer.on if answer else None,
        answer_issue=answer.issue if answer else None,
        answer_value=answer.value if answer else None,
        closed=closed,
    )


class OpenConditions(NamedTuple):
    """The conditions in force of a stance, with the statement that stated them.

    `since` is the day from which the stance is held, `conditions_on` the effective day of the statement with the
    conditions (null if a conditional stance states none).
    """

    party: str
    issue: str
    value: Value
    conditions: tuple[str, ...]
    since: date
    last_stated: date
    conditions_on: date | None
    speaker: str | None
    attribution: Attribution
    source: str | None
    event_id: str
    position: int
    closed: Closing | None


@dataclass(frozen=True, slots=True)
class Conditions:
    """The open conditions on a day, and how many statements `published_by` left out as no dated source carries them."""

    on: date
    open: tuple[OpenConditions, ...]
    left_out_undated: int


def open_conditions(cells: Iterable[Cell]) -> tuple[OpenConditions, ...]:
    """Return those cells of a state, in order, that are conditional or have conditions in force."""
    rows = []
    for cell in cells:
        row, naming = cell.row, cell.naming
        if row.conditions or row.value is Stance.CONDITIONAL:
            rows.append(
                OpenConditions(
                    party=row.party,
                    issue=row.issue,
                    value=row.value,
                    conditions=row.conditions,
                    since=row.since,
                    last_stated=row.last_stated,
                    conditions_on=naming.on if row.conditions else None,
                    speaker=naming.speaker,
                    attribution=naming.attribution,
                    source=naming.source,
                    event_id=naming.event_id,
                    position=naming.position,
                    closed=row.closed,
                )
            )
    return tuple(rows)
