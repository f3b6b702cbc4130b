"""Who could agree over time: what parties hold on each issue on a day, and on every later day that changes it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.agreement.consensus import Holding, IssueConsensus, Issues, consensus_on_issue, holding_of
from tracker.domain.agreement.parties_asked import NamedParties, all_parties, named_parties
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.circumstances import Circumstances, Closing
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.inheritance import inherit_stances
from tracker.domain.timeline.memberships import Memberships, memberships, passing_on
from tracker.domain.timeline.order import Timeline
from tracker.domain.timeline.runs import in_effect
from tracker.domain.timeline.state import Answer, Cell
from tracker.domain.timeline.statement import Pair


class IssueOnDay(NamedTuple):
    """What the parties of a question hold on an issue from a day on."""

    on: date
    found: IssueConsensus


@dataclass(frozen=True, slots=True)
class Convergence(Answer):
    """Who could agree over time: each issue on the first day, and on every later one on which anything changed.

    `series` is ordered by issue, then day. `bloc` is the one whose members the parties are, if one was asked for.
    """

    from_day: date
    to_day: date
    series: tuple[IssueOnDay, ...]
    bloc: str | None = None
    inherits: bool = False


class Record(NamedTuple):
    """What a series rests on, up to its last day, as known and public at its cut-offs.

    `changes_of_members` are the facts about memberships, if these matter; a member takes nothing from `forums`.
    `closing_days` are the days on which issues were closed or opened again, for which `closings_on` has the closed
    issues. `left_out` are parties that a question about all of them leaves out.
    """

    issues: Issues
    timelines: Mapping[Pair, Timeline]
    around: Circumstances
    changes_of_members: Sequence[Version]
    forums: frozenset[str]
    member_days: frozenset[date]
    closing_days: frozenset[date]
    closings_on: Callable[[date], Mapping[str, Closing]]
    scope: Scope
    left_out: frozenset[str]
    inherits: bool


def convergence(record: Record, after: date, up_to: date) -> tuple[tuple[IssueOnDay, ...], NamedParties | None]:
    """Return the series from a day up to another (both inclusive), and the parties that it names on the last day."""
    walk = _Walk(record)
    series: dict[str, list[IssueOnDay]] = {issue: [] for issue in record.issues.forms}
    for on in walk.days(after, up_to):
        for issue in walk.go_to(on):
            found = consensus_on_issue(issue, record.issues, walk.held, walk.parties, walk.closings)
            if not series[issue] or not series[issue][-1].found.same_as(found):
                series[issue].append(IssueOnDay(on, found))
    return tuple(one for of_issue in series.values() for one in of_issue), walk.named


class _Walk:
    """What parties hold, from day to day: `held` by everybody, and the `parties` of the question."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._cells: dict[str, dict[str, Cell]] = {}
        self._members: Memberships = {}
        self._passing: Memberships = {}
        self._pairs_on: dict[date, set[Pair]] = {}
        for pair, timeline in record.timelines.items():
            for statement in timeline:
                self._pairs_on.setdefault(statement.on, set()).add(pair)
        self._row_of = {option: choice for choice, options in record.issues.options.items() for option in options}
        self._last: date | None = None
        self.held: dict[str, dict[str, Holding]] = {}
        self.parties: tuple[str, ...] = ()
        self.named: NamedParties | None = None
        self.closings: Mapping[str, Closing] = {}

    def days(self, after: date, up_to: date) -> list[date]:
        """Return the first day, and the later ones on which anything may have changed, in order."""
        days = {*self._pairs_on, *self._record.member_days, *self._record.closing_days}
        return [after, *sorted(day for day in days if after < day <= up_to)]

    def go_to(self, on: date) -> Iterator[str]:
        """Go to the next day, and yield the issues on which it may have changed anything: on the first day all."""
        record, is_first = self._record, self._last is None
        stated = {pair for day, pairs in self._pairs_on.items() if self._is_new(day, on) for pair in pairs}
        joined = is_first or any(self._is_new(day, on) for day in record.member_days)
        if joined:
            self._members = memberships(record.changes_of_members, on)
            self._passing = memberships(passing_on(record.changes_of_members, record.forums), on)
        for issue, party in stated:
            held = in_effect(record.timelines[issue, party], on)
            if held is not None:
                self._cells.setdefault(issue, {})[party] = held.cell(record.around)
        moved = {issue for issue, _ in stated} if not (joined and record.inherits) else {*self._cells}
        self._hold({self._row_of.get(issue, issue) for issue in moved})
        before = self.parties
        self.named = named_parties(record.scope, self._members)
        self.parties = self.named.parties if self.named else all_parties(self.held, record.left_out)
        closed = is_first or any(self._is_new(day, on) for day in record.closing_days)
        if closed:
            self.closings = record.closings_on(on)
        self._last = on
        rows = {self._row_of.get(issue, issue) for issue in moved}
        everything = closed or self.parties != before
        yield from (issue for issue in record.issues.forms if everything or issue in rows)

    def _is_new(self, day: date, on: date) -> bool:
        return day <= on and (self._last is None or day > self._last)

    def _hold(self, rows: set[str]) -> None:
        """Work out anew what is held on some issues, and on all options of some choices."""
        for row in rows:
            issues = self._record.issues.options.get(row, (row,))
            cells = [cell for issue in issues for cell in self._cells.get(issue, {}).values()]
            if self._record.inherits:
                cells = inherit_stances(cells, self._passing, self._record.around)
            self.held.update({issue: {} for issue in issues if issue in self._cells})
            for cell in cells:
                self.held.setdefault(cell.row.issue, {})[cell.row.party] = holding_of(cell)
