"""The log as admission sees it while a writer appends: looked up in few queries, kept up to date entry by entry."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, and_, func, or_, select

from tracker.domain.admission import Admitted, Located, Register, references
from tracker.domain.entries import Draft, Entry
from tracker.domain.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    IssueOpened,
    PartyRegistered,
    PartyUpdated,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.registers import Party, name_key, party_of, registers, resolve_party, updated
from tracker.errors import AmbiguousName, UnknownParty
from tracker.storage.counting import counts
from tracker.storage.prepared import Prepared, at_once, chunks, many, numbered, padded
from tracker.storage.schema import fact, log
from tracker.storage.versions import counting_facts, locate

_FAMILIES = {
    Register.PARTY: "party.registered",
    Register.ISSUE: "issue.opened",
    Register.SOURCE: "source.registered",
}
_REGISTERS = {family: register for register, family in _FAMILIES.items()}
_CACHED = 50_000
_HINTS = 200


class Registration(NamedTuple):
    """The registration of an id that holds, the first by rank that counts, and the day on which a source appeared."""

    rank: int
    day: str | None


class StoredView:
    """Answers admission's questions (see `LogView`) about the log of one connection.

    `flush` writes the entries that are admitted but not written yet; a question
    that was not prefetched asks the database, so it calls it first.
    """

    def __init__(self, connection: Connection, flush: Callable[[], None]) -> None:
        self._connection = connection
        self._flush = flush
        self._located: dict[str, Located | None] = {}
        self._registered: dict[tuple[Register, str], Registration | None] = {}
        self._parties: dict[str, Party] | None = None
        self._names: dict[str, set[tuple[str, bool]]] = {}
        self._nearest: dict[tuple[Register, str], Sequence[str]] = {}

    def prefetch(self, entries: Sequence[Draft | Entry], *, new: bool = True) -> None:
        """Look up at once what admitting these entries will ask for; with `new` ones, also whether they are there."""
        events = [entry.event for entry in entries]
        ids = [entry.id for entry in entries]
        own = set() if new else set(ids)  # which are noted as they come
        targets = [target for target in targets_of(events) if target not in own]
        self.prefetch_entries(targets, own=ids if new else ())
        if len(self._registered) > _CACHED:
            self._registered.clear()
        wanted = {(register, key) for event in events for register, key, _ in references(event)}
        wanted |= {key for event in events if (key := _registered(event)) is not None}
        self._look_up([key for key in wanted if key not in self._registered])

    def prefetch_entries(self, targets: Sequence[str], *, own: Sequence[str] = ()) -> None:
        """Forget the entries looked up before, and look these up; of entries' `own` ids most are not there yet."""
        self._located = dict.fromkeys((*own, *targets))
        for some in chunks(own):
            size = at_once(len(some))
            found = _known(size).rows(self._connection, numbered(id=padded(some, size)))
            targets = [*targets, *(event_id for (event_id,) in found)]
        if targets:
            self._located.update((found.id, found) for found in locate(self._connection, log.c.id, targets))

    # --- questions --------------------------------------------------------------------------------

    def located(self, event_id: str) -> Located | None:
        if event_id not in self._located:
            self._flush()
            self._located[event_id] = next(locate(self._connection, log.c.id, [event_id]), None)
        return self._located[event_id]

    def is_registered(self, register: Register, key: str) -> bool:
        return self._registration(register, key) is not None

    def registration(self, register: Register, key: str) -> Event | None:
        held = self._registration(register, key)
        if held is None:
            return None
        self._flush()
        family = _FAMILIES[register]
        counting = counting_facts(self._connection, [family], key=key)
        return counting[0].event

    def published_on(self, source: str | None) -> str | None:
        """The day on which a registered source was published."""
        held = self._registration(Register.SOURCE, source) if source is not None else None
        return held.day if held else None

    def _registration(self, register: Register, key: str) -> Registration | None:
        if (register, key) not in self._registered:
            self._flush()
            self._look_up([(register, key)])
        return self._registered[register, key]

    def names(self, name: str) -> Iterable[tuple[str, bool]]:
        if self._parties is None:
            self._flush()
            self._names = {}
            self._parties = dict(self._counting_parties())
            for party in self._parties.values():
                for key, firm in _names_of(party):
                    self._names.setdefault(key, set()).add((party.party, firm))
        return self._names.get(name_key(name), ())

    def referring(self, register: Register, key: str) -> str | None:
        self._flush()
        registered = and_(fact.c.family == _FAMILIES[register], fact.c.key == key, counts(fact))
        if (self._connection.scalar(select(func.count()).select_from(fact).where(registered)) or 0) > 1:
            return None
        mentions = log.c.line.contains(orjson.dumps(key).decode(), autoescape=True)
        ids = self._connection.scalars(select(log.c.id).where(mentions).order_by(log.c.position)).all()
        for found in locate(self._connection, log.c.id, ids):
            if found.event is None or found.ended_by is not None:
                continue
            if any((to, what) == (register, key) for to, what, _ in references(found.event)):
                return found.id
        return None

    def nearest(self, register: Register, key: str) -> Sequence[str]:
        if (register, key) not in self._nearest and len(self._nearest) < _HINTS:
            self._flush()
            self._nearest[register, key] = self._near(register, key)
        return self._nearest.get((register, key), ())

    def _near(self, register: Register, key: str) -> Sequence[str]:
        if register is Register.PARTY:
            try:
                return [resolve_party(key, self._counting_parties())]
            except (UnknownParty, AmbiguousName) as error:
                return error.nearest
        known = select(fact.c.key).where(fact.c.family == _FAMILIES[register], counts(fact)).distinct()
        return get_close_matches(key, self._connection.scalars(known).all(), 3)

    def _counting_parties(self) -> Mapping[str, Party]:
        return registers(counting_facts(self._connection, ["party.registered", "party.updated"])).parties

    # --- keeping up -------------------------------------------------------------------------------

    def note(self, entry: Entry, admitted: Admitted) -> None:
        """Take in an entry that was admitted."""
        says, chain = admitted.says, admitted.chain
        rank = chain.rank if chain and says else entry.position
        first_type = chain.first_type if chain and says else entry.type
        self._located[entry.id] = Located(entry, rank, says, first_type, None)
        if chain is not None:
            self._located[chain.id] = replace(chain, ended_by=(entry.id, entry.type))
        changed = chain.event if chain else says
        key = _registered(changed)
        new = key is not None and self._registered.get(key) is None
        if key is not None and chain is not None:
            self._registered.pop(key, None)
        elif key is not None and new:
            day = changed.published_on if isinstance(changed, SourceRegistered) else None
            self._registered[key] = Registration(rank, day.isoformat() if day else None)
        if isinstance(changed, PartyRegistered | PartyUpdated) and self._parties is not None:
            self._note_party(changed, amended=chain is not None, new=new)

    def _note_party(self, event: PartyRegistered | PartyUpdated, *, amended: bool, new: bool) -> None:
        assert self._parties is not None
        before = self._parties.get(event.party)
        if amended or (isinstance(event, PartyUpdated) and before is None):
            self._parties = None  # read again when a name is asked for
            return
        if isinstance(event, PartyRegistered):
            if not new:
                return
            after = party_of(event)
        else:
            assert before is not None
            after = updated(before, event)
        for key, firm in _names_of(before) if before else ():
            self._names.get(key, set()).discard((event.party, firm))
        for key, firm in _names_of(after):
            self._names.setdefault(key, set()).add((event.party, firm))
        self._parties[event.party] = after

    def _look_up(self, keys: Sequence[tuple[Register, str]]) -> None:
        """Find the registrations that hold: the counting ones, the first by rank where there are several."""
        self._registered.update(dict.fromkeys(keys))
        for some in chunks(keys):
            size = at_once(len(some))
            asked = padded([(_FAMILIES[register], key) for register, key in some], size)
            values = numbered(family=[family for family, _ in asked], key=[key for _, key in asked])
            for family, key, rank, day in _registrations(size).rows(self._connection, values):
                self._registered[_REGISTERS[family], key] = Registration(rank, day)


