"""Compression of answers: a matrix of thousands of cells repeats itself, and takes a tenth of its bytes."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class Compression:
    """Compresses what a browser takes compressed, but nothing for somebody who is signed in.

    The length of a compressed page that holds a secret and words from outside gives the secret away, bit by bit.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._plain, self._compressed = app, GZipMiddleware(app, minimum_size=1_000, compresslevel=3)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        signed_in = any(name == b"cookie" for name, _ in scope.get("headers", ()))
        app = self._plain if signed_in else self._compressed
        await app(scope, receive, send)
