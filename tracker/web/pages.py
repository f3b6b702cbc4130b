"""The pages: every answer in the frame of the site, and each in the formats of the command line."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment
from markupsafe import Markup

from tracker.charts import pictures
from tracker.domain.terms.scope import Query
from tracker.presenting.parameters import QUESTIONS
from tracker.reports.formats import render
from tracker.web.asking.address import Address, query_text, read_address
from tracker.web.asking.answering import Inquiry, answer, form_of, pose, presentation_of
from tracker.web.asking.database import Database
from tracker.web.asking.questions import presented
from tracker.web.drawing import drawing
from tracker.web.frame import PATHS, Frame, Tag, frame_of, shell
from tracker.web.matrix.matrix import CLOCKS, Asking, Clock, matrix_on, on_clock, read_clock
from tracker.web.responses import CACHED, download, is_known, not_modified, without_empty
from tracker.web.search import search_answer

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


def page_routes(database: Database, pages: Environment, *, recording: bool) -> APIRouter:
    """The routes of the pages that show the answer to a question."""
    router = APIRouter(include_in_schema=False)
    for question in QUESTIONS:
        path = PATHS[question]
        router.add_api_route(path, _page(question, path, database, pages, recording=recording), methods=["GET"])
    router.add_api_route("/card", _card(database, pages), methods=["GET"])
    router.add_api_route("/days", _days(database), methods=["GET"])
    return router


def _page(
    question: str, path: str, database: Database, pages: Environment, *, recording: bool
) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        if (short := without_empty(request)) is not None:
            return short
        pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "clock"]
        clock = request.query_params.get("clock") if question == "state" else None
        with database.snapshot() as snapshot:
            address = read_address(question, pairs, snapshot.today)
            if question == "report" and address.values["after"] is None and address.values["since"] is None:
                return _latest_changes(address, snapshot)
            asked = pose(address, snapshot, shown_as=f"{path} {clock} {recording}")
            if is_known(request, asked.tag):
                return not_modified(asked.tag)
            if address.form is not None and address.form != "html":
                return download(asked, answer(asked, snapshot, form_of(address, default="json")))
            frame = frame_of(path, asked, recording=recording)
            if question == "state":
                frame = _on_clock(frame, asked, snapshot, read_clock(clock))
                body = _matrix(asked, snapshot, pages, frame, clock)
            elif question == "find":
                body = _search(asked, snapshot, pages, frame)
            else:
                body = _in_frame(asked, snapshot, pages, frame)
        return HTMLResponse(body, headers={"ETag": asked.tag, "Cache-Control": CACHED})

    return page


def _in_frame(asked: Inquiry, snapshot: "Snapshot", pages: Environment, frame: Frame) -> str:
    address = asked.address
    picture = _picture(asked, snapshot)
    found = presented(address, snapshot, asked.query, presentation_of(address, "html"))
    around = shell(pages, frame, picture=picture)
    body = render(found.answer, "html", found.content, shell=around).body
    assert isinstance(body, str)
    return body


def _picture(asked: Inquiry, snapshot: "Snapshot") -> Markup:
    """The picture above an answer: who agrees with whom as a network.

    An explanation has none: to paint takes longer than to explain. The page of its issue has every party's band.
    """
    values, query = asked.address.values, asked.query
    if asked.address.question == "agreement" and values["after"] is None:
        return drawing(
            lambda width: pictures.agreement(snapshot, query, values["on"], network=True, width=width), asked
        )
    return Markup()


def _about_pair(address: Address, query: Query, snapshot: "Snapshot") -> Query:
    """The query of the party and the issue that an address names. Raises TrackerError."""
    named: Any = {name: address.values[name] for name in ("party", "issue") if address.values[name]}
    about = snapshot.query(**named).scope
    return replace(query, scope=replace(query.scope, parties=about.parties, issues=about.issues))


def _on_clock(frame: Frame, asked: Inquiry, snapshot: "Snapshot", clock: Clock) -> Frame:
    """The frame whose downloads and citation are of what the clock shows. Raises BadValue."""
    if clock is Clock.STATED:
        return frame
    query = on_clock(asked.query, clock, asked.address.values["on"] or asked.today)
    filters = replace(asked.address.filters, known_at=query.known_at, published_by=query.published_by)
    clocked = frame_of(frame.path, pose(replace(asked.address, filters=filters), snapshot))
    return frame._replace(downloads=clocked.downloads, cite=clocked.cite)


def _matrix(asked: Inquiry, snapshot: "Snapshot", pages: Environment, frame: Frame, clock_text: str | None) -> str:
    values, clock = asked.address.values, read_clock(clock_text)
    on = values["on"] or asked.today
    asking = Asking(asked.query, asked.address.listing, inherit=values["inherit"])
    found = matrix_on(snapshot, asking, on, clock, stale_after=values["stale_after"], kept=frame.kept)
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


def _search(asked: Inquiry, snapshot: "Snapshot", pages: Environment, frame: Frame) -> str:
    words, found = asked.address.values["text"], search_answer(asked, snapshot)
    return pages.get_template("search.html").render(frame=frame, asked=asked, words=words, found=found)


def _latest_changes(address: Address, snapshot: "Snapshot") -> Response:
    """Where a report names no day, the year up to the last statement: a record may have ended long ago."""
    days = snapshot.days_of_statements(address.filters.query(snapshot))
    last = days[-1][0] if days else snapshot.today
    first = last - timedelta(365) if last > date(2, 1, 1) else date.min
    more = [("from", first.isoformat())] + ([] if address.values["up_to"] else [("to", last.isoformat())])
    return RedirectResponse(f"/report?{query_text([*address.given, *more])}", status_code=303)


def _card(database: Database, pages: Environment) -> Callable[[Request], Response]:
    """What a cell shows under the pointer: the sentence, the quote, who said it, where."""

    def card(request: Request) -> Response:
        with database.snapshot() as snapshot:
            address = read_address("explain", request.query_params.multi_items(), snapshot.today)
            asked = pose(address, snapshot, shown_as="card")
            if is_known(request, asked.tag):
                return not_modified(asked.tag)
            cells, names = _cells_of(address, asked.query, snapshot)
        body = pages.get_template("card.html").render(cells=cells, on=address.values["on"] or asked.today, names=names)
        return HTMLResponse(body, headers={"ETag": asked.tag, "Cache-Control": CACHED})

    return card


def _cells_of(address: Address, query: Query, snapshot: "Snapshot") -> tuple[Any, Any]:
    about = _about_pair(address, query, snapshot)
    found = snapshot.state(address.values["on"], about)
    return found.cells, snapshot.registers(found.on, known_at=found.log.position, published_by=query.published_by)


def _days(database: Database) -> Callable[[Request], Response]:
    """The days on which anything in scope was stated, with how much, for the marks of the slider."""

    def days(request: Request) -> Response:
        import orjson

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
