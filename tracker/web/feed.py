"""The Atom feed of what moves, within the filters and cut-offs of any page."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from tracker.domain.terms.dates import instant_text
from tracker.presenting.filters import take_filters, take_listing
from tracker.presenting.parameters import CUTS, ISSUE, LISTING, PARTY
from tracker.reports.atom import FeedHead, feed_id, render_feed
from tracker.reports.names import Names
from tracker.web.asking.address import query_text, read_values
from tracker.web.asking.answering import tag_of
from tracker.web.asking.database import Database
from tracker.web.release import RELEASE
from tracker.web.responses import CACHED, is_known, not_modified

if TYPE_CHECKING:
    from tracker.domain.log.chain import LogHead
    from tracker.domain.terms.scope import Listing, Query
    from tracker.snapshot import Snapshot

FEED = "/feed.atom"
MOST_MOVEMENTS = 100
PARAMETERS = (*LISTING, PARTY, ISSUE, *CUTS)
MEDIA_TYPE = "application/atom+xml"
_GROWS = "known_at"
"""A feed up to another entry is the same feed at another time, as a site that is written anew has it."""
_NEVER = "1970-01-01T00:00:00Z"
_LAST_DAY = date.max


def feed_routes(database: Database) -> APIRouter:
    """The route of the feed."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route(FEED, _feed(database))
    return router


def _feed(database: Database) -> Callable[[Request], Response]:
    def feed(request: Request) -> Response:
        given = [pair for pair in request.query_params.multi_items() if pair[1].strip()]
        with database.snapshot() as snapshot:
            values = read_values(PARAMETERS, given, snapshot.today)
            listing, filters = take_listing(values), take_filters(values)
            query = filters.query(snapshot)
            head = snapshot.head_at(query.known_at)
            tag = tag_of(FEED, str(request.base_url), given, query, listing, head.hash.hex())
            if is_known(request, tag):
                return not_modified(tag)
            body = feed_of(snapshot, query, listing, head, given, base=str(request.base_url).rstrip("/"))
        headers = {"ETag": tag, "Cache-Control": CACHED}
        return Response(body, media_type=MEDIA_TYPE, headers=headers)

    return feed


def feed_of(
    snapshot: "Snapshot",
    query: "Query",
    listing: "Listing",
    head: "LogHead",
    given: Sequence[tuple[str, str]],
    *,
    base: str = "",
) -> bytes:
    """The feed of the movements in scope. It depends on the log up to its head, and on no day.

    Addresses begin with `base`, the address by which the server was asked; without one they are relative to it.
    """
    found = snapshot.movements(query, listing=listing, limit=MOST_MOVEMENTS)
    first = snapshot.page_after(0, 1).lines
    names = Names(snapshot.registers(_LAST_DAY, known_at=head.position, published_by=query.published_by))
    asked = f"?{query_text(given)}" if given else ""
    about = FeedHead(
        feed_id(first[0].event_id if first else "", [pair for pair in given if pair[0] != _GROWS]),
        _title(given),
        _subtitle(given),
        instant_text(found[0].entry.recorded_at) if found else _NEVER,
        f"{base}{FEED}{asked}",
        f"{base}/history{asked}",
        f"tracker {RELEASE}",
    )
    return render_feed(about, found, names, base=base)


def _title(given: Sequence[tuple[str, str]]) -> str:
    only = ", ".join(value for name, value in given if name not in ("known_at", "published_by"))
    return f"What moves: {only}" if only else "What moves in the negotiations"


def _subtitle(given: Sequence[tuple[str, str]]) -> str:
    only = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in given)
    return f"Only {only}" if only else "New, changed and withdrawn positions, closed issues, and our corrections"
