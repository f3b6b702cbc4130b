"""Refusals as answers: each class of them has a status, data for programs and a page for people."""

import inspect

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.web.small import small_app
from tracker import errors
from tracker.errors import (
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnavailable,
    NotATrackerDatabase,
    TrackerError,
    UnknownParty,
)
from tracker.web.problems import STATUS, handle_problems, problem_of, respond


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(small_app(), raise_server_exceptions=False)


def test_below_api_a_refusal_is_data_with_the_command_lines_sentence(client: TestClient) -> None:
    done = client.get("/api/parties/UK")
    assert done.status_code == 404
    assert done.headers["content-type"] == "application/problem+json"
    assert done.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": str(UnknownParty("UK", ["GBR"])),
        "kind": "unknown-party",
        "field": "party",
        "nearest": ["GBR"],
    }


def test_elsewhere_it_is_a_page_with_the_same_sentence_and_hostile_names_are_inert(client: TestClient) -> None:
    done = client.get("/parties/%3Cscript%3E%20alert(1)%E2%80%AE")
    assert done.status_code == 404
    assert done.headers["content-type"] == "text/html; charset=utf-8"
    assert "Did you mean GBR?" in done.text
    assert "<script>" not in done.text
    assert "\u202e" not in done.text


def test_the_page_leads_to_what_may_have_been_meant_and_keeps_the_rest_of_the_address(client: TestClient) -> None:
    assert (
        '<a href="/parties/GBR?on=2019-12-10&amp;also=GBR">GBR</a>'
        in client.get("/parties/U%26K?on=2019-12-10&also=U%26K").text
    )


@pytest.mark.parametrize("path", ["/nowhere", "/api/nowhere"])
def test_where_no_page_is_there_is_a_problem_too(client: TestClient, path: str) -> None:
    done = client.get(path)
    assert done.status_code == 404
    assert "No page is at" in done.text


@pytest.mark.parametrize("query", ["", "?of=x", "?of="])
def test_wrong_parameters_are_named(client: TestClient, query: str) -> None:
    done = client.get(f"/number{query}")
    assert done.status_code == 400
    assert ">of: " in done.text


def test_a_wrong_method_is_refused_with_the_right_ones(client: TestClient) -> None:
    done = client.post("/")
    assert (done.status_code, done.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(
    "refusal",
    [
        DatabaseMissing("/srv/secret.db"),
        DatabaseOlder("/srv/secret.db"),
        DatabaseNewer("/srv/secret.db", "schema 9999"),
        NotATrackerDatabase("/srv/secret.db", "it is secret"),
        DatabaseUnavailable("postgresql://secret@db/x", "cannot be reached (secret)", "Check secret."),
        DatabaseDamaged("/srv/secret.db", "is damaged (secret)", "Run `tracker verify`."),
    ],
    ids=lambda refusal: type(refusal).__name__,
)
def test_readers_are_not_told_where_a_database_is_that_cannot_be_read(refusal: TrackerError) -> None:
    done = respond(problem_of(refusal), "/api/state")
    assert done.status_code == 503
    assert done.headers["retry-after"]
    assert b"secret" not in bytes(done.body)


def test_the_status_of_a_refusal_is_that_of_the_nearest_class_above_it() -> None:
    every = {one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, TrackerError)}
    assert every >= STATUS.keys()
    shown = {one: next(STATUS[above] for above in one.__mro__ if above in STATUS) for one in every}
    assert shown[errors.UnknownIssue] == 404
    assert shown[errors.Contradiction] == 400
    assert shown[errors.StanceOnQuantity] == 422
    assert shown[errors.DatabaseDamaged] == 503


def test_the_schema_of_the_api_describes_a_problem_as_it_is(client: TestClient) -> None:
    app = FastAPI()
    handle_problems(app)
    described = app.openapi()["components"]["schemas"]["Problem"]
    sent = client.get("/api/parties/UK").json()
    assert described["properties"].keys() == {*sent, "reference"}
    assert sent.keys() >= set(described["required"])
