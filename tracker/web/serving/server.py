"""Serve an app at an address, in one process, until a signal to end: what is being answered then is answered still."""

import errno
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from ipaddress import ip_address

from starlette.types import ASGIApp
from uvicorn import Config, Server

from tracker.errors import AddressUnavailable
from tracker.web.serving.connections import Connection, Patience
from tracker.web.serving.guard import Bounds, Guard, Names

LOOPBACK = "127.0.0.1"


def bind(host: str, port: int) -> socket.socket:
    """Listen at an address; port 0 is any free one. Raises AddressUnavailable."""
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        dual = family == socket.AF_INET6 and address[0] == "::" and socket.has_dualstack_ipv6()
        listening = socket.create_server(address, family=family, dualstack_ipv6=dual)
        # Inherited by connections. asyncio overlooks that sockets made so are TCP: an answer would wait 40 ms for the
        # client to say that it has the head, before the body may follow.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except (socket.gaierror, UnicodeError):
        raise AddressUnavailable(shown, "is unknown", "Name a host or an address of this machine.") from None
    except OSError as error:
        why, advice = _UNAVAILABLE.get(error.errno or 0, _OTHERWISE)
        raise AddressUnavailable(shown, why.format(reason=os.strerror(error.errno or 0)), advice) from None


_UNAVAILABLE = {
    errno.EADDRINUSE: ("is in use", "Name another port with --port, or 0 for any free one."),
    errno.EADDRNOTAVAIL: ("is not one of this machine", "Name one that is, with --host."),
    errno.EACCES: ("is not for this user to have", "Name a port from 1024 on with --port."),
}
_OTHERWISE = ("cannot be had ({reason})", "Name another one with --host and --port.")


def address_of(listening: socket.socket) -> str:
    """Return the address at which to ask a server, as browsers take it; loopback for one that listens at all."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def is_loopback(listening: socket.socket) -> bool:
    """Return whether only this machine reaches a server."""
    return ip_address(listening.getsockname()[0].partition("%")[0]).is_loopback


def names_of(listening: socket.socket, host: str, more: Collection[str] = ()) -> Names:
    """Return the names that a server answers to: the host that it was told to listen at, its address, and `more`."""
    address = listening.getsockname()[0].partition("%")[0]
    own = {name.strip("[]").lower().rstrip(".") for name in (host, address, *more)}
    return Names(own, any_address=ip_address(address).is_unspecified)


def serve(
    app: ASGIApp,
    listening: socket.socket,
    *,
    names: Names,
    methods: Sequence[str] = ("GET", "HEAD"),
    bounds: Bounds | None = None,
    patience: Patience | None = None,
    started: Callable[[], None] = lambda: None,
    stopping: Callable[[], None] = lambda: None,
) -> None:
    """Answer until SIGINT or SIGTERM, which let the answers that have begun end; a second one does not.

    `started` is called when the first request can come, and `stopping` as no further one can: answers that wait for
    something end by it. Requests are logged to standard error.
    """
    guard = Guard(app, names=names, methods=methods, bounds=bounds)
    config = Config(
        guard,
        loop="asyncio",
        http=partial(Connection, patience=patience or Patience()),  # type: ignore[arg-type]
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=(patience or Patience()).stop_seconds,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
    )
    with _logging():
        _Server(config, guard, started, stopping).run(sockets=[listening])


_LONGEST_HEAD = 65_536
"""Bytes of a request's head that are taken in before any of it is looked at: more than the guard lets pass."""


class _Server(Server):
    """A server that looks for slow clients each second, and ends by a signal as by a request."""

    def __init__(self, config: Config, guard: Guard, started: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._guard, self._started, self._stopping = guard, started, stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    async def on_tick(self, counter: int) -> bool:
        if counter % 10 == 0:
            for connection in list(self.server_state.connections):
                assert isinstance(connection, Connection)
                connection.end_if_slow()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping()
        self._guard.end_streams()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, *_: object) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


@contextmanager
def _logging() -> Iterator[None]:
    """Log a line for each request on standard error, in UTC; what uvicorn says beside that says nothing more."""
    handler = logging.StreamHandler()
    lines = logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    lines.converter = time.gmtime
    handler.setFormatter(lines)
    ours, theirs = logging.getLogger("tracker.web"), logging.getLogger("uvicorn")
    before = ours.level, ours.propagate, theirs.level
    ours.setLevel(logging.INFO)
    theirs.setLevel(logging.CRITICAL)
    ours.propagate = False
    ours.addHandler(handler)
    try:
        yield
    finally:
        ours.removeHandler(handler)
        ours.setLevel(before[0])
        ours.propagate = before[1]
        theirs.setLevel(before[2])
