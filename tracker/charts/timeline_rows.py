"""What a timeline shows, from the answers to `history` and `surroundings`: bands of held values, and marks on them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from tracker.domain.answers.changes import Change
from tracker.domain.report.context import ContextRow
from tracker.domain.report.corrections import Correction
from tracker.domain.terms.scope import WHOLE_LIST, Listing, Query, within
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.statement import WITHDRAWN, Value
from tracker.reports.basis import Basis, basis_of
from tracker.reports.positions.values import is_position

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

MOST_LANES, MOST_STEPS = 60, 2_000
"""How many parties' bands, and how many statements on them, one picture shows."""


class Segment(NamedTuple):
    """A time for which a party held one value: a row of equal steps, from the day of the first to that of the next one.

    It has no end (`until`) if it lasts on the last day asked about. `entry` is the log position of the first step.
    """

    value: Value
    since: date
    until: date | None
    steps: tuple[Change, ...]

    @property
    def entry(self) -> int:
        """The log position of the entry that brought it about."""
        return self.steps[0].position

    @property
    def red_line(self) -> bool:
        """Whether it ends as a red line of the party."""
        said = [step.details.red_line for step in self.steps if step.details.red_line is not None]
        return bool(said) and bool(said[-1])


class Lane(NamedTuple):
    """One party on one issue: what it held over time, its steps, and our revisions of them."""

    party: str
    issue: str
    steps: tuple[Change, ...]
    corrections: tuple[Correction, ...]
    happened: tuple[ContextRow, ...]

    @property
    def segments(self) -> Iterator[Segment]:
        """The values that the party held, in order. What was changed on the same day has no length and is none."""
        held = zip(self._values(), self.steps, strict=True)
        runs = [[*run] for _, run in groupby(held, key=lambda one: (one[0], one[1].inherited_from))]
        for number, run in enumerate(runs):
            until = runs[number + 1][0][1].on if number + 1 < len(runs) else None
            value, first = run[0]
            if value is not None and until != first.on:
                yield Segment(value, first.on, until, tuple(step for _, step in run))

    def _values(self) -> Iterator[Value | None]:
        """Yield what the party holds after each step.

        Where a bloc withdraws what a member took from it, or the member leaves, that has nothing, or withdrew its own.
        """
        withdrew = False
        for step in self.steps:
            value = step.to_value
            if step.statement is not None and step.statement.party == self.party:
                withdrew = value is WITHDRAWN
            elif step.from_inherited_from is None and is_position(step.from_value):
                withdrew = True
            nothing = value is None or (value is WITHDRAWN and not withdrew)
            yield (WITHDRAWN if withdrew else None) if nothing else value

    @property
    def last(self) -> Value | None:
        """What the party holds on the last day."""
        return [*self._values()][-1]


class Block(NamedTuple):
    """An issue, or a choice with its options, its lanes, and what happened that bears on it."""

    issue: str
    unit: str | None
    is_choice: bool
    lanes: tuple[Lane, ...]
    happened: tuple[ContextRow, ...]

    @property
    def closed(self) -> Iterator[tuple[date, date | None]]:
        """The times for which it was closed: from the day of a closing to that of the next reopening, if there is one.

        Several closings in a row begin one such time.
        """
        since = None
        for row in self.happened:
            if row.kind == "closed" and since is None:
                since = row.on
            elif row.kind == "reopened" and since is not None:
                yield since, row.on
                since = None
        if since is not None:
            yield since, None


class Timeline(NamedTuple):
    """The blocks of a timeline up to the day of its basis, and a sentence on what is left out, if anything is."""

    basis: Basis
    blocks: tuple[Block, ...]
    cut: str


def timeline_of(
    snapshot: "Snapshot",
    query: Query,
    on: date | None = None,
    *,
    listing: Listing = WHOLE_LIST,
    inherit: bool = False,
) -> Timeline:
    """Ask for the steps of `tracker history`, the first ones if they are very many, and what happened around them."""
    found = snapshot.history_rows(on, query, inherit=inherit, listing=listing)
    basis = basis_of(query, found.on, found.log, found.left_out_undated, listing)
    steps, cut = _first_steps(found.rows)
    if not steps:
        return Timeline(basis, (), "")
    issues = frozenset(step.choice or step.issue for step in steps)
    parties = frozenset(step.party for step in steps)
    scope = replace(query.scope, issues=issues, parties=parties, asked=())
    around = snapshot.surroundings(found.on, replace(query, scope=scope))
    blocks = groupby(sorted(steps, key=_block_of), key=_block_of)
    shown = (_block(issue, tuple(own), around.context, () if listing else around.corrections) for issue, own in blocks)
    return Timeline(basis, tuple(shown), cut)


def _block_of(step: Change) -> str:
    return step.choice or step.issue


def _first_steps(rows: Iterable[Change]) -> tuple[list[Change], str]:
    """Return as many steps as one picture shows, and a sentence on the cut if there are more."""
    steps: list[Change] = []
    lanes: set[tuple[str, str]] = set()
    for step in rows:
        lanes.add((step.issue, step.party))
        if len(lanes) > MOST_LANES or len(steps) == MOST_STEPS:
            shown = len(lanes) - (len(lanes) > MOST_LANES)
            return steps, (
                f"Only the first {shown} bands and {len(steps):,} statements are drawn, up to {steps[-1].party} on "
                f"{steps[-1].issue}. Name --party or --issue to narrow it; tracker history lists all."
            )
        steps.append(step)
    return steps, ""


def _block(issue: str, steps: Sequence[Change], context: Sequence[ContextRow], revised: Sequence[Correction]) -> Block:
    unit = steps[0].unit
    own = tuple(row for row in context if any(within(issue, about) or within(about, issue) for about in row.issues))
    unspecific = [row for row in context if row.kind == "milestone" and not row.issues]
    lanes = []
    for (option, party), of_pair in groupby(
        sorted(steps, key=lambda step: (step.issue, step.party)), key=lambda step: (step.issue, step.party)
    ):
        ours = tuple(one for one in revised if _is_about(one, option, party))
        happened = tuple(row for row in unspecific if party in row.parties)
        lanes.append(Lane(party, option, tuple(of_pair), ours, happened))
    is_choice = steps[0].choice is not None
    order = sorted(lanes, key=_by_party) if is_choice else sorted(lanes, key=_by_value)
    everywhere = tuple(row for row in unspecific if not row.parties)
    flags = sorted((*own, *everywhere), key=lambda row: (row.on, row.position))
    return Block(issue, unit, is_choice, tuple(order), tuple(flags))


def _is_about(one: Correction, issue: str, party: str) -> bool:
    sides = (one.before, one.after)
    return any(side is not None and side.pair == (issue, party) for side in sides)


def _by_value(lane: Lane) -> tuple[int, int, int, str]:
    """Sort parties from those for it to those against it, as they stand on the last day, then by how much they said.

    Amounts come after stances, withdrawn positions last.
    """
    value = lane.last
    degree = value.degree if isinstance(value, Stance) else 0
    kind = 0 if isinstance(value, Stance) else 2 if value is WITHDRAWN or value is None else 1
    return (kind, -degree, -len(lane.steps), lane.party)


def _by_party(lane: Lane) -> tuple[str, str]:
    return lane.party, lane.issue
