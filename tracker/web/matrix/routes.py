"""The front page, what its cells show under the pointer, and the days of its slider."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from tracker.domain.terms.scope import Query
from tracker.web.asking.address import Address, read_address
from tracker.web.asking.answering import Inquiry, answer, form_of, pose
from tracker.web.asking.database import Database
from tracker.web.frame import PATHS, Frame, Tag, frame_of
from tracker.web.matrix.matrix import CLOCKS, Clock, MatrixQuestion, matrix_on, on_clock, read_clock
from tracker.web.responses import CACHED, download, is_known, not_modified, without_empty

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


def matrix_routes(database: Database, pages: Environment, *, recording: bool) -> APIRouter:
    """The routes of the front page."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route(PATHS["state"], _page(database, pages, recording=recording), methods=["GET"])
    router.add_api_route("/card", _card(database, pages), methods=["GET"])
    router.add_api_route("/days", _days(database), methods=["GET"])
    return router


def _page(database: Database, pages: Environment, *, recording: bool) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        if (short := without_empty(request)) is not None:
            return short
        pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "clock"]
        clock = read_clock(request.query_params.get("clock"))
        with database.snapshot() as snapshot:
            address = read_address("state", pairs, snapshot.today)
            asked = pose(address, snapshot, shown_as=f"matrix {clock} {recording}")
            if is_known(request, asked.tag):
                return not_modified(asked.tag)
            clocked = _on_clock(asked, snapshot, clock)
            if address.form is not None and address.form != "html":
                return download(clocked, answer(clocked, snapshot, form_of(address, default="json")))
            shown = frame_of(PATHS["state"], clocked)
            frame = frame_of(PATHS["state"], asked, recording=recording)
            frame = frame._replace(downloads=shown.downloads, cite=shown.cite)
            body = _body(asked, snapshot, pages, frame, clock)
        return HTMLResponse(body, headers={"ETag": asked.tag, "Cache-Control": CACHED})

    return page


def _on_clock(asked: Inquiry, snapshot: "Snapshot", clock: Clock) -> Inquiry:
    """The same asked of what the clock shows: downloads and citations are of that. Raises BadValue."""
    if clock is Clock.STATED:
        return asked
    query = on_clock(asked.query, clock, asked.address.values["on"] or asked.today)
    filters = replace(asked.address.filters, known_at=query.known_at, published_by=query.published_by)
    return pose(replace(asked.address, filters=filters), snapshot)


def _body(asked: Inquiry, snapshot: "Snapshot", pages: Environment, frame: Frame, clock: Clock) -> str:
    values = asked.address.values
    on = values["on"] or asked.today
    question = MatrixQuestion(asked.query, asked.address.listing, inherit=values["inherit"])
    found = matrix_on(snapshot, question, on, clock, stale_after=values["stale_after"], kept=frame.kept)
    tags = [tag._replace(positions=_count(tag, found.pairs, snapshot)) for tag in frame.tags]
    return pages.get_template("matrix.html").render(
        frame=frame._replace(tags=tags), matrix=found, clocks=CLOCKS, asked=asked, stale_after=values["stale_after"]
    )


def _count(tag: Tag, pairs: Iterable[tuple[str, str]], snapshot: "Snapshot") -> int | None:
    """How many positions a filter by party or issue lets through; None for other filters."""
    if tag.name not in ("party", "issue"):
        return None
    by: Any = {tag.name: tag.value}
    scope = snapshot.query(**by).scope
    return sum(scope.includes_issue(issue) and scope.includes_party(party) for issue, party in pairs)


def _card(database: Database, pages: Environment) -> Callable[[Request], Response]:
    """What a cell shows under the pointer: the sentence, the quote, who said it, where."""

    def card(request: Request) -> Response:
        with database.snapshot() as snapshot:
            address = read_address("explain", request.query_params.multi_items(), snapshot.today)
            asked = pose(address, snapshot, shown_as="card")
            if is_known(request, asked.tag):
                return not_modified(asked.tag)
            cells, names = _cells_of(address, asked.query, snapshot)
        body = pages.get_template("card.html").render(cells=cells, names=names)
        return HTMLResponse(body, headers={"ETag": asked.tag, "Cache-Control": CACHED})

    return card


def _about_pair(address: Address, query: Query, snapshot: "Snapshot") -> Query:
    """The query of the party and the issue that an address names. Raises TrackerError."""
    named: Any = {name: address.values[name] for name in ("party", "issue") if address.values[name]}
    about = snapshot.query(**named).scope
    return replace(query, scope=replace(query.scope, parties=about.parties, issues=about.issues))


def _cells_of(address: Address, query: Query, snapshot: "Snapshot") -> tuple[Any, Any]:
    about = _about_pair(address, query, snapshot)
    found = snapshot.state(address.values["on"], about)
    return found.cells, snapshot.registers(found.on, known_at=found.log.position, published_by=query.published_by)


def _days(database: Database) -> Callable[[Request], Response]:
    """The days on which anything in scope was stated, with how much, for the marks of the slider."""

    def days(request: Request) -> Response:
        pairs = [(name, value) for name, value in request.query_params.multi_items() if name not in ("clock", "on")]
        with database.snapshot() as snapshot:
            address = read_address("state", pairs, snapshot.today)
            asked = pose(address, snapshot, shown_as="days")
            if is_known(request, asked.tag):
                return not_modified(asked.tag)
            found = snapshot.days_of_statements(asked.query)
        body = orjson.dumps([(day.isoformat(), number) for day, number in found])
        return Response(body, media_type="application/json", headers={"ETag": asked.tag, "Cache-Control": CACHED})

    return days
