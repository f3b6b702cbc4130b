"""The comparison shows the cells of two states that differ, and no others."""

from starlette.testclient import TestClient


def _state(client: TestClient, query: str) -> dict[tuple[str, str], dict[str, object]]:
    return {(row["issue"], row["party"]): row for row in client.get(f"/api/state?{query}").json()}


def test_each_side_is_a_row_of_its_state_and_the_rest_is_alike(client: TestClient) -> None:
    found = client.get("/api/compare?from=2019-01-01&to=2020-01-01").json()
    before, after = _state(client, "on=2019-01-01"), _state(client, "on=2020-01-01")
    differing = {(row["issue"], row["party"]) for row in found}
    for row in found:
        pair = row["issue"], row["party"]
        assert (row["from"], row["to"]) == (before.get(pair), after.get(pair))
    for pair in {*before, *after} - differing:
        assert before[pair]["event_id"] == after[pair]["event_id"]
    assert differing


def test_two_clocks_stand_beside_each_other_on_one_day(client: TestClient) -> None:
    found = client.get("/api/compare?from=2026-01-01&to=2026-01-01&known_from=@300").json()
    then = _state(client, "on=2026-01-01&known_at=@300")
    for row in found:
        assert row["from"] == then.get((row["issue"], row["party"]))
    page = client.get("/compare?from=2026-01-01&to=2026-01-01&known_from=@300")
    assert page.text.count("data-change") == len(found)
    assert "as known then, as known now" in page.text


def test_without_days_it_says_what_to_choose(client: TestClient) -> None:
    assert "Choose two days" in client.get("/compare").text
