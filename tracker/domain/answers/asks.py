"""The asks between parties, and the open conditions of their stances."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.answers.who_speaks import Answering
from tracker.domain.log.chain import LogHead
from tracker.domain.terms.columns import columns
from tracker.domain.terms.scope import Scope, within
from tracker.domain.terms.vocabulary import Attribution, Stance
from tracker.domain.timeline.circumstances import Circumstances, Closing
from tracker.domain.timeline.order import in_order, place_of
from tracker.domain.timeline.state import Cell, StateRow
from tracker.domain.timeline.statement import WITHDRAWN, Statement


@columns("""
    statement.party to statement.issue statement.act open_since=statement.on statement.stated_on statement.value
    statement.summary statement.quote statement.conditions statement.speaker statement.standing statement.attribution
    statement.source statement.event_id statement.position answered_by=answer.event_id answered_on=answer.on
    answer_issue=answer.issue answer_stance=answer.value closed answer_attribution=answer.attribution
    said_since_by=first_since.event_id said_since_on=first_since.on said_since_issue=first_since.issue
    said_since_stance=first_since.value said_since_attribution=first_since.attribution reworded
    answer_party=answer.party said_since_party=first_since.party withdrawn_by=withdrawal.event_id
    withdrawn_on=withdrawal.on statement.on_behalf_of statement.ascribed_by government_since answer said_since
""")
class Ask(NamedTuple):
    """A demand, proposal, offer or question of one party to another, and the first answer to it.

    It is answered once the addressee, or one of its blocs where these answer for it, states a position, later in the
    order of DESIGN section 6, on the very issue, or on one below it if it is addressed to the asker. The first that
    says itself which ask it answers is taken at its word, whatever its issue and day. What is inferred answers nothing
    else: that, or what is stated below the issue to somebody else, was said since: `first_since` is the first of these,
    and `said_since` has the last on each issue, that on the very issue first. `reworded` says that the ask is about an
    earlier wording of the question. The asker's first later `withdrawal` on the very issue ends an ask: what is stated
    after it answers nothing. `closed` is a closing of its issue, on its day or later. `government_since`
    is the day of a new government that the asker got since, `unit` that of a quantity, and `units` has those of the
    other issues on which something was said.
    """

    statement: Statement
    to: str
    answer: Statement | None
    first_since: Statement | None
    said_since: tuple[Statement, ...]
    withdrawal: Statement | None
    closed: Closing | None
    reworded: bool
    government_since: date | None
    unit: str | None = None
    units: tuple[tuple[str, str | None], ...] = ()

    def unit_on(self, issue: str) -> str | None:
        """The unit of an issue on which something was said; None if that is no quantity."""
        return self.unit if issue == self.statement.issue else dict(self.units).get(issue)

    @property
    def party(self) -> str:
        """The asker."""
        return self.statement.party

    @property
    def later(self) -> tuple[Statement, ...]:
        """The answer or, without one, what was said since."""
        return self.said_since if self.answer is None else (self.answer,)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer: it has none, was not withdrawn, and its issue is open."""
        return self.answer is None and self.withdrawal is None and self.closed is None


@dataclass(frozen=True, slots=True)
class Asks:
    """The asks up to a day, the log position that they rest on, and how many statements `published_by` left out."""

    on: date
    log: LogHead
    asks: tuple[Ask, ...]
    left_out_undated: int


Asking = tuple[Statement, Statement | None]
"""An ask, and the asker's first later withdrawal on its issue."""


def asks(
    asking: Iterable[Asking],
    answering: Answering,
    scope: Scope,
    around: Circumstances,
    on: date,
    *,
    claims: Mapping[int, Sequence[Statement]] = {},
) -> tuple[Ask, ...]:
    """Return the asks up to a day (inclusive) with either party in scope, by issue, asker, addressee and place.

    `claims` are the statements that say themselves which ask they answer, by the rank of that, in order.
    """
    rows = []
    for statement, withdrawal in asking:
        if not statement.is_ask or statement.on > on or not scope.includes_issue(statement.issue):
            continue
        for addressee in dict.fromkeys(statement.addressed_to):
            if scope.includes_party(statement.party) or scope.includes_party(addressee):
                said = (one for one in claims.get(statement.rank, ()) if answering.speaks_for(addressee, one))
                answer, since = _stated_after(statement, withdrawal, answering.find(statement, addressee))
                if (claiming := next(said, None)) is not None:
                    answer, since = claiming, []
                rows.append(_ask(statement, withdrawal, addressee, answer, since, around))
    rows.sort(key=lambda ask: (ask.statement.issue, ask.party, ask.to, place_of(ask.statement)))
    return tuple(rows)


