"""Every question about what is on record, whatever it says: the registers, and the log itself.

With cut-offs a question takes what was known at a log position and public by a day; without, today's record.

As in `queries`, each verb imports what it needs when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from tracker.domain.log.kind_registry import Register
from tracker.domain.terms.scope import NO_CUTOFFS, Cutoffs, KnownAt
from tracker.questions.reading import Reading
from tracker.storage.log import entry_names, event_log
from tracker.storage.log.identity import Identity, identity

if TYPE_CHECKING:
    from tracker.domain.log.chain import LogHead
    from tracker.domain.log.entries import Entry
    from tracker.domain.registers.register_records import RegisteredIssue, RegisteredParty, RegisteredSource
    from tracker.domain.registers.registers import Registers
    from tracker.domain.timeline.circumstances import Closing
    from tracker.domain.timeline.memberships import Membership, Memberships
    from tracker.questions.entries import LogRow


class RecordQueries:
    """The verbs that ask for registers and entries. Days that a caller leaves out are the present one (UTC)."""

    _reading: Callable[[], AbstractContextManager[Reading]]
    """Opens the transaction in which one verb reads."""

    # --- registers --------------------------------------------------------------------------------

    def names(
        self, on: date | None = None, *, known_at: int | None = None, published_by: date | None = None
    ) -> Registers:
        """The parties and issues as `registers` has them, without the sources."""
        from tracker.questions.registers import registers_on

        with self._reading() as reading:
            which = (Register.PARTY, Register.ISSUE)
            return registers_on(reading, which, on, known_at=known_at, published_by=published_by)

    def registers(
        self, on: date | None = None, *, known_at: int | None = None, published_by: date | None = None
    ) -> Registers:
        """The parties, issues and sources, as of today's record or as known at a log position.

        The issues are worded as on a day (today without one), in wordings that were public by another. Raises
        PositionAhead.
        """
        from tracker.questions.registers import registers_on

        with self._reading() as reading:
            return registers_on(reading, Register, on, known_at=known_at, published_by=published_by)

    def parties(self, on: date | None = None, cutoffs: Cutoffs = NO_CUTOFFS) -> list[RegisteredParty]:
        """The parties with their names as on record on a day (inclusive; today without one), and their entries."""
        from tracker.domain.registers.register_records import registered_parties
        from tracker.questions.registers import register_facts

        with self._reading() as (log, _, today):
            return registered_parties(register_facts(log, Register.PARTY, known_at=cutoffs.known_at), on or today)

    def issues(self, on: date | None = None, cutoffs: Cutoffs = NO_CUTOFFS) -> list[RegisteredIssue]:
        """The issues as worded on a day (inclusive; today without one), with earlier wordings and their entries."""
        from tracker.domain.registers.register_records import registered_issues
        from tracker.questions.registers import register_facts

        with self._reading() as (log, _, today):
            worded_on = min(on or today, cutoffs.published_by or date.max)
            return registered_issues(register_facts(log, Register.ISSUE, known_at=cutoffs.known_at), worded_on)

    def sources(self) -> list[RegisteredSource]:
        """The sources with their entries."""
        from tracker.domain.registers.register_records import registered_sources
        from tracker.questions.registers import register_facts

        with self._reading() as (log, *_):
            return registered_sources(register_facts(log, Register.SOURCE))

    def memberships(self, on: date | None = None) -> Memberships:
        """The blocs of each member on a day (inclusive; today without one), as of today's record."""
        from tracker.questions.registers import memberships_on

        with self._reading() as (log, _, today):
            return memberships_on(log, NO_CUTOFFS, on or today)

    def all_memberships(self, on: date | None = None, cutoffs: Cutoffs = NO_CUTOFFS) -> list[Membership]:
        """The memberships up to a day (inclusive; today without one), ended ones too."""
        from tracker.questions.registers import all_memberships_up_to

        with self._reading() as (log, _, today):
            return all_memberships_up_to(log, cutoffs, on or today)

    def closings(self, on: date | None = None, cutoffs: Cutoffs = NO_CUTOFFS) -> dict[str, Closing]:
        """The issues closed on a day (inclusive; today without one)."""
        from tracker.storage.queries.circumstances import circumstances_on

        with self._reading() as (log, _, today):
            return dict(circumstances_on(log, cutoffs, on or today).closings)

    def endings(self, on: date | None = None, cutoffs: Cutoffs = NO_CUTOFFS) -> Mapping[str, Sequence[Closing | date]]:
        """Every closing and the day of every reopening, in order, of the issues reopened up to a day (inclusive)."""
        from tracker.storage.queries.circumstances import circumstances_on

        with self._reading() as (log, _, today):
            return circumstances_on(log, cutoffs, on or today).endings

    def speakers(self) -> list[tuple[str, str | None]]:
        """Who spoke in the last entries, each with the office held then: the last one first."""
        from tracker.questions.speakers import last_speakers

        with self._reading() as (log, *_):
            return last_speakers(log.core)

    # --- the log ----------------------------------------------------------------------------------

    def entry_id(self, name: str) -> str:
        """The id of the entry that its position, `@12`, or an unambiguous start of its id names.

        Raises UnknownEntry, PositionAhead or AmbiguousName.
        """
        with self._reading() as (log, *_):
            return entry_names.resolve_entry_id(log.core, name)

    def positions(self, event_ids: Iterable[str]) -> dict[str, int]:
        """The log positions of entries: the short way to name them on this log."""
        with self._reading() as (log, *_):
            return event_log.positions(log, event_ids)

    def checkpoint(self) -> LogHead:
        """The log's last position and hash: kept elsewhere, they show whether it was cut or rewritten."""
        with self._reading() as (log, *_):
            return event_log.head(log)

    def head_at(self, known_at: KnownAt | None = None) -> LogHead:
        """The log's last entry, or the last one at a cut-off. Raises PositionAhead."""
        with self._reading() as (log, *_):
            return event_log.head(log, at=None if known_at is None else event_log.position_at(log, known_at))

    def identity(self, at: int) -> Identity:
        """What the database is, with the hash of its chain at a log position: it may have been changed beneath us."""
        with self._reading() as (log, *_):
            return identity(log, at)

    def entries(
        self, *, after: int = 0, limit: int | None = None, where: Callable[[Entry], bool] | None = None
    ) -> Iterator[LogRow]:
        """The entries after a log position, in order, read as they are consumed; with `where` those that pass a test.

        Raises PositionAhead or LogDamaged.
        """
        from tracker.questions.entries import entries_after

        with self._reading() as (log, *_):
            yield from islice(entries_after(log, after, where), limit)

    def last_entries(
        self, number: int, *, after: int = 0, where: Callable[[Entry], bool] | None = None
    ) -> list[LogRow]:
        """The last entries after a log position, in order; with `where` those that pass a test.

        Raises PositionAhead or LogDamaged.
        """
        from tracker.questions.entries import last_entries

        with self._reading() as (log, *_):
            return last_entries(log, number, after=after, where=where)

    def export(self, out: BinaryIO) -> int:
        """Write the whole log in the file format. Returns the number of entries."""
        from tracker.adapters.jsonl import write_lines
        from tracker.storage.log.reader import hashed_lines

        with self._reading() as (log, *_):
            return write_lines(hashed_lines(log), out)

    def recorded_on(self, position: int) -> date:
        """The day (UTC) on which the entry at a position was recorded. Raises PositionAhead or UnknownEntry."""
        from tracker.questions.entries import recorded_on

        with self._reading() as (log, *_):
            return recorded_on(log, position)

    def recorded_after(self, known_at: KnownAt) -> int:
        """The number of entries that were recorded after a cut-off."""
        with self._reading() as (log, *_):
            return event_log.head(log).position - event_log.position_at(log, known_at)
