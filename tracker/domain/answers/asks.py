"""The asks between parties, and the open conditions of their stances."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import Scope, within
from tracker.domain.terms.vocabulary import Act, Attribution, Stance, Standing
from tracker.domain.timeline.circumstances import Circumstances, Closing
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import WITHDRAWN, Statement, Value


class LaterPosition(NamedTuple):
    """A position that was stated after an ask, at or below its issue: who stated it, what, when, and by which entry."""

    party: str
    issue: str
    value: Value
    on: date
    stated_on: str
    summary: str
    conditions: tuple[str, ...] | None
    speaker: str | None
    standing: Standing | None
    attribution: Attribution
    addressed_to: tuple[str, ...]
    on_behalf_of: tuple[str, ...]
    ascribed_by: str | None
    source: str | None
    event_id: str
    position: int


class Ask(NamedTuple):
    """A demand, proposal, offer or question of one party to another, and the first answer to it.

    It is answered once the addressee states a position, later in the order of DESIGN section 6, on the very issue, or
    on one below it if it is addressed to the asker. What is inferred answers nothing: that, or what is stated below the
    issue to somebody else, was said since: `said_since_by` is the first of these, and `said_since` has the last on each
    issue, that on the very issue first; `answer` is the answer. `answer_party` and `said_since_party` are the addressee
    or, where these answer for it, one of its blocs. `open_since` is the effective day of the ask, `answered_on` that of
    the answer, `answer_stated` its day as recorded; `reworded` says that the ask is about an earlier wording of the
    question. The asker's first later withdrawal on the very issue ends an ask (`withdrawn_by`, `withdrawn_on`): what is
    stated after it answers nothing. `closed` is a closing of its issue, on its day or later. `government_since` is the
    day of a new government that the asker got since.
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
    answer_stated: str | None
    answer_issue: str | None
    answer_value: Value | None
    closed: Closing | None
    answer_attribution: Attribution | None
    said_since_by: str | None
    said_since_on: date | None
    said_since_stated: str | None
    said_since_issue: str | None
    said_since_value: Value | None
    said_since_attribution: Attribution | None
    reworded: bool
    answer_party: str | None
    said_since_party: str | None
    withdrawn_by: str | None
    withdrawn_on: date | None
    withdrawn_stated: str | None
    on_behalf_of: tuple[str, ...]
    ascribed_by: str | None
    government_since: date | None
    answer: LaterPosition | None
    said_since: tuple[LaterPosition, ...]

    @property
    def later(self) -> tuple[LaterPosition, ...]:
        """The answer or, without one, what was said since."""
        return self.said_since if self.answer is None else (self.answer,)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer: it has none, was not withdrawn, and its issue is open."""
        return self.answered_by is None and self.withdrawn_by is None and self.closed is None


@dataclass(frozen=True, slots=True)
class Asks:
    """The asks up to a day, the log position that they rest on, and how many statements `published_by` left out."""

    on: date
    log: LogHead
    asks: tuple[Ask, ...]
    left_out_undated: int


FindStatements = Callable[[Statement, str], Iterable[Statement]]
"""Finds visible statements of an ask's addressee up to the day: all of them, or those that may be its answer."""


Asking = tuple[Statement, Statement | None]
"""An ask, and the asker's first later withdrawal on its issue."""


def asks(
    asking: Iterable[Asking], find: FindStatements, scope: Scope, around: Circumstances, on: date
) -> tuple[Ask, ...]:
    """Return the asks up to a day (inclusive) with either party in scope, by issue, asker, addressee and place."""
    rows = []
    for statement, withdrawal in asking:
        if not statement.is_ask or statement.on > on or not scope.includes_issue(statement.issue):
            continue
        for addressee in dict.fromkeys(statement.addressed_to):
            if scope.includes_party(statement.party) or scope.includes_party(addressee):
                found = find(statement, addressee)
                rows.append((statement.place, _ask(statement, withdrawal, addressee, found, around)))
    rows.sort(key=lambda row: (row[1].issue, row[1].party, row[1].to, row[0]))
    return tuple(ask for _, ask in rows)


