"""Entries that an earlier report did not have and a reader of it needs: `learned` (DESIGN section 8).

A function of the log, or of any part that is closed under the targets and sources of its entries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, assert_never

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    EntryCorrected,
    EntryRetracted,
    PositionEvent,
    RevisionEvent,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.log.kind_registry import Revision, Role
from tracker.domain.report.corrections import FieldChange, difference, sides_of
from tracker.domain.terms.columns import columns
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import Version, replay
from tracker.domain.timeline.publication import PublicEvidence, is_public, published_days, source_days
from tracker.domain.timeline.statement import EVIDENCE_FIELDS, Pair, Statement


@columns("""
    event_id=entry.id kind of statement.party statement.issue statement.on statement.summary source statement.speaker
    reason difference from_stance=before.value to_stance=after.value entry.recorded_by entry.recorded_at
    entry.position from_attribution=before.attribution to_attribution=after.attribution from_standing=before.standing
    to_standing=after.standing from_reworded reworded statement.on_behalf_of statement.ascribed_by
""")
class LateEntry(NamedTuple):
    """An entry that a reader of an earlier report needs, with a statement that it bears on, and its effect on the pair.

    `of` is the kind of entry that was stated, corrected or retracted: a `statement`, a `corroboration` or a `source`.
    `difference` has the fields that a correction changed. The statement `before` is in effect on the earlier report's
    last day as that report knew it, the one `after` on the same day as known now; `from_reworded` and `reworded` say
    that it answers an earlier wording than that of the last day reported, by the rewordings known to that report and to
    this one.
    `unit` is that of a quantity. A `left out` statement was on record then, but not public by that report's cut-off. A
    source that is not public by this report's cut-off is not named.
    """

    entry: Entry
    kind: Revision
    of: str
    statement: Statement
    source: str | None
    difference: tuple[FieldChange, ...]
    before: Statement | None = None
    after: Statement | None = None
    from_reworded: bool = False
    reworded: bool = False
    unit: str | None = None

    @property
    def pair(self) -> Pair:
        """The issue and the party."""
        return self.statement.pair

    @property
    def reason(self) -> str | None:
        """The reason of a correction or retraction."""
        return self.entry.event.reason if isinstance(self.entry.event, RevisionEvent) else None


@dataclass(frozen=True, slots=True)
class EarlierCut:
    """The cut-offs of an earlier report, and the last day that it covered.

    Entries about statements that are public in neither report are left out until they are public (DESIGN section 4).
    """

    known_at: int
    published_by: date | None
    up_to: date

    @property
    def cutoffs(self) -> Cutoffs:
        """Both cut-offs."""
        return Cutoffs(self.known_at, self.published_by)


def late_entries(entries: Sequence[Entry], scope: Scope, cutoffs: Cutoffs, earlier: EarlierCut) -> list[LateEntry]:
    """Return the entries since an earlier report that bear on statements of its days, one for each entry and pair.

    These are statements and withdrawals, their corrections and retractions, corroborations, and changes of a source's
    date; and, if the earlier report had a cut-off on the published clock, statements that became public since. They are
    in log order, still without the pairs' values.
    """
    record = _Record(entries, cutoffs, earlier)
    found = []
    for entry, kind, of, touched in record.late():
        changed = record.difference(entry)
        by_pair: dict[Pair, LateEntry] = {}
        for statement in touched:
            if statement.on <= earlier.up_to and statement.is_in(scope):
                source = record.source(entry, statement)
                by_pair[statement.pair] = LateEntry(entry, kind, of, statement, source, changed)
        found += [by_pair[pair] for pair in sorted(by_pair)]
    return sorted(found, key=lambda late: late.entry.position)


def add_values(
    found: Iterable[LateEntry],
    then: Mapping[Pair, Statement],
    now: Mapping[Pair, Statement],
    around_then: Circumstances,
    around_now: Circumstances,
) -> tuple[LateEntry, ...]:
    """Add the pairs' values, from what was in effect on the earlier report's last day as known then and now.

    `around_then` and `around_now` are what holds beside positions on the last day of the report, as known then and now.
    """

    def with_values(late: LateEntry) -> LateEntry:
        before, after = then.get(late.pair), now.get(late.pair)
        return late._replace(
            before=before,
            after=after,
            from_reworded=before is not None and around_then.is_reworded(before.issue, before.on),
            reworded=after is not None and around_now.is_reworded(after.issue, after.on),
            unit=around_now.unit_of(late.statement.issue),
        )

    return tuple(map(with_values, found))


class _Record:
    """The entries that an earlier report did not have, each with the statements that it bears on."""

    def __init__(self, entries: Sequence[Entry], cutoffs: Cutoffs, earlier: EarlierCut) -> None:
        self._entries = entries
        self._earlier = earlier
        self._cutoffs = cutoffs
        self._now = replay(entries)
        self._then = replay(entries, known_at=earlier.known_at)
        self._published_then, self._published_now = published_days(self._then), published_days(self._now)
        self._evidence = PublicEvidence(self._now, cutoffs.published_by)
        self._counting = {v.rank: v.statement for v in self._now.counting if isinstance(v.event, PositionEvent)}

    def source(self, entry: Entry, statement: Statement) -> str | None:
        """Return an entry's source, if it is public: its statement's, a corroboration's, or the one registered."""
        about = self._now.versions.get(entry.id)
        if about is None and isinstance(entry.event, EntryRetracted):
            about = self._now.versions[entry.event.target]
        if about is not None and isinstance(about.event, StatementCorroborated | SourceRegistered):
            return about.event.source if self._evidence.has(about.event.source) else None
        return self._evidence.of(statement).source

    def difference(self, entry: Entry) -> tuple[FieldChange, ...]:
        """Return the fields that an entry changes, if it is a correction, without words that are not public."""
        if not isinstance(entry.event, EntryCorrected) or entry.position <= self._earlier.known_at:
            return ()
        before, after = (self._now.versions[key].event.data() for key in (entry.event.target, entry.id))
        return public_difference(before, after, self._evidence)

    def late(self) -> Iterator[tuple[Entry, Revision, str, list[Statement]]]:
        """Yield every late entry with its revision, its subject's kind and the statements that it bears on."""
        yield from self._left_out()
        for entry in self._entries:
            if entry.position > self._earlier.known_at:
                yield from self._touched(entry)

    def _touched(self, entry: Entry) -> Iterator[tuple[Entry, Revision, str, list[Statement]]]:
        """Yield the entry with the statements that it bears on, if it bears on statements at all."""
        event = entry.event
        first = self._target(entry) or Version(entry, event, entry.position)
        kind, of = event.event_kind.revision, first.event.event_kind.subject
        match role := first.event.event_kind.role:
            case Role.STATEMENT:
                sides = [*sides_of(entry, self._now.versions.get), first.statement if first.entry is entry else None]
                included = self._is_included(first.rank)
                yield entry, kind, of, [side for side in sides if side is not None and included]
            case Role.CORROBORATION:
                assert isinstance(first.event, StatementCorroborated)
                rank = self._now.versions[first.event.target].rank
                counting = self._counting.get(rank) if self._is_included(rank) and self._is_public(entry) else None
                yield entry, kind, of, [counting] if counting else []
            case Role.FACT:
                if isinstance(first.event, SourceRegistered) and self._redates(entry, first.event.source):
                    yield entry, kind, of, list(self._citing(first.event.source))
            case Role.CORRECTION | Role.RETRACTION:
                raise AssertionError("a chain begins with neither")
            case _:
                assert_never(role)

    def _target(self, entry: Entry) -> Version | None:
        if isinstance(entry.event, RevisionEvent):
            return self._now.versions[entry.event.target]
        return None

    def _is_included(self, rank: int) -> bool:
        """Return whether a statement was public in the earlier report, or is in this one."""
        return is_public(self._published_then.get(rank), self._earlier.published_by) or is_public(
            self._published_now.get(rank), self._cutoffs.published_by
        )

    def _is_public(self, entry: Entry) -> bool:
        """Return whether the source of a corroboration, or of the one that an entry revises, is public."""
        sides = [self._target(entry), self._now.versions.get(entry.id)]
        return any(
            isinstance(side.event, StatementCorroborated) and self._evidence.has(side.event.source)
            for side in sides
            if side is not None
        )

    def _redates(self, entry: Entry, source: str) -> bool:
        """Return whether a correction or retraction changes the publication day of a source, of which one is public."""
        if self._target(entry) is None:
            return False
        histories = (replay(self._entries, known_at=at) for at in (entry.position - 1, entry.position))
        before, after = (source_days(history).get(source) for history in histories)
        return before != after and any(is_public(day, self._cutoffs.published_by) for day in (before, after))

    def _citing(self, source: str) -> Iterator[Statement]:
        """Yield the counting statements and withdrawals that rest on a source."""
        cited = {
            self._now.versions[version.event.target].rank
            for version in self._now.counting
            if isinstance(version.event, StatementCorroborated) and version.event.source == source
        }
        for rank, statement in self._counting.items():
            if (statement.source == source or rank in cited) and self._is_included(rank):
                yield statement

    def _left_out(self) -> Iterator[tuple[Entry, Revision, str, list[Statement]]]:
        """Yield the statements that the earlier report left out as not public, and this one does not."""
        by, now_by = self._earlier.published_by, self._cutoffs.published_by
        still = {version.entry.id for version in self._now.counting}
        for version in self._then.counting:
            if not isinstance(version.event, PositionEvent) or version.entry.id not in still:
                continue
            then, now = (days.get(version.rank) for days in (self._published_then, self._published_now))
            if not is_public(then, by) and is_public(then, now_by) and is_public(now, now_by):
                yield version.entry, Revision.LEFT_OUT, version.event.event_kind.subject, [version.statement]


def public_difference(
    before: Mapping[str, Any], after: Mapping[str, Any], evidence: PublicEvidence
) -> tuple[FieldChange, ...]:
    """Return the fields that a correction changes; a side whose source was not public shows no evidence."""
    shown = (
        side
        if evidence.has(side.get("source"))
        else {name: value for name, value in side.items() if name not in EVIDENCE_FIELDS}
        for side in (before, after)
    )
    return difference(*shown)
