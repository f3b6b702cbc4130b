"""An answer is known again by its tag; pages of a long one, and what is cited, belong to one moment of the log."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.growing import record
from tracker.web.asking import answering


def test_a_repeated_read_costs_nothing_until_something_is_recorded(growing: tuple[Path, TestClient]) -> None:
    path, client = growing
    first = client.get("/api/state?on=2026-03-01")
    again = {"If-None-Match": first.headers["etag"]}
    assert client.get("/api/state?on=2026-03-01", headers=again).status_code == 304
    assert client.get("/api/state?on=2026-03-02", headers=again).status_code == 200
    assert client.get("/api/state?on=2026-03-01&format=csv", headers=again).status_code == 200
    record(path, "France wants it extended.")
    later = client.get("/api/state?on=2026-03-01", headers=again)
    assert later.status_code == 200
    assert "France wants it extended." in later.text


def test_what_is_pinned_stays_the_same_answer(growing: tuple[Path, TestClient]) -> None:
    path, client = growing
    pinned = client.get("/api/state?on=2026-03-01&known_at=@600")
    record(path, "France wants it extended.")
    again = client.get("/api/state?on=2026-03-01&known_at=@600")
    assert (again.content, again.headers["etag"]) == (pinned.content, pinned.headers["etag"])


@pytest.mark.parametrize(
    "address",
    [
        "/explain?party=FRA&issue=extension&known_at=@600",
        "/api/explain?party=FRA&issue=extension&known_at=@600",
        "/api/report?from=2026-01-01&to=2026-03-01&known_at=@600&known_from=2100-01-01",
        "/api/compare?from=2026-03-01&to=2026-03-01&known_at=@600&known_from=2100-01-01",
    ],
)
def test_what_shows_entries_after_its_cut_changes_with_them(growing: tuple[Path, TestClient], address: str) -> None:
    path, client = growing
    before = client.get(address)
    assert before.status_code == 200
    record(path, "France wants it extended.")
    after = client.get(address, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.text != before.text


def test_the_cited_address_gives_the_same_page_for_ever(growing: tuple[Path, TestClient]) -> None:
    path, client = growing
    page = client.get("/consensus?issue=extension&on=2026-03-01").text
    cited = re.search(r'class="cite-page" href="([^"]+)"', page)
    assert cited is not None
    address = cited[1].replace("&amp;", "&")
    assert re.search(r"known_at=@\d+", address)
    before = client.get(address)
    record(path, "France wants it extended.")
    after = client.get(address)
    assert (after.status_code, after.text) == (200, before.text)


def test_a_citation_of_another_log_is_refused(client: TestClient) -> None:
    refused = client.get("/api/state?known_at=@100&hash=0123456789abcdef")
    assert refused.status_code == 409
    assert "cited from another log" in refused.json()["detail"]


def test_a_long_answer_comes_in_pages_of_one_moment(
    growing: tuple[Path, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, client = growing
    whole = client.get("/api/history?on=2026-03-01").json()
    monkeypatch.setattr(answering, "MOST_ROWS", 100)
    address: str | None = "/api/history?on=2026-03-01"
    found = []
    while address is not None:
        page = client.get(address)
        found += page.json()
        record(path, f"France wants it extended ({len(found)}).") if len(found) == 100 else None
        link = re.fullmatch(r'<(.+)>; rel="next"', page.headers.get("link", ""))
        address = link[1] if link else None
    assert len(whole) > 200
    assert found == whole


def test_there_is_no_page_after_the_last(client: TestClient) -> None:
    refused = client.get("/api/state?page=2")
    assert refused.status_code == 400
    assert "fewer than 2 pages" in refused.json()["detail"]


def test_a_large_page_is_compressed_but_for_who_is_signed_in(client: TestClient) -> None:
    page = client.get("/?on=2020-01-01", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    signed_in = client.get("/?on=2020-01-01", headers={"Accept-Encoding": "gzip", "Cookie": "session=secret"})
    assert "content-encoding" not in signed_in.headers
    assert signed_in.text == page.text
