"""What every request passes before an answer is made, and every answer before it leaves (pure ASGI middleware).

It answers to the names of this server alone (against DNS rebinding), bounds what is taken in and how much is made at
once, adds the security headers, and lets no traceback leave.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from logging import getLogger

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.web.problems import BUSY_SECONDS, Problem, respond, unexpected

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Other hosts, such as those of sources, learn nothing of the page that led there. With `no-referrer`, browsers
    # would send the forms of our own pages without their origin.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Security headers of every answer, but for those that it has itself."""

_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]{1,253}))(?::[0-9]{1,5})?")
_log = getLogger("tracker.web")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is taken in, in bytes and seconds, and how many answers are in the making at once."""

    address: int = 8_192
    headers: int = 16_384
    header_lines: int = 64
    body: int = 1_048_576
    body_seconds: float = 10.0
    answers: int = 128
    answer_seconds: float = 60.0
    """Seconds in which an answer begins; what it still computes then counts among those in the making."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names and addresses by which this server is asked: its own, and those of loopback.

    With `any_address`, all numeric addresses, for a server that listens on all: a name can be made to lead here by
    whoever owns it, a numeric address cannot.
    """

    names: Collection[str] = ()
    any_address: bool = False

    def include(self, host: str) -> bool:
        """Return whether a host, as a request names it, is this server."""
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = (found[1] or found[2]).lower().rstrip(".")
        if name == "localhost" or name in self.names:
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return False
        # Releases of Python differ on whether an IPv4 address in the form of IPv6 is loopback; no browser sends one.
        return self.any_address or (address.is_loopback and getattr(address, "ipv4_mapped", None) is None)


class Guard:
    """An app behind the guard. `methods` are those that it may be asked with."""

    def __init__(
        self, app: ASGIApp, *, names: Names, methods: Sequence[str] = ("GET", "HEAD"), bounds: Bounds | None = None
    ) -> None:
        self._app, self._names, self._methods = app, names, methods
        self._bounds = bounds or Bounds()
        self._making = 0
        self._streams: set[Exchange] = set()

    def end_streams(self) -> None:
        """End the answers that have no end of their own, so that the server can stop."""
        for exchange in list(self._streams):
            exchange.cut()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            exchange = Exchange(scope, send, self._streams)
            try:
                await self._answer(exchange, receive)
            except Exception as error:  # noqa: BLE001 (whatever it is, no traceback leaves)
                await exchange.fail(error)
            finally:
                exchange.log(self._methods)

    async def _answer(self, exchange: "Exchange", receive: Receive) -> None:
        problem = _objection(exchange.scope, self._names, self._methods, self._bounds)
        body = problem or await _body(receive, self._bounds)
        if isinstance(body, bytes) and self._making >= self._bounds.answers:
            body = _BUSY
        if isinstance(body, Problem):
            await exchange.refuse(body)
        elif body is not None:
            await self._make(exchange, _received(body, receive))

    async def _make(self, exchange: "Exchange", receive: Receive) -> None:
        """Let the app answer; one of the answers in the making until it begins to leave."""
        self._making += 1
        exchange.on_start = self._count_made
        patience = asyncio.get_running_loop().call_later(self._bounds.answer_seconds, exchange.give_up)
        try:
            await self._app(exchange.scope, receive, exchange.send)
        except asyncio.CancelledError:
            if not exchange.was_cut:
                raise
            if not exchange.ended:
                await exchange.send({"type": "http.response.body"})
        finally:
            patience.cancel()
            exchange.count_start()

    def _count_made(self) -> None:
        self._making -= 1


class Exchange:
    """A request and its answer: what was sent of it, with the security headers, and the line about it in the log."""

    def __init__(self, scope: Scope, send: Send, streams: "set[Exchange]") -> None:
        self._is_head = scope["method"] == "HEAD"
        self.scope: Scope = {**scope, "reference": secrets.token_hex(4)}
        if self._is_head:
            self.scope["method"] = "GET"
        self._send, self._streams, self._method = send, streams, scope["method"]
        self._began = time.perf_counter()
        self._status = self._bytes = 0
        self._late: asyncio.Task[None] | None = None
        self._task = asyncio.current_task()
        self.started = self.ended = self.was_cut = False
        self.on_start: Callable[[], None] | None = None

    async def send(self, message: Message) -> None:
        """Send a part of the app's answer; nothing more once it was given up."""
        if self._late is not None:
            return
        if message["type"] == "http.response.start":
            self.count_start()
        await self._pass_on(message)

    def count_start(self) -> None:
        """Call `on_start`, once."""
        on_start, self.on_start = self.on_start, None
        if on_start is not None:
            on_start()

    async def refuse(self, problem: Problem) -> None:
        """Answer with a problem."""
        await respond(problem, self.scope["path"])(self.scope, _nothing, self._pass_on)

    async def fail(self, error: Exception) -> None:
        """Log an error that is ours, and answer that there was one; break off an answer that has begun."""
        reference = self.scope["reference"]
        _log.error("%s: %s", reference, type(error).__name__, exc_info=error)
        if not self.started:
            await self.refuse(unexpected(reference))

    def give_up(self) -> None:
        """Answer that it takes too long, if the answer did not begin yet."""
        if not self.started:
            self._late = asyncio.get_running_loop().create_task(self.refuse(_TOO_LATE))

    def cut(self) -> None:
        """End an answer that has no end of its own."""
        if self._task is not None:
            self.was_cut = True
            self._task.cancel()

    def log(self, methods: Collection[str]) -> None:
        """Log the request without what tells about who asks or what for: the page, not its address."""
        self._streams.discard(self)
        method = self._method if self._method in methods else "OTHER"
        page = getattr(self.scope.get("route"), "path", "-")
        spent = (time.perf_counter() - self._began) * 1000
        _log.info("%s %s %d %.0f ms %d bytes", method, page, self._status, spent, self._bytes)

    async def _pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self._status = message["status"]
            headers = _with_security(message.get("headers", ()))
            if _is_stream(headers):
                self._streams.add(self)
            message = {**message, "headers": headers}
        else:
            self.ended = not message.get("more_body")
            if self._is_head:
                message = {**message, "body": b""}
        self._bytes += len(message.get("body", b""))
        await self._send(message)


