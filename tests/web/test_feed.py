"""The Atom feed: movements within filters, by the rules of RFC 4287, and the same for ever."""

import re
from datetime import datetime
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from tests.web.growing import record
from tracker.cli import cli

ATOM = "{http://www.w3.org/2005/Atom}"
ONCE = {"id": 1, "title": 1, "updated": 1}


def feed(client: TestClient, query: str = "") -> Element:
    answer = client.get(f"/feed.atom{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml"
    return ElementTree.fromstring(answer.content)


def text_of(element: Element, name: str) -> str:
    found = element.findtext(ATOM + name)
    assert found is not None
    return found


def ids(found: Element) -> list[str]:
    return [text_of(entry, "id") for entry in found.findall(ATOM + "entry")]


def require_atom(found: Element) -> None:
    """Hold a feed to what RFC 4287 demands of one."""
    assert found.tag == ATOM + "feed"
    for part in (found, *found.findall(ATOM + "entry")):
        for name, number in ONCE.items():
            assert len(part.findall(ATOM + name)) == number, name
        assert UUID(text_of(part, "id").removeprefix("urn:uuid:"))
        assert datetime.fromisoformat(text_of(part, "updated")).tzinfo is not None
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text_of(part, "updated"))
        links = [(link.get("rel"), link.get("type")) for link in part.findall(ATOM + "link")]
        assert len(set(links)) == len(links)
        assert ("alternate", "text/html") in links
    assert [link.get("rel") for link in found.findall(ATOM + "link")] == ["self", "alternate"]
    for entry in found.findall(ATOM + "entry"):
        assert [author.findtext(ATOM + "name") for author in entry.findall(ATOM + "author")] != []
        assert all(category.get("term") for category in entry.findall(ATOM + "category"))
        content = entry.find(ATOM + "content")
        assert content is not None
        assert content.get("type") == "html"
        assert not list(content)  # its HTML is escaped
        ElementTree.fromstring(f"<div>{content.text}</div>")
    assert len(set(ids(found))) == len(ids(found))


@pytest.mark.parametrize("query", ["", "?party=RUS", "?issue=extension&published_by=2020-01-01", "?speaker=Nobody"])
def test_a_feed_is_atom(client: TestClient, climate_client: TestClient, query: str) -> None:
    require_atom(feed(client, query))
    if not query:
        require_atom(feed(climate_client))


def test_a_feed_has_the_newest_hundred_with_what_moved_and_a_link_to_the_entry(client: TestClient) -> None:
    found = feed(client)
    entries = found.findall(ATOM + "entry")
    assert len(entries) == 100
    days = [text_of(entry, "updated") for entry in entries]
    assert days == sorted(days, reverse=True)
    assert text_of(found, "updated") == days[0]
    first = entries[0]
    assert text_of(first, "title").startswith("Russia on Limit of deployed warheads, 11 Feb 2026: • named:")
    assert first.find(ATOM + "category").get("term") == "named"  # type: ignore[union-attr]
    assert [link.get("href") for link in first.findall(ATOM + "link")] == ["http://localhost/entries/640"]
    kinds = {category.get("term") for category in found.iter(ATOM + "category")}
    assert {"new", "withdrawn", "corrected", "retracted", "closed"} <= kinds
    assert "reaffirmed" not in kinds


def test_what_was_told_once_stays_and_a_correction_is_an_entry_of_its_own(growing: tuple[Path, TestClient]) -> None:
    path, client = growing
    before = {text_of(entry, "id"): ElementTree.tostring(entry) for entry in feed(client).iter(ATOM + "entry")}
    record(path, "France wants it.", on="2001-01-01")
    revise = ["correct", "@640", "--summary", "He told the Duma <so>.", "--reason", "Read again & again."]
    done = CliRunner().invoke(cli, ["--db", str(path), "--by", "<b>", *revise])
    assert done.exit_code == 0, done.output
    found = feed(client)
    require_atom(found)
    entries = found.findall(ATOM + "entry")
    terms = [entry.find(ATOM + "category").get("term") for entry in entries[:2]]  # type: ignore[union-attr]
    assert terms == ["corrected", "new"]
    assert entries[0].findtext(f"{ATOM}author/{ATOM}name") == "<b>"
    assert text_of(entries[0], "content") == '<p dir="auto">Read again &amp; again.</p>'
    later = {text_of(entry, "id"): ElementTree.tostring(entry) for entry in entries[2:]}
    assert later.items() <= before.items()
    assert len(later) == 98


def test_a_feed_is_the_same_until_something_is_recorded(growing: tuple[Path, TestClient]) -> None:
    path, client = growing
    first = client.get("/feed.atom?party=FRA")
    again = {"If-None-Match": first.headers["etag"]}
    assert client.get("/feed.atom?party=FRA", headers=again).status_code == 304
    assert client.get("/feed.atom?party=RUS", headers=again).status_code == 200
    record(path, "France wants it.")
    assert client.get("/feed.atom?party=FRA", headers=again).status_code == 200
    earlier = client.get("/feed.atom?party=FRA&known_at=@641").content
    assert earlier.count(b"<entry>") == first.content.count(b"<entry>")
    assert earlier.split(b"</id>")[0] == first.content.split(b"</id>")[0]


def test_feeds_of_other_filters_have_other_ids_and_pages_name_theirs(client: TestClient) -> None:
    assert text_of(feed(client), "id") != text_of(feed(client, "?party=RUS"), "id")
    assert ids(feed(client, "?party=RUS"))[0] in ids(feed(client))
    assert text_of(feed(client, "?party=RUS&issue=extension"), "id") == text_of(
        feed(client, "?issue=extension&party=RUS"), "id"
    )
    assert (
        'type="application/atom+xml" title="What moves" href="/feed.atom?party=RUS"'
        in client.get("/asks?party=RUS").text
    )


def test_a_feed_refuses_what_it_does_not_take(client: TestClient) -> None:
    assert client.get("/feed.atom?on=2020-01-01").status_code == 400
    assert client.get("/feed.atom?party=XYZ").status_code == 404
