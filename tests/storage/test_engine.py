"""Opening, creating and upgrading databases, and what bad ones get."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from tracker.domain.terms.rules import RULES
from tracker.errors import (
    DatabaseMissing,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnavailable,
    NotATrackerDatabase,
    UnsupportedDatabase,
)
from tracker.storage.backends.sqlite import SQLite, database_path
from tracker.storage.backends.transactions import backend_of, reading
from tracker.storage.backends.transactions import open_database as open_backend
from tracker.storage.maintenance.migrate import create_database, migrations_folder, upgrade_database
from tracker.storage.schema import REVISION, metadata
from tracker.tracker import Tracker


def open_database(url: str) -> Engine:
    return open_backend(backend_of(url))


def test_a_plain_path_and_a_url_name_the_same_file() -> None:
    assert database_path("a/b.db") == database_path("sqlite:///a/b.db") == Path("a/b.db")
    for other in ("postgresql://host/db", "sqlite://", "nonsense://", "", ":memory:"):
        with pytest.raises(UnsupportedDatabase):
            database_path(other)


def test_a_database_is_created_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with pytest.raises(DatabaseMissing, match="tracker init"):
        open_database(str(path))
    assert create_database(str(path)) is True
    assert create_database(str(path)) is False
    open_database(str(path)).dispose()
    assert upgrade_database(str(path)) == (REVISION, RULES)
    assert [file.name for file in tmp_path.iterdir()] == ["new.db"]


@pytest.mark.parametrize("name", ["a?b.db", "a#b%20c.db", "a b.db", "ж.db"])
def test_a_path_names_the_file_that_it_says(tmp_path: Path, name: str) -> None:
    create_database(str(tmp_path / name))
    assert [file.name for file in tmp_path.iterdir()] == [name]
    open_database(str(tmp_path / name)).dispose()


def test_an_empty_file_is_no_database_yet(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    for action in (open_database, upgrade_database):
        with pytest.raises(DatabaseMissing):
            action(str(path))
    assert create_database(str(path)) is True
    open_database(str(path)).dispose()


def test_of_several_who_create_a_database_at_once_one_does_and_nobody_harms_it(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: create_database(str(path)), range(8)))
    assert made.count(True) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["new.db"]
    open_database(str(path)).dispose()


def test_the_schema_in_code_is_that_of_the_migrations(empty_database: Path) -> None:
    assert ScriptDirectory(str(migrations_folder())).get_current_head() == REVISION
    with reading((backend := SQLite(str(empty_database))).connect(), backend) as begun:
        assert compare_metadata(MigrationContext.configure(begun.core), metadata) == []


def test_an_index_of_some_rows_is_one_on_both_databases() -> None:
    backend_of("postgresql://host/db")  # which makes the conditions known to its dialect
    some = [index for table in metadata.sorted_tables for index in table.indexes if "where" in index.info]
    assert some
    for dialect in (sqlite.dialect(), postgresql.dialect()):  # type: ignore[no-untyped-call]
        for made in (str(CreateIndex(index).compile(dialect=dialect)) for index in some):
            assert " WHERE " in made, made


def test_a_newer_and_an_older_database_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    create_database(str(path))
    for revision, refusal in (("9999", DatabaseNewer), ("0000", DatabaseOlder)):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        with pytest.raises(refusal):
            open_database(str(path))
    with pytest.raises(DatabaseUnavailable, match="damaged: alembic_version holds '0000'"):
        upgrade_database(str(path))  # it has this release's tables
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer):
        upgrade_database(str(path))


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    for action in (open_database, create_database):
        with pytest.raises(NotATrackerDatabase, match="another program"):
            action(str(path))
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sergey, " * 100)
    for action in (open_database, create_database):
        with pytest.raises(NotATrackerDatabase, match="not a SQLite database"):
            action(str(path))
    assert path.read_text() == "Dear Sergey, " * 100


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="does not exist"):
        create_database(str(tmp_path / "none" / "new.db"))


def test_a_creation_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.storage.maintenance import migrate

    def fail(_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(migrate, "_migrate", fail)
    with pytest.raises(RuntimeError):
        create_database(str(tmp_path / "half.db"))
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_names_another_revision_than_its_tables_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "torn.db"
    create_database(str(path))
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (x)")
    for revision in ("0001", "0002", "", "0\x013"):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        with Tracker.open(str(path), as_it_is=True) as tracker:
            assert "alembic_version" in tracker.verify().log[0].message


def test_a_trigger_that_does_nothing_does_not_pass_for_one_that_guards_the_log(tmp_path: Path) -> None:
    path = tmp_path / "torn.db"
    create_database(str(path))
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER log_refuses_update")
        connection.execute(
            "CREATE TRIGGER log_refuses_update BEFORE UPDATE ON log WHEN 0 "
            "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )
    with Tracker.open(str(path)) as tracker:
        assert "log_refuses_update" in tracker.verify().log[0].message


@pytest.mark.parametrize("table", ["log", "log_head", "statement", "alembic_version"])
def test_a_table_that_is_gone_is_named(tmp_path: Path, table: str) -> None:
    path = tmp_path / "torn.db"
    create_database(str(path))
    with sqlite3.connect(path) as connection:
        connection.execute(f"DROP TABLE {table}")
    with Tracker.open(str(path), as_it_is=True) as tracker:
        verified = tracker.verify()
    assert any(table in damage.message for damage in (*verified.log, *verified.projections))


def test_without_its_revision_a_database_is_damaged_and_not_another_programs(tmp_path: Path) -> None:
    path = tmp_path / "torn.db"
    create_database(str(path))
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE alembic_version RENAME TO x")
    with Tracker.open(str(path), as_it_is=True) as tracker:
        assert "alembic_version" in tracker.verify().log[0].message


def test_what_ends_bulk_work_is_raised_though_its_connection_is_closed(tmp_path: Path) -> None:
    path = str(tmp_path / "new.db")
    create_database(path)
    backend = backend_of(path)
    engine = open_backend(backend)
    with (  # noqa: PT012
        pytest.raises(SystemExit, match="143"),
        reading(engine, backend) as begun,
        backend.in_bulk(begun.core),
    ):
        driver: Any = begun.driver
        driver.close()
        raise SystemExit(143)
    with reading(engine, backend) as begun:
        assert begun.core.scalar(text("PRAGMA cache_size")) == -65_536
    engine.dispose()
