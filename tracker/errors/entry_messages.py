"""Refused actions on entries: a target that is unknown or of the wrong kind, an undo, an id that is taken."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY
from typing import Any, NamedTuple

from tracker.errors.base import TrackerError
from tracker.errors.shared_parts import did_you_mean, named, options


class NamedEntry(NamedTuple):
    """An entry that a message names: at its log position for people, with its id for files of events."""

    id: str
    position: int

    def __str__(self) -> str:
        return f"@{self.position}"


class BadTarget(TrackerError):
    """An entry that cannot be the target of an action.

    The message names entries by position; `problems`, which say what is wrong with a line of a file, by id.
    """

    field = "target"

    @property
    def problems(self) -> Sequence[tuple[str | None, str]]:
        with_ids = {name: value.id if isinstance(value, NamedEntry) else value for name, value in self.values.items()}
        return ((self.field, str(type(self)(**with_ids))),)


class UnknownEntry(BadTarget):
    """No entry of the log has this id, or stands at this position (`@N`); others are offered."""

    event_id: str
    nearest: Sequence[str] = ()

    def __str__(self) -> str:
        hint = did_you_mean(self.nearest) or " See `tracker log` or `tracker find`."
        return f"No entry {named(self.event_id)} is in the log.{hint}"


class OtherHash(TrackerError):
    """A log position that is cited with a hash which the entry there does not have: of another log."""

    position: int
    hash: str
    cited: str

    sentence = (
        "This was cited from another log: the entry at position {position} has the hash {hash} here, not {cited}. "
        "Ask the log that it was cited from, or leave the hash out to ask this one."
    )


class PositionAhead(BadTarget):
    """A log position that the log has not reached."""

    position: int
    last: int

    def __str__(self) -> str:
        end = f"its last is @{self.last}" if self.last else "it is empty"
        return f"No entry '@{self.position}' is in the log: {end}. See `tracker log`."


class NoLongerCounts(BadTarget):
    """The target was already corrected or retracted; the successor is named."""

    entry: NamedEntry
    successor: NamedEntry
    _: KW_ONLY
    corrected: bool

    def __str__(self) -> str:
        how = f"was retracted. Its retraction is {self.successor}; record it anew if it should count."
        if self.corrected:
            how = f"was corrected. Target the correction {self.successor} instead."
        return f"Entry {self.entry} no longer counts: it {how}"


class WrongTarget(BadTarget):
    """An entry of a kind that this action cannot act on."""

    entry: NamedEntry
    noun: str
    action: str
    needed: str

    sentence = "Entry {entry} is {noun}, which cannot be {action}. {needed}"


class StillReferredTo(BadTarget):
    """A retraction of a registration that counting entries refer to."""

    entry: NamedEntry
    key: str
    referring: NamedEntry

    sentence = (
        "Entry {entry} registers {key!r}, which entry {referring} refers to: it cannot be retracted. Correct it, or "
        "retract what refers to it first."
    )


class IdentityChanged(TrackerError):
    """A correction that would change the id that a register entry is about."""

    key_field: str
    before: str
    after: str

    @property
    def field(self) -> str:  # type: ignore[override]
        """The field of the replacement."""
        return f"replacement.{self.key_field}"

    sentence = (
        "A correction cannot change {key_field} from {before!r} to {after!r}. "
        "Retract the entry and record the right one instead."
    )


class SameIdOtherContent(TrackerError):
    """A second entry with the id of one in the log, but other content."""

    field = "id"

    event_id: str
    position: int
    stored: str
    offered: str

    sentence = (
        "Entry {event_id} is already in the log at position {position} with other content "
        "(content hash {stored:.16} in the log, {offered:.16} offered). Give the new entry an id of its own."
    )


class ChangesNothing(TrackerError):
    """A correction that says what the entry says already."""

    entry: NamedEntry

    sentence = (
        "{entry} says that already: nothing differs. Check what to correct, or add --anyway for the reason's sake."
    )


class ChangedNothing(TrackerError):
    """An undo of a correction that changed nothing."""

    position: int
    target: int

    sentence = (
        "@{position} changed nothing of @{target}, so that there is nothing to undo. To take back what was recorded "
        "before it, use tracker retract @N or tracker correct @N."
    )


class NothingToUndo(TrackerError):
    """An undo by somebody who recorded nothing."""

    recorder: str

    def __str__(self) -> str:
        return f"{named(self.recorder)} has recorded nothing here. Say who recorded it with --by, or see `tracker log`."


class NotTheLastEntry(TrackerError):
    """An undo of an entry that is not its recorder's last one."""

    position: int
    last: int
    recorder: str

    def __str__(self) -> str:
        return (
            f"@{self.position} is not the last entry of {named(self.recorder)}: that is @{self.last}. "
            f"Correct or retract @{self.position} instead."
        )


class RetractionIsFinal(TrackerError):
    """An undo of a retraction; `fields` are those of the statement that it removed, by their names in a batch."""

    position: int
    removed: int
    about: str
    fields: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return (
            f"@{self.position} is a retraction, which is final. To take back what was recorded before it, use tracker "
            "retract @N, or @M..@N for several. To have again what it removed, "
            f"@{self.removed} ({self.about}), record that anew: {self._command()}"
        )

    def _command(self) -> str:
        if self.fields is None:
            return f"see `tracker show @{self.removed}`."
        of_pair = [name for name in ("party", "issue", "stance") if name in self.fields]
        pair = " ".join(shlex.quote(self.fields[name]) for name in of_pair)
        rest = {_IN_RECORD.get(name, name): value for name, value in self.fields.items() if name not in of_pair}
        return f"tracker record {pair}{options(rest)}"


_IN_RECORD = {"reasons": "reason"}
"""The options of `record` for fields that `correct` calls otherwise."""
