"""New entries as server-sent events: the id of each is its log position, from which a reader goes on after a break."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from tracker.errors import BadValue
from tracker.web.asking.database import Database
from tracker.web.log.listing import Listing
from tracker.web.log.watch import LogWatch, Waiting, WaitOver

if TYPE_CHECKING:
    from tracker.questions.entries import StoredLine

BEAT_SECONDS = 15.0
"""Seconds without an entry after which a sign of life is sent: silent connections are taken for lost."""
RETRY_MILLISECONDS = 2_000
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Write = Callable[["Sequence[StoredLine]"], Awaitable[Sequence[str]]]
"""Writes the texts of entries."""


class EventStream(StreamingResponse):
    """New entries as they come, for one of those who wait, until the reader or the server leaves."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str], place: ExitStack) -> None:
        super().__init__(events, headers=HEADERS)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            await super().__call__(scope, receive, send)


async def event_stream(database: Database, watch: LogWatch, asked: Listing, write: Write) -> EventStream:
    """The entries after a position, those that are there and then each new one; without a position the new ones.

    Raises PositionAhead and TooManyWait.
    """
    position = await run_in_threadpool(_start, database, asked.after)
    with ExitStack() as place:
        waiting = place.enter_context(watch.waiting())
        return EventStream(_events(waiting, asked, position, write), place.pop_all())
    raise AssertionError("unreachable")


def last_event(request: Request) -> int | None:
    """The log position that a reader saw last before it asked again, if it did. Raises BadValue."""
    text = request.headers.get("last-event-id", "").strip()
    if text and not re.fullmatch(r"\d{1,16}", text, re.ASCII):
        raise BadValue(f"Last-Event-ID: {text[:40]!r} is not a log position.")
    return int(text) if text else None


def _start(database: Database, after: int | None) -> int:
    with database.snapshot() as snapshot:
        if after is None:
            return snapshot.checkpoint().position
        return snapshot.page_after(after, 1).after


async def _events(waiting: Waiting, asked: Listing, position: int, write: Write) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\nid: {position}\n\n"
    while True:
        try:
            new = await waiting.after(position, BEAT_SECONDS)
        except WaitOver:
            return
        shown = [one for one in new if asked.where is None or asked.where(one.line)]
        position = new[-1].line.position if new else position
        # Without data, an id is no event, and yet that from which the reader goes on.
        texts = await write(shown) if shown else ()
        events = "".join(_event(one.line.position, text) for one, text in zip(shown, texts, strict=True))
        yield f"{events}id: {position}\n\n"


def _event(position: int, text: str) -> str:
    lines = "".join(f"data: {line}\n" for line in text.splitlines())
    return f"id: {position}\nevent: entry\n{lines}\n"
