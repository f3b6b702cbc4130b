"""The page of an entry: its evidence, its corrections as was and is, its cut-offs; and the same as data."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.ledger import id_of
from tests.web.ledgers import client_of

LEDGER = """
    source tass 2019-12-12
    source dw 2019-12-20
    a: stated RUS arms/start supports 2019-12-10 speaker=Lavrov source=dw quote="we are <b>ready</b>"
    b: corrected a stance=opposes reason="Misread <i>it</i>."
    c: corroborated b source=tass quote="also here"
    d: stated USA arms/start neutral 2019-12-11
    e: retracted d reason="Never said."
    started RUS EUN 2019-01-01
    """


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    return client_of(tmp_path_factory.mktemp("entry") / "small.db", LEDGER).get


def _path(name: str) -> str:
    return f"/entries/{id_of(name)}"


def test_an_entry_prints_what_the_command_line_does(
    client: TestClient, arms: Path, printed: Callable[..., bytes]
) -> None:
    for form in ("json", "md"):
        found = client.get(f"/api/entries/396?format={form}")
        assert found.content == printed(arms, "show", "@396", "--format", form)
        assert client.get(f"/entries/396?format={form}").content == found.content


def test_every_entry_of_the_shipped_record_has_a_page(client: TestClient) -> None:
    for position in (*range(1, 642, 40), 524, 467, 641):
        assert client.get(f"/entries/{position}").status_code == 200


def test_a_correction_shows_what_was_and_is_and_why(page: Callable[..., Any]) -> None:
    text = page(_path("a")).text
    assert "Does not count: corrected by" in text
    assert "Misread &lt;i&gt;it&lt;/i&gt;." in text
    assert re.search(r"<span class=\"label\">was </span>supports.*<span class=\"label\">is </span>opposes", text)
    assert "we are &lt;b&gt;ready&lt;/b&gt;" in text
    assert "It stands in for" in page(_path("b")).text


def test_a_retraction_says_why_on_both_of_its_entries(page: Callable[..., Any]) -> None:
    assert "Never said." in page(_path("d")).text
    assert "Never said." in page(_path("e")).text


def test_a_cutoff_of_recording_takes_back_what_came_later(page: Callable[..., Any]) -> None:
    known = page(_path("a")).text.count("Does not count"), page(f"{_path('a')}?known_at=@8").text
    position = page(f"/api{_path('b')}").json()["position"]
    before = page(f"{_path('a')}?known_at=@{position - 1}")
    assert known[0] == 1
    assert "Does not count" not in before.text
    assert "also here" not in before.text
    refused = page(f"{_path('b')}?known_at=@{position - 1}")
    assert refused.status_code == 404
    assert "was not on record by" in refused.text


def test_what_was_not_public_is_not_quoted(page: Callable[..., Any]) -> None:
    assert page(f"{_path('b')}?published_by=2019-12-11").status_code == 404
    carried = page(f"{_path('b')}?published_by=2019-12-15").text
    assert "also here" in carried
    assert "ready" not in carried
    assert "ready" not in page(f"/api{_path('b')}?published_by=2019-12-15").text
    assert "ready" in page(f"{_path('b')}?published_by=2019-12-20").text
    assert page(f"{_path('e')}?published_by=2040-01-01").status_code == 404


def test_a_source_is_registered_whenever_it_was_published(client: TestClient) -> None:
    position = client.get("/api/log?type=source.registered&limit=1").json()[0]["position"]
    for below in ("", "/api"):
        shown = client.get(f"{below}/entries/{position}?published_by=1990-01-01")
        assert shown.status_code == 200
        assert "us-state-2019-12-10" in shown.text


def test_links_keep_the_day_and_the_cutoffs(page: Callable[..., Any]) -> None:
    text = page(f"{_path('b')}?on=2019-12-31&known_at=@9&published_by=2020-01-01").text
    suffix = "?on=2019-12-31&amp;known_at=@9&amp;published_by=2020-01-01"
    for path in ("/parties/RUS", "/issues/arms/start", "/entries/5"):
        assert f'href="{path}{suffix}"' in text, path


def test_an_entry_that_is_not_there_is_refused_with_what_may_be_meant(client: TestClient) -> None:
    for name in ("9999", "@9999", "nothing", "ffffffff"):
        refused = client.get(f"/api/entries/{name}")
        assert refused.status_code == 404, name
        assert refused.json()["detail"]


def test_answers_link_to_entries_parties_and_issues(client: TestClient) -> None:
    text = client.get("/history?party=RUS&issue=extension&on=2020-01-01&published_by=2021-01-01").text
    assert re.search(r'href="/parties/RUS\?on=2020-01-01&amp;published_by=2021-01-01"', text)
    assert 'href="/issues/arms-control/new-start/extension?on=2020-01-01' in text
    assert re.search(r'href="/entries/[0-9a-f-]{36}\?on=', text)
