"""The entries of the log as data: `/api/log` and `/api/entries`, which can wait for the next one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from tracker.domain.terms.columns import row_data
from tracker.errors import BadValue
from tracker.reports.data_formats import to_json
from tracker.web.api import described_parameters, responses_of
from tracker.web.asking.answering import MEDIA_TYPES, tag_of
from tracker.web.asking.database import Database
from tracker.web.log.events import EventStream, Write, event_stream, last_event
from tracker.web.log.listing import (
    AFTER,
    LOG_FORMATS,
    MOST_ENTRIES,
    OF_ENTRIES,
    WANTED,
    Listing,
    entries_body,
    read_listing,
)
from tracker.web.log.watch import LogWatch, TooManyWait, WaitOver
from tracker.web.problems import Problem, respond
from tracker.web.responses import CACHED, is_known, not_modified

if TYPE_CHECKING:
    from tracker.questions.entries import LogPage, StoredLine

ENTRIES = "/api/entries"


def entry_routes(database: Database, watch: LogWatch) -> APIRouter:
    """The routes for the entries of the log, at hand and as they come."""
    router = APIRouter()
    entries = _entries(database, watch)
    for path, name, summary in (
        ("/api/log", "log", "The log's entries in order"),
        (ENTRIES, "entries", "The log's entries after a position, or the next one as soon as it is recorded"),
    ):
        extra = {
            "parameters": described_parameters(OF_ENTRIES, forms=LOG_FORMATS),
            "responses": responses_of("log", forms=LOG_FORMATS),
        }
        router.add_api_route(
            path, entries, summary=summary, operation_id=name, openapi_extra=extra, response_class=Response
        )
    events = {"parameters": described_parameters((AFTER, *WANTED)), "responses": _STREAMED}
    router.add_api_route(
        f"{ENTRIES}/events",
        _events(database, watch),
        summary="New entries as server-sent events, each with its log position as the id",
        operation_id="entry_events",
        openapi_extra=events,
        response_class=Response,
    )
    return router


_STREAMED = {
    "200": {
        "description": "An event for each entry.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    "503": {"description": "As many wait for new entries as may: ask again after `Retry-After`."},
}


class _Found(NamedTuple):
    """The entries that an address asks for, rendered, and the entry at which the log ended."""

    page: "LogPage"
    body: bytes
    tag: str


def _entries(database: Database, watch: LogWatch) -> Callable[[Request], Awaitable[Response]]:
    async def entries(request: Request) -> Response:
        asked, found = await run_in_threadpool(_ask, database, request.query_params.multi_items())
        if found.page.found or not asked.wait:
            return not_modified(found.tag) if is_known(request, found.tag) else _answer(asked, found, CACHED)
        try:
            await _wait(watch, asked, found.page.up_to)
        except TooManyWait:
            return too_many(request)
        given, seen = request.query_params.multi_items(), found.page.up_to
        _, found = await run_in_threadpool(lambda: _ask(database, given, after=seen))
        return _answer(asked, found, "no-store")

    return entries


def _ask(database: Database, given: Sequence[tuple[str, str]], *, after: int | None = None) -> tuple[Listing, _Found]:
    with database.snapshot() as snapshot:
        asked = read_listing(OF_ENTRIES, given, snapshot)
        if asked.form not in LOG_FORMATS:
            raise BadValue(
                f"format: {asked.form!r} is none of this answer's formats, which are {', '.join(LOG_FORMATS)}."
            )
        first = asked.after or 0 if after is None else after
        page = snapshot.page_after(first, min(asked.limit, MOST_ENTRIES), asked.where)
        body = entries_body(page, asked, snapshot.positions)
    return asked, _Found(page, body, tag_of(ENTRIES, asked, page.head))


async def _wait(watch: LogWatch, asked: Listing, position: int) -> None:
    """Wait until an entry is recorded after a position that is among those asked for, or until the time is up."""
    loop = asyncio.get_running_loop()
    until = loop.time() + asked.wait
    with watch.waiting() as waiting:
        try:
            while new := await waiting.after(position, until - loop.time()):
                if any(asked.where is None or asked.where(one.line) for one in new):
                    return
                position = new[-1].line.position
        except WaitOver:
            return


def _answer(asked: Listing, found: _Found, cache: str) -> Response:
    """The entries, with the address of those after them: there may be none yet, to be waited for."""
    limit = asked.limit if asked.limit != MOST_ENTRIES else None
    form = asked.form if asked.form != "json" else None
    following = asked.query(after=found.page.up_to, limit=limit, wait=asked.wait or None, format=form)
    headers = {"Cache-Control": cache, "Link": f'<{ENTRIES}?{following}>; rel="next"'}
    if cache == CACHED:
        headers["ETag"] = found.tag
    return Response(found.body, media_type=MEDIA_TYPES[asked.form], headers=headers)


def too_many(request: Request) -> Response:
    """The answer to one who would wait where as many wait as may."""
    return respond(_TOO_MANY, request.scope["path"])


_TOO_MANY = Problem(
    503,
    ("As many readers wait for new entries as may. Ask again in half a minute.",),
    "too-many-wait",
    headers={"Retry-After": "30"},
)


def _events(database: Database, watch: LogWatch) -> Callable[[Request], Awaitable[Response]]:
    async def events(request: Request) -> Response:
        try:
            return await listen(request, database, watch, _json_lines)
        except TooManyWait:
            return too_many(request)

    return events


async def listen(request: Request, database: Database, watch: LogWatch, write: Write) -> EventStream:
    """The stream of events that a reader asks for. Raises BadValue, PositionAhead and TooManyWait."""

    def read() -> Listing:
        with database.snapshot() as snapshot:
            return read_listing((AFTER, *WANTED), request.query_params.multi_items(), snapshot)

    seen = last_event(request)
    asked = await run_in_threadpool(read)
    return await event_stream(database, watch, asked if seen is None else asked._replace(after=seen), write)


async def _json_lines(new: "Sequence[StoredLine]") -> list[str]:
    return [to_json(row_data(one.line), layout=0) for one in new]
