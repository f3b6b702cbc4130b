"""A cache of parsed statements by log position: an entry never changes, so its line is read once."""

from collections.abc import Collection, Iterable, Mapping

import orjson
from sqlalchemy import select

from tracker.domain.log.kinds import Role, kind_of
from tracker.domain.log.upcasting import Data, upcast, upcast_replacement
from tracker.domain.timeline.statement import Statement, statement_from
from tracker.errors import BadValue, LogDamaged
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list
from tracker.storage.queries.versions import root
from tracker.storage.schema import log, statement

_AT_MOST = 50_000
"""How many statements are kept: some fifty megabytes."""


class StatementCache:
    """Statements of one log by position. Use it in read transactions only: uncommitted entries must not enter it."""

    def __init__(self) -> None:
        self._cached: dict[int, Statement] = {}

    def at(self, connection: AnyConnection, positions: Collection[int]) -> Mapping[int, Statement]:
        """The statements at these positions, and perhaps others. Raises LogDamaged."""
        if len(positions) > _AT_MOST:
            return _read(connection, positions)
        cached = self._cached
        missing = set(positions).difference(cached)
        if len(cached) + len(missing) > _AT_MOST:
            cached = self._cached = {}
            missing = set(positions)
        cached |= _read(connection, missing)
        return cached


def read_statement(line: str, position: int, rank: int, first_type: str) -> Statement:
    """The statement of a stored line, in a chain of corrections that begins with a type. Raises LogDamaged."""
    try:
        event_id, data = read_stored(line, first_type)
        return statement_from(kind_of(first_type).name, data, rank=rank, position=position, event_id=event_id)
    except LogDamaged as damage:
        raise LogDamaged(damage.why, position) from damage
    except (KeyError, TypeError, AttributeError, BadValue) as error:
        raise LogDamaged(str(error), position) from error


def read_stored(line: str, first_type: str) -> tuple[str, Data]:
    """The id of a stored entry, and what it says in the newest version of the type of the first entry in its chain.

    Its data were checked when the entry was appended. Raises LogDamaged.
    """
    try:
        entry = orjson.loads(line)
        data, type_name = entry["data"], entry["type"]
        if kind_of(type_name).role is Role.CORRECTION:
            return entry["id"], upcast_replacement(first_type, data["replacement"])
        return entry["id"], upcast(type_name, data)
    except (ValueError, KeyError, TypeError) as error:
        raise LogDamaged(str(error)) from error


def _read(connection: AnyConnection, positions: Iterable[int]) -> dict[int, Statement]:
    """Read in the order of the log, so that entries beside each other are read from one page of it."""
    rows = _LINES.rows_in(connection, "positions", sorted(positions))
    return {position: read_statement(line, position, rank, first_type) for position, line, rank, first_type in rows}


_LINES = CompiledQuery(
    select(log.c.position, log.c.line, statement.c.rank, root.c.type)
    .join_from(log, statement, statement.c.position == log.c.position)
    .join(root, root.c.position == statement.c.rank)
    .where(in_list(log.c.position, "positions"))
)
