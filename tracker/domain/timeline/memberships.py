"""The members of blocs: on a day, and over time."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, pairwise
from typing import NamedTuple

from tracker.domain.log.events import MembershipEnded, MembershipStarted
from tracker.domain.timeline.counting import Version

MembershipEvent = MembershipStarted | MembershipEnded

Memberships = Mapping[str, Mapping[str, date]]
"""The blocs of each member, each with the day on which it joined."""


class Membership(NamedTuple):
    """A party's membership in a bloc: its first day, and the first day on which it is a member no longer, if any."""

    party: str
    bloc: str
    since: date
    left: date | None = None


def memberships(versions: Iterable[Version], on: date) -> Memberships:
    """Return each member's blocs on a day, from joining to the day before leaving; joining twice changes nothing."""
    joined: dict[str, dict[str, date]] = {}
    for _, event in _changes(versions, on):
        _apply(event, joined)
    return {member: blocs for member, blocs in sorted(joined.items()) if blocs}


def all_memberships(versions: Iterable[Version], on: date) -> list[Membership]:
    """Return the memberships up to a day (inclusive), ended ones too, by member, bloc and day."""
    joined: dict[str, dict[str, date]] = {}
    found: list[Membership] = []
    for _, event in _changes(versions, on):
        since = joined.get(event.party, {}).get(event.bloc)
        if isinstance(event, MembershipEnded) and since is not None:
            found.append(Membership(event.party, event.bloc, since, event.day))
        _apply(event, joined)
    found += [Membership(member, bloc, since) for member, blocs in joined.items() for bloc, since in blocs.items()]
    return sorted(found, key=lambda one: (one.party, one.bloc, one.since, one.left or date.max))


def passing_on(versions: Iterable[Version], forums: Collection[str]) -> Iterator[Version]:
    """Yield those changes of membership by which positions pass to members: a forum passes nothing on."""
    for version in versions:
        if isinstance(version.event, MembershipEvent) and version.event.bloc not in forums:
            yield version


def blocs_of(party: str, members: Memberships, *, without: Collection[str] = ()) -> Iterator[Mapping[str, date]]:
    """Yield the blocs that a party belongs to, the nearest first: one step away, then those of these, and so on.

    Each comes with the day from which the party belongs to it on the way that it has belonged longest. A bloc once met
    is not followed again, and nobody is its own bloc. Blocs to leave out are not followed either.
    """
    met, reached = {party, *without}, {party: date.min}
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


def blocs_between(levels: Sequence[Mapping[str, date]], members: Memberships) -> dict[str, str]:
    """Return for each bloc of a party (see `blocs_of`) that is not one step away the last bloc on the way to it.

    That is the way on which the party has belonged to it longest.
    """
    found: dict[str, str] = {}
    for near, far in pairwise(levels):
        for bloc in far:
            joined = {one: members[one][bloc] for one in near if bloc in members.get(one, {})}
            found[bloc] = min(joined, key=lambda one: (max(near[one], joined[one]), one))
    return found


def members_of(bloc: str, members: Memberships) -> tuple[str, ...]:
    """Return the members of a bloc in order; those that have members of their own are replaced by these.

    A bloc once met is not followed again, and nobody is a member of itself.
    """
    below: dict[str, list[str]] = {}
    for member, blocs in members.items():
        for above in blocs:
            below.setdefault(above, []).append(member)
    met, found = {bloc}, set[str]()
    waiting = below.get(bloc, [])
    while waiting:
        reached = {member for member in waiting if member not in met}
        met |= reached
        found |= reached - below.keys()
        waiting = [member for one in reached for member in below.get(one, ())]
    return tuple(sorted(found))


# --- over time ------------------------------------------------------------------------------------


