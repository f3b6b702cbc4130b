"""Read stored entries in order as versions, without repeating the checks made when they were appended."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from tracker.domain.log.kind_registry import EventKind, Role, kind_of
from tracker.domain.log.upcasting import content_of, upcast, upcast_replacement
from tracker.errors import BadEvent, BadValue, LogDamaged
from tracker.storage.projections.rows import StoredVersion
from tracker.storage.queries.versions import chains

UNREADABLE = (KeyError, TypeError, AttributeError, BadEvent, BadValue)
"""Exceptions that reading tampered data can raise."""


class StoredEntry(NamedTuple):
    """A row of the log with its line parsed; `type` is as stored, `data` in that version."""

    position: int
    id: str
    type: str
    data: Mapping[str, Any]

    @property
    def kind(self) -> EventKind:
        """The kind of its own event. Raises KeyError for an unknown one."""
        return kind_of(self.type)


class ReplayedEntry(NamedTuple):
    """An entry as a version, with the version that it corrects or retracts.

    `statement_rank` is the rank of the statement that a corroboration is about, 0 for any other entry.
    """

    event_id: str
    version: StoredVersion
    target: StoredVersion | None
    statement_rank: int


def stored_entries(rows: Iterable[tuple[int, str, str]]) -> list[StoredEntry]:
    """Read rows of the log (position, id, line). Raises LogDamaged."""
    return [StoredEntry(position, event_id, *_read(position, line)) for position, event_id, line in rows]


def targets_of(entries: Iterable[StoredEntry]) -> set[str]:
    """Return the ids of the entries that these target."""
    return {entry.data["target"] for entry in entries if entry.kind.role.targets}


def replay_entries(
    connection: Connection, entries: Sequence[StoredEntry], *, projected: bool
) -> Iterator[ReplayedEntry | LogDamaged]:
    """Read entries in order as versions; yield LogDamaged for one that does not follow from the stored data.

    The projections hold everything before these entries, and these too if they are `projected`.
    """
    targets = targets_of(entries)
    if not projected:
        targets -= {entry.id for entry in entries}
    known = dict(_versions(chains(connection, sorted(targets))))

    def version_of(event_id: str) -> StoredVersion:
        if event_id not in known:
            known.update(_versions(chains(connection, [event_id])))
        return known[event_id]

    for entry in entries:
        try:
            replayed = _replay(entry, version_of)
            if projected and entry.id in known:
                ended_at = known[entry.id].ended_at
                replayed = replayed._replace(version=replayed.version._replace(ended_at=ended_at))
        except KeyError as missing:
            yield LogDamaged(f"it targets {missing.args[0]}, which is not in the log", entry.position)
            continue
        except UNREADABLE as error:
            yield unreadable_entry(entry.position, error)
            continue
        known[entry.id] = replayed.version
        yield replayed


def _replay(entry: StoredEntry, version_of: Callable[[str], StoredVersion]) -> ReplayedEntry:
    position, event_id, type_name, data = entry
    target: StoredVersion | None = None
    if entry.kind.role.revises:
        target = version_of(data["target"])
        stated = data.get("replacement")
        replacement = None if stated is None else upcast_replacement(data.get("type"), target.first_type, stated)
        version = target._replace(position=position, data=replacement, ended_at=None)
    else:
        version = StoredVersion(position, position, type_name, upcast(type_name, data))
    statement_rank = 0
    if version.kind.role is Role.CORROBORATION:
        about = version.data or (target.data if target else None)
        statement_rank = version_of(about["target"]).rank if about else 0
    return ReplayedEntry(event_id, version, target, statement_rank)


def unreadable_entry(position: int, error: Exception) -> LogDamaged:
    """Return the damage for an error in reading an entry's data."""
    return LogDamaged(f"its data lack a field or have one that does not belong there ({error})", position)


def _read(position: int, line: str) -> tuple[str, Mapping[str, Any]]:
    try:
        stored = orjson.loads(line)
        return stored["type"], stored["data"]
    except (ValueError, KeyError, TypeError) as error:
        raise LogDamaged(str(error), position) from error


def _versions(
    found: Iterable[tuple[str, int, str, int, int | None, str]],
) -> Iterator[tuple[str, StoredVersion]]:
    for event_id, position, line, rank, ended_at, first_type in found:
        content = content_of(*_read(position, line), first_type)
        yield event_id, StoredVersion(position, rank, first_type, content, ended_at)
