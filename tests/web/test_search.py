"""The search page: what `find` finds, with the words marked, and what to do where nothing was found."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.growing import record

ENTRY = re.compile(r'<a class="hit-entry" href="/entries/(\d+)[^"]*">')


@pytest.mark.parametrize("query", ["text=nuclear", "text=treaty&party=RUS", "text=%22New+START%22&on=2020-01-01"])
def test_the_page_lists_what_find_lists_in_its_order(client: TestClient, query: str) -> None:
    ids = [row["event_id"] for row in client.get(f"/api/search?{query}").json()]
    position = {row["event_id"]: row["position"] for row in client.get("/api/log").json()}
    page = client.get(f"/search?{query}").text
    shown = [int(found) for found in ENTRY.findall(page)]
    assert shown
    # A joint statement is one item, in the place of its first.
    assert shown == [position[one] for one in ids if position[one] in shown]
    assert len(shown) <= len(ids)


def test_every_hit_has_its_words_marked(client: TestClient) -> None:
    page = client.get("/search?text=nuclear").text
    hits = page.split('<p class="hit-head">')[1:]
    assert hits
    assert all(re.search("<mark>nuclear</mark>", hit, re.IGNORECASE) for hit in hits)


def test_a_hit_leads_to_its_party_its_issue_and_its_entry_at_the_cut_offs_of_the_page(client: TestClient) -> None:
    page = unescape(client.get("/search?text=extension&party=RUS&known_at=@300").text)
    assert re.search(r'<a class="hit-entry" href="/entries/\d+\?known_at=@300">', page)
    assert '<a href="/parties/RUS?known_at=@300"><bdi>Russia</bdi></a>' in page
    assert re.search(r'<a href="/issues/arms-control/[^"?]+\?known_at=@300">', page)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Write the words to look for"),
        ("text=a", "One letter begins too many words"),
        ("text=%21%3F", "holds no word to look for"),
        ("text=zzyzx", "Nothing on record holds all of these words"),
    ],
)
def test_what_cannot_be_found_is_said_in_a_sentence(client: TestClient, query: str, sentence: str) -> None:
    answer = client.get(f"/search?{query}")
    assert answer.status_code == 200
    assert sentence in answer.text


def test_hints_lead_to_searches_that_find_something(client: TestClient) -> None:
    page = unescape(client.get("/search?text=nuclear+zzyzx").text)
    assert '<a href="/search?text=nuclear"><bdi>nuclear</bdi></a> alone is found.' in page
    assert "<bdi>zzyzx</bdi> is not found at all." in page
    page = unescape(client.get("/search?text=nuclear&party=RUS&speaker=Nobody").text)
    assert '<a href="/search?text=nuclear"><bdi>nuclear</bdi></a> is found without the filters.' in page


def test_hostile_words_are_inert_and_right_to_left_text_has_its_direction(
    growing: tuple[Path, TestClient], printed: Callable[..., bytes]
) -> None:
    path, client = growing
    record(path, "<b>paragraph</b> &amp; روسيا مُستعِدّة")
    page = client.get("/search", params={"text": "مستعدة b"}).text
    assert (
        '<p dir="auto">&lt;<mark>b</mark>&gt;paragraph&lt;/<mark>b</mark>&gt; &amp;amp; روسيا <mark>مُستعِدّة</mark></p>'
        in page
    )
    page = client.get("/search", params={"text": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
