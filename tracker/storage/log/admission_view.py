"""A writer's view of the log for admission: prefetched in few queries, kept current entry by entry."""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import orjson
from sqlalchemy import and_, func, select

from tracker.domain.log.admission import AdmittedEvent, references, registered_key
from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    Event,
    IssueOpened,
    PartyRegistered,
    PartyUpdated,
    StatementCorroborated,
)
from tracker.domain.log.judgement import ids_of
from tracker.domain.log.kind_registry import (
    ISSUE_OPENED,
    MEMBERSHIP_KINDS,
    REGISTRATIONS,
    Key,
    Register,
    register_kinds,
)
from tracker.domain.log.log_view import LocatedEntry
from tracker.domain.log.membership_rules import (
    BrokenMembership,
    MembershipEvent,
    MembershipReview,
    MembershipTimelines,
)
from tracker.domain.registers.names import resolve_party
from tracker.domain.registers.registers import Party, differing, party_of, registers, update_party
from tracker.domain.terms.text_key import text_key
from tracker.domain.terms.vocabulary import IssueForm, PartyKind
from tracker.errors import AmbiguousName, NamedEntry, TrackerError, UnknownParty
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, core_connection, in_list, parameter
from tracker.storage.log.prepared_entry import AppendedEntry, PreparedEntry
from tracker.storage.projections.counting import counts
from tracker.storage.projections.registrations import Registrations
from tracker.storage.projections.rows import form_in
from tracker.storage.queries.versions import corroborations_by_statement, counting_facts, locate_entries
from tracker.storage.schema import fact, log, pair, statement

_HINTS = 200


