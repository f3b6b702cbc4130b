"""The API's way to record: events with ids of their own, so that a program may send them again to no effect."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from tracker.adapters.jsonl import read_object
from tracker.domain.log.entries import uuid_of
from tracker.domain.log.events import Event
from tracker.domain.log.parsing import parse_event
from tracker.domain.terms.safe_text import label, plain, shown
from tracker.errors import BadEvent, BadValue, RefusedEntries, TrackerError
from tracker.presenting.replies import notes_on_entries
from tracker.usecases.record import RecordResult
from tracker.web.asking.database import Database
from tracker.web.recording.access import Access

MOST_EVENTS = 1_000
"""How many events are recorded at once."""
_FIELDS = {"id", "type", "data"}
_HOW = {"events", "check", "anyway", "expected_position"}


def submission_routes(database: Database, access: Access) -> APIRouter:
    """The route that records."""
    router = APIRouter()

    async def record(request: Request) -> Response:
        def answer() -> Response:
            by = access.require_token(request)
            return _record(database, body, by)

        body = await request.body()
        return await run_in_threadpool(answer)

    router.add_api_route(
        "/api/record",
        record,
        methods=["POST"],
        summary="Record events, all or none; an event whose id is on record keeps its first position",
        operation_id="record",
        openapi_extra=_DESCRIPTION,
        response_class=JSONResponse,
    )
    return router


def _record(database: Database, body: bytes, by: str) -> Response:
    try:
        asked = read_object(body)
    except UnicodeDecodeError:
        raise BadValue("What is sent is not text in UTF-8.") from None
    _require_form(asked)
    events, ids = _events(asked["events"])
    check = asked.get("check", False)
    try:
        results = database.tracker().record(
            events,
            by=by,
            event_ids=ids,
            anyway=asked.get("anyway", False),
            expected_position=asked.get("expected_position"),
            check_only=check,
        )
    except RefusedEntries as refused:
        raise _only(refused) from None
    is_new = any(one.receipt.appended for one in results)
    return JSONResponse(
        _told(results, check=check), 201 if is_new and not check else 200, {"Cache-Control": "no-store"}
    )


def _only(refused: RefusedEntries) -> TrackerError:
    """The one refusal of several entries, which says by its kind what is wrong; all of them otherwise."""
    (_, first), *more = refused.refusals
    return refused if more else first


def _require_form(asked: Mapping[str, Any]) -> None:
    """Check the form of what is sent. Raises BadEvent."""
    problems: list[tuple[str | None, str]] = [
        (label(name), f"is not taken here. The fields are {', '.join(sorted(_HOW))}.")
        for name in asked
        if name not in _HOW
    ]
    events = asked.get("events")
    if not isinstance(events, list) or not 0 < len(events) <= MOST_EVENTS:
        problems.append(("events", f"is not a list of 1 to {MOST_EVENTS:,} events."))
    for name in ("check", "anyway"):
        if not isinstance(asked.get(name, False), bool):
            problems.append((name, f"{shown(asked[name])} is neither true nor false."))
    position = asked.get("expected_position")
    if position is not None and (type(position) is not int or not 0 <= position < 2**53):
        problems.append(("expected_position", f"{shown(position)} is not a log position."))
    if problems:
        raise BadEvent(problems[: BadEvent.SHOWN], more=len(problems) - BadEvent.SHOWN)


def _events(sent: Sequence[Any]) -> tuple[list[Event], list[str]]:
    """The events that are sent, and their ids. Raises BadEvent with every problem, each with the place of its event."""
    events: list[Event] = []
    ids: list[str] = []
    problems: list[tuple[str | None, str]] = []
    for place, one in enumerate(sent):
        try:
            event, event_id = _event(one)
            events.append(event)
            ids.append(event_id)
        except TrackerError as refusal:
            for field, sentence in refusal.problems:
                problems.append((".".join(filter(None, ("events", str(place), field))), sentence))
    if problems:
        raise BadEvent(problems[: BadEvent.SHOWN], more=len(problems) - BadEvent.SHOWN)
    if len(set(ids)) < len(ids):
        raise BadEvent([("events", "has an id twice. Give each event an id of its own.")])
    return events, ids


def _event(sent: Any) -> tuple[Event, str]:
    if not isinstance(sent, dict):
        raise BadEvent([(None, f"{shown(sent)} is not an event: an object with id, type and data.")])
    if unknown := [name for name in sent if name not in _FIELDS]:
        said = "is not taken here: an event has id, type and data; the token says who records it, and the clock when."
        raise BadEvent([(label(name), said) for name in unknown[: BadEvent.SHOWN]])
    problems: list[tuple[str | None, str]] = []
    try:
        event_id = uuid_of(sent.get("id"))
    except TrackerError as refusal:
        problems.append(("id", str(refusal)))
    if not isinstance(sent.get("type"), str) or not isinstance(sent.get("data"), dict):
        problems.append(("type" if not isinstance(sent.get("type"), str) else "data", "is missing."))
        raise BadEvent(problems)
    try:
        event: Event = parse_event(sent["type"], sent["data"])
    except TrackerError as refusal:
        problems += refusal.problems
    if problems:
        raise BadEvent(problems)
    return event, event_id


def _told(results: Sequence[RecordResult], *, check: bool) -> dict[str, Any]:
    receipts = [one.receipt for one in results]
    entries = [
        {
            "id": one.entry.id,
            "position": None if check and one.appended else one.entry.position,
            "is_new": one.appended,
            "notes": [plain(note) for note in notes],
        }
        for one, notes in zip(receipts, notes_on_entries(results, check=check), strict=True)
    ]
    return {"recorded_by": receipts[0].entry.recorded_by, "checked_only": check, "entries": entries}


_TEXT = {"type": "string"}
_EVENT = {
    "type": "object",
    "required": ["id", "type", "data"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "format": "uuid", "description": "The entry's id; a UUID of version 7 is best."},
        "type": {"type": "string", "description": "A type of docs/file-format.md, such as position.stated.v2."},
        "data": {"type": "object", "description": "The data of that type."},
    },
}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_ANSWER = {
    "type": "object",
    "required": ["recorded_by", "checked_only", "entries"],
    "properties": {
        "recorded_by": _TEXT,
        "checked_only": {"type": "boolean"},
        "entries": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "position", "is_new", "notes"],
                "properties": {
                    "id": _TEXT,
                    "position": {"type": ["integer", "null"]},
                    "is_new": {"type": "boolean"},
                    "notes": {"type": "array", "items": _TEXT},
                },
            },
        },
    },
}
_DESCRIPTION: dict[str, Any] = {
    "description": "Needs a token (`Authorization: Bearer TOKEN`), whose holder stands on the entries.",
    "parameters": [
        {"name": "Authorization", "in": "header", "required": True, "schema": _TEXT, "description": "Bearer TOKEN"}
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["events"],
                    "additionalProperties": False,
                    "properties": {
                        "events": {"type": "array", "minItems": 1, "maxItems": MOST_EVENTS, "items": _EVENT},
                        "check": {"type": "boolean", "description": "Check everything and record nothing."},
                        "anyway": {"type": "boolean", "description": "Record it although it looks like one on record."},
                        "expected_position": {
                            "type": "integer",
                            "minimum": 0,
                            "description": "Refuse if a pair was touched after this log position.",
                        },
                    },
                }
            }
        },
    },
    "responses": {
        "200": {
            "description": "Nothing new: all was on record, or only checked.",
            "content": {"application/json": {"schema": _ANSWER}},
        },
        "201": {"description": "Recorded.", "content": {"application/json": {"schema": _ANSWER}}},
        "400": {"description": "What is wrong with what was sent.", "content": _PROBLEM},
        "401": {"description": "The token is missing, false or revoked.", "content": _PROBLEM},
        "403": {"description": "The connection is one on which tokens are not taken.", "content": _PROBLEM},
        "404": {"description": "A party, an issue or an entry that is not on record.", "content": _PROBLEM},
        "409": {"description": "The record holds something that stands against it.", "content": _PROBLEM},
        "422": {"description": "What the log refuses.", "content": _PROBLEM},
        "503": {"description": "The database cannot be written now.", "content": _PROBLEM},
    },
}