@cache
def _known(number: int) -> Prepared:
    return Prepared(select(log.c.id).where(log.c.id.in_(many("id", log.c.id, number))))


@cache
def _registrations(number: int) -> Prepared:
    asked = zip(many("family", fact.c.family, number), many("key", fact.c.key, number), strict=True)
    wanted = or_(*(and_(fact.c.family == family, fact.c.key == key) for family, key in asked))
    rows = select(fact.c.family, fact.c.key, fact.c.rank, fact.c.day).where(wanted, counts(fact))
    return Prepared(rows.order_by(fact.c.rank.desc()))


def targets_of(events: Iterable[Event]) -> list[str]:
    """The ids of the entries that events target."""
    return [
        event.target for event in events if isinstance(event, EntryCorrected | EntryRetracted | StatementCorroborated)
    ]


def _names_of(party: Party) -> Iterator[tuple[str, bool]]:
    """The keys of a party's names, each with whether it is the code or an alias."""
    yield name_key(party.name), False
    for firm in (party.party, *party.aliases):
        yield name_key(firm), True


def _registered(event: Event | None) -> tuple[Register, str] | None:
    match event:
        case PartyRegistered():
            return Register.PARTY, event.party
        case IssueOpened():
            return Register.ISSUE, event.issue
        case SourceRegistered():
            return Register.SOURCE, event.source
        case _:
            return None
