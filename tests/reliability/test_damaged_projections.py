"""Projections that are damaged or fail in an append: one clear sentence, the log stays, and `rebuild` mends them."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from tests.databases import Databases
from tests.reliability.faults import RECORD, assert_refused, assert_works, head, here
from tests.reliability.processes import Unit, events_file, register, said
from tracker.storage.backends.transactions import backend_of
from tracker.tracker import Tracker

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)

_COLUMNS = (
    "pair, effective_on, sequence, rank, states_conditions, lasts, asks, contests_from, standing, attribution, source, "
    "public_on, evidence_at, ended_at, value, first_on, addressed_to"
)

FAILURES = {
    "its table is gone": "DROP TABLE statement",
    "a row is there already": f"INSERT INTO statement (position, {_COLUMNS}) SELECT 9, {_COLUMNS} FROM statement "
    "WHERE position = 8",
    "a column is gone": "ALTER TABLE statement DROP COLUMN standing",
    "the next pairs are there already": "INSERT INTO pair VALUES (9, 'z/a', 'ZZZ'), (10, 'z/b', 'ZZZ')",
    "it has another program's column": "ALTER TABLE statement ADD COLUMN theirs INTEGER NOT NULL DEFAULT 0; "
    "ALTER TABLE statement ADD CONSTRAINT theirs CHECK (theirs = 1) NOT VALID",
}
ON_SQLITE = {
    "it has another program's column": "ALTER TABLE statement ADD COLUMN theirs INTEGER DEFAULT 0 CHECK (theirs = 1)"
}


@both
@pytest.mark.parametrize("failure", FAILURES)
def test_a_projection_that_fails_in_an_append_leaves_the_log_as_it_was(
    backend: str, databases: Databases, tmp_path: Path, failure: str
) -> None:
    with databases.own() as url:
        register(url)
        with Tracker.open(url) as opened:
            opened.record(said(Unit("first", "record", 1)), by="analyst")
        break_it(backend, url, (ON_SQLITE if backend == "sqlite" else {}).get(failure, FAILURES[failure]))
        files = [events_file(Unit(f"{size}", "load", size), tmp_path) for size in (10, 200)]
        elsewhere = ("record", "BBB", "a/b", *RECORD[3:])
        for command in (elsewhere, *(("load", file) for file in files)):
            assert_refused(here(url, *command), f"The database {backend_of(url).place} ", " rebuild`")
            assert head(url) == 8
        rebuilt = here(url, "rebuild")
        assert (rebuilt.code, rebuilt.err) == (0, "")
        assert_works(url, entries=8)


def break_it(backend: str, url: str, statement: str) -> None:
    if backend == "postgresql":
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)
        return
    engine = backend_of(url).connect()
    with engine.connect() as connection:
        connection.execute(text("PRAGMA ignore_check_constraints = on"))
        connection.execute(text(statement))
        connection.commit()
    engine.dispose()


@both
def test_a_trigger_that_refuses_is_quoted_and_nothing_is_recorded(
    backend: str, databases: Databases, tmp_path: Path
) -> None:
    files = [events_file(Unit(f"{size}", "load", size), tmp_path) for size in (10, 200)]
    with databases.empty() as url:
        register(url)
        break_it(backend, url, TRIGGERS[backend])
        for command in (RECORD, *(("load", file) for file in files)):
            assert_refused(here(url, *command), "not today", "Nothing was recorded")
            assert head(url) == 7
        break_it(backend, url, "DROP TRIGGER theirs" + (" ON statement" if backend == "postgresql" else ""))
        assert_works(url, entries=7)


TRIGGERS = {
    "sqlite": "CREATE TRIGGER theirs BEFORE INSERT ON statement BEGIN SELECT RAISE(ABORT, 'not today'); END",
    "postgresql": "CREATE OR REPLACE FUNCTION theirs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION 'not today'; END $$; "
    "CREATE TRIGGER theirs BEFORE INSERT ON statement FOR EACH ROW EXECUTE FUNCTION theirs()",
}


@both
@pytest.mark.parametrize("damage", ["DELETE FROM pair", "UPDATE pair SET id = 1000"])
def test_an_append_on_damaged_pairs_is_in_the_log_and_verify_says_what_to_rebuild(
    backend: str, databases: Databases, damage: str
) -> None:
    with databases.empty() as url:
        register(url)
        with Tracker.open(url) as opened:
            opened.record(said(Unit("first", "record", 1)), by="analyst")
        break_it(backend, url, damage)
        assert here(url, *RECORD).code == 0
        verified = here(url, "verify")
        assert verified.code == 3
        assert verified.err.endswith(" rebuild`.\n")
        assert here(url, "rebuild").code == 0
        assert_works(url, entries=9)