def _stated_after(
    ask: Statement, withdrawal: Statement | None, stated: Iterable[Statement]
) -> tuple[Statement | None, list[Statement]]:
    """Return the addressee's first answer to an ask or, without one, the positions stated since, by place."""
    later = (one for one in stated if place_of(one) > place_of(ask) and within(one.issue, ask.issue))
    positions = in_order(one for one in later if one.value is not WITHDRAWN)
    in_time = (one for one in positions if withdrawal is None or place_of(one) < place_of(withdrawal))
    answer = next((one for one in in_time if answers(one, ask)), None)
    return answer, positions if answer is None else []


def _last_on_each(since: Iterable[Statement], ask: Statement) -> tuple[Statement, ...]:
    """Return the last position of each party on each issue, on the ask's issue first."""
    last = {(one.issue != ask.issue, one.issue, one.party): one for one in since}
    return tuple(last[key] for key in sorted(last))


def answers(position: Statement, ask: Statement) -> bool:
    """Return whether a later position at or below an ask's issue answers it."""
    told = position.issue == ask.issue or ask.party in position.addressed_to
    return told and position.attribution is not Attribution.INFERRED


def _ask(
    statement: Statement,
    withdrawal: Statement | None,
    addressee: str,
    answer: Statement | None,
    since: Sequence[Statement],
    around: Circumstances,
) -> Ask:
    closing = around.closings.get(statement.issue)
    said_since = _last_on_each(since, statement)
    elsewhere = dict.fromkeys(one.issue for one in (answer, *said_since) if one and one.issue != statement.issue)
    return Ask(
        statement=statement,
        to=addressee,
        answer=answer,
        first_since=since[0] if since else None,
        said_since=said_since,
        withdrawal=withdrawal,
        closed=closing if closing is not None and closing.on >= statement.on else None,
        reworded=around.is_reworded(statement.issue, statement.on),
        government_since=around.government_since(statement.party, statement.on),
        unit=around.unit_of(statement.issue),
        units=tuple((issue, around.unit_of(issue)) for issue in elsewhere),
    )


@columns("""
    held.party held.issue held.value held.conditions held.since held.last_stated conditions_on=named.on naming.speaker
    naming.attribution naming.source naming.event_id naming.position held.closed naming.standing naming.on_behalf_of
    naming.ascribed_by held.reworded held.government_since
""")
class OpenConditions(NamedTuple):
    """A stance `held` with conditions in force, and the statement `naming` them; without any, the one in effect.

    `since_stated` is the day from which it is held, as recorded; `unit` is that of a quantity.
    """

    held: StateRow
    naming: Statement
    since_stated: str
    unit: str | None = None

    @property
    def party(self) -> str:
        """The party that holds the stance."""
        return self.held.party

    @property
    def issue(self) -> str:
        """The issue."""
        return self.held.issue

    @property
    def statement(self) -> Statement:
        """The statement that is shown of the stance."""
        return self.naming

    @property
    def named(self) -> Statement | None:
        """The statement that names the conditions; None if a conditional stance has none."""
        return self.naming if self.held.conditions else None


@dataclass(frozen=True, slots=True)
class Conditions:
    """The open conditions on a day, the log position behind them, and how many statements `published_by` left out."""

    on: date
    log: LogHead
    open: tuple[OpenConditions, ...]
    left_out_undated: int


def open_conditions(cells: Iterable[Cell]) -> tuple[OpenConditions, ...]:
    """Return those cells of a state, in order, that are conditional or have conditions in force."""
    waiting = (cell for cell in cells if cell.row.conditions or cell.row.value is Stance.CONDITIONAL)
    return tuple(OpenConditions(cell.row, cell.naming, cell.since_stated, cell.unit) for cell in waiting)
