"""Refusals as answers: the status of each, as problem+json (RFC 9457) below /api and as a page elsewhere.

The sentences are those of the command line, but for those on a database that cannot be read: readers of a page are not
told where it is. The server's log has the whole sentence.
"""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from logging import getLogger
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from tracker import errors
from tracker.domain.terms.safe_text import plain
from tracker.errors import TrackerError, UnknownName
from tracker.web.asking.address import query_text
from tracker.web.frame import environment, frame_of

if TYPE_CHECKING:
    from fastapi import FastAPI

BUSY_SECONDS = 5
"""Seconds after which to try again, where an answer is not to be had now."""

STATUS: Mapping[type[TrackerError], int] = {
    TrackerError: 422,
    # What is asked for cannot be asked.
    errors.AmbiguousName: 400,
    errors.AnotherLog: 400,
    errors.BadData: 400,
    errors.BadEvent: 400,
    errors.BadValue: 400,
    errors.BlankText: 400,
    errors.FigureAskedOfNobody: 400,
    errors.FileUnavailable: 400,
    errors.NarrowerThanEarlier: 400,
    errors.NotAReport: 400,
    errors.NotOneQuantity: 400,
    errors.UnknownEventType: 400,
    # Whoever asks may not, or not so.
    errors.NotSignedIn: 401,
    errors.SignInIsOver: 403,
    errors.TooOpenForTokens: 403,
    errors.FromAnotherSite: 403,
    # What is asked about is not on record.
    errors.PositionAhead: 404,
    errors.UnknownEntry: 404,
    errors.UnknownName: 404,
    # The record holds something that stands against it.
    errors.ChangedSinceRecorded: 409,
    errors.LooksLikeId: 409,
    errors.LooksLikeOneOnRecord: 409,
    errors.NameInUse: 409,
    errors.NoLongerCounts: 409,
    errors.NotTheLastEntry: 409,
    errors.OtherHash: 409,
    errors.PairMovedOn: 409,
    errors.RegisteredOtherwise: 409,
    errors.SameIdOtherContent: 409,
    errors.StillReferredTo: 409,
    errors.EntryTooLong: 413,
    # The record cannot be read, or written, for now.
    errors.DatabaseMissing: 503,
    errors.DatabaseNewer: 503,
    errors.DatabaseOlder: 503,
    errors.DatabaseUnavailable: 503,
    errors.LogDamaged: 503,
    errors.NotATrackerDatabase: 503,
    errors.OutcomeUnknown: 503,
}
"""The status of a refusal: that of its class, or of the nearest one above it."""

_WITHOUT_PLACE: Mapping[type[TrackerError], str] = {
    errors.DatabaseMissing: "The database is no longer there.",
    errors.DatabaseNewer: "The database was upgraded beneath this server: whoever runs it has to upgrade the tracker.",
    errors.DatabaseOlder: "The database was made by an older release: whoever runs this server has to upgrade it.",
    errors.DatabaseUnavailable: "The database cannot be read now.",
    errors.NotATrackerDatabase: "The database was replaced by something else.",
}
"""What readers are told of a refusal whose own sentence says where the database is."""

_HEADINGS = {
    400: "This cannot be asked",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not on record",
    405: "This cannot be done here",
    409: "The record says otherwise",
    413: "Too much at once",
    414: "The address is too long",
    421: "Not the name of this server",
    422: "Refused",
    500: "Something went wrong",
    503: "Not now",
}

FAULT = "fault"
_log = getLogger("tracker.web")


class Problem(NamedTuple):
    """A refusal to answer, in sentences. `kind` is a word for it that programs may rely on.

    `reference` finds what the server's log has about it.
    """

    status: int
    lines: Sequence[str]
    kind: str
    field: str | None = None
    nearest: Sequence[str] = ()
    reference: str = ""
    headers: Mapping[str, str] = {}
    meant: Sequence[tuple[str, str]] = ()
    """What may have been meant, each with the address that asks for it."""


SCHEMA = {
    "title": "Problem",
    "description": "A refusal to answer (RFC 9457), in the sentences of the command line.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "kind"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and what to do; a line for each problem."},
        "kind": {"type": "string", "description": "A word for the refusal, on which programs may rely."},
        "field": {"type": "string", "description": "The parameter or field at fault."},
        "nearest": {"type": "array", "items": {"type": "string"}, "description": "What may have been meant."},
        "reference": {"type": "string", "description": "Finds what the server's log has about it."},
    },
}
"""A problem as OpenAPI describes it."""


