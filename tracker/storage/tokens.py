"""The tokens of those who record over the network: only their hashes, with names and days."""

from typing import NamedTuple

from sqlalchemy import bindparam, insert, select, update

from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, parameter
from tracker.storage.schema import token


class KeptToken(NamedTuple):
    """Who holds a token, when it was made and, if it is over, when it was revoked: instants, as entries have them."""

    name: str
    made_at: str
    revoked_at: str | None


def kept_tokens(connection: AnyConnection) -> list[KeptToken]:
    """Return every token that was ever made, by name, and of each name in order."""
    return [KeptToken(*row) for row in _ALL.rows(connection)]


def live_hashes(connection: AnyConnection) -> list[tuple[bytes, str]]:
    """Return the hash of each token that is not revoked, with its holder's name."""
    return [(bytes(kept), name) for kept, name in _LIVE.rows(connection)]


def keep(connection: AnyConnection, name: str, *, kept_hash: bytes, made_at: str) -> None:
    """Keep a new token's hash."""
    _KEEP.run(connection, [{"hash": kept_hash, "name": name, "made_at": made_at, "revoked_at": None}])


def end(connection: AnyConnection, name: str, *, revoked_at: str) -> None:
    """End the token of a name for ever."""
    _END.run(connection, [{"now": revoked_at, "holder": name}])


_ALL = CompiledQuery(
    select(token.c.name, token.c.made_at, token.c.revoked_at).order_by(token.c.name, token.c.made_at, token.c.hash)
)
_LIVE = CompiledQuery(
    select(token.c.hash, token.c.name).where(token.c.revoked_at.is_(None)).order_by(token.c.name, token.c.hash)
)
_KEEP = CompiledQuery(insert(token).values({column.name: parameter(column) for column in token.c}))
_END = CompiledQuery(
    update(token)
    .where(token.c.name == parameter(token.c.name, "holder"), token.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now", type_=token.c.revoked_at.type))
)
