"""The page of a party: its stances, what it asks and is asked, its blocs; what all pages of subjects have in common."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.ledgers import client_of
from tracker.questions.reading import Reading
from tracker.snapshot import Snapshot

HOSTILE = '<script>alert(1)</script>"\u202e&{{7*7}}'
SAYS = f"speaker='{HOSTILE}' quote='{HOSTILE}' if='{HOSTILE}'"
LEDGER = f"""
    party RUS name='{HOSTILE}' aliases='{HOSTILE} too'
    issue arms/start title='{HOSTILE} issue'
    a: stated RUS arms/start conditional 2019-12-10 {SAYS} act=demands addressed_to=USA
    b: corrected a stance=opposes reason='{HOSTILE}'
    """


def test_a_party_prints_what_the_command_line_does(
    climate_client: TestClient, climate: Path, printed: Callable[..., bytes]
) -> None:
    found = climate_client.get("/api/parties/EUN?on=2022-01-01")
    assert found.content == printed(climate, "party", "show", "EUN", "--on", "2022-01-01", "--format", "json")


def test_the_page_shows_the_stances_of_the_state_on_its_day(client: TestClient) -> None:
    for day in ("2019-12-10", "2026-03-01"):
        text = client.get(f"/parties/RUS?on={day}").text
        stand = text[text.index('id="stand"') : text.index("</section>", text.index('id="stand"'))]
        rows = client.get(f"/api/state?party=RUS&on={day}").json()
        assert re.findall(r'class="list stand"', stand)
        for row in rows:
            assert f'href="/entries/{row["position"]}?on={day}"' in stand, row
        assert stand.count('<th scope="row">') == len(rows)


def test_any_name_finds_a_party_and_an_unknown_one_is_refused_with_the_nearest(client: TestClient) -> None:
    assert "<h1>Russia</h1>" in client.get("/parties/russia").text
    refused = client.get("/api/parties/Rusia")
    assert (refused.status_code, refused.json()["nearest"]) == (404, ["RUS", "USA"])


def test_members_have_their_days_and_show_their_blocs_stances_if_asked_to(climate_client: TestClient) -> None:
    alone = climate_client.get("/parties/DEU?on=2024-11-24").text
    assert re.search(r"since <time[^>]*>1 Nov 1993</time></dt><dd><a href=\"/parties/EUN", alone)
    inheriting = climate_client.get("/parties/DEU?on=2024-11-24&inherit=1").text
    stand = 'id="stand"'
    assert inheriting[inheriting.index(stand) :].count(">from <a href=") > 0
    assert alone[alone.index(stand) :].count(">from <a href=") == 0


def test_asks_stand_with_who_asks_and_with_who_is_asked(client: TestClient) -> None:
    asked = {one["party"] for one in client.get("/api/asks?party=USA&on=2019-12-10&all=1").json()}
    text = client.get("/parties/USA?on=2019-12-10").text
    assert {"USA", "RUS"} <= asked
    assert 'id="made"' in text
    assert 'id="received"' in text


def test_a_cutoff_of_recording_shows_the_party_as_it_was_known(client: TestClient) -> None:
    text = client.get("/parties/RUS?on=2026-03-01&known_at=@300").text
    positions = [int(one) for one in re.findall(r'href="/entries/(\d+)', text)]
    assert positions
    assert max(positions) <= 300


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return client_of(tmp_path_factory.mktemp("hostile") / "hostile.db", LEDGER)


@pytest.mark.parametrize("path", ["/parties/RUS", "/parties/USA", "/issues/arms/start", "/issues/arms", "/issues/"])
def test_hostile_text_is_inert_on_pages_of_subjects(hostile: TestClient, path: str) -> None:
    text = hostile.get(path).text
    assert "&lt;script&gt;" in text or path == "/parties/USA"
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert "49" not in re.sub(r"<svg.*?</svg>", "", re.sub(r"[0-9a-f]{16,}", "", text), flags=re.DOTALL)


def test_hostile_text_is_inert_on_pages_of_entries(hostile: TestClient) -> None:
    for position in range(1, 6):
        text = hostile.get(f"/entries/{position}").text
        assert "<script>alert" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize("path", ["/parties/RUS", "/issues/extension", "/issues/arms-control", "/entries/396"])
def test_a_page_asks_a_dozen_questions_of_one_snapshot_at_most(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    asked, made = [], Snapshot.__init__

    def counting(self: Snapshot, reading: Reading) -> None:
        made(self, reading)
        inner = self._reading

        @contextmanager
        def counted() -> Iterator[Any]:
            asked.append(1)
            with inner() as found:
                yield found

        self._reading = counted

    monkeypatch.setattr(Snapshot, "__init__", counting)
    assert client.get(f"{path}?on=2026-03-02").status_code == 200
    assert 0 < len(asked) <= 14


@pytest.mark.parametrize("path", ["/parties/RUS", "/issues/extension", "/issues/arms-control", "/entries/396"])
def test_headings_of_a_page_follow_each_other(client: TestClient, path: str) -> None:
    levels = [
        int(one) for one in re.findall(r"<h(\d)", client.get(f"{path}?on=2026-03-01").text.partition("<dialog")[0])
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