class BlocsFromDay(NamedTuple):
    """The blocs of a party from a day on, the nearest first (see `blocs_of`), and the change that made them these.

    `through` has, for each bloc that the party is in as a member of another bloc, the last one on that way, and `ways`
    the memberships of the party and of these blocs.
    """

    on: date
    change: Version
    levels: tuple[Mapping[str, date], ...]
    through: Mapping[str, str]
    ways: Memberships

    def without(self, party: str, blocs: Collection[str]) -> "BlocsFromDay":
        """Return the blocs of the party but for some, and for those in which it is through these alone."""
        if not blocs:
            return self
        levels = tuple(blocs_of(party, self.ways, without=blocs))
        return self._replace(levels=levels, through=blocs_between(levels, self.ways))

    @property
    def joined(self) -> dict[str, date]:
        """All these blocs, each with the day from which the party belongs to it."""
        return {bloc: day for level in self.levels for bloc, day in level.items()}


class BlocsOverTime(NamedTuple):
    """The blocs of each member after every change of them, in order; and all to which it ever belonged."""

    by_member: Mapping[str, Sequence[BlocsFromDay]] = {}
    ever: Mapping[str, frozenset[str]] = {}

    def on(self, party: str, day: date) -> BlocsFromDay | None:
        """Return the blocs of a party on a day; None before it was in any."""
        return next((one for one in reversed(self.by_member.get(party, ())) if one.on <= day), None)

    def changed_between(self, after: date, up_to: date) -> set[str]:
        """Return the blocs of members whose blocs changed after a day and up to another, before and after it."""
        found: set[str] = set()
        for blocs in self.by_member.values():
            for before, now in pairwise([None, *blocs]):
                if now is not None and after < now.on <= up_to:
                    found |= {*now.joined, *(before.joined if before else ())}
        return found


class Stay(NamedTuple):
    """The days (inclusive) on which a party belongs to a bloc without a break."""

    bloc: str
    first: date
    last: date


def stays_of(party: str, blocs: BlocsOverTime) -> Iterator[Stay]:
    """Yield the stays of a party in its blocs, those that it belongs to through others too, as they end."""
    since: dict[str, date] = {}
    changes = {one.on: one.joined for one in blocs.by_member.get(party, ())}  # of a day the last holds
    for on, joined in changes.items():
        for bloc in [bloc for bloc in since if bloc not in joined]:
            yield Stay(bloc, since.pop(bloc), on - timedelta(1))
        since |= {bloc: on for bloc in joined if bloc not in since}
    for bloc, first in since.items():
        yield Stay(bloc, first, date.max)


def blocs_over_time(versions: Iterable[Version], up_to: date) -> BlocsOverTime:
    """Return the blocs of everyone who was ever a member up to a day (inclusive), after every change of them."""
    joined: dict[str, dict[str, date]] = {}
    found: dict[str, list[BlocsFromDay]] = {}
    for change, event in _changes(versions, up_to):
        _apply(event, joined)
        below = (member for member, blocs in found.items() if event.party in blocs[-1].joined)
        for member in {event.party, *below}:
            levels = tuple(blocs_of(member, joined))
            ways = {one: dict(joined.get(one, ())) for one in (member, *chain.from_iterable(levels))}
            last = found[member][-1] if member in found else None
            if (levels, ways) != ((last.levels, last.ways) if last else ((), {member: {}})):
                now = BlocsFromDay(event.day, change, levels, blocs_between(levels, joined), ways)
                found.setdefault(member, []).append(now)
    ever = {member: frozenset(bloc for one in blocs for bloc in one.joined) for member, blocs in found.items()}
    return BlocsOverTime(found, ever)


def _changes(versions: Iterable[Version], up_to: date) -> list[tuple[Version, MembershipEvent]]:
    """Return the changes of membership up to a day (inclusive), by day and rank."""
    found = [(version, version.event) for version in versions if isinstance(version.event, MembershipEvent)]
    known = [(version, event) for version, event in found if event.day <= up_to]
    return sorted(known, key=lambda change: (change[1].day, change[0].rank))


def _apply(event: MembershipEvent, joined: dict[str, dict[str, date]]) -> None:
    if isinstance(event, MembershipStarted):
        joined.setdefault(event.party, {}).setdefault(event.bloc, event.day)
    else:
        joined.get(event.party, {}).pop(event.bloc, None)
