"""The members of blocs on a day, and the stances that they inherit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter

from tracker.domain.log.events import MembershipEnded, MembershipStarted
from tracker.domain.timeline.replay import Version
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Withdrawn

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


def inherit_stances(cells: Sequence[Cell], members: Memberships) -> list[Cell]:
    """Fill the state: members without a stance, or with a withdrawn one, take that of their bloc.

    One level only: a bloc's inherited stance is not passed on. Of several blocs the one that stated last is shown; the
    cell is contested if another bloc differs, or if the bloc's own cell is contested.
    """
    by_pair = {(cell.row.issue, cell.row.party): cell for cell in cells}
    found = dict(by_pair)
    for issue in {issue for issue, _ in by_pair}:
        for member, joined in members.items():
            own = by_pair.get((issue, member))
            if own is not None and not isinstance(own.row.value, Withdrawn):
                continue
            blocs = [(by_pair[issue, bloc], day) for bloc, day in joined.items() if (issue, bloc) in by_pair]
            blocs = [(cell, day) for cell, day in blocs if not isinstance(cell.row.value, Withdrawn)]
            if blocs:
                found[issue, member] = _inherited(member, blocs)
    return [found[pair] for pair in sorted(found)]


def _inherited(member: str, blocs: Sequence[tuple[Cell, date]]) -> Cell:
    cell, joined = max(blocs, key=lambda bloc: bloc[0].statement.place)
    differing = tuple(other.statement for other, _ in blocs if other.row.value is not cell.row.value)
    since, since_stated = max((cell.row.since, cell.since_stated), (joined, joined.isoformat()), key=itemgetter(0))
    row = cell.row._replace(party=member, since=since, contested=cell.row.contested or bool(differing))
    contested_by = (*cell.contested_by, *differing)
    return cell._replace(row=row, since_stated=since_stated, contested_by=contested_by, inherited_from=cell.row.party)
