"""PostgreSQL behaves as SQLite does: same answers, same bytes, same refusals; and its own errors are sentences."""

import io
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import ledger
from tests.conftest import NOW
from tests.databases import PostgreSQLDatabases, SQLiteDatabases
from tracker.cli.start import corpus_files
from tracker.domain.entries import Draft
from tracker.errors import DatabaseMissing, DatabaseUnavailable, NotATrackerDatabase
from tracker.reports.flat import report_json, to_json
from tracker.storage.engine import backend_of, open_database
from tracker.storage.event_log import Receipt
from tracker.storage.migrate import create_database, upgrade_database
from tracker.storage.schema import REVISION
from tracker.tracker import Tracker

LOCALES = ("LOCALE_PROVIDER icu ICU_LOCALE 'en-US'", "LOCALE 'en_US.UTF-8'", "LOCALE 'en_US.utf8'")
TEXT = """
    party ÖÄÜ
    party RUS
    party Ω
    issue b/ж
    issue a/b
    issue a-b
    issue a/Я
    stated Ω a/b supports 2019-12-10
    stated ÖÄÜ a/b opposes 2019-12-10
    stated RUS b/ж opposes 2019-12-10
    stated RUS a-b opposes 2019-12-11
    stated RUS a/Я neutral 2019-12-11
    """


def drafts(text: str) -> list[Draft]:
    """Entries that are stamped when they are appended."""
    return [replace(draft, time=None) for draft in ledger.drafts(text)]


def append(tracker: Tracker, text: str) -> None:
    with tracker._log.writing() as log:
        assert all(isinstance(result, Receipt) for result in log.append_all(drafts(text)))


def answers(url: str) -> list[Any]:
    exported = io.BytesIO()
    with Tracker.open(url) as tracker:
        tracker.export(exported)
        first = next(tracker.entries(limit=1)).entry.recorded_at.date()
        report = tracker.report(first.replace(year=2018), first, known_from=None)
        return [
            exported.getvalue(),
            to_json(tracker.state(first).rows),
            report_json(report),
            tracker.checkpoint(),
            tracker.verify().sound,
        ]


def test_both_back_ends_give_the_same_bytes(
    sqlite_databases: SQLiteDatabases, postgresql_databases: PostgreSQLDatabases
) -> None:
    found = []
    for databases in (sqlite_databases, postgresql_databases):
        with databases.empty() as url:
            with Tracker.open(url) as tracker:
                tracker.load(corpus_files())
            found.append(answers(url))
    assert found[0] == found[1]


def test_ids_are_compared_by_code_point_whatever_the_servers_collation(
    sqlite_databases: SQLiteDatabases, postgresql_databases: PostgreSQLDatabases
) -> None:
    for locale in LOCALES:
        try:
            other = postgresql_databases.new_database("tracker_test_collation", locale)
            break
        except psycopg.Error:
            continue
    else:
        pytest.skip("this server has no collation that orders text otherwise than by code point, such as en_US.UTF-8")
    create_database(other)
    found = []
    with sqlite_databases.empty() as lite:
        for url in (lite, other):
            with Tracker.open(url, clock=lambda: NOW) as tracker, tracker._log.writing() as log:
                log.append_all(ledger.drafts(TEXT))
            found.append(answers(url))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET line = line",
        "UPDATE log SET line = line WHERE false",
        "DELETE FROM log WHERE position = 3",
        "TRUNCATE log",
        "TRUNCATE log CASCADE",
        "INSERT INTO log SELECT 5, 'new', type, recorded_at, line, hash FROM log WHERE position = 3",
        "INSERT INTO log SELECT 4, id, type, recorded_at, line, hash FROM log WHERE position = 3",
        "INSERT INTO log SELECT position, id, type, recorded_at, '{}', hash FROM log WHERE position = 2 "
        "ON CONFLICT (position) DO UPDATE SET line = '{}'",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(
    postgresql_databases: PostgreSQLDatabases, statement: str
) -> None:
    with postgresql_databases.empty() as url:
        with Tracker.open(url) as tracker:
            append(tracker, "party RUS\nissue a/b\nstated RUS a/b supports 2019-12-10")
        with psycopg.connect(url) as connection:
            before = connection.execute("SELECT * FROM log ORDER BY position").fetchall()
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(statement)  # type: ignore[call-overload]
            connection.rollback()
            assert connection.execute("SELECT * FROM log ORDER BY position").fetchall() == before