class AdmissionView:
    """The lookups of admission (see `LogView`) in the log of one connection.

    `flush` writes the entries that are admitted but pending: a lookup that was not prefetched calls it first.
    """

    def __init__(self, connection: AnyConnection, flush: Callable[[], None], registrations: Registrations) -> None:
        self._connection = connection
        self._flush = flush
        self._entries: dict[str, LocatedEntry | AppendedEntry | None] = {}
        self._registrations = registrations
        self._appended: set[str] = set()
        self._parties: dict[str, Party] | None = None
        self._holders: dict[str, set[str]] = {}
        self._spellings: dict[str, dict[str, set[str]]] = {}
        self._nearest: dict[Key, Sequence[str]] = {}
        self._corroborations: dict[int, list[tuple[int, StatementCorroborated]]] = {}
        self._memberships: MembershipReview | None = None

    def prefetch(self, prepared: Sequence[PreparedEntry]) -> None:
        """Run the lookups for the admission of these entries in few queries."""
        unprojected = [one.parsed.event for one in prepared if one.row is None]
        targets = [event.target for event in unprojected if isinstance(event, _TARGETING)]
        repeated = [one.id for one in prepared if not one.is_new]  # most are not in the log yet
        wanted = [*targets, *(event_id for (event_id,) in _EXISTING_IDS.rows_in(self._connection, "ids", repeated))]
        self._entries = dict.fromkeys((*targets, *(one.id for one in prepared)))
        found = list(locate_entries(self._connection, wanted))
        self._entries.update((one.id, one) for one in found)
        corroborated = {event.target for event in unprojected if isinstance(event, StatementCorroborated)}
        self._corroborations = {}
        self._read_corroborations([one.rank for one in found if one.id in corroborated])
        keys = set[Key]().union(*(one.refers_to for one in prepared))
        self._registrations.prefetch(keys.union(one.registers for one in prepared if one.registers))

    # --- lookups ----------------------------------------------------------------------------------

    def locate(self, event_id: str) -> LocatedEntry | None:
        if event_id not in self._entries:
            self._flush()
            self._entries[event_id] = next(locate_entries(self._connection, [event_id]), None)
        found = self._entries[event_id]
        if isinstance(found, AppendedEntry):
            entry = found.entry
            found = self._entries[event_id] = LocatedEntry(entry, entry.position, entry.event, entry.type, None)
            self._corroborations.setdefault(entry.position, [])  # an entry of this moment has none
        return found

    def is_registered(self, key: Key) -> bool:
        return self._registrations.find(key) is not None

    def registration(self, key: Key) -> tuple[Event, NamedEntry | None] | None:
        if self._registrations.find(key) is None:
            return None
        self._flush()
        register, name = key
        found = counting_facts(self._connection, [REGISTRATIONS[register]], key=name)[0]
        entry = found.entry
        return found.event, None if entry.id in self._appended else NamedEntry(entry.id, entry.position)

    def form_of(self, issue: str) -> IssueForm | None:
        found = self._registrations.find((Register.ISSUE.value, issue))
        return None if found is None or found.form is None else form_in(found.form)

    def unit_of(self, issue: str) -> str | None:
        found = self.registration((Register.ISSUE.value, issue))
        return found[0].unit if found and isinstance(found[0], IssueOpened) else None

    def forms_below(self, issue: str) -> Mapping[str, IssueForm]:
        self._flush()
        found: dict[str, IssueForm] = {}
        for path, form in _BELOW.rows(self._connection, {"first": f"{issue}/", "end": f"{issue}0"}):
            if "/" not in path.removeprefix(f"{issue}/"):
                found.setdefault(path, form_in(form))
        return found

    def has_statements(self, issue: str) -> bool:
        self._flush()
        return _STATED_ON.row(self._connection, {"issue": issue}) is not None

    def differing_now(self, key: Key, values: Mapping[str, Any]) -> Mapping[str, Any]:
        self._flush()
        register, name = key
        found = registers(counting_facts(self._connection, register_kinds(Register(register)), key=name))
        return differing(found.parties.get(name) or found.issues.get(name) or found.sources[name], values)

    def find_holders(self, name: str, *, without: str | None = None) -> Collection[str]:
        if without is not None:
            self._flush()
            return _holders(self._counting_parties(without=without)).get(text_key(name), ())
        self._read_parties()
        return self._holders.get(text_key(name), ())

    def find_spellings(self, key: Key) -> AbstractSet[str]:
        register, name = key
        if register not in self._spellings:
            self._flush()
            self._spellings[register] = {}
            known = select(fact.c.key).where(fact.c.family == REGISTRATIONS[register], counts(fact)).distinct()
            for found in core_connection(self._connection).scalars(known):
                self._note_spelling((register, found))
        return self._spellings[register].get(text_key(name), frozenset())

    def spell_sources(self, names: AbstractSet[str], new: AbstractSet[str] = frozenset()) -> dict[str, str]:
        """Return the id for each name of a source that only one looks like; any other stays as it is.

        Ids are those on record or, where none of these looks like the name, the `new` ones about to be registered.
        """
        keys = {name: (Register.SOURCE.value, name) for name in names}
        self._registrations.prefetch(keys.values())
        unknown = {name: self.find_spellings(key) for name, key in keys.items() if not self.is_registered(key)}
        unknown = {name: found or _alike(name, new) for name, found in unknown.items()}
        return {name: next(iter(found)) if len(found) == 1 else name for name, found in unknown.items()}

    def _note_spelling(self, key: Key) -> None:
        """Note a new registration, once the spellings of its register have been read."""
        spellings = self._spellings.get(key[0])
        if spellings is not None:
            for spelled in ids_of(key):
                spellings.setdefault(text_key(spelled), set()).add(spelled)

    def party_kind(self, party: str) -> PartyKind | None:
        found = self._read_parties().get(party)
        return found.kind if found else None

    def find_member(self, bloc: str) -> str | None:
        return self._read_memberships().timelines.find_member(bloc)

    def find_referrer(self, key: Key) -> LocatedEntry | None:
        self._flush()
        register, name = key
        same = and_(fact.c.family == REGISTRATIONS[register], fact.c.key == name, counts(fact))
        if (core_connection(self._connection).scalar(select(func.count()).select_from(fact).where(same)) or 0) > 1:
            return None
        mentions = log.c.line.contains(orjson.dumps(name).decode(), autoescape=True)
        ids = core_connection(self._connection).scalars(select(log.c.id).where(mentions).order_by(log.c.position)).all()
        for found in locate_entries(self._connection, ids):
            if found.event is None or found.ended_by is not None:
                continue
            if any(to == key for to, _ in references(found.event)):
                return found
        return None

    def find_corroborations(self, statement_rank: int) -> Collection[tuple[int, StatementCorroborated]]:
        if statement_rank not in self._corroborations:
            self._flush()
            self._read_corroborations([statement_rank])
        return self._corroborations[statement_rank]

    def _read_corroborations(self, ranks: Sequence[int]) -> None:
        for rank, versions in corroborations_by_statement(self._connection, ranks).items() if ranks else ():
            events = ((version.rank, version.event) for version in versions)
            self._corroborations[rank] = [
                (own, event) for own, event in events if isinstance(event, StatementCorroborated)
            ]

    def nearest(self, key: Key) -> Sequence[str]:
        """Return the registered ids nearest to an unknown one; none after many such lookups."""
        if key not in self._nearest and len(self._nearest) < _HINTS:
            self._flush()
            self._nearest[key] = self._find_nearest(*key)
        return self._nearest.get(key, ())

    def _find_nearest(self, register: str, name: str) -> Sequence[str]:
        if register == Register.PARTY:
            try:
                return [resolve_party(name, self._counting_parties())]
            except (UnknownParty, AmbiguousName) as error:
                return error.nearest
        known = select(fact.c.key).where(fact.c.family == REGISTRATIONS[register], counts(fact)).distinct()
        return get_close_matches(name, core_connection(self._connection).scalars(known).all(), 3)

    def _read_parties(self) -> Mapping[str, Party]:
        if self._parties is None:
            self._flush()
            self._parties = dict(self._counting_parties())
            self._holders = _holders(self._parties)
        return self._parties

    def _read_memberships(self) -> MembershipReview:
        if self._memberships is None:
            self._flush()
            timelines = MembershipTimelines()
            for version in counting_facts(self._connection, MEMBERSHIP_KINDS):
                if isinstance(version.event, MembershipEvent):
                    timelines.put(version.event, version.rank, version.entry.id, version.entry.position)
            self._memberships = MembershipReview(timelines)
        return self._memberships

    def _counting_parties(self, *, without: str | None = None) -> Mapping[str, Party]:
        counting = counting_facts(self._connection, register_kinds(Register.PARTY))
        return registers(version for version in counting if version.entry.id != without).parties

    # --- memberships ------------------------------------------------------------------------------

    def review_membership(
        self, event_id: str, position: int, admitted: AdmittedEvent, *, judged: bool, alone: bool
    ) -> Sequence[TrackerError]:
        """Note what an admitted entry does to the memberships on record, before it is written.

        Judged `alone`, it is refused if it breaks a rule beside the entries before it, and its notes are returned.
        """
        chain, new = admitted.chain, admitted.content
        old = chain.event if chain else None
        if not isinstance(old or new, MembershipEvent):
            return ()
        review, rank = self._read_memberships(), chain.rank if chain else position
        review.replace(old, new, rank=rank, event_id=event_id, position=position, judged=judged)
        broken = review.settle() if alone else []
        if refused := next((found for found in broken if found.judged), None):
            event_id, position = (chain.id, chain.position) if chain else (event_id, position)
            review.replace(new, old, rank=rank, event_id=event_id, position=position, judged=False)
            review.settle()
            raise refused.refusal
        return [found.refusal for found in broken]

    def settle_memberships(self) -> list[BrokenMembership]:
        """Return the rules of memberships that the entries reviewed since the last time break together."""
        return self._memberships.settle() if self._memberships else []

    # --- updates ----------------------------------------------------------------------------------

    def note_appended(self, appended: AppendedEntry) -> None:
        """Note an appended entry that has no target and claims no name."""
        self._entries[appended.prepared.id] = appended
        if appended.prepared.registers is not None:
            self._appended.add(appended.prepared.id)
            self._note_spelling(appended.prepared.registers)

    def is_alike(self, key: Key) -> bool:
        """Return whether an id, or a group of issues above it, looks like another one on record."""
        return any(self.find_spellings((key[0], one)) - {one} for one in ids_of(key))

    def note_admitted(self, entry: Entry, admitted: AdmittedEvent) -> None:
        """Note any admitted entry."""
        content, chain = admitted.content, admitted.chain
        rank = chain.rank if chain and content else entry.position
        first_type = chain.first_type if chain and content else entry.type
        self._entries[entry.id] = LocatedEntry(entry, rank, content, first_type, None)
        if chain is not None:
            self._entries[chain.id] = replace(chain, ended_by=(entry.id, entry.type))
        changed = chain.event if chain else content
        if (key := registered_key(changed)) is not None:
            self._appended.add(entry.id)
            if chain is None:
                self._note_spelling(key)
            else:
                self._spellings.pop(key[0], None)  # read again at the next lookup
        if isinstance(changed, StatementCorroborated):
            self._note_corroboration(entry.position, changed, amended=chain is not None)
        if isinstance(changed, PartyRegistered | PartyUpdated):
            self._note_party(changed, amended=chain is not None)

    def _note_corroboration(self, rank: int, event: StatementCorroborated, *, amended: bool) -> None:
        statement = self.locate(event.target)
        assert statement is not None
        if amended:
            self._corroborations.pop(statement.rank, None)  # read again at the next lookup
        elif statement.rank in self._corroborations:
            self._corroborations[statement.rank].append((rank, event))

    def _note_party(self, event: PartyRegistered | PartyUpdated, *, amended: bool) -> None:
        if self._parties is None or amended:
            self._parties = None  # read again at the next lookup of a name
            return
        before = self._parties.get(event.party)
        if isinstance(event, PartyUpdated):
            assert before is not None
            after = update_party(before, event)
        else:
            after = before or party_of(event)  # a second registration has no effect
        for name in after.names:  # a party keeps every name that it ever went by
            self._holders.setdefault(text_key(name), set()).add(event.party)
        self._parties[event.party] = after


