"""Entries, each one event in its place in the log, and their canonical lines, which are stored, hashed and exchanged.

A line is a CloudEvents 1.0 JSON object in RFC 8785 canonical form.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, assert_never

import orjson

from tracker.domain.log.events import Event, PositionEvent
from tracker.domain.log.kind_registry import EventKind, Role, kind_of
from tracker.domain.log.parsing import ParsedEvent, parse_written
from tracker.domain.log.upcasting import StoredForm, older_version, oldest_form
from tracker.domain.terms.dates import instant_text, parse_instant
from tracker.domain.terms.safe_text import label, shown
from tracker.domain.terms.text_key import is_blank
from tracker.errors import BadEvent, BadValue, LogDamaged, TrackerError, UnknownEventType

LONGEST_LINE = 1 << 20
"""Maximum length of a stored line, in bytes of UTF-8."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is not in the log yet: without a position, and optionally without a time.

    `written` is the event's form in the input, if that is not the oldest form that can hold it. `is_new` marks an id
    generated just now, which no log can hold.
    """

    event: Event
    id: str
    recorded_by: str
    time: datetime | None = None
    origin_time: datetime | None = None
    written: StoredForm | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the log. It is never changed or removed."""

    position: int
    id: str
    event: Event = field(hash=False)
    recorded_at: datetime
    recorded_by: str
    origin_time: datetime | None = None
    written: StoredForm | None = field(default=None, hash=False)

    @property
    def form(self) -> StoredForm:
        """The form in which the event is stored."""
        return self.written or oldest_form(self.event.type, self.event.data())

    @property
    def type(self) -> str:
        """The stored type name."""
        return self.event.type if older_version(self.event.type) is None else self.form.type


def stored_line(entry: Entry) -> str:
    """Return the entry's canonical line with its `position`: the bytes that the hash chain covers."""
    return cloud_event(**_attributes(entry), position=entry.position).decode()


def file_line(entry: Entry) -> bytes:
    """Return the entry's canonical line for a file, without position and line end."""
    return cloud_event(**_attributes(entry))


def cloud_event(
    *,
    event_id: str,
    type_name: str,
    data: object,
    subject: str | None,
    recorded_by: str,
    recorded_at: str,
    origin_time: str | None = None,
    position: int | None = None,
) -> bytes:
    """Return the canonical line of an entry; `data` may be a canonical `orjson.Fragment`."""
    line = {**_FIXED, "id": event_id, "type": type_name, "time": recorded_at, "recordedby": recorded_by, "data": data}
    if subject is not None:
        line["subject"] = subject
    if origin_time is not None:
        line["origintime"] = origin_time
    if position is not None:
        line["position"] = position
    return canonical(line)


def content_hash(entry: Entry | Draft) -> str:
    """Hash the content that identifies an entry: type, recorder and data, without times and position."""
    form = oldest_form(entry.event.type, entry.event.data())  # so that the version of the input does not matter
    content = {"data": form.data, "recordedby": entry.recorded_by, "type": form.type}
    return hashlib.sha256(canonical(content)).hexdigest()


