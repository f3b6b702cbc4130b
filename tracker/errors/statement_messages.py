"""Refused recording: what may be on record already, comes too late for its pair, or at an impossible time."""

import shlex
from collections.abc import Collection, Iterator, Mapping
from dataclasses import KW_ONLY
from typing import Any

from tracker.errors.base import TrackerError
from tracker.errors.entry_messages import NamedEntry
from tracker.errors.shared_parts import correction, named, options


class SaidInTheFuture(TrackerError):
    """A statement dated later than the day it is recorded on."""

    stated: str
    recorded: str
    _: KW_ONLY
    field: str | None

    sentence = (
        "{stated} is later than the day of recording, {recorded}: a position cannot be on record before it is stated. "
        "Check the day."
    )


class TimeRunsBackwards(TrackerError):
    """An entry of a load stamped earlier than the one before it."""

    field = "time"

    time: str
    previous: str

    sentence = "{time} is earlier than {previous} of the entry before it. Load the files in recorded order."


class NoLaterStamp(TrackerError):
    """A log whose last entry is stamped with the last instant of the calendar."""

    stamp: str

    sentence = (
        "The log's last entry is stamped {stamp}, after which no instant comes: nothing can be recorded. "
        "Export the log, leave out or correct the entries with such times, and load it into a new database."
    )


class LooksLikeOneOnRecord(TrackerError):
    """A statement that may be on record already, perhaps with other evidence or in other words.

    `changes` has its values of the fields that differ, by their names in a batch; those of `unregistered` name what is
    not on record.
    """

    entry: NamedEntry
    label: str
    changes: Mapping[str, Any]
    _: KW_ONLY
    unregistered: Collection[str] = ()
    source: str | None
    adds_evidence: bool
    holds: str = "stance"
    """The word for what both state."""

    def __str__(self) -> str:
        at = str(self.entry)
        return (
            f"{self.label} looks like one on record, {at} (same party, issue, day, speaker and {self.holds}). "
            f"{' '.join(self._advice(at))} If it is another statement, add --anyway."
        )

    def _advice(self, at: str) -> Iterator[str]:
        if not self.changes:
            yield f"It says the same as {at}: there is nothing to record (--skip-recorded passes over such rows)."
        if self.adds_evidence or self.source is None:
            source = shlex.quote(self.source or "ID")
            evidence = {name: self.changes.get(name) for name in ("quote", "locator") if self.source}
            which = "this is another source for it" if self.source else "another source carries it"
            yield f"If {which}: tracker corroborate {at} --source {source}{options(evidence)}."
        changes = {name: value for name, value in self.changes.items() if name != "source" or value is not None}
        if not (self.adds_evidence and changes.keys() <= {"source", "quote", "locator"}):
            yield from _corrections(f"If {at} should say otherwise", at, changes, self.unregistered)


class ChangedSinceRecorded(TrackerError):
    """A row of a file that is run again, which no longer says what was recorded from it.

    `changes` and `unregistered` are as in `LooksLikeOneOnRecord`; `source` is the row's where it may be another one for
    the statement on record.
    """

    entry: NamedEntry
    label: str
    changes: Mapping[str, Any]
    _: KW_ONLY
    unregistered: Collection[str] = ()
    noun: str = "statement"
    source: str | None = None

    def __str__(self) -> str:
        at = str(self.entry)
        evidence = {name: self.changes.get(name) for name in ("quote", "locator")}
        corroboration = f"tracker corroborate {at} --source {shlex.quote(self.source or '')}{options(evidence)}"
        another = f"If this is another source for it: {corroboration}. " if self.source else ""
        corrections = " ".join(_corrections("If we erred", at, self.changes, self.unregistered))
        return (
            f"{self.label} differs from {at} on record in {', '.join(self.changes)}. {another}{corrections} "
            f"If it is another {self.noun}, add --anyway."
        )


def _corrections(condition: str, at: str, changes: Mapping[str, Any], unregistered: Collection[str]) -> Iterator[str]:
    """Yield the advice to correct an entry: the command, and what it needs that is not on record."""
    known = {name: value for name, value in changes.items() if name not in unregistered}
    if known:
        yield f"{condition}: {correction(at, known)}."
    if unknown := [f"`{name}`" for name in changes if name in unregistered]:
        yield f"What {' and '.join(unknown)} names is not on record: register it first, and run this again."


class SaidTwice(TrackerError):
    """Two statements of one batch that may be the same."""

    label: str
    holds: str = "stance"

    sentence = (
        "{label} occurs twice among the statements to record (same party, issue, day, speaker and {holds}). "
        "Keep one, or add --anyway if they are two."
    )


class AddsNoEvidence(TrackerError):
    """A corroboration by a source that the statement cites already, without another quote or locator."""

    field = "source"

    source: str
    position: int
    _: KW_ONLY
    own: bool

    def __str__(self) -> str:
        how = "is the source of" if self.own else "corroborates"
        return (
            f"{named(self.source)} {how} @{self.position} already, so that this adds nothing. Name another source, "
            "or give a quote or a locator that is not on record yet."
        )


class PairMovedOn(TrackerError):
    """Optimistic concurrency: somebody else touched the pair since the caller looked."""

    party: str
    issue: str
    expected: int
    touched: int

    sentence = (
        "{party} on {issue} has an entry at @{touched}, after the expected position {expected}. "
        "Look at its history again, then repeat with the new position."
    )
