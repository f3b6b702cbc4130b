"""Two days side by side, or two clocks: only the cells that differ."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from tracker.domain.registers.registers import Registers
from tracker.domain.terms.columns import row_data
from tracker.domain.terms.scope import Query
from tracker.domain.timeline.staleness import STALE_AFTER
from tracker.domain.timeline.state import StateRow
from tracker.reports.data_formats import to_json
from tracker.reports.names import Names
from tracker.web.api import described_parameters, responses_of
from tracker.web.asking.address import parameters_of, read_address
from tracker.web.asking.answering import Inquiry, pose
from tracker.web.asking.database import Database
from tracker.web.frame import frame_of
from tracker.web.matrix.cells import Stances, link_of
from tracker.web.matrix.matrix import MatrixQuestion, differing_pairs, state_by_pair
from tracker.web.responses import CACHED, is_known, not_modified, without_empty

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


class Side(NamedTuple):
    """One side: the day, and the record that it is asked of."""

    on: date
    query: Query


class Difference(NamedTuple):
    """A pair whose sides differ; None where nothing was on record."""

    issue: str
    party: str
    left: StateRow | None
    right: StateRow | None

    @property
    def data(self) -> dict[str, object]:
        """The difference as JSON: each side is a row of the state, or null."""
        sides = {"from": self.left, "to": self.right}
        rows = {name: None if row is None else row_data(row) for name, row in sides.items()}
        return {"party": self.party, "issue": self.issue, **rows}


def compare_routes(database: Database, pages: Environment, *, recording: bool) -> APIRouter:
    """The page and its data."""
    router = APIRouter()
    page = _route(database, lambda asked, snapshot: _page(asked, snapshot, pages, recording=recording))
    router.add_api_route("/compare", page, methods=["GET"], include_in_schema=False)
    data = _route(database, _data)
    router.add_api_route(
        "/api/compare",
        data,
        methods=["GET"],
        summary="What differs between two days or two clocks",
        operation_id="compare",
        openapi_extra={
            "parameters": described_parameters(parameters_of("compare"), forms=["json"]),
            "responses": responses_of("compare", forms=["json"]),
        },
        response_class=Response,
    )
    return router


def _route(database: Database, respond: Callable[[Inquiry, "Snapshot"], Response]) -> Callable[[Request], Response]:
    def route(request: Request) -> Response:
        if not request.url.path.startswith("/api/") and (short := without_empty(request)) is not None:
            return short
        with database.snapshot() as snapshot:
            address = read_address("compare", request.query_params.multi_items(), snapshot.today)
            asked = pose(address, snapshot, shown_as=request.url.path)
            if is_known(request, asked.tag):
                return not_modified(asked.tag)
            response = respond(asked, snapshot)
        response.headers.update({"ETag": asked.tag, "Cache-Control": CACHED})
        return response

    return route


def _data(asked: Inquiry, snapshot: "Snapshot") -> Response:
    found = [one.data for one in differences(snapshot, *sides_of(asked))]
    return Response(to_json(found), media_type="application/json")


def _page(asked: Inquiry, snapshot: "Snapshot", pages: Environment, *, recording: bool) -> Response:
    left, right = sides_of(asked)
    found = list(differences(snapshot, left, right))
    registers = snapshot.registers(right.on, known_at=asked.head.position, published_by=asked.query.published_by)
    stances = [Stances(side.on, STALE_AFTER) for side in (left, right)]
    frame = frame_of("/compare", asked, recording=recording)
    body = pages.get_template("compare.html").render(
        frame=frame,
        asked=asked,
        left=left,
        right=right,
        links=[link_of(frame.kept, side.query, side.on) for side in (left, right)],
        stances=stances,
        stale_after=STALE_AFTER,
        issues=_by_issue(found),
        number=len(found),
        names=Names(registers),
        unit_of=_units(registers),
    )
    return HTMLResponse(body)


def sides_of(asked: Inquiry) -> tuple[Side, Side]:
    """Both sides of a comparison: without days both are of today, without `known_from` both know the same."""
    values = asked.address.values
    up_to = values["up_to"] or asked.today
    known_from = values["known_from"] or asked.query.known_at
    left = Side(values["after"] or up_to, replace(asked.query, known_at=known_from))
    return left, Side(up_to, asked.query)


def differences(snapshot: "Snapshot", left: Side, right: Side) -> Iterator[Difference]:
    """The pairs whose stances differ, by issue and party. Raises TrackerError."""
    before, after = (state_by_pair(snapshot, MatrixQuestion(side.query), side.on) for side in (left, right))
    for issue, party in sorted(differing_pairs(before, after), key=lambda pair: (pair[0].split("/"), pair[1])):
        yield Difference(issue, party, before.get((issue, party)), after.get((issue, party)))


def _by_issue(found: Sequence[Difference]) -> list[tuple[str, list[Difference]]]:
    return [(issue, list(rows)) for issue, rows in groupby(found, key=lambda one: one.issue)]


def _units(registers: Registers) -> Callable[[str], str | None]:
    return lambda issue: registers.issues[issue].unit if issue in registers.issues else None