def _with_security(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    own = [(name.lower(), value) for name, value in headers if name.lower() != b"server"]
    given = {name for name, _ in own}
    return own + [(name, value) for name, value in _HEADERS if name not in given]


def _is_stream(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/event-stream") for name, value in headers)


def _objection(scope: Scope, names: Names, methods: Sequence[str], bounds: Bounds) -> Problem | None:
    """Return what is wrong with the head of a request."""
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    if len(hosts) != 1 or not names.include(hosts[0]):
        return _not_this_server(hosts)
    if scope["method"] not in methods and not (scope["method"] == "GET" and "HEAD" in methods):
        allowed = ", ".join(methods)
        said = f"This server is asked with {allowed}, and with nothing else."
        return Problem(405, (said,), "method", headers={"Allow": allowed})
    address = len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])
    if address > bounds.address:
        said = f"The address is {address:,} bytes long; at most {bounds.address:,} are taken. Ask with fewer filters."
        return Problem(414, (said,), "address-too-long")
    if not scope["path"].startswith("/") or "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return Problem(400, ("The address is not one of a page.",), "bad-address")
    if len(headers) > bounds.header_lines or sum(len(name) + len(value) for name, value in headers) > bounds.headers:
        return Problem(431, ("The headers of the request are too long.",), "headers-too-long")
    lengths = [value for name, value in headers if name == b"content-length"]
    if any(not value.isdigit() or int(value[:20]) > bounds.body for value in lengths):
        return _too_much(bounds)
    return None


def _not_this_server(hosts: Sequence[str]) -> Problem:
    if len(hosts) != 1:
        return Problem(400, ("A request names the server that it asks, once.",), "host")
    said = f"This server is not known as {hosts[0][:300]!r}. If it should be, start it with --name and that name."
    return Problem(421, (said,), "host")


def _too_much(bounds: Bounds) -> Problem:
    return Problem(413, (f"At most {bounds.body:,} bytes are taken at once. Send less.",), "too-much")


async def _body(receive: Receive, bounds: Bounds) -> bytes | Problem | None:
    """Return the body of a request, or what is wrong with it; None if the client is gone."""
    body = bytearray()
    try:
        async with asyncio.timeout(bounds.body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body += message.get("body", b"")
                if len(body) > bounds.body:
                    return _too_much(bounds)
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        said = f"The request did not arrive within {bounds.body_seconds:g} seconds. Send it again."
        return Problem(408, (said,), "too-slow", headers={"Connection": "close"})


def _received(body: bytes, receive: Receive) -> Receive:
    """Return how an app receives a body that arrived, and then whatever comes."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return messages.pop() if messages else await receive()

    return received


async def _nothing() -> Message:
    raise AssertionError("a problem asks for nothing")


_AGAIN = {"Retry-After": str(BUSY_SECONDS)}
_BUSY = Problem(503, ("This server makes as many answers as it can. Ask again in a moment.",), "busy", headers=_AGAIN)
_TOO_LATE = Problem(503, ("The answer takes too long. Ask for less: by party, by issue, by day.",), "too-late")