def entry_of(line: str, position: int | None = None) -> Entry:
    """Read an entry from a stored line. Raises LogDamaged, with the position if it is given, if it is not one."""
    try:
        stored = orjson.loads(line)
        origin = stored.get("origintime")
        event, written = parse_written(stored["type"], stored["data"])
        return Entry(
            position=stored["position"],
            id=stored["id"],
            event=event,
            recorded_at=datetime.fromisoformat(stored["time"]),
            recorded_by=stored["recordedby"],
            origin_time=None if origin is None else datetime.fromisoformat(origin),
            written=written,
        )
    except (BadEvent, UnknownEventType, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LogDamaged(str(error), position) from error


class LogLine(NamedTuple):
    """An entry as a list of the log shows it: `hash` is that in the chain, `subject` what it is about (see `about`)."""

    position: int
    recorded_at: str
    recorded_by: str
    type: str
    event_id: str
    hash: bytes
    subject: str


def log_line(line: str, chain_hash: bytes, position: int | None = None) -> LogLine:
    """Read an entry's line for a list, without its event. Raises LogDamaged, with the position if it is given."""
    try:
        stored = orjson.loads(line)
        subject = _about(kind_of(stored["type"]), stored["data"], stored.get("subject", ""))
        first = (stored["position"], stored["time"], stored["recordedby"])
        return LogLine(*first, stored["type"], stored["id"], chain_hash, subject)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LogDamaged(str(error), position) from error


def log_line_of(entry: Entry, chain_hash: bytes) -> LogLine:
    """Return the line of a list for an entry that was read already."""
    recorded = instant_text(entry.recorded_at), entry.recorded_by
    return LogLine(entry.position, *recorded, entry.type, entry.id, chain_hash, about(entry.event))


def draft_of(line: Mapping[str, Any]) -> Draft:
    """Read an object of the file format, in any JSON spelling. Raises BadEvent with every problem in it."""
    problems: list[tuple[str | None, str]] = []
    unknown = [] if line.keys() <= _ATTRIBUTES else [name for name in line if name not in _ATTRIBUTES]
    problems += [(label(name), "is not an attribute of an entry.") for name in unknown[: BadEvent.SHOWN]]
    for attribute, value in _FIXED.items():
        given = line.get(attribute, value if attribute == "datacontenttype" else None)
        if given != value:
            wrong = "is missing" if given is None else f"is {shown(given)}"
            problems.append((attribute, f"{wrong}; this format has {value!r}."))
    event_id = _read(line, "id", uuid_of, problems)
    recorded_by = _read(line, "recordedby", recorder_name, problems)
    recorded_at = _read(line, "time", _instant, problems)
    origin = _read(line, "origintime", _instant, problems) if line.get("origintime") is not None else None
    event = _read(line, "type", lambda name: _event(name, line.get("data")), problems)
    if problems:
        raise BadEvent(problems, more=len(unknown) - BadEvent.SHOWN)
    return Draft(event.event, event_id, recorded_by, recorded_at, origin, event.written)


def _read(
    line: Mapping[str, Any], attribute: str, reader: Callable[[Any], Any], problems: list[tuple[str | None, str]]
) -> Any:
    try:
        return reader(line.get(attribute))
    except BadEvent as error:
        problems.extend(error.problems)
    except TrackerError as error:
        problems.append((error.field or attribute, str(error)))
    return None


def uuid_of(value: object) -> str:
    """Check an entry's id and return its canonical spelling. Raises BadValue."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise BadValue("is missing." if value is None else f"{shown(value)} is not a UUID.")
    return value.lower()


def recorder_name(value: object) -> str:
    """Check the name of a recorder: 1 to 200 characters of text. Raises BadValue."""
    if value is None:
        raise BadValue("is missing.")
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_NAME or _NO_TEXT.search(value):
        raise BadValue(f"{shown(value)} is not a recorder's name (1 to {_LONGEST_NAME} characters of text).")
    return value


def new_recorder_name(value: object) -> str:
    """Check the name of who records now: a recorder's name that can be seen. Raises BadValue."""
    name = recorder_name(value)
    if is_blank(name):
        raise BadValue(f"{shown(name)} is not a recorder's name: nothing of it can be seen.")
    return name


def subject(event: Event) -> str | None:
    """Return an event's subject for readers of a file: `PARTY:issue`, else the register's id, else the target."""
    kind = event.event_kind
    match kind.role:
        case Role.STATEMENT:
            assert isinstance(event, PositionEvent)
            return f"{event.party}:{event.issue}"
        case Role.FACT | Role.CORROBORATION | Role.CORRECTION | Role.RETRACTION:
            return None if kind.key is None else str(getattr(event, kind.key))
        case _:
            assert_never(kind.role)


def about(event: Event) -> str:
    """Return what an event is about in a few words: its subject, a member and its bloc (`GBR:EUN`), or its title."""
    return _about(event.event_kind, event.__dict__, subject(event) or "")


def _about(kind: EventKind, data: Mapping[str, Any], subject: str) -> str:
    if kind.title is not None:
        return str(data[kind.title])
    return subject if kind.within is None else f"{subject}:{data[kind.within]}"


_FIXED = {"specversion": "1.0", "source": "tracker", "datacontenttype": "application/json"}
_ATTRIBUTES = {*_FIXED, "id", "type", "time", "recordedby", "origintime", "subject", "data"}
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_LONGEST_NAME = 200
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def _attributes(entry: Entry) -> dict[str, Any]:
    form = entry.form
    return {
        "event_id": entry.id,
        "type_name": form.type,
        "data": form.data,
        "subject": subject(entry.event),
        "recorded_by": entry.recorded_by,
        "recorded_at": instant_text(entry.recorded_at),
        "origin_time": None if entry.origin_time is None else instant_text(entry.origin_time),
    }


def canonical(value: Any) -> bytes:
    """Return a value's canonical JSON (RFC 8785), in UTF-8."""
    # RFC 8785 sorts keys by UTF-16 code units; every key that an entry may have is ASCII.
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _instant(value: object) -> datetime:
    if value is None:
        raise BadValue("is missing.")
    return parse_instant(value)


def _event(type_name: object, data: object) -> ParsedEvent:
    if not isinstance(type_name, str):
        raise BadValue("is missing." if type_name is None else f"{shown(type_name)} is not an event type.")
    if not isinstance(data, dict):
        raise BadEvent([("data", "is missing." if data is None else f"{shown(data)} is not an object.")])
    return parse_written(type_name, data)
