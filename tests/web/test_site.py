"""The site as files: every link leads to a file, and the same cut-off and day give the same bytes."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests import ledger
from tests.web.sites import LATER, LEDGER, ON, Page, contents, dead_links, matrix_by_day, write
from tracker.domain.terms.scope import parse_known_at
from tracker.tracker import Tracker
from tracker.web.app import make_app
from tracker.web.asking import answering
from tracker.web.asking.database import Database
from tracker.web.site.days import days_of, pieces_of
from tracker.web.site.links import relinked


@pytest.fixture(scope="module")
def record(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small record; no test here changes it."""
    path = tmp_path_factory.mktemp("record") / "record.db"
    shutil.copy(empty_database, path)
    _append(path, LEDGER)
    return path


@pytest.fixture(scope="module")
def site(record: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    write(str(record), folder, base="https://example.org/positions/")
    return folder


def _append(path: Path, text: str) -> None:
    with Tracker.open(str(path)) as tracker, tracker._log.writing() as log:
        for result in ledger.append_all(log, ledger.drafts(text)):
            assert not isinstance(result, Exception), result


@pytest.fixture
def pages(site: Path) -> Iterator[tuple[str, str]]:
    return ((path.name, path.read_text(encoding="utf-8")) for path in site.rglob("*.html"))


def test_every_link_leads_to_a_file_of_the_site_or_to_a_source(site: Path) -> None:
    assert dead_links(site) == []
    addresses = Page((site / "index.html").read_text(encoding="utf-8")).addresses
    assert "positions/RUS/arms/start.html" in addresses
    changes = Page((site / "changes.html").read_text(encoding="utf-8")).addresses
    assert len([one for one in changes if one.startswith("entries/")]) > 5
    assert "https://example.org/a?b=c&d=e" in (site / "positions/RUS/arms/start.html").read_text().replace("&amp;", "&")


def test_pages_need_no_server_and_hold_nothing_that_a_strict_policy_refuses(pages: Iterator[tuple[str, str]]) -> None:
    found = {name: Page(text).unwanted for name, text in pages}
    assert len(found) > 10
    assert not any(found.values()), found


def test_each_page_says_from_what_it_was_written(record: Path, pages: Iterator[tuple[str, str]]) -> None:
    with Tracker.open(str(record)) as tracker:
        head = tracker.checkpoint()
    said = f"up to position {head.position}, hash <code>{head.hash.hex()}</code>, as of 1 Jan 2021"
    assert [name for name, text in pages if said not in text] == []


def test_the_same_cut_off_and_day_give_the_same_bytes_whatever_is_recorded_in_between(
    record: Path, site: Path, tmp_path: Path
) -> None:
    with Tracker.open(str(record)) as tracker:
        position = tracker.checkpoint().position
    later = tmp_path / "later.db"
    shutil.copy(record, later)
    _append(later, LEDGER + LATER)
    known_at = parse_known_at(f"@{position}")
    write(str(later), tmp_path / "again", known_at=known_at, base="https://example.org/positions/")
    assert contents(tmp_path / "again") == contents(site)
    write(str(later), tmp_path / "now")
    found = contents(tmp_path / "now")
    assert "positions/CHN/arms/start.html" in found
    assert b"Later" in b"".join(found.values())


def test_names_in_filters_are_those_known_at_the_cut_off(record: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.db"
    shutil.copy(record, later)
    _append(later, LEDGER + "  updated USA name=Washington at=2030-02-01T00:00:00+00:00")
    for folder, database in (("before", record), ("after", later)):
        write(str(database), tmp_path / folder, parties=("Party USA",), known_at=parse_known_at("@16"))
    assert contents(tmp_path / "before") == contents(tmp_path / "after")


@pytest.mark.parametrize(
    ("file", "command"),
    [
        ("index.json", ("state", "--format", "json")),
        ("index.csv", ("state", "--format", "csv")),
        ("asks.csv", ("asks", "--format", "csv")),
        ("consensus.json", ("consensus", "--format", "json")),
        ("agreement.graphml", ("agreement", "--format", "graphml")),
        ("history.csv", ("history", "--format", "csv")),
        ("positions/RUS/arms/start.json", ("explain", "RUS", "arms/start", "--within-cutoffs", "--format", "json")),
    ],
)
def test_the_data_beside_a_page_is_what_the_command_prints(
    site: Path, record: Path, printed: Callable[..., bytes], file: str, command: tuple[str, ...]
) -> None:
    with Tracker.open(str(record)) as tracker:
        position = tracker.checkpoint().position
    cut = ("--on", ON.isoformat(), "--known-at", f"@{position}")
    assert (site / file).read_bytes() == printed(record, *command, *cut)


def test_data_is_whole_where_the_api_would_cut_it(
    record: Path, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "MOST_ROWS", 1)
    write(str(record), tmp_path / "site")
    assert (tmp_path / "site/index.json").read_bytes() == (site / "index.json").read_bytes()


def test_the_slider_shows_on_every_day_what_the_page_would(site: Path, record: Path) -> None:
    found = matrix_by_day(site)
    client = TestClient(make_app(Database(str(record))), base_url="http://localhost")
    changes = sorted(map(date.fromisoformat, found))
    asked = {day + timedelta(more) for day in changes for more in (-1, 0, 1)} | {date(2020, 3, 20), date(2020, 8, 1)}
    for day in sorted(one for one in asked if changes[0] <= one <= ON):
        served = client.get(f"/?on={day}").text
        shown = found[max(one for one in found if one <= day.isoformat())]
        assert [_without_links(one) for one in shown] == [_without_links(one) for one in pieces_of(served)], day


def _without_links(piece: str) -> str:
    return re.sub(r' href="[^"]*"', "", relinked(piece, lambda _: None))


def test_the_slider_of_a_large_record_begins_late_and_says_so() -> None:
    statements = [(date(2019, 1, 1) + timedelta(7 * week), 1) for week in range(1000)]
    days = days_of(statements, [], date(2030, 1, 1), cells=20_000, stale_after=180)
    assert len(days.changes) <= 101
    assert days.changes[-1] == date(2030, 1, 1)
    assert (
        days.remark
        == f"The slider begins on {days.changes[0]}: this site leaves out {days.left_out} earlier days of change."
    )
    assert days_of(statements[:20], [], date(2030, 1, 1), cells=200, stale_after=180).remark == ""


def test_a_narrowed_site_has_nothing_of_what_is_left_out(record: Path, tmp_path: Path) -> None:
    write(str(record), tmp_path / "site", parties=("USA",), issues=("arms",))
    found = contents(tmp_path / "site")
    assert dead_links(tmp_path / "site") == []
    assert "positions/USA/arms/start.html" in found
    assert not {"positions/RUS/arms/start.html", "consensus.html", "log.html"} & found.keys()
    assert not any(name.startswith(("parties/RUS", "issues/con")) for name in found)


def test_the_sitemap_lists_every_page_at_the_address_of_the_site(site: Path) -> None:
    listed = (site / "sitemap.xml").read_text(encoding="utf-8")
    files = [name for name in contents(site) if name.endswith(".html")]
    assert listed.count("<loc>") == len(files)
    assert "<loc>https://example.org/positions/positions/RUS/arms/start.html</loc>" in listed


def test_an_empty_record_has_a_site(empty_database: Path, tmp_path: Path) -> None:
    write(str(empty_database), tmp_path / "site")
    assert dead_links(tmp_path / "site") == []
    assert "Nothing is on record" in (tmp_path / "site/index.html").read_text(encoding="utf-8")


def test_what_was_not_public_by_the_day_is_nowhere_in_the_site(record: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.db"
    shutil.copy(record, later)
    secret = """
        source cable 2020-12-01 title=Secret-cable
        e: stated RUS arms/start opposes 2020-01-15 source=cable summary=Secret-sentence
           stated CHN arms/other supports 2020-01-15 source=cable summary=Secret-sentence
    """
    _append(later, LEDGER + secret)
    write(str(later), tmp_path / "site", published_by=date(2020, 11, 1))
    found = contents(tmp_path / "site")
    assert "positions/RUS/arms/start.html" in found
    assert [name for name, body in found.items() if b"Secret" in body] == []
    assert dead_links(tmp_path / "site") == []