def _stated_after(
    ask: Statement, withdrawal: Statement | None, stated: Iterable[Statement]
) -> tuple[Statement | None, list[Statement]]:
    """Return the addressee's first answer to an ask or, without one, the positions stated since, by place."""
    later = (one for one in stated if one.place > ask.place and within(one.issue, ask.issue))
    positions = sorted((one for one in later if one.value is not WITHDRAWN), key=lambda one: one.place)
    in_time = (one for one in positions if withdrawal is None or one.place < withdrawal.place)
    answer = next((one for one in in_time if answers(one, ask)), None)
    return answer, positions if answer is None else []


def _last_on_each(since: Iterable[Statement], ask: Statement) -> tuple[LaterPosition, ...]:
    """Return the last position of each party on each issue, on the ask's issue first."""
    last = {(one.issue != ask.issue, one.issue, one.party): one for one in since}
    return tuple(_later(last[key]) for key in sorted(last))


def _later(one: Statement) -> LaterPosition:
    return LaterPosition(*(getattr(one, name) for name in LaterPosition._fields))


def answers(position: Statement, ask: Statement) -> bool:
    """Return whether a later position at or below an ask's issue answers it."""
    told = position.issue == ask.issue or ask.party in position.addressed_to
    return told and position.attribution is not Attribution.INFERRED


def _ask(
    statement: Statement,
    withdrawal: Statement | None,
    addressee: str,
    stated: Iterable[Statement],
    around: Circumstances,
) -> Ask:
    assert statement.act is not None
    answer, all_since = _stated_after(statement, withdrawal, stated)
    since = all_since[0] if all_since else None
    closing = around.closings.get(statement.issue)
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
        answer_stated=answer.stated_on if answer else None,
        answer_issue=answer.issue if answer else None,
        answer_value=answer.value if answer else None,
        closed=closing if closing is not None and closing.on >= statement.on else None,
        answer_attribution=answer.attribution if answer else None,
        said_since_by=since.event_id if since else None,
        said_since_on=since.on if since else None,
        said_since_stated=since.stated_on if since else None,
        said_since_issue=since.issue if since else None,
        said_since_value=since.value if since else None,
        said_since_attribution=since.attribution if since else None,
        reworded=around.is_reworded(statement.issue, statement.on),
        answer_party=answer.party if answer else None,
        said_since_party=since.party if since else None,
        withdrawn_by=withdrawal.event_id if withdrawal else None,
        withdrawn_on=withdrawal.on if withdrawal else None,
        withdrawn_stated=withdrawal.stated_on if withdrawal else None,
        on_behalf_of=statement.on_behalf_of,
        ascribed_by=statement.ascribed_by,
        government_since=around.government_since(statement.party, statement.on),
        answer=_later(answer) if answer else None,
        said_since=_last_on_each(all_since, statement),
    )


class OpenConditions(NamedTuple):
    """The conditions in force of a stance, with the statement that stated them.

    `since` is the day from which the stance is held, `conditions_on` the effective day of the statement with the
    conditions (null if a conditional stance states none); `since_stated` and `conditions_stated` are these days as
    recorded.
    """

    party: str
    issue: str
    value: Value
    conditions: tuple[str, ...]
    since: date
    since_stated: str
    last_stated: date
    conditions_on: date | None
    conditions_stated: str | None
    speaker: str | None
    attribution: Attribution
    source: str | None
    event_id: str
    position: int
    closed: Closing | None
    standing: Standing | None
    on_behalf_of: tuple[str, ...]
    ascribed_by: str | None
    reworded: bool
    government_since: date | None


@dataclass(frozen=True, slots=True)
class Conditions:
    """The open conditions on a day, the log position behind them, and how many statements `published_by` left out."""

    on: date
    log: LogHead
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
                    since_stated=cell.since_stated,
                    last_stated=row.last_stated,
                    conditions_on=naming.on if row.conditions else None,
                    conditions_stated=naming.stated_on if row.conditions else None,
                    speaker=naming.speaker,
                    attribution=naming.attribution,
                    source=naming.source,
                    event_id=naming.event_id,
                    position=naming.position,
                    closed=row.closed,
                    standing=naming.standing,
                    on_behalf_of=naming.on_behalf_of,
                    ascribed_by=naming.ascribed_by,
                    reworded=row.reworded,
                    government_since=row.government_since,
                )
            )
    return tuple(rows)
