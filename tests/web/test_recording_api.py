"""Programs record events by a token, with ids of their own: what is sent again keeps its first position."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.web.browser import Browser, entries, token_for
from tracker.tracker import Tracker

LEDGER = """
    party RUS at=2025-01-01T00:00:00Z
    party USA
    issue a/b
    a: stated RUS a/b opposes 2019-12-01
    """
DATA = {"party": "RUS", "issue": "a/b", "stance": "supports", "stated_on": "2019-12-10", "summary": "Said so."}


class Program:
    """A program that holds a token."""

    def __init__(self, app: Any, token: str) -> None:
        self._client, self.token = Browser(app), token

    def send(self, sent: Any, **headers: str) -> Any:
        content = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        return self._client.post(
            "/api/record", content=content, headers={"Authorization": f"Bearer {self.token}", **headers}
        )


@pytest.fixture
def program(app: Any, url: str) -> Program:
    return Program(app, token_for(url, "Feed"))


def event(type_name: str = "position.stated.v1", **data: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "type": type_name, "data": {**(DATA if type_name.startswith("pos") else {}), **data}}


def test_events_are_recorded_all_at_once_under_the_name_of_the_token(program: Program, url: str) -> None:
    new = event("source.registered.v1", source="tass", title="T", publisher="TASS"), event(source="tass")
    done = program.send({"events": new})
    assert done.status_code == 201
    assert done.headers["cache-control"] == "no-store"
    assert done.json() == {
        "recorded_by": "Feed",
        "checked_only": False,
        "entries": [
            {"id": new[0]["id"], "position": 5, "is_new": True, "notes": []},
            {"id": new[1]["id"], "position": 6, "is_new": True, "notes": []},
        ],
    }
    assert [(one.id, one.recorded_by) for one in entries(url)[4:]] == [(one["id"], "Feed") for one in new]


def test_what_is_sent_again_keeps_its_first_position_and_other_content_is_refused(program: Program, url: str) -> None:
    new = event()
    assert program.send({"events": [new]}).status_code == 201
    again = program.send({"events": [new, event(party="USA")]})
    assert [(one["position"], one["is_new"]) for one in again.json()["entries"]] == [(5, False), (6, True)]
    assert program.send({"events": [new]}).status_code == 200
    other = program.send({"events": [{**new, "data": {**DATA, "summary": "Other."}}]})
    assert (other.status_code, other.json()["kind"]) == (409, "same-id-other-content")
    assert len(entries(url)) == 6


def test_another_program_cannot_claim_what_was_recorded(program: Program, url: str) -> None:
    new = event()
    program.send({"events": [new]})
    program.token = token_for(url, "Other")
    assert program.send({"events": [new]}).status_code == 409


def test_a_check_records_nothing_and_says_what_would_be_noted(program: Program, url: str) -> None:
    done = program.send({"events": [event(stance="conditional")], "check": True})
    assert done.status_code == 200
    (only,) = done.json()["entries"]
    assert (only["position"], only["is_new"]) == (None, True)
    assert only["notes"] == ["RUS is conditional on a/b, but no condition is recorded."]
    assert len(entries(url)) == 4


def test_corrections_and_retractions_are_events_too(program: Program, url: str) -> None:
    target = entries(url)[3].id
    corrected = event("entry.corrected.v1", target=target, replacement=DATA, reason="Misread.")
    assert program.send({"events": [corrected]}).status_code == 201
    retracted = event("entry.retracted.v1", target=corrected["id"], reason="Never said.")
    assert program.send({"events": [retracted]}).status_code == 201
    refused = program.send({"events": [event("entry.retracted.v1", target=target, reason="x")]})
    assert (refused.status_code, refused.json()["kind"]) == (409, "no-longer-counts")


def test_a_pair_that_was_touched_meanwhile_is_refused(program: Program) -> None:
    assert program.send({"events": [event()], "expected_position": 4}).status_code == 201
    later = event(stated_on="2019-12-11", stance="neutral")
    moved = program.send({"events": [later], "expected_position": 4})
    assert (moved.status_code, moved.json()["kind"]) == (409, "pair-moved-on")
    assert program.send({"events": [later], "expected_position": 5}).status_code == 201


def test_what_looks_like_one_on_record_is_refused_unless_the_program_says_so(program: Program) -> None:
    like = event(stance="opposes", stated_on="2019-12-01", summary="Other words.")
    refused = program.send({"events": [like]})
    assert (refused.status_code, refused.json()["kind"]) == (409, "looks-like-one-on-record")
    assert program.send({"events": [like], "anyway": True}).status_code == 201


def test_without_a_token_that_holds_nothing_is_recorded(program: Program, url: str) -> None:
    token = program.token
    for header in ("", "Bearer", "Bearer x", f"Basic {token}", f"bearer {token}x", token, f"Bearer {token} {token}"):
        refused = program.send({"events": [event()]}, Authorization=header)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.headers["content-type"] == "application/problem+json"
        assert token not in refused.text
    assert len(entries(url)) == 4


def test_a_revoked_token_records_nothing(program: Program, url: str) -> None:
    assert program.send({"events": [event()]}).status_code == 201
    with Tracker.open(url) as tracker:
        tracker.revoke_token("Feed")
    assert program.send({"events": [event(party="USA")]}).status_code == 401
    assert len(entries(url)) == 5


def test_a_page_of_another_site_does_not_record_by_a_token_that_it_found(program: Program) -> None:
    assert program.send({"events": [event()]}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_sign_in_is_no_token_of_a_program(program: Program, url: str) -> None:
    browser = program._client
    assert browser.sign_in(token_for(url, "Ann")).status_code == 303
    refused = browser.post("/api/record", json={"events": [event()]}, headers={"Origin": "http://127.0.0.1:8421"})
    assert refused.status_code == 401


UNREADABLE: tuple[tuple[Any, str], ...] = (
    (b"", "truncated"),
    (b"[]", "not a JSON object"),
    (b"{", "truncated"),
    (b'{"events": [], "events": []}', "twice"),
    (b"\xff", "UTF-8"),
    (b"[" * 100_000, "nested too deeply"),
    ({}, "events: is not a list"),
    ({"events": {}}, "events: is not a list"),
    ({"events": [1]}, "events, item 1: 1 is not an event"),
    ({"events": [event()] * 2}, "events: has an id twice"),
    ({"events": [event()], "by": "Eve"}, "by: is not taken here"),
    ({"events": [{**event(), "recordedby": "Eve"}]}, "recordedby: is not taken here"),
    ({"events": [event()], "check": "yes"}, "check: 'yes' is neither true nor false."),
    ({"events": [event()], "expected_position": True}, "expected_position: True is not a log position."),
    ({"events": [event()], "expected_position": -1}, "expected_position: -1 is not a log position."),
    ({"events": [{**event(), "id": 7}]}, "events.0.id: 7 is not a UUID."),
    ({"events": [{"type": "position.stated.v1", "data": DATA}]}, "events.0.id: is missing."),
    ({"events": [{**event(), "type": "position.said.v1"}]}, "is unknown"),
    ({"events": [{**event(), "data": []}]}, "events.0.data: is missing."),
    ({"events": [event(stance="maybe")]}, "events.0.stance"),
    ({"events": [event(), event(party="rus")]}, "events.1.party"),
)


def test_what_cannot_be_read_is_refused_with_its_place(program: Program, url: str) -> None:
    for sent, sentence in UNREADABLE:
        refused = program.send(sent)
        assert refused.status_code == 400
        assert sentence in refused.json()["detail"]
    assert len(entries(url)) == 4


def test_the_route_is_described_and_its_answers_are_as_described(program: Program) -> None:
    described = program._client.get("/api/openapi.json").json()["paths"]["/api/record"]["post"]
    done = program.send({"events": [event()]})
    answer = described["responses"][str(done.status_code)]["content"]["application/json"]["schema"]
    assert set(done.json()) == set(answer["required"]) == set(answer["properties"])
    (only,) = done.json()["entries"]
    assert set(only) == set(answer["properties"]["entries"]["items"]["required"])
