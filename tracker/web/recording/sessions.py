"""Who is signed in: in the memory of one process, so that no browser keeps the token itself."""

import time
from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest, digest
from secrets import token_bytes, token_urlsafe
from threading import Lock
from typing import NamedTuple

HOURS = 12
"""How long a sign-in lasts."""
AT_MOST = 1_000
"""How many sign-ins there are at once; the oldest ends for one more."""


class SignIn(NamedTuple):
    """The hash of the token that was given, and until when it holds (on the clock of this process)."""

    token_hash: bytes
    until: float


class Sessions:
    """The sign-ins of a server, each by the secret that its browser keeps in a cookie."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = token_bytes(32)
        self._lock = Lock()
        self._signed_in: dict[bytes, SignIn] = {}

    def begin(self, token_hash: bytes) -> str:
        """Begin a sign-in with a token of this hash; return its secret."""
        secret = new_secret()
        with self._lock:
            if len(self._signed_in) >= AT_MOST:
                del self._signed_in[next(iter(self._signed_in))]
            self._signed_in[_kept(secret)] = SignIn(token_hash, self._clock() + HOURS * 3600)
        return secret

    def token_hash(self, secret: str) -> bytes | None:
        """The hash of the token with which somebody signed in; None if there is no such sign-in any more."""
        with self._lock:
            found = self._signed_in.get(_kept(secret))
            if found is not None and found.until <= self._clock():
                del self._signed_in[_kept(secret)]
                return None
        return found.token_hash if found else None

    def end(self, secret: str) -> None:
        """End a sign-in."""
        with self._lock:
            self._signed_in.pop(_kept(secret), None)

    def form_mark(self, secret: str) -> str:
        """What a form carries to show that it comes from a page that was given to the holder of a cookie."""
        return digest(self._key, _kept(secret), "sha256").hex()

    def is_form_mark(self, mark: str, secret: str) -> bool:
        """Whether a form carries it, compared in constant time."""
        return compare_digest(mark.encode("utf-8", "surrogatepass"), self.form_mark(secret).encode())


def new_secret() -> str:
    """A secret that nobody can guess, for a cookie."""
    return token_urlsafe(32)


def _kept(secret: str) -> bytes:
    """What is looked up: its time says nothing of the secrets themselves."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
