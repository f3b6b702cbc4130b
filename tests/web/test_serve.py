"""The command `serve` in a process of its own, on a database with something on record."""

import json
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from tests.conftest import Ran
from tests.forked import ForkedCommand
from tests.processes import PATIENCE
from tests.reliability.processes import register
from tracker.cli import cli
from tracker.storage.maintenance.migrate import create_database
from tracker.storage.schema import REVISION
from tracker.web.serving import server


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.db"
    create_database(str(path))
    register(str(path))
    return path


@pytest.fixture
def here(database: Path) -> Callable[..., Ran]:
    def run(*args: str) -> Ran:
        done = CliRunner().invoke(cli, ["--db", str(database), *args])
        return Ran(done.exit_code, done.stdout, done.stderr)

    return run


def ask(address: str, **headers: str) -> tuple[int, str]:
    """The status and the body of an answer."""
    try:
        with urlopen(Request(address, headers=headers), timeout=PATIENCE) as done:
            return done.status, done.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def test_serve_prints_its_address_answers_as_the_command_line_and_ends_with_ctrl_c(
    database: Path, here: Callable[..., Ran]
) -> None:
    with ForkedCommand("--db", database, "serve", "--port", "0") as server:
        address = server.line()
        assert address.startswith("http://127.0.0.1:")
        assert ask(f"{address}api/state") == (200, here("state", "--format", "json").out)
        assert json.loads(ask(f"{address}health")[1])["status"] == "ok"
        status, page = ask(address)
        assert status == 200
        assert "<html" in page
        assert ask(address, Host="evil.example")[0] == 421
        server.signal(signal.SIGINT)
        out, err = server.communicate(PATIENCE)
    assert server.returncode == 0
    assert out == f"{address}\n"
    assert "GET /api/state 200" in err
    assert "Traceback" not in err
    assert "evil" not in err


def test_a_server_that_was_started_to_record_takes_what_a_token_holder_sends(
    database: Path, here: Callable[..., Ran]
) -> None:
    token = here("token", "add", "Ann").out.strip()
    data = {"source": "tass", "title": "News", "publisher": "TASS"}
    event = {"id": "01938f6e-7c1a-7d3e-9b55-0c6f2a8f1e11", "type": "source.registered.v1", "data": data}
    sent = json.dumps({"events": [event]}).encode()

    def send(address: str) -> int:
        asked = Request(f"{address}api/record", sent, {"Authorization": f"Bearer {token}"})
        try:
            with urlopen(asked, timeout=PATIENCE) as done:
                return int(done.status)
        except HTTPError as refused:
            return refused.code

    with ForkedCommand("--db", database, "serve", "--port", "0", "--recording") as server:
        address = server.line()
        assert (send(address), send(address)) == (201, 200)
        assert ask(f"{address}record", Cookie="tracker=x")[0] == 200  # after it led to signing in
        server.signal(signal.SIGTERM)
        _, err = server.communicate(PATIENCE)
    assert "POST /api/record 201" in err
    assert token not in err
    with ForkedCommand("--db", database, "serve", "--port", "0") as server:
        assert send(server.line()) == 405
        server.signal(signal.SIGTERM)
        server.communicate(PATIENCE)
    assert "source.registered" in here("log", "--by", "Ann").out


def test_serve_says_so_when_the_schema_changes_beneath_it_and_goes_on_when_it_is_right_again(database: Path) -> None:
    def change(revision: str) -> None:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
            connection.commit()

    with ForkedCommand("--db", database, "serve", "--port", "0") as server:
        address = server.line()
        change("9999")
        for page in ("", "api/state", "health"):
            status, said = ask(address + page)
            assert status == 503
            assert "upgraded beneath this server" in said
            assert str(database) not in said
        change(REVISION)
        assert _comes_back(address)
        server.signal(signal.SIGTERM)
        _, err = server.communicate(PATIENCE)
    assert server.returncode == 0
    assert str(database) in err  # whoever runs it is told


def _comes_back(address: str) -> bool:
    """Whether pages are answered again; a refusal holds for a moment.

    It asks now and then: the server tells of each refusal, and waits once nobody reads what it tells.
    """
    for _ in range(int(PATIENCE / 0.1)):
        if ask(address)[0] == 200:
            return True
        time.sleep(0.1)
    return False


def test_serve_refuses_a_port_in_use_a_foreign_address_and_no_database(here: Callable[..., Ran]) -> None:
    with server.bind("127.0.0.1", 0) as taken:
        done = here("serve", "--port", str(taken.getsockname()[1]))
        assert (done.code, done.out) == (1, "")
        assert "is in use. Name another port with --port" in done.err
    done = here("serve", "--host", "192.0.2.1", "--port", "0")
    assert (done.code, "not one of this machine" in done.err) == (1, True)
    done = Ran(*_run("--db", "missing.db", "serve", "--port", "0"))
    assert (done.code, "There is no tracker database at missing.db" in done.err) == (1, True)
    done = here("serve", "--name", "https://tracker.example/", "--port", "0")
    assert (done.code, "is not the name of a server" in done.err) == (2, True)
    done = here("serve", "--recording", "--proxy", "tracker.example", "--port", "0")
    assert (done.code, "is not an address. Give that of the proxy" in done.err) == (2, True)


def _run(*args: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, args)
    return done.exit_code, done.stdout, done.stderr


def test_serve_says_what_it_opens_when_it_listens_for_other_machines(
    here: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    def announce(*_: object, started: Callable[[], None], **__: object) -> None:
        started()

    monkeypatch.setattr(server, "serve", announce)
    done = here("serve", "--port", "0", "--host", "0.0.0.0")
    assert done.code == 0
    assert "Everybody who reaches this address can read everything" in done.err
    assert "can read" not in here("serve", "--port", "0").err


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn"])
def test_without_the_extra_serve_says_what_to_install(database: Path, missing: str) -> None:
    with ForkedCommand("--db", database, "serve", first=partial(uninstall, missing)) as server:
        _, err = server.communicate(PATIENCE)
    assert (server.returncode, "pip install 'negotiation-tracker[web]'" in err) == (1, True)


def uninstall(package: str) -> None:
    """Let a package be missing from this process, and whatever was imported with it."""
    for name in [*sys.modules]:
        if name.startswith("tracker.web") or name.partition(".")[0] == package:
            del sys.modules[name]
    sys.modules[package] = None  # type: ignore[assignment]
