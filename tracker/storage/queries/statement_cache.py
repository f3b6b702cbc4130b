"""A cache of parsed statements by log position: an entry never changes, so its line is parsed once."""

from collections.abc import Collection, Iterable, Mapping

import orjson

from tracker.domain.log.kind_registry import kind_of
from tracker.domain.log.upcasting import Data, content_of
from tracker.domain.timeline.statement import Statement, statement_from
from tracker.errors import BadValue, LogDamaged
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list
from tracker.storage.projections.counting import stored_lines
from tracker.storage.schema import log, statement

_AT_MOST = 50_000
"""Maximum number of cached statements: some fifty megabytes."""


class StatementCache:
    """Statements of one log by position. Use it in read transactions only: uncommitted entries must not enter it."""

    def __init__(self) -> None:
        self._cached: dict[int, Statement] = {}

    def at(self, connection: AnyConnection, positions: Collection[int]) -> Mapping[int, Statement]:
        """Return the statements at these positions, and perhaps others. Raises LogDamaged."""
        if len(positions) > _AT_MOST:
            return read_statements(connection, positions)
        cached = self._cached
        missing = set(positions).difference(cached)
        if len(cached) + len(missing) > _AT_MOST:
            cached = self._cached = {}
            missing = set(positions)
        cached |= read_statements(connection, missing)
        return cached


def read_statements(connection: AnyConnection, positions: Iterable[int]) -> dict[int, Statement]:
    """Return the statements at these positions, read in the order of the log, as neighbours share a page.

    Raises LogDamaged.
    """
    rows = _LINES.rows_in(connection, "positions", sorted(positions))
    return {row[-1]: read_statement(*row) for row in rows}


def read_statement(line: str, rank: int, first_type: str, position: int) -> Statement:
    """Read the statement of a stored line, in a chain that begins with `first_type`. Raises LogDamaged."""
    try:
        event_id, data = read_stored(line, first_type, position)
        return statement_from(kind_of(first_type).name, data, rank=rank, position=position, event_id=event_id)
    except (KeyError, TypeError, AttributeError, BadValue) as error:
        raise LogDamaged(str(error), position) from error


def read_stored(line: str, first_type: str, position: int | None = None) -> tuple[str, Data]:
    """Return the id of a stored entry, and its content in the newest version of its chain's first type.

    Its data were checked when the entry was appended. Raises LogDamaged, with the position if it is given.
    """
    try:
        entry = orjson.loads(line)
        content = content_of(entry["type"], entry["data"], first_type)
        assert content is not None
        return entry["id"], content
    except (ValueError, KeyError, TypeError) as error:
        raise LogDamaged(str(error), position) from error


_LINES = CompiledQuery(
    stored_lines(statement).add_columns(log.c.position).where(in_list(log.c.position, name="positions"))
)
