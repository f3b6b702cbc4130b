"""A client's connection, which ends when the client is too slow: to ask, to send on, to take its answer.

uvicorn itself waits for ever for the rest of a request's head, and for a client that reads nothing.
"""

from asyncio import AbstractEventLoop, Transport
from typing import Any, NamedTuple

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tracker.web.serving.guard import HEADERS


class Patience(NamedTuple):
    """How many connections there may be, and how long (in seconds) a client may take for what."""

    connections: int = 256
    head_seconds: float = 10.0
    """To send a request's head, and to go on after an answer."""
    reading_seconds: float = 30.0
    """To take some of an answer."""
    stop_seconds: int = 10
    """To take the rest of it when the server stops."""


class Connection(H11Protocol):
    """A connection that knows how long its client has been doing nothing."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
        *,
        patience: Patience,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._patience = patience
        self._asking_since = self._reading_since = self.loop.time()
        self._unsent = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._patience.connections:
            self._leave("503 Service Unavailable", "Too many connections. Ask again in a moment.", "Retry-After: 5\r\n")

    def data_received(self, data: bytes) -> None:
        if not self.transport.is_closing():  # what arrives after a refusal is not looked at
            super().data_received(data)

    def on_response_complete(self) -> None:
        self._asking_since = self.loop.time()
        super().on_response_complete()

    def end_if_slow(self) -> None:
        """Close the connection of a client that takes too long."""
        now = self.loop.time()
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0 or unsent != self._unsent:
            self._unsent, self._reading_since = unsent, now
        elif now - self._reading_since > self._patience.reading_seconds:
            self.transport.abort()
            return
        asks = self.cycle is None or self.cycle.response_complete
        if asks and unsent == 0 and now - self._asking_since > self._patience.head_seconds:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        self._leave("400 Bad Request", msg)

    def _leave(self, status: str, said: str, more: str = "") -> None:
        """Answer without a look at what was asked, and close."""
        headers = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        head = f"HTTP/1.1 {status}\r\n{headers}{more}Content-Type: text/plain\r\nContent-Length: {len(said)}\r\n"
        self.transport.write(f"{head}Connection: close\r\n\r\n{said}".encode())
        self.transport.close()
