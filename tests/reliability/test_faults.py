"""Full disks, permissions taken away and damaged projections: one clear sentence, the log as it was, and no repair."""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from tests.cli.conftest import within_this_process
from tests.conftest import Ran
from tests.databases import Databases, PostgreSQLDatabases, postgresql_server
from tests.forked import ForkedCommand
from tests.reliability.processes import Unit, events_file, register, said
from tracker.errors import DatabaseUnavailable
from tracker.storage.backends.transactions import backend_of
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker

SOMEBODY = 65534

RECORD = ("record", "AAA", "a/a", "opposes", "--on", "2019-12-10", "--summary", "No.", "--anyway")

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
as_another = pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux", reason="only root, on Linux, may act as another user"
)


def tracker(url: str | Path, *args: str | Path, first: Callable[[], object] | None = None) -> Ran:
    """Run a command in a process of its own; whatever happens, it ends without a traceback."""
    with ForkedCommand("--db", url, *args, first=first) as command:
        out, err = command.communicate()
    assert "Traceback" not in err, err
    assert command.returncode is not None
    return Ran(command.returncode, out, err)


def drop_privileges() -> None:
    """Make root, without the right to pass over permissions, to the files of somebody else a user like any other."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3 of the interface, for this thread
    rights = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable ones, then the same of higher numbers
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capget(header, rights) == 0, os.strerror(ctypes.get_errno())
    for kind in range(3):
        rights[kind] &= ~(1 << 1 | 1 << 2 | 1 << 3)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
    assert libc.capset(header, rights) == 0, os.strerror(ctypes.get_errno())


def here(url: str, *args: str | Path) -> Ran:
    """The same within this process, where it is not the process that meets the fault."""
    ran: Ran = within_this_process()("--db", url, *map(str, args))
    return ran


def assert_refused(ran: Ran, *says: str) -> None:
    """One sentence or two in one line on standard error, which say what, where and what to do."""
    assert (ran.code, ran.out) == (1, ""), ran
    assert len(ran.err.splitlines()) == 1, ran.err
    assert ran.err.startswith("Error: "), ran.err
    for text_said in says:
        assert text_said in ran.err


def head(url: str | Path) -> int:
    with Tracker.open(str(url)) as opened:
        return opened.checkpoint().position


def assert_works(url: str | Path, *, entries: int) -> None:
    """The log is sound and as long as it was, and takes an entry without repair."""
    with Tracker.open(str(url)) as opened:
        verified = opened.verify()
        assert verified.head is not None
        assert (verified.log, verified.projections, verified.head.position) == ((), (), entries)
        unit = Unit(f"after {entries} {os.urandom(4).hex()}", "record", 1)
        assert opened.record(said(unit), by="analyst")[0].receipt.entry.position == entries + 1


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may look into."""
    path = Path(tempfile.mkdtemp(prefix="tracker-faults-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[Path]:
    """A disk of so many bytes, mounted at a folder."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


def remount(path: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(path)], check=True)


def fill(path: Path) -> Path:
    """Take all the room that is left on a disk."""
    filler = path / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1 << 8, 1):
            while True:
                try:
                    file.write(bytes(size))
                except OSError:
                    break
    return filler


# --- the disk -------------------------------------------------------------------------------------


@as_root
def test_a_load_that_fills_the_disk_leaves_nothing_of_it(folder: Path) -> None:
    big, small = (events_file(Unit(f"{size}", "load", size), folder) for size in (3000, 50))
    with small_disk(folder / "disk", "1500k") as disk:
        url = disk / "tracker.db"
        create_database(str(url))
        register(str(url))
        assert tracker(url, "load", small).code == 0
        before = head(url)
        assert_refused(tracker(url, "load", big), f"The database {url} has no space left", "make room")
        assert head(url) == before
        with Tracker.open(str(url)) as opened:
            for _ in range(2):
                with pytest.raises(DatabaseUnavailable, match="no space left"):
                    opened.load([big])
            assert opened.checkpoint().position == before
        assert_works(url, entries=before)
        remount(disk, "size=40m")
        assert tracker(url, "load", big).code == 0
        assert_works(url, entries=before + 1 + 3000)


@as_root
def test_records_that_fill_the_disk_are_kept_up_to_the_last_acknowledged(folder: Path) -> None:
    with small_disk(folder / "disk", "1500k") as disk:
        url = disk / "tracker.db"
        create_database(str(url))
        register(str(url))
        acknowledged = 7
        with Tracker.open(str(url)) as opened:
            with pytest.raises(DatabaseUnavailable, match="no space left"):  # noqa: PT012 - which of them fills it is open
                for number in range(100_000):
                    done = opened.record(said(Unit(f"{number}", "record", 5)), by="analyst")
                    acknowledged = done[-1].receipt.entry.position
            assert acknowledged > 100
            assert opened.checkpoint().position == acknowledged
            assert opened.verify().sound
        fill(disk)
        asked = tracker(url, "state")
        assert asked.code == 0 or "space" in asked.err
        assert_refused(tracker(url, *RECORD), "space")
        (disk / "filler").unlink()
        remount(disk, "size=20m")
        assert_works(url, entries=acknowledged)


@as_root
def test_a_database_on_a_full_disk_is_made_whole_or_not_at_all(folder: Path) -> None:
    codes = []
    for kilobytes in range(48, 408, 80):
        with small_disk(folder / f"disk {kilobytes}", f"{kilobytes}k") as disk:
            ran = tracker(disk / "new.db", "init")
            codes.append(ran.code)
            if ran.code != 0:
                assert_refused(ran, str(disk / "new.db"))
                assert list(disk.iterdir()) == []
            else:
                remount(disk, "size=10m")
                with Tracker.open(str(disk / "new.db")) as opened:
                    assert opened.verify().sound
    assert codes == sorted(codes, reverse=True)
    assert set(codes) == {0, 1}


def test_a_file_size_limit_leaves_nothing_of_what_it_stopped(folder: Path) -> None:
    url = folder / "tracker.db"
    create_database(str(url))
    register(str(url))
    big = events_file(Unit("big", "load", 3000), folder)
    for limit, command in ((0, RECORD), (1 << 15, RECORD), (1 << 17, ("load", big)), (1 << 20, ("load", big))):
        limited = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
        assert_refused(tracker(url, *command, first=limited), f"The database {url} cannot be", "disk")
        assert head(url) == 7
    assert_works(url, entries=7)


@as_root
def test_a_server_whose_disk_is_full_says_so_and_goes_on_when_there_is_room(folder: Path) -> None:
    files = [events_file(Unit(f"{size}", "load", size), folder) for size in (20, 3000)]
    with small_disk(folder / "disk", "120m") as disk, postgresql_server(our_own=True, folder=disk / "data") as server:
        url = server
        create_database(url)
        register(url)
        with Tracker.open(url) as opened:
            acknowledged = 7
            filler = fill(disk)
            with pytest.raises(DatabaseUnavailable, match="no space left on its disk"):  # noqa: PT012 - as above
                for number in range(100_000):
                    done = opened.record(said(Unit(f"{number}", "record", 40)), by="analyst")
                    acknowledged = done[-1].receipt.entry.position
            for file in files:
                assert_refused(tracker(url, "load", file), "no space left on its disk", "make room")
            assert opened.checkpoint().position == acknowledged
            filler.unlink()
            assert_works(url, entries=acknowledged)
            assert opened.load(files).appended == 3020
        assert_works(url, entries=acknowledged + 1 + 3020)


# --- permissions ----------------------------------------------------------------------------------


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


# --- projections ----------------------------------------------------------------------------------

FAILURES = {
    "its table is gone": "DROP TABLE statement",
    "a row is there already": "INSERT INTO statement SELECT 9, pair, effective_on, sequence, rank, "
    "states_conditions, asks, contests_from, standing, attribution, source, public_on, evidence_at, ended_at, value, "
    "first_on, addressed_to FROM statement WHERE position = 8",
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
    url = str(tmp_path / "torn.db")
    if isinstance(databases, PostgreSQLDatabases):  # of its own: it cannot be used again
        url = databases.new_database("tracker_test_torn")
    create_database(url)
    register(url)
    with Tracker.open(url) as opened:
        opened.record(said(Unit("first", "record", 1)), by="analyst")
    break_it(backend, url, (ON_SQLITE if backend == "sqlite" else {}).get(failure, FAILURES[failure]))
    files = [events_file(Unit(f"{size}", "load", size), tmp_path) for size in (10, 200)]
    elsewhere = ("record", "BBB", "a/b", *RECORD[3:])
    for command in (elsewhere, *(("load", file) for file in files)):
        assert_refused(here(url, *command), f"The database {backend_of(url).place} ", "tracker rebuild")
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
        assert "tracker rebuild" in verified.err
        assert here(url, "rebuild").code == 0
        assert_works(url, entries=9)