_EXISTING_IDS = CompiledQuery(select(log.c.id).where(in_list(log.c.id, name="ids")))
_BELOW = CompiledQuery(
    select(fact.c.key, fact.c.form)
    .where(
        fact.c.family == ISSUE_OPENED,
        fact.c.key >= parameter(fact.c.key, "first"),
        fact.c.key < parameter(fact.c.key, "end"),
        counts(fact),
    )
    .order_by(fact.c.key, fact.c.rank)
)
_STATED_ON = CompiledQuery(
    select(statement.c.position)
    .join(pair, pair.c.id == statement.c.pair)
    .where(pair.c.issue == parameter(pair.c.issue), counts(statement))
    .limit(1)
)
_TARGETING = (EntryCorrected, EntryRetracted, StatementCorroborated)


def _alike(name: str, ids: AbstractSet[str]) -> AbstractSet[str]:
    """Return the one of these ids that a name is or, if it is none, all that look like it."""
    return {name} if name in ids else {one for one in ids if text_key(one) == text_key(name)}


def _holders(parties: Mapping[str, Party]) -> dict[str, set[str]]:
    """Return the parties that go by each name, by its key."""
    found: dict[str, set[str]] = {}
    for party in parties.values():
        for name in party.names:
            found.setdefault(text_key(name), set()).add(party.party)
    return found
