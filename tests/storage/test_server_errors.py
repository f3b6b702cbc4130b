"""What a PostgreSQL server refuses or takes away is told in a sentence without a password; nothing is half-written."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from tests import ledger
from tests.cli.conftest import within_this_process
from tests.conftest import NOW
from tests.processes import PATIENCE
from tests.servers import OwnServer
from tracker.cli.demonstrations import NUCLEAR
from tracker.domain.log.events import PartyRegistered
from tracker.errors import DatabaseUnavailable, OutcomeUnknown
from tracker.storage.maintenance.migrate import create_database
from tracker.storage.schema import pair
from tracker.tracker import Tracker

Run = Callable[..., Any]
CORPUS = tuple(map(str, NUCLEAR.files()))
CORPUS_ENTRIES = sum(len(path.read_bytes().splitlines()) for path in NUCLEAR.files())
TEXT = "party RUS\nissue a/b\nstated RUS a/b supports 2019-12-10"
ROLES = (
    "ALTER ROLE postgres PASSWORD 'sesame'",
    "CREATE ROLE ann LOGIN PASSWORD 'sesame'",
    "CREATE ROLE few LOGIN PASSWORD 'sesame' CONNECTION LIMIT 0",
    "CREATE ROLE out NOLOGIN PASSWORD 'sesame'",
    "CREATE DATABASE shared",
    "CREATE DATABASE closed",
    "REVOKE CONNECT ON DATABASE closed FROM PUBLIC",
    "CREATE DATABASE blank",
    "CREATE DATABASE theirs",
    "CREATE DATABASE empty",
)


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    """A server with passwords, a tracker's database that is its superuser's alone, and some that are none."""
    with OwnServer() as server:
        execute(server.url(), *ROLES)
        execute(server.url("blank"), "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        execute(server.url("theirs"), "CREATE TABLE log (line text)", "GRANT CREATE ON SCHEMA public TO ann")
        create_database(server.url("shared"))
        create_database(server.url("empty"))
        yield server


@pytest.fixture
def url(server: OwnServer) -> str:
    """A tracker's database of a test's own, as the server's superuser."""
    name = f"own{monotonic():.9f}".replace(".", "_")
    execute(server.url(), f"CREATE DATABASE {name} TEMPLATE empty STRATEGY file_copy")
    return server.url(name)


def execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def end_others(url: str) -> None:
    """End every other session of the database, as an administrator can."""
    execute(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        "AND datname = current_database() AND backend_type = 'client backend'",
    )


def refused(url: str, *command: str, **env: str) -> str:
    """The one sentence (or two) with which a command is refused."""
    done = within_this_process(url)(*command, **env)
    assert (done.code, done.out) == (1, ""), done
    assert "sesame" not in done.err
    assert len(done.err.splitlines()) == 1
    return str(done.err)


def positions(url: str) -> int:
    with Tracker.open(url) as tracker:
        assert tracker.verify().sound
        return tracker.checkpoint().position


@pytest.mark.parametrize(
    ("user", "password", "database", "command", "says"),
    [
        ("ann", "wrong", "shared", "state", "refuses the user or the password. Check both in the URL, or PGPASSWORD"),
        ("ann", None, "shared", "state", "refuses the user or the password"),
        ("nobody", "sesame", "shared", "state", "refuses the user or the password"),
        ("out", "sesame", "shared", "state", "refuses this user"),
        ("ann", "sesame", "closed", "init", "refuses this user"),
        ("few", "sesame", "shared", "state", "has no connection or memory left"),
        ("ann", "sesame", "nowhere", "init", "does not exist on the server. Create it with `createdb`"),
        ("ann", "sesame", "postgres", "state", "There is no tracker database at"),
        ("ann", "sesame", "postgres", "init", "does not allow this user to do that"),
        ("ann", "sesame", "blank", "state", "shows this user no schema"),
        ("ann", "sesame", "blank", "init", "shows this user no schema"),
        ("ann", "sesame", "shared", "state", "does not allow this user to do that"),
        ("ann", "sesame", "theirs", "init", "is not a tracker database: it holds another program's table 'log'"),
    ],
)
def test_who_is_not_let_in_is_told_why(
    server: OwnServer, user: str, password: str | None, database: str, command: str, says: str
) -> None:
    assert says in refused(server.tcp(user, password, database), command)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://ann:sesame@127.0.0.1:1/db", "cannot be reached (connection failed: "),
        ("postgresql://ann@127.0.0.1:1/db?password=sesame", "cannot be reached (connection failed: "),
        ("postgresql://ann:sesame@no-such-host.invalid/db", "cannot be reached (failed to resolve host"),
        ("postgresql://ann:sesame@/db?host=/no/such/folder", "cannot be reached"),
        ("postgresql://ann:sesame@127.0.0.1:port/db", "is not a database. Give a file's path"),
        ("postgresql://ann:ses@me@127.0.0.1/db", "Write special characters of a user or a password as %40"),
        ("postgresql://ann:sesame@127.0.0.1/db?colour=red", 'invalid connection option "colour"'),
        ("mysql://ann:sesame@127.0.0.1/db", "is not a database"),
    ],
)
def test_a_server_that_is_not_there_is_named_without_the_password(url: str, says: str) -> None:
    told = refused(url, "state")
    assert says in told
    assert "me@" not in told


