"""The members of blocs on a day, and the stances that they inherit."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter

from tracker.domain.log.events import MembershipEnded, MembershipStarted
from tracker.domain.timeline.replay import Version
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Statement, Withdrawn

Memberships = Mapping[str, Mapping[str, date]]
"""The blocs of each member, each with the day on which it joined."""


def memberships(versions: Iterable[Version], on: date) -> Memberships:
    """Return each member's blocs on a day, from joining to the day before leaving; joining twice changes nothing."""
    events = [
        (version.event.on, version.rank, version.event)
        for version in versions
        if isinstance(version.event, MembershipStarted | MembershipEnded) and version.event.on <= on
    ]
    joined: dict[str, dict[str, date]] = {}
    for day, _, event in sorted(events, key=lambda dated: dated[:2]):
        if isinstance(event, MembershipStarted):
            joined.setdefault(event.party, {}).setdefault(event.bloc, day)
        else:
            joined.get(event.party, {}).pop(event.bloc, None)
    return {member: blocs for member, blocs in sorted(joined.items()) if blocs}


def blocs_of(party: str, members: Memberships) -> Iterator[Mapping[str, date]]:
    """Yield the blocs that a party belongs to, the nearest first: one step away, then those of these, and so on.

    Each comes with the day from which the party belongs to it on the way that it has belonged longest. A bloc once met
    is not followed again, and nobody is its own bloc.
    """
    met, reached = {party}, {party: date.min}
    while reached:
        found: dict[str, date] = {}
        for member, since in reached.items():
            for bloc, joined in members.get(member, {}).items():
                if bloc not in met:
                    found[bloc] = min(max(since, joined), found.get(bloc, date.max))
        if found:
            yield found
        met |= found.keys()
        reached = found


def with_blocs(
    find: Callable[[Statement, str], Iterable[Statement]], members: Memberships
) -> Callable[[Statement, str], Iterator[Statement]]:
    """Return what finds the statements that answer for a party: its own, and those of the blocs that it belongs to."""

    def found(ask: Statement, party: str) -> Iterator[Statement]:
        for answering in (party, *chain.from_iterable(blocs_of(party, members))):
            yield from find(ask, answering)

    return found


def inherit_stances(cells: Sequence[Cell], members: Memberships) -> list[Cell]:
    """Fill the state: members without a stance, or with a withdrawn one, take that of their nearest blocs.

    These are the blocs at the smallest number of steps at which any has a stance of its own. Of several the one that
    stated last is shown; the cell is contested if another one differs, or if the bloc's own cell is contested.
    """
    by_pair = {(cell.row.issue, cell.row.party): cell for cell in cells}
    found = dict(by_pair)
    holding = {pair: cell for pair, cell in by_pair.items() if not isinstance(cell.row.value, Withdrawn)}
    steps = {member: list(blocs_of(member, members)) for member in members}
    for issue in {issue for issue, _ in holding}:
        for member, levels in steps.items():
            if (issue, member) in holding:
                continue
            for level in levels:
                if blocs := [(holding[issue, bloc], day) for bloc, day in level.items() if (issue, bloc) in holding]:
                    found[issue, member] = _inherited(member, blocs)
                    break
    return [found[pair] for pair in sorted(found)]


def _inherited(member: str, blocs: Sequence[tuple[Cell, date]]) -> Cell:
    cell, joined = max(blocs, key=lambda bloc: bloc[0].statement.place)
    differing = tuple(other.statement for other, _ in blocs if other.row.value is not cell.row.value)
    since, since_stated = max((cell.row.since, cell.since_stated), (joined, joined.isoformat()), key=itemgetter(0))
    row = cell.row._replace(party=member, since=since, contested=cell.row.contested or bool(differing))
    contested_by = (*cell.contested_by, *differing)
    return cell._replace(row=row, since_stated=since_stated, contested_by=contested_by, inherited_from=cell.row.party)
