"""The matrix shows what the state says, on every day and clock, and outlines what another clock shows otherwise."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.web.cells import Cells
from tracker.reports.positions.values import GLYPHS


def _page(client: TestClient, query: str) -> Cells:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 200, answer.text
    return Cells(answer.text.partition('id="matrix"')[2].partition('<div id="card"')[0])


def _state(printed: Callable[..., bytes], database: Path, *args: str) -> dict[tuple[str, str], str]:
    rows = json.loads(printed(database, "state", *args, "--format", "json"))
    return {(row["issue"], row["party"]): "withdrawn" if row["withdrawn"] else row["stance"] for row in rows}


DAYS = ("2018-07-16", "2019-08-02", "2019-12-10", "2021-02-03", "2026-11-01")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize(
    ("clock", "option"), [("stated", ()), ("public", ("--published-by", "DAY")), ("known", ("--known-at", "DAY"))]
)
def test_its_cells_are_those_of_the_state(
    day: str, clock: str, option: tuple[str, ...], client: TestClient, arms: Path, printed: Callable[..., bytes]
) -> None:
    shown = _page(client, f"on={day}&clock={clock}")
    held = _state(printed, arms, "--on", day, *(day if word == "DAY" else word for word in option))
    assert shown.cells.keys() == held.keys()
    for pair, stance in held.items():
        sign, _, rest = shown.cells[pair].partition(" ")
        if stance is not None:  # the others are amounts
            assert sign in GLYPHS.values()
            assert re.match(r"[a-z]+", rest)[0] == stance  # type: ignore[index]


def test_rows_and_columns_keep_their_places_as_the_day_moves(client: TestClient) -> None:
    def frame(day: str) -> list[str]:
        page = client.get(f"/?on={day}").text.partition('id="matrix"')[2].partition('<div id="card"')[0]
        return re.findall(r'href="(/(?:issues|parties)/[^"?]+)', page)

    assert frame("2018-07-16") == frame("2026-11-01")


def test_what_another_clock_shows_otherwise_is_outlined(
    client: TestClient, arms: Path, printed: Callable[..., bytes]
) -> None:
    shown = _page(client, "on=2019-12-10&clock=public")
    plain = json.loads(printed(arms, "state", "--on", "2019-12-10", "--format", "json"))
    public = json.loads(
        printed(arms, "state", "--on", "2019-12-10", "--published-by", "2019-12-10", "--format", "json")
    )
    told = ("stance", "withdrawn", "event_id", "contested", "conditions", "red_line")

    def held(rows: list[dict[str, object]]) -> dict[tuple[object, object], list[object]]:
        return {(row["issue"], row["party"]): [row[name] for name in told] for row in rows}

    one, other = held(plain), held(public)
    differing = {pair for pair in {*one, *other} if one.get(pair) != other.get(pair)}
    assert differing
    assert shown.differing == differing


def test_a_clock_that_moves_a_cut_off_refuses_one_that_is_given(client: TestClient) -> None:
    refused = client.get("/?clock=known&known_at=@100")
    assert refused.status_code == 400
    assert "Leave known_at out" in refused.text


def test_days_are_those_on_which_statements_took_effect(client: TestClient) -> None:
    days = client.get("/days?issue=extension&party=RUS").json()
    steps = client.get("/api/history?issue=extension&party=RUS").json()
    assert [day for day, _ in days] == sorted({step["on"] for step in steps})
    assert sum(number for _, number in days) == len(steps)


def test_the_card_of_a_cell_has_the_sentence_the_quote_and_the_source(client: TestClient) -> None:
    card = client.get("/card?party=RUS&issue=extension&on=2019-12-10").text
    row = client.get("/api/state?on=2019-12-10&party=RUS&issue=extension").json()[0]
    assert row["summary"].partition("'")[0] in card
    assert f"@{row['position']}" in card or re.search(r"@\d+", card)


def test_an_amount_stands_with_its_range(climate_client: TestClient) -> None:
    shown = _page(climate_client, "on=2024-11-20")
    assert any(text.startswith("at least 1,300") for text in shown.cells.values())


def test_a_report_without_days_is_of_the_year_up_to_the_last_statement(client: TestClient) -> None:
    moved = client.get("/report", follow_redirects=False)
    assert moved.status_code == 303
    assert moved.headers["location"] == "/report?from=2025-02-12&to=2026-02-12"


def test_filters_are_tags_with_counts_that_can_be_removed(client: TestClient) -> None:
    page = client.get("/?on=2020-01-01&party=Russia&party=USA&published_by=2020-02-01").text
    rows = client.get("/api/state?on=2020-01-01&party=RUS&party=USA&published_by=2020-02-01").json()
    count = sum(row["party"] == "RUS" for row in rows)
    assert f"<bdi>Russia</bdi> ({count})" in page
    assert 'href="/?on=2020-01-01&amp;party=USA&amp;published_by=2020-02-01" title="Remove this filter"' in page


@pytest.mark.parametrize(("clock", "option"), [("public", "--published-by"), ("known", "--known-at")])
def test_what_is_taken_away_or_cited_is_what_the_clock_shows(
    clock: str, option: str, client: TestClient, arms: Path, printed: Callable[..., bytes]
) -> None:
    page = client.get(f"/?on=2019-12-13&clock={clock}").text
    told = printed(arms, "state", "--on", "2019-12-13", option, "2019-12-13", "--format", "csv")
    links = dict(re.findall(r'<a href="([^"]+)" rel="nofollow">(\w+)</a>', page))
    (csv,) = (href.replace("&amp;", "&") for href, name in links.items() if name == "CSV")
    assert client.get(csv).content == told
    assert client.get(f"/?on=2019-12-13&clock={clock}&format=csv").content == told
    cited = re.search(r'class="cite-page" href="([^"]+)"', page)
    assert cited is not None
    assert (
        _page(client, cited[1].partition("?")[2].replace("&amp;", "&")).cells
        == _page(client, f"on=2019-12-13&clock={clock}").cells
    )
