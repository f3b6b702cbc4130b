"""Every refusal the tracker can give, as a class that carries its fields and makes its own sentence."""

import copyreg
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from inspect import get_annotations
from typing import Any, NamedTuple, dataclass_transform


@dataclass_transform(eq_default=False)
class TrackerError(Exception):
    """A caller's mistake, or a state of the world that the caller can mend.

    The message says what is wrong, where, and what to do next. `field` names the event field at fault, where there is
    one. A subclass is made with the fields that it declares, as a dataclass is; `str` makes its sentence of them.
    """

    field: str | None = None
    _fields: Sequence[str] = ()

    def __init_subclass__(cls) -> None:
        declared = (name for name in get_annotations(cls) if name != "_")
        cls._fields = tuple(dict.fromkeys((*cls._fields, *declared)))  # dataclasses take 10 ms to make: a start-up more

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values)
        self.__dict__.update(zip(self._fields, values, strict=False), **named)

    @property
    def lines(self) -> Sequence[str]:
        """Each of several messages."""
        return (str(self),)

    @property
    def problems(self) -> Sequence[tuple[str | None, str]]:
        """Each problem with the field at fault."""
        return ((self.field, str(self)),)

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep class, message and fields in a pickle, whatever arguments the class is made with."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem in data from outside: where it is, and what is wrong with it."""

    file: str
    line: int | None
    field: str | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class BadData(TrackerError):
    """Data from outside with findings; nothing of it was kept. Of very many, `number` in all, the first are kept."""

    SHOWN = 1_000

    findings: Sequence[Finding]
    number: int | None = None

    @property
    def lines(self) -> Sequence[str]:
        number = len(self.findings) if self.number is None else self.number
        lines = [str(finding) for finding in self.findings[: self.SHOWN]]
        if number > len(lines):
            lines.append(f"... and {number - len(lines):,} more.")
        problems = "1 problem" if number == 1 else f"{number:,} problems"
        return *lines, f"{problems} found; nothing was recorded. Correct the lines above and run the command again."

    def __str__(self) -> str:
        return "\n".join(self.lines)


class RefusedEntries(TrackerError):
    """Some of several entries were refused, so that none was recorded; each refusal comes with its entry's index."""

    refusals: Sequence[tuple[int, TrackerError]]

    @property
    def lines(self) -> Sequence[str]:
        messages = list(dict.fromkeys(str(refusal) for _, refusal in self.refusals))
        alone = len(messages) == 1 or len({index for index, _ in self.refusals}) == 1
        return messages if alone else [f"entry {index + 1}: {refusal}" for index, refusal in self.refusals]

    def __str__(self) -> str:
        return "\n".join(self.lines)


# --- what an event says ---------------------------------------------------------------------------


class BadValue(TrackerError, ValueError):
    """A value that cannot be what its field asks for (a ValueError, so that a model can collect it)."""

    message: str
    _: KW_ONLY
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class BadEvent(TrackerError):
    """An event with problems in one or more fields: the first of them, and the number of `more`."""

    SHOWN = 100

    first: Sequence[tuple[str | None, str]]
    _: KW_ONLY
    more: int = 0

    @property
    def problems(self) -> Sequence[tuple[str | None, str]]:
        rest = [(None, f"... and {self.more:,} more like these.")] if self.more > 0 else []
        return (*self.first, *rest)

    @property
    def lines(self) -> Sequence[str]:
        return [f"{field}: {text}" if field else text for field, text in self.problems]

    def __str__(self) -> str:
        return " ".join(self.lines)


class UnknownEventType(TrackerError):
    """A type name, or a version of one, that this release does not read."""

    field = "type"

    type_name: str
    nearest: Sequence[str]
    _: KW_ONLY
    newer: bool = False

    def __str__(self) -> str:
        what = "is a version that this release does not read. Upgrade the tracker." if self.newer else "is unknown."
        return f"Event type {_named(self.type_name)} {what}{_did_you_mean(self.nearest)}"


# --- names and registers --------------------------------------------------------------------------


class UnknownName(TrackerError):
    """No such id is registered; near names are offered."""

    name: str
    nearest: Sequence[str] = ()
    _: KW_ONLY
    field: str | None = None
    register = missing = add = ""

    def __str__(self) -> str:
        see = f" See `tracker {self.register} list`, or {self.add} it with `tracker {self.register} add`."
        hint = _did_you_mean(self.nearest) or see
        return f"No {self.register} {_named(self.name)} is {self.missing}.{hint}"


