"""Whatever a client sends to a server, it gets an answer in a sentence or none, and the next client gets its own."""

import re
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import ledger
from tests.forked import ForkedCommand
from tests.fuzz.conftest import CASES, ON_RECORD
from tests.fuzz.spoiled import damaged, texts
from tests.processes import PATIENCE
from tests.web.small import everything_from
from tracker.presenting.parameters import QUESTIONS
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker

REQUESTS = min(10_000, max(150, CASES))
NAMES = sorted({parameter.name.replace("-", "_") for found in QUESTIONS.values() for parameter in found} | {"format"})
PATHS = (
    *(
        "/",
        "/report",
        "/compare",
        "/consensus",
        "/agreement",
        "/asks",
        "/conditions",
        "/history",
        "/explain",
        "/search",
    ),
    *(
        "/log",
        "/feed.atom",
        "/issues/arms/start",
        "/parties/RUS",
        "/entries/1",
        "/card",
        "/days",
        "/health",
        "/static/x",
    ),
    *(f"/api/{question}" for question in QUESTIONS),
    *("/api", "/api/openapi.json", "/api/entries", "//", "/..", "/%2e%2e/%2e%2e/etc/passwd", "*", "http://x/", ""),
)
HEADERS = ("Host", "Content-Length", "Transfer-Encoding", "Accept", "Cookie", "If-None-Match", "Expect", "Upgrade", "X")
VALUES = ("localhost", "evil.example", "chunked", "5", "-1", "100-continue", "websocket", '"x"', "*", "gzip", "\x00")
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "get", "CONNECT", "PRI")


@st.composite
def addresses(draw: st.DrawFn) -> str:
    """A path that may be there, or any text, with parameters that may be those of a question."""
    path = draw(st.sampled_from(PATHS)) if draw(st.integers(0, 5)) else f"/{_quoted(draw(texts))}"
    pairs = draw(st.lists(st.tuples(st.sampled_from(NAMES) | texts, texts), max_size=4))
    return path + "?" + "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _quoted(text: str) -> str:
    return quote(text.encode(errors="surrogatepass"), safe="")


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A request for an address, with headers of any kind, and perhaps spoiled."""
    more = draw(st.lists(st.tuples(st.sampled_from(HEADERS), st.sampled_from(VALUES) | texts), max_size=3))
    lines = [
        f"{draw(st.sampled_from(METHODS))} {draw(addresses())} HTTP/1.1",
        "Host: localhost",
        "Connection: close",
        *(f"{name}: {value}" for name, value in more),
    ]
    whole = "\r\n".join([*lines, "", ""]).encode(errors="surrogatepass") + draw(st.binary(max_size=20))
    return draw(damaged(whole)) if draw(st.integers(0, 3)) == 0 else whole


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """Serve a database with something on record. The port."""
    url = str(folder / "tracker.db")
    create_database(url)
    drafts = ledger.drafts(ON_RECORD)
    with Tracker.open(url) as tracker:
        tracker.record([draft.event for draft in drafts], by="analyst", event_ids=[draft.id for draft in drafts])
    write_log = partial(_write_log_to, folder / "log")
    with ForkedCommand("--db", url, "serve", "--port", "0", first=write_log) as server:
        yield int(server.line().rstrip("/").rpartition(":")[2])


def _write_log_to(path: Path) -> None:
    """Standard error of this process, which nobody reads while it runs, into a file."""
    import sys

    sys.stderr = path.open("w", buffering=1, encoding="utf-8")


def sent(port: int, request: bytes) -> bytes:
    """What a server sends back until it closes the connection; a request that is not whole gets no end."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        try:
            client.sendall(request)
            if not _is_whole(request):
                client.shutdown(socket.SHUT_WR)
        except OSError:  # the server has heard enough
            pass
        return everything_from(client)


def _is_whole(request: bytes) -> bool:
    """Whether a server that reads it closes the connection by itself."""
    head = request.partition(b"\r\n\r\n")
    return bool(head[1]) and b"Connection: close\r\n" in head[0] + b"\r\n" and not _AWAITS.search(head[0])


_AWAITS = re.compile(rb"(?i)content-length|transfer-encoding|upgrade")


def test_no_request_meets_a_fault_of_the_server_or_stops_it(tmp_path: Path) -> None:
    statuses: Counter[int] = Counter()

    with serving(tmp_path) as port:

        @settings(max_examples=REQUESTS)
        @example(b"GET /api/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        @example(b"GET /api/state?party=XXX HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        @example(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        @given(requests())
        def asked(request: bytes) -> None:
            answer = sent(port, request)
            if not answer:
                assert not _is_whole(request)
                return
            found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
            assert found, answer
            statuses[int(found[1])] += 1
            assert int(found[1]) not in (500, 503), (tmp_path / "log").read_text()[-5_000:]
            assert b"Traceback" not in answer
            if not answer.startswith(b"HTTP/1.1 100"):
                assert b"content-security-policy" in answer.partition(b"\r\n\r\n")[0].lower()

        asked()
        assert sent(port, b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").endswith(b"5}")
    log = (tmp_path / "log").read_text()
    assert "Traceback" not in log
    print(f"\nfuzz requests: {dict(statuses.most_common())}")
    assert {200, 400, 404, 421} <= statuses.keys()


def test_no_file_of_the_server_is_read_or_told_to_be_there(tmp_path: Path) -> None:
    with serving(tmp_path) as port:
        there, not_there = (
            sent(port, f"GET /api/report?since={_quoted(str(path))} HTTP/1.1\r\nHost: localhost\r\n{CLOSE}".encode())
            for path in (tmp_path / "tracker.db", tmp_path / "nothing")
        )
    assert b" 400 " in there.partition(b"\r\n")[0]
    assert there.partition(b"\r\n\r\n")[2].replace(b"tracker.db", b"nothing") == not_there.partition(b"\r\n\r\n")[2]


CLOSE = "Connection: close\r\n\r\n"
