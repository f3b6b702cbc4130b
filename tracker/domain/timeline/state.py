"""The state on a day as data (DESIGN section 7), and what it and every other answer rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.scope import WHOLE_LIST, Listing, Scope
from tracker.domain.terms.vocabulary import Act, Attribution, IssueForm, Priority, Stance, Standing
from tracker.domain.timeline.circumstances import Circumstances, Closing, Succession
from tracker.domain.timeline.lasting import Lasting
from tracker.domain.timeline.statement import WITHDRAWN, Statement, Value


class StateRow(NamedTuple):
    """One pair that holds a stance, or has withdrawn it, on a day.

    `since` and `last_stated` are effective days, `stated_on` is the date as recorded; `event_id` and `position` are
    those of the entry in effect. `reworded` says that it answers an earlier wording of the question; `government_since`
    is the day of a new government that the party got since it was last stated.
    """

    party: str
    issue: str
    value: Value
    since: date
    last_stated: date
    statements: int
    stated_on: str
    summary: str
    conditions: tuple[str, ...]
    act: Act | None
    standing: Standing | None
    speaker: str | None
    attribution: Attribution
    source: str | None
    event_id: str
    position: int
    contested: bool
    closed: Closing | None
    reworded: bool
    government_since: date | None
    on_behalf_of: tuple[str, ...]
    ascribed_by: str | None
    could_accept: Amount | None
    priority: Priority | None
    red_line: bool
    reasons: tuple[str, ...]
    form: IssueForm
    withdrawn: bool

    @property
    def stance(self) -> Stance | None:
        """The stance; None for a withdrawal, and on a quantity."""
        return self.value if isinstance(self.value, Stance) else None

    @property
    def amount(self) -> Amount | None:
        """The amount; None where none is stated."""
        return self.value if isinstance(self.value, Amount) else None


class Cell(NamedTuple):
    """A row of the state, with the statements that are displayed beside it.

    `statement` is in effect; `since_stated` is the row's `since` as recorded; `conditions_from` states the conditions
    in force, if any; `contested_by` holds the statements that contest it, the latest first; `inherited_from` is the
    bloc from which a member inherits the stance, `through` the member of that bloc through which it belongs to it, None
    if it is a member itself. `left_blocs` are those whose positions the party left as it withdrew its own. `unit` is
    that of a quantity. `succession` is the end of the party, if it ended by that day; `reopened` the day since which a
    closed issue is open again; `choice` is the choice of which the issue is an option. On an `own` issue each party
    answers for itself.
    """

    row: StateRow
    statement: Statement
    since_stated: str
    conditions_from: Statement | None
    contested_by: tuple[Statement, ...]
    inherited_from: str | None = None
    through: str | None = None
    left_blocs: tuple[str, ...] = ()
    unit: str | None = None
    succession: Succession | None = None
    reopened: date | None = None
    choice: str | None = None
    own: bool = False

    @property
    def naming(self) -> Statement:
        """The statement that states the conditions in force; without conditions, the one in effect."""
        return self.conditions_from or self.statement


def cell_of(
    statement: Statement,
    *,
    first: Statement,
    statements: int,
    conditions_from: Statement | None,
    contested_by: tuple[Statement, ...],
    lasting: Lasting,
    around: Circumstances,
) -> Cell:
    """Build the cell of a statement in effect, the last of a run of `statements`, of which `first` is the first."""
    conditions = (conditions_from.conditions or ()) if conditions_from else ()
    row = _row(statement, first, statements, conditions, lasting, around, contested=bool(contested_by))
    issue = statement.issue
    return Cell(
        row,
        statement,
        first.stated_on,
        conditions_from,
        contested_by,
        left_blocs=lasting.left_blocs,
        unit=around.unit_of(issue),
        succession=around.successions.get(statement.party),
        reopened=around.reopenings.get(issue),
        choice=around.choice_of(issue),
        own=around.is_own(issue),
    )


def _row(
    statement: Statement,
    first: Statement,
    statements: int,
    conditions: tuple[str, ...],
    lasting: Lasting,
    around: Circumstances,
    *,
    contested: bool,
) -> StateRow:
    party, issue, on = statement.party, statement.issue, statement.on
    return StateRow(
        party,
        issue,
        statement.value,
        first.on,
        on,
        statements,
        statement.stated_on,
        statement.summary,
        conditions,
        statement.act,
        statement.standing,
        statement.speaker,
        statement.attribution,
        statement.source,
        statement.event_id,
        statement.position,
        contested,
        around.closings.get(issue),
        around.is_reworded(issue, on),
        around.government_since(party, on),
        statement.on_behalf_of,
        statement.ascribed_by,
        lasting.could_accept,
        lasting.priority,
        lasting.red_line,
        statement.details.reasons,
        around.form_of(issue),
        statement.value is WITHDRAWN,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, with the cut-offs and filters that it was asked with, and the log position that it rests on.

    `known_at` is the cut-off on the log as it was asked for. `left_out_undated` is the number of statements that
    `published_by` left out because no dated source carries them.
    """

    known_at: str | None
    published_by: date | None
    scope: Scope
    log: LogHead
    left_out_undated: int


@dataclass(frozen=True, slots=True)
class State(Answer):
    """The stance of every pair in scope on a day, and the log position on which this rests.

    With `inherits`, members without a stance show that of their bloc. One that `is_cut` holds the first issues only.
    A `listing` leaves rows out. `closed` has the closed issues on which nobody has a row, by path, without a listing.
    """

    on: date
    cells: tuple[Cell, ...]
    inherits: bool = False
    is_cut: bool = False
    listing: Listing = WHOLE_LIST
    closed: Mapping[str, Closing] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[StateRow, ...]:
        """The rows, ordered by issue, then party."""
        return tuple(cell.row for cell in self.cells)

    @property
    def silent_parties(self) -> tuple[str, ...]:
        """The parties asked for that have no row, in the order asked for; none are named of rows that are left out."""
        if self.is_cut or self.listing:
            return ()
        present = {cell.row.party for cell in self.cells}
        return tuple(dict.fromkeys(party for party in self.scope.asked if party not in present))


def closed_without_rows(closings: Mapping[str, Closing], cells: Sequence[Cell], scope: Scope) -> dict[str, Closing]:
    """Return the closed issues in scope on which there is no cell, by path; of parties asked for, those named alone."""
    held = {cell.row.issue for cell in cells}
    issues = sorted(issue for issue in closings.keys() - held if scope.includes_issue(issue))
    return {issue: closings[issue] for issue in issues if not scope.parties or issue in scope.issues}


def first_issues(cells: Iterable[Cell], most: int) -> tuple[tuple[Cell, ...], bool]:
    """Return the cells of the first issues, whole ones, and whether there are more issues.

    They are as many as have `most` cells together, but at least one.
    """
    shown: list[Cell] = []
    for _, of_issue in groupby(cells, key=lambda cell: cell.row.issue):
        more = list(of_issue)
        if shown and len(shown) + len(more) > most:
            return tuple(shown), True
        shown += more
    return tuple(shown), False