class UnknownParty(UnknownName):
    """No such party is registered."""

    field: str | None = "party"
    register, missing, add = "party", "registered", "register"


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
        hint = _did_you_mean(self.nearest)
        below = ", ".join(self.below[: self.SHOWN])
        return f"No issue {_named(self.name)} is {self.missing}.{hint} Below {self.group}: {below}{more}."


class UnknownSource(UnknownName):
    """No such source is registered."""

    field: str | None = "source"
    register, missing, add = "source", "registered", "register"


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
        return f"{self.what} {_named(self.name)} is ambiguous: {shown}. {self.advice}"


class NameInUse(TrackerError):
    """A code, name or alias that would mean two parties, since another one goes by it."""

    name: str
    party: str
    holder: str
    _: KW_ONLY
    field: str

    def __str__(self) -> str:
        return (
            f"The name {_named(self.name)} of {self.party} is in use: it already names {self.holder}, and would mean "
            "both. Choose another."
        )


class BlankText(TrackerError):
    """A text in which nothing can be seen."""

    field: str

    @property
    def problems(self) -> Sequence[tuple[str | None, str]]:
        return ((self.field, self._why),)

    def __str__(self) -> str:
        return f"{self.field}: {self._why}"

    _why = "holds nothing that can be seen. Write a text, or leave it out."


class RegisteredOtherwise(TrackerError):
    """A second registration whose data differ from the first."""

    what: str
    key: str
    differs: Sequence[str]
    instead: str
    _: KW_ONLY
    field: str | None

    def __str__(self) -> str:
        return (
            f"The {self.what} {self.key!r} is already registered, and differently: {', '.join(self.differs)}. "
            f"To change it, use {self.instead}."
        )


class JoinsItself(TrackerError):
    """A membership of a party in itself."""

    party: str
    field = "bloc"

    def __str__(self) -> str:
        return f"{self.party} cannot be a member of itself. Name the bloc that it joins."


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
            f"{_named(self.source)} {how} @{self.position} already, so that this adds nothing. Name another source, "
            "or give a quote or a locator that is not on record yet."
        )


class NotABloc(TrackerError):
    """A membership of a party that has no members."""

    bloc: str
    kind: str
    field = "bloc"

    def __str__(self) -> str:
        return (
            f"{self.bloc} is of the kind {self.kind}, but only a bloc, an organisation or a delegation has members. "
            "Check the code, or correct the kind of that party."
        )


class StillHasMembers(TrackerError):
    """A correction of a party's kind to one without members, while it has some."""

    bloc: str
    kind: str
    member: str
    field = "kind"

    def __str__(self) -> str:
        return (
            f"{self.bloc} cannot be of the kind {self.kind}: {self.member} is on record as its member. "
            "Retract its memberships first."
        )


class JoinsTwice(TrackerError):
    """A party that joins a bloc in which it is already."""

    party: str
    bloc: str
    on: date
    since: date
    field = "on"

    def __str__(self) -> str:
        return (
            f"{self.party} would join {self.bloc} on {self.on} while it is a member since {self.since}. "
            "If it left in between, record that together with this, in one file; else correct the day on record."
        )


class LeavesUnjoined(TrackerError):
    """A party that leaves a bloc in which it is not."""

    party: str
    bloc: str
    on: date
    field = "on"

    def __str__(self) -> str:
        return (
            f"{self.party} would leave {self.bloc} on {self.on} without being a member. Check the day and the bloc; "
            f"if it was one, record first `tracker party join {self.party} {self.bloc} --on DAY`."
        )


class JoinsInACircle(TrackerError):
    """Blocs that would belong to each other; the way leads from a party back to itself."""

    way: Sequence[str]
    field = "bloc"

    def __str__(self) -> str:
        way = " -> ".join(self.way)
        return f"{self.way[0]} would belong to itself: {way}. Check which of them is the member, and on which days."


class MembershipAhead(TrackerError):
    """A membership that begins or ends later than tomorrow."""

    on: date
    last_day: date
    field = "on"

    def __str__(self) -> str:
        return (
            f"{self.on} is later than {self.last_day}, the day after recording: a membership is recorded once it "
            "begins or ends. Check the day, or note a milestone for what is planned."
        )


# --- entries that target entries ------------------------------------------------------------------


class NamedEntry(NamedTuple):
    """An entry that a message names: at its log position for people, with its id for files of events."""

    id: str
    position: int


class BadTarget(TrackerError):
    """An entry that cannot be the target of an action.

    The message names entries by position; `problems`, which say what is wrong with a line of a file, by id.
    """

    field = "target"

    def __str__(self) -> str:
        return self.sentence(lambda entry: f"@{entry.position}")

    @property
    def problems(self) -> Sequence[tuple[str | None, str]]:
        return ((self.field, self.sentence(lambda entry: entry.id)),)

    def sentence(self, name: Callable[[NamedEntry], str]) -> str:
        """Return the message, with a name for each entry."""
        raise NotImplementedError


