"""The page about the API: what can be asked there, with what, and an example of each that can be followed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from tracker.web.asking.address import query_text
from tracker.web.asking.answering import tag_of
from tracker.web.asking.database import Database
from tracker.web.frame import frame_of
from tracker.web.responses import CACHED, is_known, not_modified

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

API = "/api"
_EXAMPLES: Mapping[str, Sequence[str]] = {
    "/api/state": ("on",),
    "/api/history": ("party", "issue"),
    "/api/search": ("text",),
    "/api/explain": ("party", "issue"),
    "/api/report": ("from", "to"),
    "/api/consensus": ("issue",),
    "/api/log": ("after",),
    "/api/entries": ("after",),
}
"""By path, the parameters that its example gives; those of other paths give none."""


class Operation(NamedTuple):
    """What can be asked at a path. `example` is an address that can be followed, None where there is none."""

    method: str
    path: str
    summary: str
    parameters: Sequence[Mapping[str, Any]]
    formats: Sequence[str]
    example: str | None


def api_page_routes(database: Database, pages: Environment, *, recording: bool) -> APIRouter:
    """The route of the page about the API."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route(API, _page(database, pages, recording=recording))
    return router


def _page(database: Database, pages: Environment, *, recording: bool) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        with database.snapshot() as snapshot:
            tag = tag_of(API, snapshot.checkpoint(), snapshot.today, recording)
            if is_known(request, tag):
                return not_modified(tag)
            values = _example_values(snapshot)
        operations = list(_operations(request.app.openapi(), values))
        frame = frame_of(API, None, recording=recording)
        body = pages.get_template("api.html").render(frame=frame, operations=operations)
        return HTMLResponse(body, headers={"ETag": tag, "Cache-Control": CACHED})

    return page


def _example_values(snapshot: "Snapshot") -> Mapping[str, str]:
    """Values for examples, of what was stated last."""
    head = snapshot.checkpoint()
    stated = snapshot.page_before(None, 1, lambda line: line.type.startswith("position.")).found
    data: Mapping[str, Any] = stated[0].entry.event.data() if stated else {}
    words = str(data.get("summary", "treaty")).split()
    return {
        "party": data.get("party", "USA"),
        "issue": data.get("issue", "issue"),
        "text": max(words, key=len),
        "on": snapshot.today.isoformat(),
        "from": (snapshot.today - timedelta(365)).isoformat(),
        "to": snapshot.today.isoformat(),
        "after": str(max(0, head.position - 3)),
        "entry": str(max(1, head.position)),
    }


def _operations(schema: Mapping[str, Any], values: Mapping[str, str]) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, found in methods.items():
            answered = found.get("responses", {}).get("200", {}).get("content", {})
            example = _example(path, values) if method == "get" else None
            parameters = found.get("parameters", ())
            yield Operation(method.upper(), path, found.get("summary", ""), parameters, list(answered), example)


def _example(path: str, values: Mapping[str, str]) -> str:
    names = {"/api/parties": values["party"], "/api/issues": values["issue"], "/api/entries": values["entry"]}
    above, _, named = path.partition("/{")
    if named:
        return f"{above}/{quote(names.get(above, ''))}"
    asked = query_text((name, values[name]) for name in _EXAMPLES.get(path, ()))
    return f"{path}?{asked}" if asked else path
