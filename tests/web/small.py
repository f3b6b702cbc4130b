"""A small app to guard and to serve, in a process of its own where that is the point."""

import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import anyio
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from tests.forked import CONTEXT
from tests.processes import PATIENCE
from tracker.errors import UnknownParty
from tracker.web.problems import handle_problems
from tracker.web.serving.connections import Patience
from tracker.web.serving.guard import Bounds
from tracker.web.serving.server import bind, names_of, serve

LARGE = 30_000_000
"""Bytes of an answer that no system takes from a server while the client reads nothing."""


def small_app(begun: Callable[[], None] = lambda: None) -> FastAPI:
    """An app with an answer of each kind that matters to what stands before it; `begun` is called by the slow one."""
    app = FastAPI(openapi_url=None)
    handle_problems(app)

    @app.get("/")
    @app.get("/api/hello")
    def hello() -> Response:
        return PlainTextResponse("hello", headers={"Server": "secret/1.0"})

    @app.get("/parties/{code}")
    @app.get("/api/parties/{code}")
    def party(code: str) -> Response:
        raise UnknownParty(code, ["GBR"])

    @app.get("/number")
    def number(of: int) -> Response:
        return PlainTextResponse(str(of))

    @app.get("/own-policy")
    def own_policy() -> Response:
        return PlainTextResponse("styled", headers={"Content-Security-Policy": "style-src 'unsafe-inline'"})

    @app.get("/fault")
    @app.get("/api/fault")
    def fault() -> Response:
        raise ZeroDivisionError("secret")

    @app.get("/breaks-off")
    def breaks_off() -> Response:
        async def parts() -> AsyncIterator[str]:
            yield "the beginning"
            raise ZeroDivisionError("secret")

        return StreamingResponse(parts())

    @app.get("/slow")
    def slow() -> Response:
        begun()
        time.sleep(0.6)
        return PlainTextResponse("at last")

    @app.get("/large")
    def large() -> Response:
        return PlainTextResponse("x" * LARGE)

    @app.get("/events")
    async def events() -> Response:
        async def parts() -> AsyncIterator[str]:
            while True:
                yield "data: new\n\n"
                await anyio.sleep(0.05)

        return StreamingResponse(parts(), media_type="text/event-stream")

    @app.post("/echo")
    async def echo(request: Request) -> Response:
        return PlainTextResponse(await request.body())

    return app


class Served:
    """The small app in a process, at a port of loopback."""

    def __init__(self, process: Any, pipe: Connection) -> None:
        self.process, self._pipe = process, pipe
        self.port = int(self.heard())

    def heard(self) -> str:
        """What the process says next: its port, and that the slow answer is in the making."""
        assert self._pipe.poll(PATIENCE)
        return str(self._pipe.recv())

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def ask(self, path: str = "/", *, method: str = "GET", more: str = "") -> bytes:
        """The whole answer to one request, up to the end of the connection."""
        with self.connect() as client:
            client.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n".encode())
            return everything_from(client)

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Send a signal and wait for the end. The code that it ended with."""
        import os

        os.kill(self.process.pid, number)
        self.process.join(PATIENCE)
        code: int | None = self.process.exitcode
        return code


def everything_from(client: socket.socket) -> bytes:
    """What a server sends until it closes the connection, also by a reset."""
    received = bytearray()
    try:
        while part := client.recv(65_536):
            received += part
    except ConnectionResetError:
        pass
    return bytes(received)


@contextmanager
def served(patience: Patience, bounds: Bounds) -> Iterator[Served]:
    """Serve the small app in a process, and kill it at the end."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_serve, args=(theirs, patience, bounds), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Served(process, ours)
    finally:
        process.kill()
        process.join()


def _serve(pipe: Connection, patience: Patience, bounds: Bounds) -> None:
    listening = bind("127.0.0.1", 0)
    port = listening.getsockname()[1]
    names = names_of(listening, "127.0.0.1")
    methods = ("GET", "HEAD", "POST")
    serve(
        small_app(lambda: pipe.send("begun")),
        listening,
        names=names,
        methods=methods,
        bounds=bounds,
        patience=patience,
        started=lambda: pipe.send(port),
    )