class UnknownEntry(BadTarget):
    """No entry of the log has this id, or stands at this position (`@N`); others are offered."""

    event_id: str
    nearest: Sequence[str] = ()

    def sentence(self, name: Callable[[NamedEntry], str]) -> str:  # noqa: ARG002 - none is there to be named
        hint = _did_you_mean(self.nearest) or " See `tracker log` or `tracker find`."
        return f"No entry {_named(self.event_id)} is in the log.{hint}"


class PositionAhead(BadTarget):
    """A log position that the log has not reached."""

    position: int
    last: int

    def sentence(self, name: Callable[[NamedEntry], str]) -> str:  # noqa: ARG002 - none is there to be named
        end = f"its last is @{self.last}" if self.last else "it is empty"
        return f"No entry '@{self.position}' is in the log: {end}. See `tracker log`."


class NoLongerCounts(BadTarget):
    """The target was already corrected or retracted; the successor is named."""

    entry: NamedEntry
    successor: NamedEntry
    _: KW_ONLY
    corrected: bool

    def sentence(self, name: Callable[[NamedEntry], str]) -> str:
        successor = name(self.successor)
        how = f"was retracted. Its retraction is {successor}; record it anew if it should count."
        if self.corrected:
            how = f"was corrected. Target the correction {successor} instead."
        return f"Entry {name(self.entry)} no longer counts: it {how}"


class WrongTarget(BadTarget):
    """An entry of a kind that this action cannot act on."""

    entry: NamedEntry
    type_name: str
    action: str
    needed: str

    def sentence(self, name: Callable[[NamedEntry], str]) -> str:
        return f"Entry {name(self.entry)} is of the type {self.type_name}, which cannot be {self.action}. {self.needed}"


class StillReferredTo(BadTarget):
    """A retraction of a registration that counting entries refer to."""

    entry: NamedEntry
    key: str
    referring: NamedEntry

    def sentence(self, name: Callable[[NamedEntry], str]) -> str:
        return (
            f"Entry {name(self.entry)} registers {self.key!r}, which entry {name(self.referring)} refers to: "
            "it cannot be retracted. Correct it, or retract what refers to it first."
        )


class NothingToUndo(TrackerError):
    """An undo by somebody who recorded nothing."""

    recorder: str

    def __str__(self) -> str:
        return (
            f"{_named(self.recorder)} has recorded nothing here. Say who recorded it with --by, or see `tracker log`."
        )


class NotTheLastEntry(TrackerError):
    """An undo of an entry that is not its recorder's last one."""

    position: int
    last: int
    recorder: str

    def __str__(self) -> str:
        return (
            f"@{self.position} is not the last entry of {_named(self.recorder)}: that is @{self.last}. "
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
            f"@{self.position} is a retraction, which is final. Record anew what it removed, "
            f"@{self.removed} ({self.about}): {self._command()}"
        )

    def _command(self) -> str:
        if self.fields is None:
            return f"see `tracker show @{self.removed}`."
        pair = " ".join(shlex.quote(self.fields[name]) for name in ("party", "issue", "stance"))
        rest = {name: value for name, value in self.fields.items() if name not in ("party", "issue", "stance")}
        return f"tracker record {pair}{_options(rest)}"


class IdentityChanged(TrackerError):
    """A correction that would change the id that a register entry is about."""

    key_field: str
    before: str
    after: str

    @property
    def field(self) -> str:  # type: ignore[override]
        """The field of the replacement."""
        return f"replacement.{self.key_field}"

    def __str__(self) -> str:
        return (
            f"A correction cannot change {self.key_field} from {self.before!r} to {self.after!r}. "
            "Retract the entry and record the right one instead."
        )


class SameIdOtherContent(TrackerError):
    """A second entry with the id of one in the log, but other content."""

    field = "id"

    event_id: str
    position: int
    stored: str
    offered: str

    def __str__(self) -> str:
        return (
            f"Entry {self.event_id} is already in the log at position {self.position} with other content "
            f"(content hash {self.stored[:16]} in the log, {self.offered[:16]} offered). "
            "Give the new entry an id of its own."
        )


# --- when and what may be recorded ----------------------------------------------------------------


