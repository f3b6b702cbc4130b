"""Rights that are missing or taken away midway: one clear sentence, and the log as it was."""

import ctypes
import os
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.databases import PostgreSQLDatabases
from tests.reliability.faults import (
    RECORD,
    as_root,
    assert_refused,
    assert_works,
    head,
    here,
    remount,
    small_disk,
    tracker,
)
from tests.reliability.processes import Unit, events_file, register, said
from tracker.errors import DatabaseUnavailable
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker

SOMEBODY = 65534

as_another = pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux", reason="only root, on Linux, may act as another user"
)


def drop_privileges() -> None:
    """Make root, without the right to pass over permissions, to the files of somebody else a user like any other."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3 of the interface, for this thread
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable ones, then the same of higher numbers
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capget(header, rights) == 0, os.strerror(ctypes.get_errno())
    for kind in range(3):
        rights[kind] &= ~(1 << 1 | 1 << 2 | 1 << 3)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
    assert libc.capset(header, rights) == 0, os.strerror(ctypes.get_errno())


@as_root
def test_a_disk_that_becomes_read_only_refuses_and_nothing_is_lost(folder: Path) -> None:
    with small_disk(folder / "disk", "10m") as disk:
        url = disk / "tracker.db"
        create_database(str(url))
        register(str(url))
        remount(disk, "ro")
        for command in (RECORD, ("load", events_file(Unit("few", "load", 10), folder)), ("rebuild",)):
            assert_refused(tracker(url, *command), f"The database {url} cannot be")
        assert_refused(tracker(disk / "other.db", "init"), "cannot be created (Read-only file system)")
        for question in (("state",), ("verify",), ("doctor",), ("export",), ("backup", str(folder / "kept.db"))):
            assert tracker(url, *question).code == 0, question
        assert [path.name for path in disk.iterdir()] == ["tracker.db"]
        remount(disk, "rw")
        assert_works(url, entries=7)


@as_another
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "read", "write", "commands"),
    [
        (0o755, 0o644, None, "Make it and its folder", ("record", "load", "rebuild")),
        (0o777, 0o644, None, "cannot be written", ("record", "load", "rebuild")),
        (0o777, 0o600, "You may not read it", "You may not read it", ("record",)),
        (0o755, 0o666, None, "Make it and its folder", ("record", "load", "rebuild")),
        (0o700, 0o666, "Permission denied", "Permission denied", ("record",)),
    ],
)
def test_who_may_not_write_is_told_so(
    folder: Path, folder_mode: int, file_mode: int, read: str | None, write: str, commands: tuple[str, ...]
) -> None:
    theirs = folder / "theirs"
    theirs.mkdir()
    url = theirs / "tracker.db"
    create_database(str(url))
    register(str(url))
    writing = {
        "record": RECORD,
        "load": ("load", events_file(Unit("few", "load", 10), folder)),
        "rebuild": ("rebuild",),
    }
    for path, mode in ((theirs, folder_mode), (url, file_mode)):
        path.chmod(mode)
        os.chown(path, SOMEBODY, SOMEBODY)
    for command in commands:
        assert_refused(tracker(url, *writing[command], first=drop_privileges), str(url), write)
    asked = tracker(url, "state", first=drop_privileges)
    if read is None:
        assert asked.code == 0
    else:
        assert_refused(asked, str(url), read)
    assert_works(url, entries=7)


@as_another
def test_who_may_not_write_in_the_folder_is_told_so_by_init(folder: Path) -> None:
    os.chown(folder, SOMEBODY, SOMEBODY)
    refused = tracker(folder / "new.db", "init", first=drop_privileges)
    assert_refused(refused, "cannot be created (Permission denied)", str(folder))
    assert list(folder.iterdir()) == []


def test_a_role_whose_right_is_revoked_midway_is_told_so(
    postgresql_databases: PostgreSQLDatabases, tmp_path: Path
) -> None:
    with postgresql_databases.empty() as url, psycopg.connect(url, autocommit=True) as owner:
        register(url)
        few = events_file(Unit("few", "load", 100), tmp_path)
        owner.execute("DROP ROLE IF EXISTS tracker_test_analyst")
        owner.execute("CREATE ROLE tracker_test_analyst LOGIN")
        owner.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO tracker_test_analyst")
        theirs = make_url(url).set(username="tracker_test_analyst").render_as_string(hide_password=False)
        try:
            with Tracker.open(theirs) as opened:
                opened.record(said(Unit("allowed", "record", 1)), by="analyst")
                for table in ("log", "statement"):
                    owner.execute(f"REVOKE INSERT ON {table} FROM tracker_test_analyst")
                    with pytest.raises(DatabaseUnavailable, match=f"permission denied for table {table}"):
                        opened.record(said(Unit("refused", "record", 1)), by="analyst")
                    for command in (RECORD, ("load", few)):
                        assert_refused(
                            here(theirs, *command), "does not allow this user", "ask whoever runs the server"
                        )
                    assert opened.checkpoint().position == 8
                    owner.execute(f"GRANT INSERT ON {table} TO tracker_test_analyst")
            assert_works(theirs, entries=8)
        finally:
            owner.execute("DROP OWNED BY tracker_test_analyst")
            owner.execute("DROP ROLE tracker_test_analyst")


def test_a_server_that_becomes_read_only_midway_says_so(
    postgresql_databases: PostgreSQLDatabases, tmp_path: Path
) -> None:
    with postgresql_databases.empty() as url, psycopg.connect(url, autocommit=True) as owner:
        register(url)
        few = events_file(Unit("few", "load", 100), tmp_path)
        name = owner.info.dbname
        owner.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        try:
            for command in (RECORD, ("load", few), ("rebuild",)):
                assert_refused(here(url, *command), "is read-only", "--db")
            assert head(url) == 7
        finally:
            owner.execute("SET default_transaction_read_only = off")
            owner.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        assert_works(url, entries=7)
