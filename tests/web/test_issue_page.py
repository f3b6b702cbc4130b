"""The page of an issue: the question of the day, where everybody stands, the steps; and the same as data."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

EXTENSION = "arms-control/new-start/extension"


def test_an_issue_prints_what_the_command_line_does(
    client: TestClient, arms: Path, printed: Callable[..., bytes]
) -> None:
    for day in ("2019-12-10", "2026-03-01"):
        found = client.get(f"/api/issues/{EXTENSION}?on={day}")
        assert found.content == printed(arms, "issue", "show", EXTENSION, "--on", day, "--format", "json")


def test_the_page_shows_the_stances_of_the_state_on_its_day(client: TestClient) -> None:
    for day in ("2018-12-31", "2019-12-10", "2021-01-20"):
        text = client.get(f"/issues/{EXTENSION}?on={day}").text
        rows = client.get(f"/api/state?issue={EXTENSION}&on={day}").json()
        table = text[text.index('class="list stand"') : text.index("</table>")]
        shown = dict(re.findall(r'<span class="code">(\w+)</span></a></th>\s*<td><p><span class="stance (\w+)', table))
        assert shown == {row["party"]: row["stance"] or "withdrawn" for row in rows}, day
        for row in rows:
            assert f'href="/entries/{row["position"]}?on={day}"' in table


def test_a_quantity_and_a_choice_have_their_pages(climate_client: TestClient) -> None:
    quantity = climate_client.get("/issues/climate/finance/goal?on=2024-11-24").text
    assert "A quantity in USD bn a year" in quantity
    assert "agreed at 300 USD bn a year" in quantity
    choice = climate_client.get("/issues/climate/fossil-fuels/wording?on=2023-12-13").text
    assert "A choice of 4 options" in choice
    assert choice.count('<table class="list stand">') == 4


def test_the_timeline_leads_to_its_entries_and_keeps_the_cutoffs(client: TestClient) -> None:
    text = client.get(f"/issues/{EXTENSION}?on=2019-12-10&known_at=@600").text
    drawing = text[text.index("<svg") : text.rindex("</svg>")]
    assert re.search(r'href="/entries/\d+\?on=2019-12-10&amp;known_at=@600"', drawing)
    assert "<style" not in drawing
    assert "<script" not in drawing


def test_of_very_many_steps_the_last_are_drawn(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(day: str) -> int:
        text = client.get(f"/issues/{EXTENSION}?on={day}").text
        return len(re.findall(r'href="/entries/', text[text.index("<svg") : text.index("</svg>")]))

    whole = drawn("2020-12-31")
    monkeypatch.setattr("tracker.web.drawing.MOST_DRAWN", 5)
    assert 0 < drawn("2020-12-31") < whole


def test_cutoffs_hold_for_the_wording_and_for_what_was_said(client: TestClient) -> None:
    early = client.get(f"/issues/{EXTENSION}?on=2019-12-10&published_by=2018-12-31").text
    assert "Lavrov" not in early[early.index('id="stand"') : early.index('id="agree"')]
    refused = client.get(f"/api/issues/{EXTENSION}?known_at=@1")
    assert (refused.status_code, refused.json()["kind"]) == (404, "not-yet-on-record")


def test_the_beginning_of_paths_lists_the_issues_below(client: TestClient) -> None:
    group = client.get("/issues/arms-control?on=2019-12-10").text
    assert f'href="/issues/{EXTENSION}?on=2019-12-10"' in group
    assert 'href="/issues/climate' not in group
    assert client.get("/issues/").text.count('<th scope="row">') > group.count('<th scope="row">')


@pytest.mark.parametrize("name", ["extensoin", "arms-control/nothing"])
def test_an_unknown_issue_is_refused_with_the_nearest(client: TestClient, name: str) -> None:
    refused = client.get(f"/issues/{name}")
    assert refused.status_code == 404
    assert "extension" in refused.text


def test_a_page_is_known_again_until_its_question_changes(client: TestClient) -> None:
    first = client.get(f"/issues/{EXTENSION}?on=2019-12-10")
    again = {"If-None-Match": first.headers["etag"]}
    assert client.get(f"/issues/{EXTENSION}?on=2019-12-10", headers=again).status_code == 304
    assert client.get(f"/issues/{EXTENSION}?on=2019-12-11", headers=again).status_code == 200
    assert client.get(f"/api/issues/{EXTENSION}?on=2019-12-10", headers=again).status_code == 200