class SaidInTheFuture(TrackerError):
    """A statement dated later than the day it is recorded on."""

    stated: str
    recorded: str
    _: KW_ONLY
    field: str | None

    def __str__(self) -> str:
        return (
            f"{self.stated} is later than the day of recording, {self.recorded}: a position cannot be on record before "
            "it is stated. Check the day."
        )


class TimeRunsBackwards(TrackerError):
    """An entry of a load stamped earlier than the one before it."""

    field = "time"

    time: str
    previous: str

    def __str__(self) -> str:
        return f"{self.time} is earlier than {self.previous} of the entry before it. Load the files in recorded order."


class NoLaterStamp(TrackerError):
    """A log whose last entry is stamped with the last instant of the calendar."""

    stamp: str

    def __str__(self) -> str:
        return (
            f"The log's last entry is stamped {self.stamp}, after which no instant comes: nothing can be recorded. "
            "Export the log, leave out or correct the entries with such times, and load it into a new database."
        )


class LooksLikeOneOnRecord(TrackerError):
    """A statement that may be on record already, perhaps with other evidence or in other words.

    `changes` has its values of the fields that differ, by their names in a batch.
    """

    entry: NamedEntry
    label: str
    changes: Mapping[str, Any]
    _: KW_ONLY
    source: str | None
    adds_evidence: bool

    def __str__(self) -> str:
        at = f"@{self.entry.position}"
        return (
            f"{self.label} looks like one on record, {at} (same party, issue, day, speaker and stance). "
            f"{' '.join(self._advice(at))} If it is another statement, add --anyway."
        )

    def _advice(self, at: str) -> Iterator[str]:
        if not self.changes:
            yield f"It says the same as {at}: there is nothing to record (--skip-recorded passes over such rows)."
        if self.adds_evidence or self.source is None:
            source = shlex.quote(self.source or "ID")
            evidence = {name: self.changes.get(name) for name in ("quote", "locator") if self.source}
            which = "this is another source for it" if self.source else "another source carries it"
            yield f"If {which}: tracker corroborate {at} --source {source}{_options(evidence)}."
        elif self.changes:
            yield f"If {at} should say otherwise: {_correction(at, self.changes)}."


class ChangedSinceRecorded(TrackerError):
    """A row of a file that is run again, which no longer says what was recorded from it."""

    entry: NamedEntry
    label: str
    changes: Mapping[str, Any]

    def __str__(self) -> str:
        at = f"@{self.entry.position}"
        return (
            f"{self.label} differs from {at} on record in {', '.join(self.changes)}. "
            f"If we erred: {_correction(at, self.changes)}. If it is another statement, add --anyway."
        )


def _correction(at: str, changes: Mapping[str, Any]) -> str:
    """The command that corrects an entry to these values, by the names of a batch; None for a field to leave out."""
    unset = "".join(f" --unset {name}" for name, value in changes.items() if value is None)
    return f"tracker correct {at}{_options(changes)}{unset} --reason TEXT"


def _options(fields: Mapping[str, Any]) -> str:
    """Fields as options of a command; a list is an option for each of its items."""
    none = " --no-conditions" if fields.get("conditions") == [] else ""
    return none + "".join(
        f" --{'condition' if name == 'conditions' else name.replace('_', '-')} {shlex.quote(_words(one))}"
        for name, value in fields.items()
        if value is not None
        for one in (value if isinstance(value, list) else [value])
    )


def _words(value: Any) -> str:
    return str(value["exact"] if isinstance(value, dict) else value)


class SaidTwice(TrackerError):
    """Two statements of one batch that may be the same."""

    label: str

    def __str__(self) -> str:
        return (
            f"{self.label} occurs twice among the statements to record (same party, issue, day, speaker and stance). "
            "Keep one, or add --anyway if they are two."
        )


class PairMovedOn(TrackerError):
    """Optimistic concurrency: somebody else touched the pair since the caller looked."""

    party: str
    issue: str
    expected: int
    touched: int

    def __str__(self) -> str:
        return (
            f"{self.party} on {self.issue} has an entry at @{self.touched}, after the expected position "
            f"{self.expected}. Look at its history again, then repeat with the new position."
        )


class NotAReport(TrackerError):
    """A file given as an earlier report that is not one."""

    file: str
    wrong: str | None
    _: KW_ONLY
    is_json: bool

    def __str__(self) -> str:
        other = "it holds something else" if self.is_json else "it is not JSON"
        why = f"its {self.wrong} is missing or wrong" if self.wrong else other
        return (
            f"{self.file} is not a change report: {why}. Name one that was made with `tracker report --format json`, "
            "or give its log position as @N."
        )


