"""The routes of subjects: a page for each, and the same below /api with what the command line prints."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from tracker.reports.answers import Fields
from tracker.reports.html import render_page
from tracker.web.api import described, responses
from tracker.web.asking.address import read_address
from tracker.web.asking.answering import Inquiry, answer, form_of, pose
from tracker.web.asking.database import Database
from tracker.web.frame import feed_of, frame_of, shell
from tracker.web.responses import CACHED, download, is_known, not_modified, without_empty
from tracker.web.subjects.entry import entry_page
from tracker.web.subjects.issue import issue_page
from tracker.web.subjects.party import party_page

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


class Subject(NamedTuple):
    """A kind of subject: the path of its pages, a word on its data, what names one, and the function for its page."""

    path: str
    summary: str
    names: str
    page: Callable[["Snapshot", Inquiry], Fields]


SUBJECTS: Mapping[str, Subject] = {
    "issue": Subject("/issues", "One issue, its wordings and its closing", "Its path, or the end of it.", issue_page),
    "party": Subject("/parties", "One party, its blocs and its members", "Its code, or any of its names.", party_page),
    "entry": Subject(
        "/entries", "One entry with its evidence", "Its log position, or the start of its id.", entry_page
    ),
}
"""By the question that its address asks."""


def subject_routes(database: Database, pages: Environment, *, recording: bool) -> APIRouter:
    """The page of every subject, and its data."""
    router = APIRouter()
    for question, subject in SUBJECTS.items():
        for below in ("", "/api"):
            router.add_api_route(
                f"{below}{subject.path}/{{name:path}}",
                _route(question, subject, database, pages, recording=recording, below=below),
                methods=["GET"],
                include_in_schema=bool(below),
                summary=subject.summary,
                operation_id=question,
                openapi_extra=_described(question, subject),
                response_class=Response,
            )
    return router


def _route(
    question: str, subject: Subject, database: Database, pages: Environment, *, recording: bool, below: str
) -> Callable[[Request], Response]:
    def route(request: Request) -> Response:
        if not below and (short := without_empty(request)) is not None:
            return short
        path = request.url.path
        with database.snapshot() as snapshot:
            address = read_address(question, request.query_params.multi_items(), snapshot.today)
            name = request.path_params["name"].strip("/")
            asked = pose(
                replace(address, values={**address.values, "name": name}), snapshot, shown_as=f"{path} {recording}"
            )
            if is_known(request, asked.tag):
                return not_modified(asked.tag)
            if below or address.form not in (None, "html"):
                return download(asked, answer(asked, snapshot, form_of(address, default="json")), api=bool(below))
            found = subject.page(snapshot, asked)
        frame = frame_of(path, asked, recording=recording)
        if question in ("party", "issue"):
            frame = frame._replace(feed=feed_of(((question, name), *frame.kept)))
        if found.data is None:  # a list of several, which is no one's data
            frame = frame._replace(downloads=[])
        body = render_page(found, shell(pages, frame))
        return HTMLResponse(body, headers={"ETag": asked.tag, "Cache-Control": CACHED})

    return route


def _described(question: str, subject: Subject) -> dict[str, Any]:
    named = {"name": "name", "in": "path", "required": True, "description": subject.names, "schema": {"type": "string"}}
    return {"parameters": [named, *described(question)], "responses": responses(question)}
