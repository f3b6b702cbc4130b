"""Every refusal the tracker can give, as a class that carries its fields and makes its own sentence."""

import copyreg
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class TrackerError(Exception):
    """A caller's mistake, or a state of the world that the caller can mend.

    The message says what is wrong, where, and what to do next; `lines` has each of several messages. `field` names the
    event field at fault, where there is one.
    """

    field: str | None = None

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))

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
    """Data from outside with findings; nothing of it was kept."""

    SHOWN = 1_000

    def __init__(self, findings: Sequence[Finding], found: int | None = None) -> None:
        self.findings = tuple(findings)
        number = len(findings) if found is None else found
        lines = [str(finding) for finding in findings[: self.SHOWN]]
        if number > len(lines):
            lines.append(f"... and {number - len(lines):,} more.")
        problems = "1 problem" if number == 1 else f"{number:,} problems"
        super().__init__(
            *lines, f"{problems} found; nothing was recorded. Mend the lines above and run the command again."
        )


class RefusedEntries(TrackerError):
    """Some of several entries were refused, so that none was recorded; each refusal comes with its entry's index."""

    def __init__(self, refusals: Sequence[tuple[int, TrackerError]]) -> None:
        self.refusals = tuple(refusals)
        messages = list(dict.fromkeys(str(refusal) for _, refusal in refusals))
        alone = len(messages) == 1 or len({index for index, _ in refusals}) == 1
        super().__init__(*(messages if alone else [f"entry {index + 1}: {refusal}" for index, refusal in refusals]))


# --- what an event says ---------------------------------------------------------------------------


