"""The JSON API: every question below /api, with the rows of the command line, described by OpenAPI."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from tracker.domain.answers.asks import Ask, OpenConditions
from tracker.domain.answers.changes import Change
from tracker.domain.answers.search import SearchHit
from tracker.domain.terms.vocabulary import Act, Attribution, Priority
from tracker.domain.timeline.state import StateRow
from tracker.presenting.parameters import QUESTIONS, Kind, Parameter
from tracker.reports.formats import formats_of
from tracker.web.asking.address import PAIR, SUBJECTS, address_name, parameters_of, read_address
from tracker.web.asking.answering import MEDIA_TYPES, answer, form_of, pose
from tracker.web.asking.database import Database
from tracker.web.asking.questions import formats_name_of
from tracker.web.asking.row_schemas import row_schema
from tracker.web.frame import api_path
from tracker.web.responses import download, is_known, not_modified

SUMMARIES = {
    "state": "Who stands where on a day",
    "history": "The steps of parties on issues",
    "find": "The entries that hold all words of a text",
    "explain": "Why a party stands where it does",
    "asks": "What parties ask of each other, and since when it is open",
    "conditions": "The conditions in force on a day",
    "report": "What changed between two days",
    "consensus": "Who still objects on each issue, on a day or over time",
    "agreement": "How often every two parties agree",
}


def api_routes(database: Database) -> APIRouter:
    """A route for every question: `/api/state?on=2019-12-10` has what `tracker state --format json` prints."""
    router = APIRouter()
    for question in QUESTIONS:
        router.add_api_route(
            api_path(question),
            _route(question, database),
            methods=["GET"],
            summary=SUMMARIES[question],
            operation_id=question,
            openapi_extra={"parameters": described(question), "responses": responses(question)},
            response_class=Response,
        )
    return router


def _route(question: str, database: Database) -> Callable[[Request], Response]:
    def route(request: Request) -> Response:
        with database.snapshot() as snapshot:
            address = read_address(question, request.query_params.multi_items(), snapshot.today)
            form = form_of(address, default="json")
            asked = pose(address, snapshot, shown_as="api")
            if is_known(request, asked.tag):
                return not_modified(asked.tag)
            found = answer(asked, snapshot, form)
        return download(asked, found, api=True)

    return route


def described(question: str) -> list[dict[str, Any]]:
    """The parameters of a question as OpenAPI describes them."""
    needed = PAIR if question == "explain" else ()
    return described_parameters(
        parameters_of(question),
        forms=formats_of(formats_name_of(question)),
        needed={"text", *map(address_name, needed)},
    )


def described_parameters(
    parameters: Iterable[Parameter], *, forms: Sequence[str] = (), needed: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Parameters as OpenAPI describes them; `forms` are the formats of the answer."""
    return [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            "allowEmptyValue": True,  # as forms send what was left out
            "description": parameter.explained,
            "schema": {"type": "array", "items": schema} if parameter.repeated else schema,
        }
        for parameter in parameters
        for name, schema in [(address_name(parameter), _schema(parameter, forms))]
    ]


def _schema(parameter: Parameter, forms: Sequence[str]) -> dict[str, Any]:
    if parameter.name == "format":
        return {"type": "string", "enum": list(forms)}
    if parameter.kind is Kind.FLAG:
        return {"type": "boolean"}
    if parameter.kind is Kind.NUMBER:
        return {"type": "integer", "minimum": parameter.least, "maximum": parameter.most}
    if parameter.name == "hash":
        return {"type": "string", "pattern": "^[0-9a-f]{1,64}$"}
    examples = _EXAMPLES.get(parameter.kind)
    return {"type": "string", "examples": examples} if examples else {"type": "string"}


_EXAMPLES: Mapping[Kind, list[str]] = {
    Kind.DAY: ["2019-12-10", "today", "30d"],
    Kind.MOMENT: ["@120", "2019-12-10", "2019-12-10T17:21:00Z"],
    Kind.FIGURE: ["300", "1.5"],
    Kind.ATTRIBUTIONS: [*Attribution, f"{Attribution.DIRECT},{Attribution.REPORTED}"],
    Kind.ACTS: [*Act],
    Kind.PRIORITIES: [*Priority],
}
"""How values of a kind are written. Those of closed lists may be several, with commas between them."""


def responses(question: str) -> dict[str, Any]:
    """The answers to a question as OpenAPI describes them."""
    is_list = question not in ("explain", "report", *SUBJECTS)
    return responses_of(formats_name_of(question), is_list=is_list)


def responses_of(answer: str, *, forms: Sequence[str] = (), is_list: bool = True) -> dict[str, Any]:
    """What may come back, by status, as OpenAPI describes it; in JSON an answer is a list or an object.

    The formats of an answer of the command line are known.
    """
    row = _ROWS.get(answer, {"type": "object"})
    rows = {"type": "array", "items": row} if is_list else row
    content = {
        MEDIA_TYPES[form].split(";")[0]: {"schema": rows if form == "json" else {"type": "string"}}
        for form in forms or formats_of(answer)
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        "200": {
            "description": "The answer. A long list is cut into pages: `Link` names the next.",
            "headers": {"ETag": {"schema": {"type": "string"}}, "Link": {"schema": {"type": "string"}}},
            "content": content,
        },
        "304": {"description": "The answer that the reader has, by its tag in `If-None-Match`."},
        "400": {"description": "What is wrong with the address.", "content": problem},
        "404": {"description": "A party, an issue or an entry that is not on record.", "content": problem},
        "409": {"description": "Another log than the one that `hash` was cited from.", "content": problem},
        "503": {"description": "The database cannot be read now.", "content": problem},
    }


_ROWS: Mapping[str, dict[str, Any]] = {
    "asks": row_schema(Ask),
    "compare": {"type": "object", "required": ["party", "issue", "from", "to"]},
    "conditions": row_schema(OpenConditions),
    "history": row_schema(Change, without={"position"}),
    "search": row_schema(SearchHit, without={"position"}),
    "state": row_schema(StateRow),
}
"""The rows of answers that are lists of one kind."""
