"""The log page: entries newest first, and with scripts new ones above them as they are recorded."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool

from tracker.presenting.log_list import EntryFilter, entry_types
from tracker.reports.log_entries import ListedEntry, listed_entry, named_targets, targets
from tracker.web.asking.answering import tag_of
from tracker.web.asking.database import Database
from tracker.web.frame import Frame, Link, Tag, frame_of
from tracker.web.log.entries import ENTRIES, listen, too_many
from tracker.web.log.listing import OF_PAGES, Listing, read_listing
from tracker.web.log.watch import LogWatch, TooManyWait
from tracker.web.responses import CACHED, is_known, not_modified

if TYPE_CHECKING:
    from tracker.questions.entries import LogPage, StoredLine
    from tracker.snapshot import Snapshot

LOG = "/log"
ON_PAGE = 100
"""How many entries a page shows."""


class Ways(NamedTuple):
    """The addresses of the entries before and after those of a page, and of new ones; None where there are none."""

    older: str | None
    newer: str | None
    events: str | None


def log_routes(database: Database, pages: Environment, watch: LogWatch, *, recording: bool) -> APIRouter:
    """The routes of the log page and of the new entries that it shows."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route(LOG, _page(database, pages, recording=recording))
    router.add_api_route(f"{LOG}/events", _events(database, pages, watch))
    return router


def _page(database: Database, pages: Environment, *, recording: bool) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        with database.snapshot() as snapshot:
            asked = read_listing(OF_PAGES, request.query_params.multi_items(), snapshot)
            head = snapshot.checkpoint()
            tag = tag_of(LOG, asked, head, recording)
            if is_known(request, tag):
                return not_modified(tag)
            found = _find(snapshot, asked)
            listed = _listed(found.found, snapshot)
        frame = _frame(asked, found, recording=recording)
        body = pages.get_template("log.html").render(
            frame=frame,
            asked=asked,
            found=found,
            listed=listed[::-1],
            ways=_ways(asked, found),
            types=entry_types(),
        )
        return HTMLResponse(body, headers={"ETag": tag, "Cache-Control": CACHED})

    return page


def _find(snapshot: "Snapshot", asked: Listing) -> "LogPage":
    """The entries of a page: after a position the first ones, else the last ones before another or of all."""
    if asked.after is not None and asked.before is None:
        return snapshot.page_after(asked.after, ON_PAGE, asked.where)
    return snapshot.page_before(asked.before, ON_PAGE, asked.where, after=asked.after or 0)


def _listed(found: "Iterable[StoredLine]", snapshot: "Snapshot") -> list[ListedEntry]:
    listed = [listed_entry(one.entry) for one in found]
    wanted = targets(listed)
    return named_targets(listed, snapshot.positions(wanted) if wanted else {})


def _ways(asked: Listing, found: "LogPage") -> Ways:
    is_newest = found.up_to == found.head.position
    return Ways(
        older=f"{LOG}?{asked.query(before=found.after + 1)}" if found.after > 0 else None,
        newer=None if is_newest else f"{LOG}?{asked.query(after=found.up_to)}",
        events=f"{LOG}/events?{asked.query(after=found.up_to)}" if is_newest and asked.before is None else None,
    )


def _frame(asked: Listing, found: "LogPage", *, recording: bool) -> Frame:
    """The frame: what narrows the list, the entries shown as data, and their address for ever."""
    shown = asked.query(after=found.after, limit=len(found.found) or 1)
    links = [
        Link(name, f"{ENTRIES}?{shown}{f'&format={form}' if form != 'json' else ''}")
        for form, name in (("json", "JSON"), ("csv", "CSV"), ("md", "Markdown"))
    ]
    tags = [
        Tag(name, value, f"{LOG}?{asked._replace(wanted=without).query()}".removesuffix("?"))
        for name, value, without in (
            ("type", asked.wanted.kind, EntryFilter(recorded_by=asked.wanted.recorded_by)),
            ("by", asked.wanted.recorded_by, EntryFilter(kind=asked.wanted.kind)),
        )
        if value is not None
    ]
    cite = f"{LOG}?{asked.query(after=found.after or None, before=found.up_to + 1)}"
    return frame_of(LOG, None, recording=recording)._replace(tags=tags, downloads=links, cite=cite)


def _events(database: Database, pages: Environment, watch: LogWatch) -> Callable[[Request], Awaitable[Response]]:
    row, frame = pages.get_template("log_rows.html"), frame_of(LOG, None)

    def write(new: "Sequence[StoredLine]") -> list[str]:
        with database.snapshot() as snapshot:
            listed = _listed(new, snapshot)
        return [row.render(listed=[one], frame=frame) for one in listed]

    async def rows(new: "Sequence[StoredLine]") -> list[str]:
        return await run_in_threadpool(write, new)

    async def events(request: Request) -> Response:
        try:
            return await listen(request, database, watch, rows)
        except TooManyWait:
            return too_many(request)

    return events
