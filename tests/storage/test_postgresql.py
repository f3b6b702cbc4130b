"""What only PostgreSQL has: a database that several make at once, other programs' tables in it, damage by its owner."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from tests import ledger
from tests.databases import PostgreSQLDatabases
from tracker.domain.log.entries import Draft
from tracker.domain.log.events import PartyRegistered
from tracker.domain.terms.rules import RULES
from tracker.errors import DatabaseMissing, DatabaseUnavailable, NotATrackerDatabase
from tracker.storage.backends.transactions import backend_of, open_database
from tracker.storage.log.writer import Receipt
from tracker.storage.maintenance.migrate import create_database, upgrade_database
from tracker.storage.schema import REVISION
from tracker.tracker import Tracker


def drafts(text: str) -> list[Draft]:
    """Entries that are stamped when they are appended."""
    return [replace(draft, time=None) for draft in ledger.drafts(text)]


def append(tracker: Tracker, text: str) -> None:
    with tracker._log.writing() as log:
        assert all(isinstance(result, Receipt) for result in ledger.append_all(log, drafts(text)))


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
    assert upgrade_database(url) == (REVISION, RULES)


@pytest.mark.parametrize("isolation", ["repeatable read", "serializable"])
def test_writers_see_each_others_entries_whatever_isolation_the_server_prefers(
    postgresql_databases: PostgreSQLDatabases, isolation: str
) -> None:
    url = postgresql_databases.new_database("tracker_test_isolation")
    create_database(url)
    with psycopg.connect(url) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = '{isolation}'")

    def write(name: str) -> None:
        with Tracker.open(url) as tracker:
            for number in range(5):
                tracker.record(
                    [PartyRegistered(party=f"{name}{number}", name=f"{name}{number}", kind="state")], by="me"
                )

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write, "ABCD")) == [None] * 4
    with Tracker.open(url) as tracker:
        assert [logged.entry.position for logged in tracker.entries()] == list(range(1, 21))
        assert tracker.verify().sound


def test_another_programs_database_is_left_alone(postgresql_databases: PostgreSQLDatabases) -> None:
    foreign = postgresql_databases.new_database("tracker_test_foreign")
    with psycopg.connect(foreign) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num text)")
        connection.execute("INSERT INTO alembic_version VALUES ('abc')")
    for action in (Tracker.open, create_database, upgrade_database):
        with pytest.raises(NotATrackerDatabase, match="another program"):
            action(foreign)


def test_a_database_that_cannot_hold_every_character_is_refused(postgresql_databases: PostgreSQLDatabases) -> None:
    latin = postgresql_databases.new_database("tracker_test_latin", "ENCODING LATIN1 LOCALE 'C'")
    with pytest.raises(DatabaseUnavailable, match=r"keeps text as LATIN1.*createdb --encoding UTF8"):
        create_database(latin)
    with pytest.raises(DatabaseMissing):
        Tracker.open(latin)


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE log SET line = replace(line, 'Said', 'Sold') WHERE position = 3", 3),
        ("UPDATE statement SET value = 'opposes'", 3),
        ("DELETE FROM log WHERE position = 2", 2),
        ("DELETE FROM log_head", 0),
        ("ALTER TABLE log DISABLE TRIGGER log_refuses_update", 0),
        ("DROP TRIGGER log_refuses_truncate ON log", 0),
        ("DROP INDEX statement_order", 0),
    ],
)
def test_damage_is_found_at_its_position(
    postgresql_databases: PostgreSQLDatabases, statement: str, position: int
) -> None:
    url = postgresql_databases.new_database("tracker_test_damage")  # of its own: it cannot be used again
    create_database(url)
    with Tracker.open(url) as tracker:
        append(tracker, "party RUS\nissue a/b\nstated RUS a/b supports 2019-12-10")
        assert tracker.verify().sound
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE log DISABLE TRIGGER USER")
        connection.execute("ALTER TABLE log ENABLE TRIGGER USER" if "TRIGGER" in statement else "SELECT 1")
        connection.execute(statement)
        connection.execute("SELECT 1" if "TRIGGER" in statement else "ALTER TABLE log ENABLE TRIGGER USER")
    with Tracker.open(url) as tracker:
        verified = tracker.verify()
    assert [damage.position for damage in (*verified.log, *verified.projections)][:1] == [position]


def test_nobody_writes_without_the_row_that_is_the_lock(postgresql_databases: PostgreSQLDatabases) -> None:
    url = postgresql_databases.new_database("tracker_test_no_lock")
    create_database(url)
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM log_head")
    with Tracker.open(url) as tracker:
        with pytest.raises(DatabaseUnavailable, match="has lost the row of log_head"), tracker._log.writing():
            pass
        assert "log_head" in tracker.verify().log[0].message


def test_a_server_s_empty_or_foreign_database_is_no_damaged_tracker(postgresql_databases: PostgreSQLDatabases) -> None:
    url = postgresql_databases.new_database("tracker_test_no_tracker")
    with Tracker.open(url, as_it_is=True) as tracker, pytest.raises(DatabaseMissing):
        tracker.verify()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE log (a int)")
        connection.execute("CREATE TABLE alembic_version (a int)")
    with Tracker.open(url, as_it_is=True) as tracker, pytest.raises(NotATrackerDatabase):
        tracker.verify()


@pytest.mark.parametrize(("asked", "prepares"), [("", True), ("prepare_threshold=none", False)])
def test_statements_are_prepared_unless_the_url_asks_for_none(
    postgresql_databases: PostgreSQLDatabases, asked: str, prepares: bool
) -> None:
    with postgresql_databases.empty() as url:
        with Tracker.open(url + (f"{'&' if '?' in url else '?'}{asked}" if asked else "")) as tracker:
            for _ in range(8):
                tracker.checkpoint()
            with tracker._log.reading() as connection:
                driver: Any = connection.driver
                ((prepared,),) = driver.execute("SELECT count(*) FROM pg_prepared_statements").fetchall()
        assert bool(prepared) is prepares