class AnotherLog(TrackerError):
    """An earlier report that was not made from this log."""

    position: int

    def __str__(self) -> str:
        return (
            f"The earlier report was made from another log: the entry at position {self.position} has another hash "
            "here. Name the database that it was made from with --db."
        )


class NarrowerThanEarlier(TrackerError):
    """A report since an earlier one that leaves out what that one showed."""

    what: str

    def __str__(self) -> str:
        return f"{self.what} Something in between would be missed. Leave that option out, or ask for a later day."


class EntryTooLong(TrackerError):
    """An entry longer than the log takes."""

    size: int
    longest: int

    def __str__(self) -> str:
        limit = f"at most {self.longest:,} are allowed"
        return f"The entry is {self.size:,} bytes long; {limit}. Shorten its texts or its lists."


# --- the database ---------------------------------------------------------------------------------


class DatabaseMissing(TrackerError):
    """No database is at the place named."""

    place: str

    def __str__(self) -> str:
        return (
            f"There is no tracker database at {self.place}. Create one with `tracker init`, or name another with --db."
        )


class DatabaseOlder(TrackerError):
    """The database's schema, or the rules by which its projections were derived, are older than this release's."""

    place: str

    def __str__(self) -> str:
        return f"The database {self.place} was made by an older release. Run `tracker upgrade`."


class DatabaseNewer(TrackerError):
    """The database's schema or rules are newer than this release's; `what` says which."""

    place: str
    what: str

    def __str__(self) -> str:
        return (
            f"The database {self.place} was made by a newer release ({self.what}). "
            "Upgrade the tracker to read it, for example with `pip install --upgrade`."
        )


class NotATrackerDatabase(TrackerError):
    """A file or database that holds something else."""

    place: str
    why: str

    def __str__(self) -> str:
        return f"{self.place} is not a tracker database: {self.why}. Name another with --db."


class DatabaseUnavailable(TrackerError):
    """The database is there, but the operating system or the server says no."""

    place: str
    why: str
    advice: str

    def __str__(self) -> str:
        return f"The database {self.place} {self.why}. {self.advice}"


class DatabaseDamaged(DatabaseUnavailable):
    """The database cannot be read as what it was written as."""


class OutcomeUnknown(TrackerError):
    """The server was lost between being asked to keep what was written and saying that it did."""

    def __str__(self) -> str:
        return (
            "The database was lost while it recorded this: all of it is on record, or nothing. "
            "Look with `tracker log` before you run the command again."
        )


class UnsupportedDatabase(TrackerError):
    """A text that names no SQLite file and no PostgreSQL database."""

    url: str

    def __str__(self) -> str:
        shown = re.sub(r"://.*@", "://***@", re.sub(r"(password=)[^&]*", r"\1***", self.url))
        hint = ""
        if re.match("postgres.*@", self.url):
            hint = " Write special characters of a user or a password as %40 and so on."
        return f"{shown!r} is not a database. Give a file's path, sqlite:///PATH or postgresql://...{hint}"


class FileUnavailable(TrackerError):
    """A file, other than the database, that cannot be read or written."""

    path: str
    why: str
    advice: str = "Check the path and its permissions."

    def __str__(self) -> str:
        return f"{self.path}: {self.why}. {self.advice}"


class LogDamaged(TrackerError):
    """A stored entry that cannot be read back."""

    why: str
    position: int | None = None

    def __str__(self) -> str:
        where = "A stored entry" if self.position is None else f"The entry at position {self.position}"
        return f"{where} cannot be read: {self.why}. Run `tracker verify` to see where the log is damaged."


class BackupDamaged(TrackerError):
    """A backup that is not what was backed up."""

    file: str
    position: int
    why: str

    def __str__(self) -> str:
        return (
            f"{self.file} cannot be restored: position {self.position}: {self.why.rstrip('.')}. Nothing was restored; "
            "try an older backup."
        )


class NotEmpty(TrackerError):
    """A restore into a database that has entries."""

    place: str

    def __str__(self) -> str:
        return (
            f"The database {self.place} holds entries already. A backup is restored into a database of its own: "
            "name a new one with --db."
        )


class NotTheDemo(TrackerError):
    """A demo in a database with other entries."""

    place: str

    def __str__(self) -> str:
        return (
            f"The database {self.place} holds something other than the demo's corpus, which would mix with it. "
            "Name a new file with --db."
        )


def _named(name: str) -> str:
    """A name that somebody wrote, in quotation marks and cut short."""
    return repr(name if len(name) <= 300 else f"{name[:300]}...")


def _did_you_mean(nearest: Sequence[str]) -> str:
    return f" Did you mean {', '.join(nearest)}?" if nearest else ""
