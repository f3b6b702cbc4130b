"""The log as admission sees it while a writer appends: looked up in few queries, kept up to date entry by entry."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache

import orjson
from sqlalchemy import Connection, and_, func, select

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
from tracker.storage.registrations import FAMILIES, Registrations
from tracker.storage.schema import fact, log
from tracker.storage.versions import counting_facts, locate

_HINTS = 200


class StoredView:
    """Answers admission's questions (see `LogView`) about the log of one connection.

    `flush` writes the entries that are admitted but not written yet; a question
    that was not prefetched asks the database, so it calls it first.
    """

    def __init__(
        self, connection: Connection, flush: Callable[[], None], registrations: Registrations | None = None
    ) -> None:
        self._connection = connection
        self._flush = flush
        self._located: dict[str, Located | None] = {}
        self._registrations = registrations or Registrations(connection, flush)
        self._parties: dict[str, Party] | None = None
        self._names: dict[str, set[tuple[str, bool]]] = {}
        self._nearest: dict[tuple[Register, str], Sequence[str]] = {}

    def prefetch(self, drafts: Sequence[Draft]) -> None:
        """Look up at once what admitting these entries will ask for."""
        events = [draft.event for draft in drafts]
        targets = list(_targets(events))
        self._located = dict.fromkeys((*targets, *(draft.id for draft in drafts if draft.is_new)))
        if targets:
            self._located.update((found.id, found) for found in locate(self._connection, log.c.id, targets))
        self._look_for([draft.id for draft in drafts if not draft.is_new])
        wanted = {(register, key) for event in events for register, key, _ in references(event)}
        wanted |= {key for event in events if (key := _registered(event)) is not None}
        self._registrations.prefetch(wanted)

    def _look_for(self, ids: Sequence[str]) -> None:
        """Look for entries of which most are not there yet."""
        self._located.update(dict.fromkeys(one for one in ids if one not in self._located))
        found: list[str] = []
        for some in chunks(ids):
            size = at_once(len(some))
            found += [event_id for (event_id,) in _known(size).rows(self._connection, numbered(id=padded(some, size)))]
        if found:
            self._located.update((one.id, one) for one in locate(self._connection, log.c.id, found))

    # --- questions --------------------------------------------------------------------------------

    def located(self, event_id: str) -> Located | None:
        if event_id not in self._located:
            self._flush()
            self._located[event_id] = next(locate(self._connection, log.c.id, [event_id]), None)
        return self._located[event_id]

    def is_registered(self, register: Register, key: str) -> bool:
        return self._registrations.of(register, key) is not None

    def registration(self, register: Register, key: str) -> Event | None:
        if self._registrations.of(register, key) is None:
            return None
        self._flush()
        return counting_facts(self._connection, [FAMILIES[register]], key=key)[0].event

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
        registered = and_(fact.c.family == FAMILIES[register], fact.c.key == key, counts(fact))
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
        known = select(fact.c.key).where(fact.c.family == FAMILIES[register], counts(fact)).distinct()
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
        new = False
        if (key := _registered(changed)) is not None:
            day = changed.published_on if isinstance(changed, SourceRegistered) else None
            published_on = day.isoformat() if day else None
            new = self._registrations.note(key, rank, published_on, revised=chain is not None)
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


@cache
def _known(number: int) -> Prepared:
    return Prepared(select(log.c.id).where(log.c.id.in_(many("id", log.c.id, number))))


def _targets(events: Iterable[Event]) -> Iterator[str]:
    return (
        event.target for event in events if isinstance(event, EntryCorrected | EntryRetracted | StatementCorroborated)
    )


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