def test_a_driver_that_is_not_installed_is_named_with_what_to_install(tmp_path: Path) -> None:
    script = "import sys; sys.modules['psycopg'] = None; from tracker.cli import run; run()"
    command = [sys.executable, "-c", script, "--db", "postgresql://ann:sesame@host/db", "state"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: The database postgresql://ann:***@host/db needs the PostgreSQL driver. "
        "Install it with `pip install 'psycopg[binary]>=3.2,<4'`.\n"
    )


def test_the_demo_shows_no_password(server: OwnServer, url: str) -> None:
    done = within_this_process(url)("--db", url.replace("postgres@", "postgres:sesame@"), "demo")
    assert (done.code, "postgres:***@" in done.out, "sesame" in done.out) == (0, True, False)


def test_a_restarted_server_is_found_again_by_a_tracker_that_was_open(server: OwnServer, url: str) -> None:
    with Tracker.open(url) as tracker:
        tracker.record([PartyRegistered(party="RUS", name="Russia", kind="state")], by="me")
        server.stop()
        with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
            tracker.state()
        server.start()
        assert tracker.checkpoint().position == 1
        end_others(url)
        tracker.record([PartyRegistered(party="USA", name="America", kind="state")], by="me")
        end_others(url)
        assert list(tracker.names().parties) == ["RUS", "USA"]


@pytest.mark.parametrize("rows", [2, 80], ids=["insert", "copy"])
def test_a_connection_that_is_lost_in_the_middle_leaves_nothing(url: str, rows: int) -> None:
    with Tracker.open(url, clock=lambda: NOW) as tracker:
        with pytest.raises(DatabaseUnavailable, match=r"ended|was lost"), tracker._log.writing() as log:  # noqa: PT012
            ledger.append_all(log, ledger.drafts(TEXT))
            end_others(url)
            made = [(number, "x", str(number)) for number in range(rows)]
            tracker._log.backend.insert(log.connection, pair, made)
        assert positions(url) == 0
        tracker.load(NUCLEAR.files())  # the same tracker goes on
        assert positions(url) > 0


