"""Ask the application for a page within the process, without a server."""

from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from tracker.web.site.links import HOST


class Reply(NamedTuple):
    """What the application answers."""

    status: int
    body: bytes


async def ask(app: ASGIApp, address: str) -> Reply:
    """Ask the application for what is at an address. What it raises is raised."""
    path, _, query = address.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", HOST.encode())],
        "server": (HOST, 80),
        "client": None,
    }
    status, parts = 0, []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    await app(scope, receive, send)
    return Reply(status, b"".join(parts))
