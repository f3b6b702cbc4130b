"""Refused names: of parties, issues and sources that are unknown, ambiguous or taken."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY
from typing import Any

from tracker.errors.base import TrackerError
from tracker.errors.entry_messages import NamedEntry
from tracker.errors.shared_parts import correction, did_you_mean, named, options


class UnknownName(TrackerError):
    """No such id is registered; near names are offered."""

    name: str
    nearest: Sequence[str] = ()
    _: KW_ONLY
    field: str | None = None
    register = missing = add = ""

    def __str__(self) -> str:
        see = f" See `tracker {self.register} list`, or {self.add} it with `tracker {self.register} add`."
        hint = did_you_mean(self.nearest) or see
        return f"No {self.register} {named(self.name)} is {self.missing}.{hint}"


class UnknownParty(UnknownName):
    """No such party is registered; an `issue` of this name may have been meant."""

    field: str | None = "party"
    register, missing, add = "party", "registered", "register"

    name: str
    nearest: Sequence[str] = ()
    _: KW_ONLY
    issue: str = ""

    def __str__(self) -> str:
        if not self.issue:
            return super().__str__()
        hint = "Name the party before the issue, or an issue alone with --issue."
        return f"No party {named(self.name)} is {self.missing}, but the issue {self.issue} is on record. {hint}"


class UnknownIssue(UnknownName):
    """No such issue was ever opened; the issues below the part of the path that is known are named."""

    field: str | None = "issue"
    register, missing, add = "issue", "on record", "open"
    SHOWN = 8

    name: str
    nearest: Sequence[str] = ()
    _: KW_ONLY
    group: str = ""
    below: Sequence[str] = ()

    def __str__(self) -> str:
        if not self.below:
            return super().__str__()
        more = f" and {len(self.below) - self.SHOWN:,} more" if len(self.below) > self.SHOWN else ""
        hint = did_you_mean(self.nearest)
        below = ", ".join(self.below[: self.SHOWN])
        if self.name == self.group:
            return f"{named(self.name)} is a group of issues. Name one of them: {below}{more}."
        return f"No issue {named(self.name)} is {self.missing}.{hint} Below {self.group}: {below}{more}."


class UnknownSource(UnknownName):
    """No such source is registered."""

    field: str | None = "source"
    register, missing, add = "source", "registered", "register"


class NotYetOnRecord(UnknownName):
    """A party, an issue or an entry that lies beyond a cut-off of the question, such as `known_at @120`."""

    name: str
    _: KW_ONLY
    what: str
    cutoff: str

    def __str__(self) -> str:
        option, _, when = self.cutoff.partition(" ")
        how = "public" if option == "published_by" else "on record"
        return f"The {self.what} {named(self.name)} was not {how} by {when}. Leave {option} out, or move it."


class AmbiguousName(TrackerError):
    """The beginning of a name or id that several have."""

    what: str
    name: str
    nearest: Sequence[str]
    _: KW_ONLY
    field: str | None = None
    advice: str = "Write more of it."

    def __str__(self) -> str:
        shown = ", ".join(self.nearest[:8]) + (" ..." if len(self.nearest) > 8 else "")
        return f"{self.what} {named(self.name)} is ambiguous: {shown}. {self.advice}"


class NameInUse(TrackerError):
    """A code, name or alias that would mean two parties, since another one goes by it."""

    name: str
    party: str
    holder: str
    _: KW_ONLY
    field: str

    def __str__(self) -> str:
        own = (
            f"The code {named(self.name)}"
            if self.name == self.party
            else f"The name {named(self.name)} of {self.party}"
        )
        return f"{own} is in use: it already names {self.holder}, and would mean both. Choose another."


class LooksLikeId(TrackerError):
    """A new id that looks like one on record, or differs from it in case alone; of an issue, perhaps its group."""

    what: str
    name: str
    known: str
    _: KW_ONLY
    field: str

    def __str__(self) -> str:
        return (
            f"The {self.what} {named(self.name)} looks like {named(self.known)} on record, and people would take one "
            f"for the other. Write it as it is on record, or choose another."
        )


class UntypableId(TrackerError):
    """A new code, path or id that a shell or a list would not take as it is typed; perhaps with one that it would."""

    what: str
    name: str
    instead: str
    _: KW_ONLY
    field: str

    def __str__(self) -> str:
        hint = f", such as {named(self.instead)}" if self.instead else ""
        return (
            f"The {self.what} {named(self.name)} cannot be typed as it is in a command. Choose one that begins with a "
            f"letter or a digit and has no quotes and none of * ? [ ] {{ }} ( ) < > | & ; $ ` \\ !{hint}."
        )


class SaysWhatHolds(TrackerError):
    """A change of a register to what holds already; `what` says that."""

    what: str

    sentence = "{what} already, so that nothing would change. Nothing was recorded; give another name or wording."


class RegisteredOtherwise(TrackerError):
    """A second registration whose data differ from the first.

    `changes` has its values of the fields that differ, None for one that it leaves out; `differing` those that do not
    hold by now, of aliases only the new ones. `entry` is the first registration; None if it is recorded together with
    this one.
    """

    what: str
    key: str
    changes: Mapping[str, Any]
    differing: Mapping[str, Any]
    entry: NamedEntry | None
    _: KW_ONLY
    field: str | None

    def __str__(self) -> str:
        differs = ", ".join(name if value else f"{name} (none here)" for name, value in self.changes.items())
        if self.entry is None:
            return f"The {self.what} {self.key!r} is registered twice here, with other data: {differs}. Keep one."
        already = f"The {self.what} {self.key!r} is already registered, {self.entry}, with other data: {differs}."
        return " ".join([already, *self._advice(str(self.entry))])

    def _advice(self, at: str) -> Iterator[str]:
        if not self.differing:
            yield "All of that is on record by now: there is nothing to record."
            return
        if held := ", ".join(name for name in self.changes if name not in self.differing):
            yield f"On record by now: {held}."
        if self.what == "issue" and "form" in self.differing:
            yield "The form of an issue never changes: open another issue, under a path of its own."
            return
        yield from self._commands()
        yield f"If {at} is wrong: {correction(at, {name: self.changes[name] for name in self.differing})}."

    def _commands(self) -> Iterator[str]:
        """Yield the commands for what changed since, if there are any."""
        key = shlex.quote(self.key)
        new = {name: value for name, value in self.differing.items() if value}
        if self.what == "party" and "name" in new:
            yield f"If it has another name now: tracker party rename {key} {shlex.quote(new['name'])}."
        if self.what == "party" and "aliases" in new:
            yield f"If it has more names: tracker party alias {key} {' '.join(map(shlex.quote, new['aliases']))}."
        wording: dict[str, Any] = {name: new[name] for name in ("title", "question") if name in new}
        if self.what == "issue" and wording:
            yield f"If its wording changed: tracker issue reword {key} --on DAY{options(wording)}."
