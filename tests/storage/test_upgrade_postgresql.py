"""The schema of a PostgreSQL database is the code's, and one of each older schema is upgraded with its data."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from tests.conftest import ROOT
from tests.databases import Databases, PostgreSQLDatabases
from tracker.cli.demonstrations import NUCLEAR
from tracker.domain.terms.rules import RULES
from tracker.errors import DatabaseOlder, DatabaseUnavailable
from tracker.reports.data_formats import to_json
from tracker.reports.report.data import ReportAnswer
from tracker.storage.backends.transactions import backend_of, reading
from tracker.storage.maintenance.migrate import migrations_folder, upgrade_database
from tracker.storage.schema import REVISION, WORD_INDEX_TABLES, metadata
from tracker.tracker import Tracker

FILES = {"corpus": NUCLEAR.files(), "events": [ROOT / "tests" / "golden" / "events-v1.jsonl"]}


def migrated_to(url: str, revision: str) -> str:
    """A database of an older release's schema, made by that release's own migrations."""

    def migrate(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    assert backend_of(url).create(migrate)
    return url


def copy_log(source: str, target: str) -> None:
    """Put the rows of one log, hashes and all, into another."""
    everything = "COPY (SELECT * FROM log ORDER BY position) TO STDOUT"
    with (
        psycopg.connect(source) as old,
        psycopg.connect(target) as new,
        old.cursor().copy(everything) as out,
        new.cursor().copy("COPY log FROM STDIN") as rows,
    ):
        for data in out:
            rows.write(data)


def answers(url: str) -> Iterator[Any]:
    with Tracker.open(url) as tracker:
        verified = tracker.verify()
        assert verified.sound, verified
        last = list(tracker.entries())[-1].entry.recorded_at.date()
        yield verified.head
        yield to_json(tracker.state(last).rows)
        yield to_json(ReportAnswer(tracker.report(last.replace(year=2019), last)).data)
        yield to_json(tracker.asks(last).asks)


KNOWN = {"include_name": lambda name, *_: name not in WORD_INDEX_TABLES}
"""What is compared with the metadata: all but the full-text index, which SQLAlchemy has no words for."""


def test_the_schema_in_code_is_that_of_the_migrations(postgresql_databases: PostgreSQLDatabases) -> None:
    with postgresql_databases.empty() as url, reading((backend := backend_of(url)).connect(), backend) as begun:
        assert compare_metadata(MigrationContext.configure(begun.core, opts=KNOWN), metadata) == []


def test_every_text_column_is_compared_by_code_point(postgresql_databases: PostgreSQLDatabases) -> None:
    with postgresql_databases.empty() as url, reading((backend := backend_of(url)).connect(), backend) as begun:
        tables = set(inspect(begun.core).get_table_names()) - {"alembic_version"}
        assert tables == set(metadata.tables)
        collations = begun.core.execute(
            text(
                "SELECT c.relname, a.attname, o.collname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                "JOIN pg_collation o ON o.oid = a.attcollation "
                "WHERE c.relkind IN ('r', 'i') AND c.relnamespace = current_schema()::regnamespace "
                "AND c.relname NOT LIKE 'alembic%' ORDER BY 1, 2"
            )
        ).all()
    assert len(collations) > 20
    assert [column for column in collations if column.collname != "C"] == []


@pytest.mark.on_both_backends
def test_alembics_own_check_finds_no_drift(databases: Databases) -> None:
    with databases.empty() as url:
        script = Path(sys.executable).parent / "alembic"
        environment = {**os.environ, "TRACKER_DB": url}
        done = subprocess.run(
            [script, "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "No new upgrade operations detected."), done.stderr


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_an_older_database_is_upgraded_with_its_data_and_answers_as_a_fresh_one(
    postgresql_databases: PostgreSQLDatabases, revision: str, files: list[Path]
) -> None:
    with postgresql_databases.empty() as fresh:
        with Tracker.open(fresh) as tracker:
            tracker.load(files)
        old = migrated_to(postgresql_databases.new_database(f"old_{revision}"), revision)
        copy_log(fresh, old)
        with pytest.raises(DatabaseOlder, match="tracker upgrade"):
            Tracker.open(old)
        assert upgrade_database(old) == (revision, 1)
        assert list(answers(old)) == list(answers(fresh))
    assert upgrade_database(old) == (REVISION, RULES)
    with psycopg.connect(old) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("UPDATE log SET line = line")
    with reading((backend := backend_of(old)).connect(), backend) as begun:
        assert compare_metadata(MigrationContext.configure(begun.core, opts=KNOWN), metadata) == []


def test_an_upgrade_waits_for_its_turn_and_leaves_nothing_half_done(postgresql_databases: PostgreSQLDatabases) -> None:
    url = migrated_to(postgresql_databases.new_database("busy"), "0001")
    with psycopg.connect(url) as writer:
        writer.execute("LOCK TABLE log IN ROW EXCLUSIVE MODE")  # as an INSERT of the older release does
        with pytest.raises(DatabaseUnavailable, match="in use by another writer"):
            upgrade_database(url, wait_seconds=0.2)
        assert writer.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert writer.execute("SELECT to_regclass('log_head')").fetchall() == [(None,)]
    assert upgrade_database(url) == ("0001", 1)