def test_a_database_is_made_once_and_upgraded_to_nothing_new(postgresql_databases: PostgreSQLDatabases) -> None:
    url = postgresql_databases.new_database("tracker_test_once")
    with pytest.raises(DatabaseMissing, match="tracker init"):
        open_database(backend_of(url))
    made: list[bool] = []
    threads = [threading.Thread(target=lambda: made.append(create_database(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False, False, False, True]
    assert upgrade_database(url) == (REVISION, REVISION)


def test_writers_wait_for_each_other_and_readers_for_nobody(postgresql_databases: PostgreSQLDatabases) -> None:
    with postgresql_databases.empty() as url, Tracker.open(url) as holder, Tracker.open(url) as reader:
        with holder._log.writing() as log:
            log.append_all(drafts("party RUS\nissue a/b"))
            assert reader.checkpoint().position == 0
            started = time.monotonic()
            with (
                Tracker.open(url, wait_seconds=0.2) as hasty,
                pytest.raises(DatabaseUnavailable, match="another writer"),
                hasty._log.writing(),
            ):
                pass
            assert time.monotonic() - started < 10
        assert reader.checkpoint().position == 2

        def write(name: str) -> None:
            with Tracker.open(url) as tracker:
                for number in range(10):
                    with tracker._log.writing() as log:
                        log.append_all([Draft(draft.event, draft.id, name) for draft in said(name, number)])

        threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [logged.entry.position for logged in reader.entries()] == list(range(1, 43))
        assert reader.verify().sound


def said(name: str, number: int) -> list[Draft]:
    return drafts(f"{name}{number}: stated RUS a/b supports 2019-12-{number + 1:02} speaker={name}")[-1:]


def test_what_the_server_refuses_is_a_sentence(postgresql_databases: PostgreSQLDatabases, tmp_path: Path) -> None:
    nobody = f"postgresql://postgres:secret@/postgres?host={tmp_path}"
    with pytest.raises(DatabaseUnavailable, match="cannot be reached") as unreachable:
        open_database(backend_of(nobody))
    assert "secret" not in str(unreachable.value)
    with pytest.raises(DatabaseUnavailable, match="does not exist on the server"):
        open_database(backend_of(postgresql_databases.server.replace("/postgres?", "/nowhere?", 1)))

    foreign = postgresql_databases.new_database("tracker_test_foreign")
    with psycopg.connect(foreign) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num text)")
        connection.execute("INSERT INTO alembic_version VALUES ('abc')")
    with pytest.raises(NotATrackerDatabase):
        open_database(backend_of(foreign))

    with postgresql_databases.empty() as url:
        replica = f"{url}&options=-c%20default_transaction_read_only%3Don"
        with Tracker.open(replica) as tracker:
            assert tracker.checkpoint().position == 0
            with pytest.raises(DatabaseUnavailable, match="read-only"), tracker._log.writing():
                pass
        slow = f"{url}&options=-c%20statement_timeout%3D1"
        with pytest.raises(DatabaseUnavailable, match="cancelled"), Tracker.open(slow) as tracker:
            tracker.load(corpus_files())


def test_a_connection_that_is_lost_leaves_nothing_half_written(postgresql_databases: PostgreSQLDatabases) -> None:
    with postgresql_databases.empty() as url, Tracker.open(url) as tracker:
        with pytest.raises(DatabaseUnavailable), tracker._log.writing() as log:
            log.append_all(drafts("party RUS\nissue a/b"))
            with psycopg.connect(url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            log.append_all(drafts("stated RUS a/b supports 2019-12-10"))
        with Tracker.open(url) as again:
            assert again.checkpoint().position == 0
            assert again.verify().sound


def test_damage_is_found(postgresql_databases: PostgreSQLDatabases) -> None:
    url = postgresql_databases.new_database("tracker_test_damage")  # of its own: it cannot be used again
    create_database(url)
    with Tracker.open(url) as tracker:
        append(tracker, "party RUS\nissue a/b\nstated RUS a/b supports 2019-12-10")
    for statement, position in (
        ("UPDATE log SET line = replace(line, 'Said', 'Sold') WHERE position = 3", 3),
        ("UPDATE statement SET stance = -2", 3),
        ("DELETE FROM log WHERE position = 2", 2),
        ("DELETE FROM log_head", 0),
        ("ALTER TABLE log DISABLE TRIGGER log_refuses_update", 0),
    ):
        with psycopg.connect(url) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement)  # type: ignore[call-overload]
            connection.commit()
        with Tracker.open(url) as tracker:
            verified = tracker.verify()
            assert position in [damage.position for damage in (*verified.log, *verified.projections)], statement
