"""The log as it grows, through the command `serve`: entries come, a reader goes on after a break, a stop ends all."""

import shutil
import signal
import socket
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.forked import ForkedCommand
from tests.processes import PATIENCE
from tests.web.growing import record
from tests.web.small import everything_from


class Reader:
    """A reader of an event stream."""

    def __init__(self, address: str, **headers: str) -> None:
        self._answer = urlopen(Request(address, headers=headers), timeout=PATIENCE)
        self.type = self._answer.headers["content-type"]

    def ids(self, number: int) -> list[int]:
        """The ids of the next events that have data."""
        found, position = list[int](), 0
        has_data = False
        while len(found) < number:
            line = self._answer.readline().decode().rstrip("\n")
            if line.startswith("id: "):
                position = int(line[4:])
            elif line.startswith("data: "):
                has_data = True
            elif not line and has_data:
                found, has_data = [*found, position], False
        return found

    def rest(self) -> bytes:
        rest: bytes = self._answer.read()
        return rest

    def close(self) -> None:
        self._answer.close()


@pytest.fixture
def database(arms: Path, tmp_path: Path) -> Path:
    path = tmp_path / "tracker.db"
    shutil.copy(arms, path)
    return path


def test_entries_come_as_they_are_recorded_and_all_who_wait_are_let_go_as_the_server_stops(database: Path) -> None:
    with ForkedCommand("--db", database, "serve", "--port", "0") as server:
        address = server.line()
        rows, data = Reader(f"{address}log/events"), Reader(f"{address}api/entries/events?after=640")
        assert rows.type.startswith("text/event-stream")
        assert data.ids(1) == [641]
        record(database, "France wants it.")
        assert rows.ids(1) == data.ids(1) == [642]
        data.close()
        record(database, "France wants it, again.")
        later = Reader(f"{address}api/entries/events?after=640", **{"Last-Event-ID": "642"})
        assert rows.ids(1) == later.ids(1) == [643]
        waits = socket.create_connection(("127.0.0.1", int(address.rstrip("/").rpartition(":")[2])), timeout=PATIENCE)
        waits.sendall(b"GET /api/entries?after=643&wait=30 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        with urlopen(f"{address}health", timeout=PATIENCE):  # answered after that was taken in
            pass
        server.signal(signal.SIGTERM)
        rows.rest()
        later.rest()
        assert everything_from(waits).endswith(b"\r\n\r\n[]\n")
        waits.close()
        _, said = server.communicate(PATIENCE)
    assert server.returncode == 0
    assert "Traceback" not in said, said
