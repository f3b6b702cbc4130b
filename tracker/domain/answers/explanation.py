"""The reasons for a party's stance on a day: every entry about the pair, whether it counts, and the conclusion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from tracker.domain.log.chain import LogHead
from tracker.domain.log.entries import Entry
from tracker.domain.log.event_parts import Quote
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    PositionEvent,
    RevisionEvent,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.registers.registers import Issue, registers
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.timeline.circumstances import QUESTION_FORM, Circumstances, Closing, Form, Succession
from tracker.domain.timeline.counting import Version, replay
from tracker.domain.timeline.order import Place, place_of
from tracker.domain.timeline.publication import PublicEvidence, is_public, published_days, source_days
from tracker.domain.timeline.runs import StanceInEffect, in_effect
from tracker.domain.timeline.state import Cell, StateRow
from tracker.domain.timeline.statement import Pair, Statement
from tracker.domain.timeline.timelines import timelines


class Exclusion(StrEnum):
    """The reason why an entry does not count for an answer."""

    CORRECTED = "corrected"
    RETRACTED = "retracted"
    RECORDED_LATER = "recorded later"
    MOVED = "about another pair"
    ATTRIBUTION = "left out by attribution"
    UNDATED = "undated"
    NOT_PUBLIC = "not yet public"
    SAID_LATER = "said later"


@dataclass(frozen=True, slots=True)
class EntryAccount:
    """One entry about the pair, and the reason if it does not count.

    `says` is its content (for a correction, its replacement; None for a retraction), with the evidence that was public
    by the cut-off. `because` is None if it counts;
    `because_of` is the id of the entry that ended it, `public_on` the day on which it became public and `question` the
    issue's wording on its effective day.
    """

    entry: Entry
    says: Statement | StatementCorroborated | None
    rank: int
    because: Exclusion | None
    because_of: str | None
    public_on: date | None
    question: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source that carries the statement in effect, with the source's words."""

    event_id: str
    position: int
    source_id: str | None
    source: SourceRegistered | None
    quote: Quote | None
    locator: str | None
    attribution: Attribution | None
    language: str | None = None
    translation: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The full account of one pair on a day, under the cut-offs of a query.

    `accounts` holds the statements in the order of DESIGN section 6, each with its corrections, retractions and
    corroborations in log order. `cell` is that of the state (None if there is none), `held` the stance that it was made
    from. `path` is the issue's, `issue` its wording and `closed` its closing on that day, if there is one. If the party
    inherits the stance, `inherited` explains that of the bloc. `form` is what the issue asks for.
    `reopened` is the day since which an issue that was closed is open again, `succession` the end of the party. If
    members inherit, `beside` are the other options of the choice on which the party holds a stance of its own, so that
    it takes nothing here. Of a choice, `options` has what the party holds on each of its options, as in the state.
    """

    party: str
    path: str
    issue: Issue | None
    on: date
    known_at: str | None
    published_by: date | None
    attributions: tuple[Attribution, ...]
    log: LogHead
    accounts: tuple[EntryAccount, ...]
    cell: Cell | None
    held: StanceInEffect | None
    evidence: tuple[Evidence, ...]
    closed: Closing | None = None
    inherited: "Explanation | None" = None
    form: Form = QUESTION_FORM
    reopened: date | None = None
    succession: Succession | None = None
    beside: tuple[str, ...] = ()
    options: tuple[Cell, ...] = ()

    @property
    def row(self) -> StateRow | None:
        """The row of the state."""
        return self.cell.row if self.cell else None


def explain(
    entries: Sequence[Entry],
    pair: Pair,
    *,
    on: date,
    cutoffs: Cutoffs,
    attributions: frozenset[Attribution] = frozenset(),
    around: Circumstances,
    known_at: str | None = None,
    log: LogHead,
) -> Explanation:
    """Explain the stance of a pair (issue, party) on a day (inclusive), from the entries that bear on it.

    These are the pair's statements and withdrawals with everything that targets them, the registrations of their
    sources, and the issue's own entries; also those after the cut-off. `around` is what holds beside positions on that
    day, `known_at` the cut-off as entered.
    """
    record = _PairRecord(entries, pair, on, cutoffs, attributions)
    held = record.held()
    return Explanation(
        party=pair[1],
        path=pair[0],
        issue=record.wording(on),
        on=on,
        known_at=known_at,
        published_by=cutoffs.published_by,
        attributions=tuple(sorted(attributions)),
        log=log,
        accounts=tuple(record.accounts()),
        cell=held.cell(around) if held else None,
        held=held,
        evidence=tuple(record.evidence(held)) if held else (),
        closed=around.closings.get(pair[0]),
        form=around.forms.get(pair[0], QUESTION_FORM),
        reopened=around.reopenings.get(pair[0]),
        succession=around.successions.get(pair[1]),
    )


class _PairRecord:
    """The record of one pair, and the query about it."""

    def __init__(
        self, entries: Sequence[Entry], pair: Pair, on: date, cutoffs: Cutoffs, attributions: frozenset[Attribution]
    ) -> None:
        self._entries = entries
        self._pair = pair
        self._on = on
        self._cutoffs = cutoffs
        self._scope = Scope(frozenset({pair[1]}), frozenset({pair[0]}), attributions)
        self._all = replay(entries)
        self.known = replay(entries, known_at=cutoffs.known_at)
        self._published = published_days(self.known)
        self._source_days = source_days(self.known)
        self._evidence = PublicEvidence(self.known, cutoffs.published_by)
        self._sources = registers(self.known.counting).sources
        self.wording = cache(self._wording_on)
        self._enders = {e.event.target: e for e in entries if isinstance(e.event, RevisionEvent)}

    def held(self) -> StanceInEffect | None:
        pairs = timelines(self.known, self._scope, up_to=self._on, published_by=self._cutoffs.published_by)
        return in_effect(pairs.by_pair.get(self._pair, ()), self._on)

    # --- the entries ------------------------------------------------------------------------------

    def accounts(self) -> Iterator[EntryAccount]:
        chains: dict[int, list[Entry]] = {rank: [] for rank in self._ranks()}
        for entry in self._entries:
            rank = self._rank(entry)
            if rank in chains:
                chains[rank].append(entry)
        for rank, members in sorted(chains.items(), key=lambda chain: self._place(*chain)):
            for entry in members:
                yield self._account(entry, rank)

    def _ranks(self) -> set[int]:
        return {version.rank for version in self._all.versions.values() if self._is_of_pair(version)}

    def _is_of_pair(self, version: Version) -> bool:
        return isinstance(version.event, PositionEvent) and version.statement.pair == self._pair

    def _rank(self, entry: Entry) -> int:
        """Return the rank of the statement that an entry states, corrects, retracts or corroborates."""
        event = entry.event
        if isinstance(event, RevisionEvent):
            target = self._all.versions[event.target]
            event = target.event
            if not isinstance(event, StatementCorroborated):
                return target.rank
        if isinstance(event, StatementCorroborated):
            return self._all.versions[event.target].rank
        return entry.position

    def _place(self, rank: int, members: Sequence[Entry]) -> Place:
        """Return a chain's place in the pair's order, by its last known version about the pair."""
        of_pair = [version for e in members if (version := self._all.versions.get(e.id)) and self._is_of_pair(version)]
        known = [version for version in of_pair if self._is_known(version.entry)]
        return place_of((known or of_pair)[-1].statement._replace(rank=rank))

    def _is_known(self, entry: Entry) -> bool:
        return self._cutoffs.known_at is None or entry.position <= self._cutoffs.known_at

    def _account(self, entry: Entry, rank: int) -> EntryAccount:
        version = self._all.versions.get(entry.id)
        says = self._content(version)
        ender = self._enders.get(entry.id)
        public_on = self._public_on(says, rank)
        because, because_of = self._because(entry, says, rank, ender, public_on)
        wording = self.wording(says.on) if isinstance(says, Statement) else None
        return EntryAccount(entry, says, rank, because, because_of, public_on, wording.question if wording else None)

    def _content(self, version: Version | None) -> Statement | StatementCorroborated | None:
        """Return the statement or corroboration in a version, without words that were not public by the cut-off."""
        if version is None:
            return None
        event = version.event
        if not isinstance(event, StatementCorroborated):
            return self._evidence.of(version.statement)
        return event if self._evidence.has(event.source) else event.model_copy(update={"quote": None, "locator": None})

    def _public_on(self, says: object, rank: int) -> date | None:
        if isinstance(says, StatementCorroborated):
            return self._source_days.get(says.source)
        return self._published.get(rank) if says is not None else None

    def _because(
        self, entry: Entry, says: object, rank: int, ender: Entry | None, public_on: date | None
    ) -> tuple[Exclusion | None, str | None]:
        if not self._is_known(entry):
            return Exclusion.RECORDED_LATER, None
        if says is None:
            return None, None
        if ender is not None and self._is_known(ender):
            corrected = isinstance(ender.event, EntryCorrected)
            return (Exclusion.CORRECTED if corrected else Exclusion.RETRACTED), ender.id
        if isinstance(says, StatementCorroborated) and (retraction := self._retraction(rank)) is not None:
            return Exclusion.RETRACTED, retraction.id
        if isinstance(says, Statement) and says.pair != self._pair:
            return Exclusion.MOVED, None
        if isinstance(says, Statement) and says.on > self._on:
            return Exclusion.SAID_LATER, None
        if isinstance(says, Statement) and not says.is_in(self._scope):
            return Exclusion.ATTRIBUTION, None
        if not is_public(public_on, self._cutoffs.published_by):
            return (Exclusion.UNDATED if public_on is None else Exclusion.NOT_PUBLIC), None
        return None, None

    def _retraction(self, rank: int) -> Entry | None:
        """Return the known retraction of any version of a statement, if there is one."""
        versions = (key for key, version in self._all.versions.items() if version.rank == rank)
        enders = (self._enders.get(key) for key in versions)
        return next((e for e in enders if e and isinstance(e.event, EntryRetracted) and self._is_known(e)), None)

    # --- the evidence -----------------------------------------------------------------------------

    def evidence(self, held: StanceInEffect) -> Iterator[Evidence]:
        """Yield the statement's own source and its corroborating ones, as far as they are public by the cut-off."""
        own = self._all.versions[held.statement.event_id]
        event = own.event
        assert isinstance(event, PositionEvent)
        if self._evidence.has(event.source):
            yield self._evidence_in(own.entry, event, event.attributed)
        for version in sorted(self.known.counting, key=lambda version: version.rank):
            corroboration = version.event
            if not isinstance(corroboration, StatementCorroborated) or not self._evidence.has(corroboration.source):
                continue
            if self._all.versions[corroboration.target].rank == held.statement.rank:
                yield self._evidence_in(version.entry, corroboration, corroboration.attribution)

    def _evidence_in(
        self, entry: Entry, event: PositionEvent | StatementCorroborated, attribution: Attribution | None
    ) -> Evidence:
        document = self._sources.get(event.source) if event.source else None
        language, translation = (getattr(event, field, None) for field in ("language", "translation"))
        words = event.quote, event.locator, attribution, language, translation
        return Evidence(entry.id, entry.position, event.source, document, *words)

    def _wording_on(self, day: date) -> Issue | None:
        known = registers(self.known.counting, on=day, published_by=self._cutoffs.published_by)
        return known.issues.get(self._pair[0])
