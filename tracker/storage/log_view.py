"""The log as admission sees it while a writer appends: looked up in few queries, kept up to date entry by entry."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

import orjson
from sqlalchemy import Connection, and_, func, or_, select

from tracker.domain.admission import Admitted, Located, Register, references
from tracker.domain.entries import Draft, Entry, entry_of
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
from tracker.domain.timeline import said
from tracker.errors import AmbiguousName, UnknownParty
from tracker.storage.schema import fact, log
from tracker.storage.versions import chunks, counting_facts, counts, locate

_FAMILIES = {
    Register.PARTY: "party.registered",
    Register.ISSUE: "issue.opened",
    Register.SOURCE: "source.registered",
}
_REGISTERS = {family: register for register, family in _FAMILIES.items()}
_CACHED = 50_000
_HINTS = 200


class StoredView:
    """Answers admission's questions (see `LogView`) about the log of one connection.

    `flush` writes the entries that are admitted but not written yet; a question
    that was not prefetched asks the database, so it calls it first.
    """

    def __init__(self, connection: Connection, flush: Callable[[], None]) -> None:
        self._connection = connection
        self._flush = flush
        self._located: dict[str, Located | None] = {}
        self._registrations: dict[tuple[Register, str], Event | None] = {}
        self._parties: dict[str, Party] | None = None
        self._names: dict[str, set[tuple[str, bool]]] = {}
        self._nearest: dict[tuple[Register, str], Sequence[str]] = {}

    def prefetch(self, drafts: Sequence[Draft]) -> None:
        """Look up at once what admitting these entries will ask for."""
        events = [draft.event for draft in drafts]
        self.prefetch_entries([*(draft.id for draft in drafts), *_targets(events)])
        if len(self._registrations) > _CACHED:
            self._registrations.clear()
        wanted = {(register, key) for event in events for register, key, _ in references(event)}
        wanted |= {key for event in events if (key := _registered(event)) is not None}
        self._look_up([key for key in wanted if key not in self._registrations])

    def prefetch_entries(self, ids: Sequence[str]) -> None:
        """Forget the entries looked up before, and look these up."""
        self._located = dict.fromkeys(ids)
        self._located.update((found.id, found) for found in locate(self._connection, log.c.id, list(self._located)))

    # --- questions --------------------------------------------------------------------------------

    def located(self, event_id: str) -> Located | None:
        if event_id not in self._located:
            self._flush()
            self._located[event_id] = next(locate(self._connection, log.c.id, [event_id]), None)
        return self._located[event_id]

    def is_registered(self, register: Register, key: str) -> bool:
        return self.registration(register, key) is not None

    def registration(self, register: Register, key: str) -> Event | None:
        if (register, key) not in self._registrations:
            self._flush()
            self._look_up([(register, key)])
        return self._registrations[register, key]

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
        new = key is not None and self._registrations.get(key) is None
        if key is not None and chain is not None:
            self._registrations.pop(key, None)
        elif key is not None and new:
            self._registrations[key] = says
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
        self._registrations.update(dict.fromkeys(keys))
        for some in chunks(keys):
            by_family: dict[str, list[str]] = {}
            for register, key in some:
                by_family.setdefault(_FAMILIES[register], []).append(key)
            wanted = or_(*(and_(fact.c.family == family, fact.c.key.in_(them)) for family, them in by_family.items()))
            first = log.alias()
            rows = (
                select(fact.c.family, fact.c.key, log.c.line, first.c.type)
                .join_from(fact, log, log.c.position == fact.c.position)
                .join(first, first.c.position == fact.c.rank)
                .where(wanted, counts(fact))
                .order_by(fact.c.rank.desc())
            )
            for row in self._connection.execute(rows):
                self._registrations[_REGISTERS[row.family], row.key] = said(entry_of(row.line), row.type)


def _targets(events: Iterable[Event]) -> list[str]:
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
