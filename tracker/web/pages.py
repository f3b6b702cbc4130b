"""The pages: every answer in the frame of the site, and each in the formats of the command line."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment
from markupsafe import Markup

from tracker.charts import pictures
from tracker.presenting.parameters import QUESTIONS
from tracker.reports.formats import render
from tracker.web.asking.address import Address, query_text, read_address
from tracker.web.asking.answering import Inquiry, answer, form_of, pose, presentation_of
from tracker.web.asking.database import Database
from tracker.web.asking.questions import presented
from tracker.web.drawing import drawing
from tracker.web.frame import PATHS, Frame, frame_of, shell
from tracker.web.responses import CACHED, download, is_known, not_modified, without_empty
from tracker.web.search import search_answer

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


def page_routes(database: Database, pages: Environment, *, recording: bool) -> APIRouter:
    """The routes of the pages that show the answer to a question."""
    router = APIRouter(include_in_schema=False)
    for question in QUESTIONS:
        if question != "state":  # the front page is more than its document
            page = _page(question, PATHS[question], database, pages, recording=recording)
            router.add_api_route(PATHS[question], page, methods=["GET"])
    return router


def _page(
    question: str, path: str, database: Database, pages: Environment, *, recording: bool
) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        if (short := without_empty(request)) is not None:
            return short
        with database.snapshot() as snapshot:
            address = read_address(question, request.query_params.multi_items(), snapshot.today)
            if question == "report" and address.values["after"] is None and address.values["since"] is None:
                return _latest_changes(address, snapshot)
            asked = pose(address, snapshot, shown_as=f"{path} {recording}")
            if is_known(request, asked.tag):
                return not_modified(asked.tag)
            if address.form is not None and address.form != "html":
                return download(asked, answer(asked, snapshot, form_of(address, default="json")))
            frame = frame_of(path, asked, recording=recording)
            body = (_search if question == "find" else _in_frame)(asked, snapshot, pages, frame)
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
