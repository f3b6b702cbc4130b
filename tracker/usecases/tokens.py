"""Tokens of those who record over the network: made, looked up and revoked; only their hashes are kept."""

from collections.abc import Callable
from datetime import datetime
from difflib import get_close_matches
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe

from tracker.domain.log.entries import new_recorder_name
from tracker.domain.terms.dates import instant_text
from tracker.errors import HoldsAToken, HoldsNoToken
from tracker.storage.log.event_log import EventLog
from tracker.storage.log.writer import Writer
from tracker.storage.tokens import end, keep, live_hashes

MARK = "tracker_"
"""How every token begins: whoever finds one in a file or a message sees what it opens."""
_BYTES = 32


def add_token(log: EventLog, name: str, *, clock: Callable[[], datetime]) -> str:
    """Make a token for a recorder's name, and return it. Raises BadValue, or HoldsAToken."""
    name = new_recorder_name(name.strip())
    made = MARK + token_urlsafe(_BYTES)
    with log.writing() as writer:
        if name in _holders(writer):
            raise HoldsAToken(name)
        keep(writer.transaction, name, kept_hash=hash_of(made), made_at=instant_text(clock()))
    return made


def revoke_token(log: EventLog, name: str, *, clock: Callable[[], datetime]) -> None:
    """End the token that a name holds, for ever. Raises HoldsNoToken."""
    name = name.strip()
    with log.writing() as writer:
        holding = _holders(writer)
        if name not in holding:
            raise HoldsNoToken(name, get_close_matches(name, holding, 2))
        end(writer.transaction, name, revoked_at=instant_text(clock()))


def hash_of(token: str) -> bytes:
    """Return what is kept of a token. One that nobody can guess needs no slow hash."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def recorder_of(log: EventLog, token_hash: bytes) -> str | None:
    """Return who holds the token with a hash, None if nobody does; the time it takes says nothing of those kept."""
    holder = None
    with log.reading() as begun:
        for kept, name in live_hashes(begun):
            if compare_digest(kept, token_hash):
                holder = name
    return holder


def _holders(log: Writer) -> list[str]:
    return [name for _, name in live_hashes(log.transaction)]