class BadValue(TrackerError, ValueError):
    """A value that cannot be what its field asks for (a ValueError, so that a model can collect it)."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        self.field = field
        self.message = message
        super().__init__(f"{field}: {message}" if field else message)


class BadEvent(TrackerError):
    """An event with problems in one or more fields; of very many the first are listed."""

    SHOWN = 100
    problems: Sequence[tuple[str | None, str]] = ()

    def __init__(self, problems: Sequence[tuple[str | None, str]], *, more: int = 0) -> None:
        rest = [(None, f"... and {more:,} more like these.")] if more > 0 else []
        self.problems = (*problems, *rest)
        super().__init__(" ".join(f"{field}: {text}" if field else text for field, text in self.problems))


class UnknownEventType(TrackerError):
    """A type name, or a version of one, that this release does not read."""

    field = "type"

    def __init__(self, type_name: str, nearest: Sequence[str], *, newer: bool = False) -> None:
        what = "is a version that this release does not read. Upgrade the tracker." if newer else "is unknown."
        super().__init__(f"Event type {_named(type_name)} {what}{_did_you_mean(nearest)}")


# --- names and registers --------------------------------------------------------------------------


class UnknownParty(TrackerError):
    """No such party is registered; near names are offered."""

    def __init__(self, party: str, nearest: Sequence[str] = (), *, field: str = "party") -> None:
        self.nearest, self.field = tuple(nearest), field
        hint = _did_you_mean(nearest) or " See `tracker party list`, or register it with `tracker party add`."
        super().__init__(f"No party {_named(party)} is registered.{hint}")


class UnknownIssue(TrackerError):
    """No such issue is open; near names are offered."""

    def __init__(self, issue: str, nearest: Sequence[str] = (), *, field: str = "issue") -> None:
        self.field = field
        hint = _did_you_mean(nearest) or " See `tracker issue list`, or open it with `tracker issue add`."
        super().__init__(f"No issue {_named(issue)} is open.{hint}")


class UnknownSource(TrackerError):
    """No such source is registered; near names are offered."""

    def __init__(self, source: str, nearest: Sequence[str] = (), *, field: str = "source") -> None:
        self.field = field
        hint = _did_you_mean(nearest) or " See `tracker source list`, or register it with `tracker source add`."
        super().__init__(f"No source {_named(source)} is registered.{hint}")


class AmbiguousName(TrackerError):
    """The beginning of a name or id that several have."""

    def __init__(self, what: str, name: str, candidates: Sequence[str], *, field: str | None = None) -> None:
        self.nearest, self.field = tuple(candidates), field
        shown = ", ".join(candidates[:8]) + (" ..." if len(candidates) > 8 else "")
        super().__init__(f"{what} {_named(name)} is ambiguous: {shown}. Write more of it.")


class AliasInUse(TrackerError):
    """An alias that names another party."""

    field = "aliases"

    def __init__(self, alias: str, party: str) -> None:
        super().__init__(f"The alias {_named(alias)} is in use: it already names {party}. Choose another.")


class RegisteredOtherwise(TrackerError):
    """A second registration whose data differ from the first."""

    def __init__(self, what: str, key: str, differs: Sequence[str], instead: str, *, field: str) -> None:
        self.field = field
        super().__init__(
            f"The {what} {key!r} is already registered, and differently: {', '.join(differs)}. "
            f"To change it, use {instead}."
        )


# --- entries that target entries ------------------------------------------------------------------


class BadTarget(TrackerError):
    """An entry that cannot be the target of an action."""

    field = "target"


class UnknownEntry(BadTarget):
    """No entry of the log has this id."""

    def __init__(self, event_id: str) -> None:
        super().__init__(f"No entry {_named(event_id)} is in the log. See `tracker log` or `tracker find`.")


class NoLongerCounts(BadTarget):
    """The target was already corrected or retracted; the successor is named."""

    def __init__(self, event_id: str, successor: str, *, corrected: bool) -> None:
        how = f"was retracted. Its retraction is {successor}; record it anew if it should count."
        if corrected:
            how = f"was corrected. Target the correction {successor} instead."
        super().__init__(f"Entry {event_id} no longer counts: it {how}")


class WrongTarget(BadTarget):
    """An entry of a kind that this action cannot act on."""

    def __init__(self, event_id: str, type_name: str, action: str, needed: str) -> None:
        super().__init__(f"Entry {event_id} is of the type {type_name}, which cannot be {action}. {needed}")


class StillReferredTo(BadTarget):
    """A retraction of a registration that counting entries refer to."""

    def __init__(self, event_id: str, key: str, referring: str) -> None:
        super().__init__(
            f"Entry {event_id} registers {key!r}, which entry {referring} refers to: it cannot be retracted. "
            "Correct it, or retract what refers to it first."
        )


class IdentityChanged(TrackerError):
    """A correction that would change the id that a register entry is about."""

    def __init__(self, key_field: str, before: str, after: str) -> None:
        self.field = f"replacement.{key_field}"
        super().__init__(
            f"A correction cannot change {key_field} from {before!r} to {after!r}. "
            "Retract the entry and record the right one instead."
        )


class SameIdOtherContent(TrackerError):
    """A second entry with the id of one in the log, but other content."""

    field = "id"

    def __init__(self, event_id: str, position: int, stored: str, offered: str) -> None:
        super().__init__(
            f"Entry {event_id} is already in the log at position {position} with other content "
            f"(content hash {stored[:16]} in the log, {offered[:16]} offered). Give the new entry an id of its own."
        )


# --- when and what may be recorded ----------------------------------------------------------------


class SaidInTheFuture(TrackerError):
    """A statement dated later than the day it is recorded on."""

    def __init__(self, field: str, stated: str, recorded: str) -> None:
        self.field = field
        super().__init__(
            f"{stated} is later than the day of recording, {recorded}: a position cannot be on record before "
            "it is stated. Check the day."
        )


class TimeRunsBackwards(TrackerError):
    """An entry of a load stamped earlier than the one before it."""

    field = "time"

    def __init__(self, time: str, previous: str) -> None:
        super().__init__(f"{time} is earlier than {previous} of the entry before it. Load the files in recorded order.")


class TimeInTheFuture(TrackerError):
    """An entry of a load stamped later than now."""

    field = "time"

    def __init__(self, time: str) -> None:
        super().__init__(f"{time} lies in the future: an entry cannot have been recorded yet. Check the clock.")


class LooksLikeOneOnRecord(TrackerError):
    """A statement that may be on record already."""

    def __init__(self, event_id: str, label: str, source: str | None) -> None:
        super().__init__(
            f"{label} looks like one on record, {event_id} (same party, issue, day, speaker and stance). "
            f"If this is another source for it: tracker corroborate {event_id} --source {shlex.quote(source or 'ID')}. "
            "If it is another statement, add --anyway."
        )


class SaidTwice(TrackerError):
    """Two statements of one batch that may be the same."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} stands twice among the statements to record (same party, issue, day, speaker and stance). "
            "Keep one, or add --anyway if they are two."
        )


class PairMovedOn(TrackerError):
    """Optimistic concurrency: somebody else touched the pair since the caller looked."""

    def __init__(self, party: str, issue: str, expected: int, touched: int) -> None:
        super().__init__(
            f"{party} on {issue} was touched at position {touched}, after the expected position {expected}. "
            "Look at its history again, then repeat with the new position."
        )


class NotAReport(TrackerError):
    """A file given as an earlier report that is not one."""

    def __init__(self, file: str, field: str | None, *, is_json: bool) -> None:
        other = "it holds something else" if is_json else "it is not JSON"
        why = f"its {field} is missing or wrong" if field else other
        super().__init__(
            f"{file} is not a change report: {why}. Name one that was made with `tracker report --format json`, "
            "or give its log position as @N."
        )


