"""The database beneath the pages, which others upgrade, replace, lose and write to meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, make_url, text
from starlette.testclient import TestClient

from tests.databases import Databases
from tests.reliability.processes import Process, Unit, append_and_dawdle, register, running, write
from tracker.errors import (
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnavailable,
    NotATrackerDatabase,
    TrackerError,
)
from tracker.storage.backends.backend import POOL
from tracker.storage.maintenance.migrate import create_database
from tracker.storage.schema import REVISION
from tracker.tracker import Tracker
from tracker.web.asking import database as module
from tracker.web.asking.database import Database
from tracker.web.release import RELEASE
from tracker.web.serving.health import HEALTH, health

UNDONE = f"UPDATE alembic_version SET version_num = '{REVISION}'"
pytestmark = pytest.mark.on_both_backends


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal is not kept, so that no test waits."""
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0)


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """A database with parties and issues, which the test may change as it likes."""
    with databases.own() as url:
        register(url)
        yield url


@pytest.fixture
def served(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def changed(url: str, *statements: str) -> None:
    """Change a database behind the tracker's back."""
    place = make_url(url) if "://" in url else make_url(f"sqlite:///{url}")
    engine = create_engine(place.set(drivername="postgresql+psycopg") if "postgresql" in url else place)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def append(url: str, name: str = "more", size: int = 1) -> None:
    with Tracker.open(url) as tracker:
        append_and_dawdle(tracker, Unit(name, "dawdle", size), Path())


def test_a_snapshot_and_the_head_are_of_what_was_recorded_last(url: str, served: Database) -> None:
    before = served.head()
    append(url, size=3)
    assert served.head().position == before.position + 3
    with served.snapshot() as snapshot:
        append(url, "meanwhile")
        assert snapshot.checkpoint().position == before.position + 3
    assert served.tracker().checkpoint() == served.head()


@pytest.mark.parametrize(
    ("change", "back", "refusal"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", UNDONE, DatabaseNewer),
        ("UPDATE alembic_version SET version_num = '0003'", UNDONE, DatabaseOlder),
        ("UPDATE rules SET number = number + 1", "UPDATE rules SET number = number - 1", DatabaseNewer),
        ("ALTER TABLE alembic_version RENAME TO x", "ALTER TABLE x RENAME TO alembic_version", NotATrackerDatabase),
        ("ALTER TABLE log RENAME TO x", "ALTER TABLE x RENAME TO log", DatabaseDamaged),
    ],
)
def test_a_schema_that_changed_is_refused_until_it_is_right_again(
    url: str, served: Database, change: str, back: str, refusal: type[TrackerError]
) -> None:
    head = served.head()
    changed(url, change)
    for _ in range(2):
        with pytest.raises(refusal), served.snapshot():
            pass
        with pytest.raises(refusal):
            served.head()
    changed(url, back)
    assert served.head() == head


def test_a_refusal_holds_for_a_moment_so_that_a_lost_server_is_not_asked_for_each_page(
    url: str, served: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 3600)
    changed(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer):
        served.head()
    monkeypatch.setattr(Tracker, "open", None)
    with pytest.raises(DatabaseNewer):
        served.head()


def test_what_a_reader_does_wrong_is_not_taken_for_a_changed_database(served: Database) -> None:
    opened = served._opened
    with pytest.raises(TrackerError, match="No party"), served.snapshot() as snapshot:
        snapshot.explain("nobody", "a/a")
    served.head()
    assert served._opened is opened


@pytest.mark.on_sqlite
def test_a_file_that_vanished_is_refused_and_one_that_took_its_place_is_read(
    url: str, served: Database, tmp_path: Path
) -> None:
    head = served.head()
    kept = [path.rename(tmp_path / path.name) for path in Path(url).parent.glob(f"{Path(url).name}*")]
    with pytest.raises(DatabaseMissing):
        served.head()
    create_database(url)
    assert served.head().position == 0
    for path in kept:
        path.rename(Path(url).parent / path.name)
    assert served.head() == head


@pytest.mark.on_sqlite
def test_another_log_in_the_same_file_is_not_answered_from_what_was_kept_of_the_first(
    url: str, served: Database, tmp_path: Path
) -> None:
    append(url, "first")
    assert summaries(served) == ["first"]
    other = tmp_path / "other.db"
    create_database(str(other))
    register(str(other))
    append(str(other), "other")
    with closing(sqlite3.connect(other)) as source, closing(sqlite3.connect(url)) as target:
        source.backup(target)
    assert summaries(served) == ["other"]


def summaries(served: Database) -> list[str | None]:
    with served.snapshot() as snapshot:
        return [one.statement.summary for one in snapshot.history("AAA").changes if one.statement]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.on_sqlite
def test_lost_connections_to_a_server_are_replaced(url: str, served: Database) -> None:
    with served.snapshot() as one:
        head = one.checkpoint()
    others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    changed(url, f"SELECT pg_terminate_backend(pid) {others}")
    assert served.head() == head
    with pytest.raises(DatabaseUnavailable), served.snapshot() as snapshot:  # noqa: PT012 (what ends raises too)
        changed(url, f"SELECT pg_terminate_backend(pid) {others}")
        snapshot.checkpoint()
    assert served.head() == head


def test_no_more_snapshots_are_open_at_once_than_the_pool_keeps_connections(
    served: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SNAPSHOT_SECONDS", 0.01)
    with ExitStack() as stack:
        for _ in range(POOL["pool_size"]):
            stack.enter_context(served.snapshot())
        with pytest.raises(DatabaseUnavailable, match="too much at once"), served.snapshot():
            pass
        served.head()
    with served.snapshot():
        pass


def test_health_says_the_release_and_the_position_or_that_there_is_none(url: str, served: Database) -> None:
    app = FastAPI()
    app.add_api_route(HEALTH, health(served))
    client = TestClient(app)
    done = client.get(HEALTH)
    assert (done.status_code, done.json()) == (
        200,
        {"status": "ok", "release": RELEASE, "position": served.head().position},
    )
    changed(url, "UPDATE alembic_version SET version_num = '9999'")
    done = client.get(HEALTH)
    assert (done.status_code, done.json()["status"], done.json()["position"]) == (503, "unavailable", None)
    assert url not in done.text


def test_readers_go_on_while_a_writer_is_killed(url: str, served: Database, tmp_path: Path) -> None:
    before = served.head().position
    writer = Process(write, url, [Unit(f"unit {number}", "record", 20) for number in range(1_000)], tmp_path)
    with running([writer]):
        acknowledged = (message for message in writer.messages() if message[0] == "acknowledged")
        next(acknowledged)
        for message in writer.messages():
            if message[0] == "inside the transaction":
                break
        with served.snapshot() as snapshot:
            writer.kill()
            assert len(list(snapshot.entries())) == snapshot.checkpoint().position
    after = served.head().position
    assert after > before
    assert (after - before) % 20 == 0
    append(url, "another writer")
    assert served.head().position == after + 1