def test_a_load_whose_connection_is_ended_halfway_records_nothing(url: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "events.jsonl")
    script = Path(sys.executable).parent / "tracker"
    loading = subprocess.Popen(
        [script, "--db", url, "load", "events.jsonl"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    lines = [line for path in NUCLEAR.files() for line in path.read_text().splitlines(keepends=True)]
    with (tmp_path / "events.jsonl").open("w") as pipe:
        pipe.writelines(lines[: len(lines) // 2])
        pipe.flush()
        _wait_for(url, "state = 'idle in transaction'")
        end_others(url)
        pipe.writelines(lines[len(lines) // 2 :])
    out, err = loading.communicate(timeout=PATIENCE)
    assert (loading.returncode, out) == (1, b"")
    assert err.decode().endswith(
        "ended the connection (a restart, or an administrator). Nothing was recorded; try again.\n"
    )
    assert positions(url) == 0


def _wait_for(url: str, what: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        deadline = monotonic() + PATIENCE
        while monotonic() < deadline:
            found = connection.execute(
                f"SELECT 1 FROM pg_stat_activity WHERE application_name = 'tracker' AND {what} "
                "AND datname = current_database()"
            ).fetchone()
            if found:
                return
            sleep(0.05)
    raise AssertionError(f"no session of the tracker came to {what}")


@pytest.mark.parametrize("heard", [False, True], ids=["before the commit arrives", "after it is done"])
def test_who_loses_the_server_while_committing_is_told_to_look(server: OwnServer, url: str, heard: bool) -> None:
    database = make_url(url).database or ""
    with cut_at_commit(server.port, heard=heard) as port:
        through = make_url(server.tcp("postgres", "sesame", database)).set(port=port)
        with (
            Tracker.open(through.render_as_string(hide_password=False)) as tracker,
            pytest.raises(OutcomeUnknown, match="tracker log"),
        ):
            tracker.load(NUCLEAR.files())
    assert positions(url) == (CORPUS_ENTRIES if heard else 0)


@contextmanager
def cut_at_commit(server: int, *, heard: bool) -> Iterator[int]:
    """The port of a line to the server that breaks at the first COMMIT of a writer; the server `heard` it or not."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            with suppress(OSError):  # when listening ends
                while True:
                    client, _ = listening.accept()
                    line = Line(client, socket.create_connection(("127.0.0.1", server)), heard)
                    for direction in (line.ask, line.answer):
                        threading.Thread(target=direction, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


class Line:
    """One connection through it: what the client asks, and what the server answers until the line is cut."""

    def __init__(self, client: socket.socket, server: socket.socket, heard: bool) -> None:
        self._client, self._server, self._heard = client, server, heard
        self._cut = threading.Event()

    def ask(self) -> None:
        wrote = False
        with suppress(OSError):  # an end that the other thread closed first
            while data := self._client.recv(65536):
                wrote = wrote or b"FOR UPDATE" in data
                if wrote and b"COMMIT\0" in data:
                    self._cut.set()
                    if not self._heard:
                        break
                self._server.sendall(data)
        self._hang_up()

    def answer(self) -> None:
        with suppress(OSError):
            while (data := self._server.recv(65536)) and not self._cut.is_set():
                self._client.sendall(data)
        self._hang_up()

    def _hang_up(self) -> None:
        for end in (self._client, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it, as closing does not


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("statement_timeout=1", "cancelled the command (its statement timeout, or an administrator)"),
        ("default_transaction_read_only=on", "is read-only, perhaps a replica"),
    ],
)
def test_a_load_that_the_server_cuts_short_records_nothing(url: str, setting: str, says: str) -> None:
    assert says in refused(f"{url}&options=-c%20{setting}", "load", *CORPUS)
    assert positions(url) == 0


def test_a_load_that_takes_longer_than_the_server_lets_a_transaction_records_nothing(url: str, tmp_path: Path) -> None:
    pipe = tmp_path / "events.jsonl"
    os.mkfifo(pipe)
    lines = b"".join(path.read_bytes() for path in NUCLEAR.files()).splitlines(keepends=True)

    def write() -> None:
        with pipe.open("wb") as out:
            out.writelines(lines[: len(lines) // 2])
            out.flush()
            _wait_for(url, "state = 'idle in transaction'")
            _wait_until(lambda: sessions(url) == 0)
            out.writelines(lines[len(lines) // 2 :])

    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write)
        # Two seconds: far more than signing in takes, which is a transaction too.
        told = refused(f"{url}&options=-c%20transaction_timeout%3D2000", "load", str(pipe))
        written.result()
    assert "Nothing was recorded; try again." in told
    assert positions(url) == 0


def test_a_writer_that_idled_too_long_for_the_server_is_told_so(url: str) -> None:
    hasty = f"{url}&options=-c%20idle_in_transaction_session_timeout%3D50"
    with (  # noqa: PT012
        Tracker.open(hasty, clock=lambda: NOW) as tracker,
        pytest.raises(DatabaseUnavailable, match="ended the connection, which idled too long"),
        tracker._log.writing() as log,
    ):
        ledger.append_all(log, ledger.drafts(TEXT))
        _wait_until(lambda: sessions(url) == 0)
        log.finish()
    assert positions(url) == 0


def sessions(url: str) -> int:
    """How many others are connected to the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND datname = current_database() AND backend_type = 'client backend'"
        ).fetchone()
    assert found is not None
    return int(found[0])


def test_a_replica_answers_and_refuses_to_record(server: OwnServer, url: str) -> None:
    within_this_process(url)("load", *CORPUS)
    with OwnServer(copy_of=server) as replica:
        there = replica.url(make_url(url).database or "")
        within_this_process(url)("party", "add", "ATL", "Atlantis")
        _wait_until(lambda: positions(there) == CORPUS_ENTRIES + 1)
        for command in (("state", "--on", "2019-12-10", "--format", "json"), ("export",), ("checkpoint",), ("verify",)):
            assert within_this_process(there)(*command) == within_this_process(url)(*command)
        for records in (("party", "add", "LEM", "Lemuria"), ("rebuild",), ("load", *CORPUS)):
            assert "is read-only, perhaps a replica. Nothing was recorded; name the primary" in refused(there, *records)
        assert positions(there) == CORPUS_ENTRIES + 1


def _wait_until(done: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        if done():
            return
        sleep(0.05)
    raise AssertionError("it did not come to pass")