class AnotherLog(TrackerError):
    """An earlier report that was not made from this log."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"The earlier report was made from another log: the entry at position {position} has another hash here. "
            "Name the database that it was made from with --db."
        )


class NarrowerThanEarlier(TrackerError):
    """A report since an earlier one that leaves out what that one showed."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} Something in between would be missed. Leave that option out, or ask for a later day.")


class PositionAhead(TrackerError):
    """An expected position that the log has not reached."""

    def __init__(self, expected: int, last: int) -> None:
        super().__init__(f"The expected position {expected} lies beyond the log's last, {last}. Look at the log again.")


class EntryTooLong(TrackerError):
    """An entry longer than the log takes."""

    def __init__(self, size: int, longest: int) -> None:
        super().__init__(f"The entry takes {size:,} bytes; at most {longest:,} fit. Shorten its texts or its lists.")


# --- the database ---------------------------------------------------------------------------------


class DatabaseMissing(TrackerError):
    """No database is at the place named."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"There is no tracker database at {place}. Create one with `tracker init`, or name another with --db."
        )


class DatabaseOlder(TrackerError):
    """The database's schema is older than this release's."""

    def __init__(self, place: str) -> None:
        super().__init__(f"The database {place} was made by an older release. Run `tracker upgrade`.")


class DatabaseNewer(TrackerError):
    """The database's schema is newer than this release's."""

    def __init__(self, place: str, revision: str) -> None:
        super().__init__(
            f"The database {place} was made by a newer release (schema {revision}). "
            "Upgrade the tracker to read it, for example with `pip install --upgrade`."
        )


class NotATrackerDatabase(TrackerError):
    """A file or database that holds something else."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place} is not a tracker database: {why}. Name another with --db.")


class DatabaseUnavailable(TrackerError):
    """The database is there, but the operating system or the server says no."""

    def __init__(self, place: str, why: str, advice: str) -> None:
        super().__init__(f"The database {place} {why}. {advice}")


class DatabaseDamaged(DatabaseUnavailable):
    """The database cannot be read as what it was written as; `why` says what is wrong, for `verify`."""

    def __init__(self, place: str, why: str, advice: str) -> None:
        self.why = f"the database {why}"
        super().__init__(place, why, advice)


class OutcomeUnknown(TrackerError):
    """The server was lost between being asked to keep what was written and saying that it did."""

    def __init__(self) -> None:
        super().__init__(
            "The database was lost while it recorded this: all of it is on record, or nothing. "
            "Look with `tracker log` before you run the command again."
        )


class UnsupportedDatabase(TrackerError):
    """A text that names no SQLite file and no PostgreSQL database."""

    def __init__(self, url: str) -> None:
        shown = re.sub(r"://.*@", "://***@", re.sub(r"(password=)[^&]*", r"\1***", url))
        hint = ""
        if re.match("postgres.*@", url):
            hint = " Write special characters of a user or a password as %40 and so on."
        super().__init__(f"{shown!r} is not a database. Give a file's path, sqlite:///PATH or postgresql://...{hint}")


class FileUnavailable(TrackerError):
    """A file, other than the database, that cannot be read or written."""

    def __init__(self, path: str, why: str, advice: str = "Check the path and its permissions.") -> None:
        super().__init__(f"{path}: {why}. {advice}")


class LogDamaged(TrackerError):
    """A stored entry that cannot be read back."""

    def __init__(self, why: str, position: int | None = None) -> None:
        self.why, self.position = why, position
        where = "A stored entry" if position is None else f"The entry at position {position}"
        super().__init__(f"{where} cannot be read: {why}. Run `tracker verify` to see where the log is damaged.")


class BackupDamaged(TrackerError):
    """A backup that is not what was backed up."""

    def __init__(self, file: str, position: int, why: str) -> None:
        super().__init__(
            f"{file} cannot be restored: position {position}: {why.rstrip('.')}. Nothing was made; "
            "restore an older backup."
        )


class NotEmpty(TrackerError):
    """A restore into a database that has entries."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"The database {place} holds entries already. A backup is restored into a database of its own: "
            "name a new one with --db."
        )


class NotTheDemo(TrackerError):
    """A demo in a database with other entries."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"The database {place} holds something other than the demo's corpus, which would mix with it. "
            "Name a new file with --db."
        )


def _named(name: str) -> str:
    """A name that somebody wrote, in quotation marks and cut short."""
    return repr(name if len(name) <= 300 else f"{name[:300]}...")


def _did_you_mean(nearest: Sequence[str]) -> str:
    return f" Did you mean {', '.join(nearest)}?" if nearest else ""
