"""The log page, and the log's entries as data."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.growing import record
from tracker.questions import entries as module

POSITION = re.compile(r'<tr id="e(\d+)">')


def positions(client: TestClient, address: str) -> list[int]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return [int(found) for found in POSITION.findall(answer.text)]


def link(client: TestClient, address: str, rel: str) -> str:
    found = re.search(rf'<a href="([^"]+)" rel="{rel}">', client.get(address).text)
    assert found is not None
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", ()),
        ("after=600", ("--after", "600")),
        ("after=10&limit=3", ("--after", "10", "--limit", "3")),
        ("type=entry", ("--type", "entry")),
        ("type=position.withdrawn&by=reader", ("--type", "position.withdrawn", "--by", "reader")),
        ("by=nobody", ("--by", "nobody")),
        ("after=638&format=csv", ("--after", "638", "--format", "csv")),
        ("after=638&format=md", ("--after", "638", "--format", "md")),
    ],
)
@pytest.mark.parametrize("path", ["/api/log", "/api/entries"])
def test_entries_are_the_bytes_that_the_log_command_prints(
    client: TestClient, arms: Path, printed: Callable[..., bytes], path: str, query: str, options: tuple[str, ...]
) -> None:
    form = () if "--format" in options else ("--format", "json")
    assert client.get(f"{path}?{query}").content == printed(arms, "log", *options, *form)


def test_the_link_to_the_next_entries_leads_through_the_whole_log(client: TestClient, arms: Path) -> None:
    address, seen = "/api/entries?limit=200&type=position", list[int]()
    while True:
        answer = client.get(address)
        if not answer.json():
            break
        seen += [row["position"] for row in answer.json()]
        address = re.fullmatch(r'<([^>]+)>; rel="next"', answer.headers["link"])[1]  # type: ignore[index]
    assert seen == [row["position"] for row in client.get("/api/log?type=position").json()]


def test_a_list_of_entries_is_known_again_until_one_is_recorded(growing: tuple[Path, TestClient]) -> None:
    path, client = growing
    for address in ("/api/entries?after=640", "/log"):
        known = {"If-None-Match": client.get(address).headers["etag"]}
        assert client.get(address, headers=known).status_code == 304
        record(path, f"France wants it: {address}.")
        assert client.get(address, headers=known).status_code == 200


def test_an_answer_that_waits_has_the_entries_that_are_there_or_none_when_the_time_is_up(client: TestClient) -> None:
    last = client.get("/api/log").json()[-1]["position"]
    assert len(client.get(f"/api/entries?after={last - 2}&wait=30").json()) == 2
    waited = client.get(f"/api/entries?after={last}&wait=1")
    assert waited.json() == []
    assert waited.headers["link"] == f'</api/entries?after={last}&wait=1>; rel="next"'
    assert "etag" not in waited.headers


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("wait=31", 400, "wait: '31' is too large a number."),
        ("after=-1", 400, "after: '-1' is not a whole number of at least 0."),
        ("after=99999", 404, "its last is @641"),
        ("type=positoin", 400, "Did you mean position or position.stated?"),
        ("since=3", 400, "No parameter is named 'since'."),
        ("format=table", 400, "none of this answer's formats"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(client: TestClient, query: str, status: int, words: str) -> None:
    answer = client.get(f"/api/entries?{query}")
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_pages_have_the_newest_entry_first_and_lead_to_all_others(client: TestClient) -> None:
    everything = [row["position"] for row in client.get("/api/log").json()]
    address, seen = "/log", list[int]()
    while len(seen) < len(everything):
        seen += positions(client, address)
        address = link(client, address, "next") if len(seen) < len(everything) else address
    assert seen == everything[::-1]
    newer = positions(client, link(client, address, "prev"))
    assert newer == [at for at in seen if at in range(min(newer), max(newer) + 1)]
    assert min(newer) == max(positions(client, address)) + 1


def test_a_page_is_narrowed_as_the_log_command_is(client: TestClient) -> None:
    shown = positions(client, "/log?type=entry&by=reader")
    assert shown == [row["position"] for row in client.get("/api/log?type=entry&by=reader").json()][::-1]
    assert shown
    page = client.get("/log?type=entry&by=reader").text
    assert '<a href="/log?by=reader" title="Remove this filter">' in page
    assert '<a href="/log?type=entry" title="Remove this filter">' in page
    assert positions(client, "/log?after=10&before=14") == [13, 12, 11]


def test_entries_lead_to_what_they_are_about(client: TestClient) -> None:
    rows = client.get("/api/log?type=entry.retracted").json()
    page = client.get("/log?type=entry.retracted").text
    targets = {row["event_id"]: row["position"] for row in client.get("/api/log").json()}
    for row in rows:
        assert f'<a href="/entries/{targets[row["subject"]]}">@{targets[row["subject"]]}</a>' in page
    page = client.get("/log?type=position").text
    assert re.search(r'<a href="/parties/RUS">RUS</a> <a href="/issues/arms-control/[^"]+" class="path">', page)


def test_an_entry_that_is_rare_is_looked_for_a_part_of_the_log_at_a_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOKED_THROUGH", 50)
    page = client.get("/log?by=nobody").text
    assert "No entry recorded by nobody is among @" in page
    assert f'href="{link(client, "/log?by=nobody", "next")}"'.replace("&", "&amp;") in page
    answer = client.get("/api/entries?by=nobody")
    assert answer.json() == []
    assert answer.headers["link"] == '</api/entries?by=nobody&after=50>; rel="next"'


def test_only_the_page_with_the_last_entry_goes_on_with_new_ones(client: TestClient) -> None:
    last = client.get("/api/log").json()[-1]["position"]
    assert f'data-events="/log/events?after={last}"' in client.get("/log").text
    assert f'data-events="/log/events?type=entry&amp;after={last}"' in client.get("/log?type=entry").text
    assert "data-events" not in client.get(f"/log?before={last}").text


def test_what_was_recorded_is_inert(growing: tuple[Path, TestClient]) -> None:
    path, client = growing
    record(path, "<script>alert(1)</script> & \u202e so on", by='<b onclick="x">')
    page = client.get("/log").text
    assert "<script>alert" not in page
    assert "<b onclick" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; \\u202e so on" in page
