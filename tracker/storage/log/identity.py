"""What tells whether a database is still the one that was opened: the release that made it, and its chain."""

from typing import NamedTuple

from sqlalchemy import ScalarSelect, column, select, table

from tracker.domain.log.chain import GENESIS, LogHead
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, parameter
from tracker.storage.schema import log, rules


class Identity(NamedTuple):
    """The schema revision and the rules of a database, the hash at a position (None if it has none), and its head."""

    schema: str | None
    rules: int | None
    hash_at: bytes | None
    head: LogHead


def identity(connection: AnyConnection, at: int) -> Identity:
    """Return what a database is, with the chain's hash at a log position, in one query."""
    row = _IDENTITY.row(connection, {"at": at})
    assert row is not None
    schema, number, hash_at, position, last = row
    head = LogHead(0, GENESIS) if position is None else LogHead(position, last)
    return Identity(schema, number, hash_at if at else GENESIS, head)


def _last(what: str) -> ScalarSelect[object]:
    return select(log.c[what]).order_by(log.c.position.desc()).limit(1).scalar_subquery()


_revision = table("alembic_version", column("version_num"))
_IDENTITY = CompiledQuery(
    select(
        select(_revision.c.version_num).scalar_subquery(),
        select(rules.c.number).scalar_subquery(),
        select(log.c.hash).where(log.c.position == parameter(log.c.position, "at")).scalar_subquery(),
        _last("position"),
        _last("hash"),
    )
)