def problem_of(refusal: TrackerError) -> Problem:
    """Return a refusal as a problem."""
    name = type(refusal)
    status = next(STATUS[above] for above in name.__mro__ if above in STATUS)
    sentence = next((_WITHOUT_PLACE[above] for above in name.__mro__ if above in _WITHOUT_PLACE), None)
    return Problem(
        status,
        refusal.lines if sentence is None else (f"{sentence} This server goes on by itself when that is mended.",),
        re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=A)(?=[A-Z][a-z])", "-", name.__name__).lower(),
        refusal.field,
        [str(one) for one in getattr(refusal, "nearest", ())],
        headers=_HEADERS.get(status, {}),
    )


_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": str(BUSY_SECONDS)}}


def unexpected(reference: str) -> Problem:
    """Return the problem of a fault of ours, which the log tells about at this reference."""
    said = "This server met a fault of its own. Nothing was recorded. Whoever runs it finds more in its log."
    return Problem(500, (said,), FAULT, reference=reference)


def respond(problem: Problem, path: str) -> Response:
    """Return a problem as the answer to an address: data below /api, a page elsewhere."""
    lines = [plain(line) for line in problem.lines]
    headers = {"Cache-Control": "no-store", **problem.headers}
    if path == "/api" or path.startswith("/api/"):
        body = orjson.dumps(_data(problem, lines))
        return Response(body, problem.status, headers, "application/problem+json")
    heading = _HEADINGS.get(problem.status, HTTPStatus(problem.status).phrase)
    shown = {"heading": heading, "lines": lines, "reference": problem.reference, "meant": problem.meant}
    if problem.kind == FAULT:  # the frame of the site may be what is at fault
        page = environment().get_template("fault.html").render(shown)
    else:
        page = environment().get_template("problem.html").render(shown, frame=frame_of("", None))
    return Response(page, problem.status, headers, "text/html; charset=utf-8")


def _data(problem: Problem, lines: Sequence[str]) -> dict[str, object]:
    rest = {"field": problem.field, "nearest": list(problem.nearest), "reference": problem.reference}
    return {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": "\n".join(lines),
        "kind": problem.kind,
        **{name: value for name, value in rest.items() if value},
    }


def handle_problems(app: "FastAPI") -> None:
    """Let an app answer what it refuses as problems, and describe them in its schema."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        schema = describe()
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = SCHEMA
        return schema

    app.openapi = described  # type: ignore[method-assign]
    app.add_exception_handler(TrackerError, _refused)
    app.add_exception_handler(HTTPException, _no_such_page)
    app.add_exception_handler(RequestValidationError, _wrong_parameters)
    app.add_exception_handler(Exception, _fault)


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, TrackerError)
    problem = problem_of(refusal)
    if isinstance(refusal, UnknownName):
        problem = problem._replace(meant=[(near, _with_name(request, refusal.name, near)) for near in problem.nearest])
    if problem.status == 503:
        reference = reference_of(request.scope)
        problem = problem._replace(reference=reference)
        _log.warning("%s: %s", reference, plain(str(refusal)))
    return respond(problem, request.scope["path"])


def _with_name(request: Request, name: str, near: str) -> str:
    """The address that was asked for, with another name in place of one."""
    path = request.scope["path"].removesuffix(f"/{name}")
    path += f"/{near}" if path != request.scope["path"] else ""
    pairs = [(key, near if value == name else value) for key, value in request.query_params.multi_items()]
    return f"{quote(path)}?{query_text(pairs)}" if pairs else quote(path)


async def _no_such_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = f"No page is at {request.scope['path']!r}." if error.status_code == 404 else f"{error.detail}."
    problem = Problem(error.status_code, (said,), "no-such-page", headers=error.headers or {})
    return respond(problem, request.scope["path"])


async def _wrong_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    lines = [f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}." for one in error.errors()]
    return respond(Problem(400, lines, "bad-value"), request.scope["path"])


async def _fault(request: Request, _: Exception) -> Response:
    """The guard logs the exception, with this reference."""
    return respond(unexpected(reference_of(request.scope)), request.scope["path"])


def reference_of(scope: Scope) -> str:
    """Return the reference of a request, which the guard gave it."""
    return str(scope.get("reference", ""))
