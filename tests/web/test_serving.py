"""A server at a real socket: clients that are slow or send rubbish, and an end by a signal."""

import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.processes import PATIENCE
from tests.web.small import LARGE, Served, everything_from, served
from tracker.errors import AddressUnavailable
from tracker.web.serving.connections import Patience
from tracker.web.serving.guard import HEADERS, Bounds
from tracker.web.serving.server import address_of, bind, is_loopback, names_of

QUICK = Patience(head_seconds=0.5, reading_seconds=0.5, stop_seconds=30)
SOON = 20.0
"""Seconds within which a server with this patience has given up on a machine with much else to do."""


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served(QUICK, Bounds(body_seconds=0.5, body=1_000)) as server:
        yield server


@pytest.fixture
def own_server() -> Iterator[Served]:
    with served(Patience(stop_seconds=30), Bounds()) as server:
        yield server


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_served_page_has_the_security_headers_and_no_name_of_a_server(server: Served) -> None:
    head, _, body = server.ask().partition(b"\r\n\r\n")
    assert body == b"hello"
    sent = dict(re.findall(r"(?m)^([\w-]+): (.*?)\r?$", head.decode()))
    assert {name.lower(): value for name, value in HEADERS.items()}.items() <= sent.items()
    assert "server" not in {name.lower() for name in sent}


RUBBISH = {
    "TLS": b"\x16\x03\x01\x02\x00\x01",
    "no request": b"rubbish\r\n\r\n",
    "another protocol": b"GET / HTTP/9.9\r\n\r\n",
    "two lengths": b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a length that is none": b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
    "a header without end": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000,
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "another host's address": b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("what", RUBBISH)
def test_rubbish_is_refused_with_the_security_headers_and_the_connection_ends(server: Served, what: str) -> None:
    with server.connect() as client:
        client.sendall(RUBBISH[what])
        answer = everything_from(client)
    if not answer and len(RUBBISH[what]) > 65_536:
        return  # the server left while there was more to read, of which the system told before its answer
    assert status(answer) == 400
    assert b"content-security-policy" in answer.lower()
    assert b"Traceback" not in answer


def test_connections_end_on_which_nothing_more_is_asked(server: Served) -> None:
    whole = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    began = time.monotonic()
    with ExitStack() as stack:
        clients = [(stack.enter_context(server.connect()), whole[:length]) for length in (0, 1, 20, len(whole))]
        for client, begun in clients:
            client.sendall(begun)
        for client, _ in clients:
            everything_from(client)
    assert time.monotonic() - began < SOON


def test_a_request_that_trickles_in_ends_too(server: Served) -> None:
    with server.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        assert _ends(client)


def _ends(client: socket.socket) -> bool:
    """Whether a server closes a connection on which a letter arrives now and then."""
    began = time.monotonic()
    try:
        while time.monotonic() - began < SOON:
            client.sendall(b"X")
            time.sleep(0.02)
    except OSError:
        return True
    return False


def test_a_body_that_does_not_come_is_given_up(server: Served) -> None:
    with server.connect() as client:
        client.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
        answer = everything_from(client)
    assert status(answer) == 408


def test_a_body_of_any_length_is_refused_when_it_becomes_too_long(server: Served) -> None:
    with server.connect() as client:
        client.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.sendall(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")
        answer = everything_from(client)
    assert status(answer) == 413


def test_a_client_that_reads_nothing_is_left(server: Served) -> None:
    assert any(_takes_after(server, seconds) < LARGE for seconds in (2.5, 5, 10, 20))


def _takes_after(server: Served, seconds: float) -> int:
    """How many bytes of a large answer a client has that reads nothing for so long."""
    with server.connect() as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(seconds)
        return len(everything_from(client))


def test_of_too_many_connections_the_last_ones_are_told_to_come_again() -> None:
    with served(Patience(connections=3, head_seconds=PATIENCE), Bounds()) as server:
        with ExitStack() as stack:
            for _ in range(3):
                stack.enter_context(server.connect())
            last = stack.enter_context(server.connect())
            assert status(everything_from(last)) == 503
        assert any(server.ask().endswith(b"hello") for _ in range(1_000))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_by_a_signal_a_server_ends_after_the_answer_that_it_is_making(own_server: Served, number: int) -> None:
    with own_server.connect() as client, own_server.connect() as events:
        events.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status(events.recv(65_536)) == 200
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert own_server.heard() == "begun"
        assert own_server.stop(number) == 0
        assert everything_from(client).endswith(b"at last")
        assert everything_from(events).endswith(b"0\r\n\r\n")  # a stream without end is ended, and not broken off


def test_the_head_of_an_answer_does_not_wait_for_its_body() -> None:
    with bind("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()[:2]):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_that_is_in_use_is_refused_with_what_to_do() -> None:
    with bind("127.0.0.1", 0) as first, pytest.raises(AddressUnavailable, match=r"in use.*--port"):
        bind("127.0.0.1", first.getsockname()[1])


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "a" * 70, "x\0y"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(AddressUnavailable):
        bind(host, 0)


def test_a_server_listens_at_an_address_of_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        listening = bind("::1", 0)
    except AddressUnavailable:
        pytest.skip("no IPv6 here")
    with listening:
        port = listening.getsockname()[1]
        assert address_of(listening) == f"http://[::1]:{port}/"
        assert is_loopback(listening)
        assert names_of(listening, "::1").include(f"[::1]:{port}")


def test_a_server_that_listens_at_all_addresses_is_no_loopback_and_answers_to_any_number() -> None:
    with bind("0.0.0.0", 0) as listening:
        assert not is_loopback(listening)
        assert address_of(listening).startswith("http://127.0.0.1:")
        names = names_of(listening, "0.0.0.0", ["Tracker.Example"])
    assert names.include("192.0.2.9")
    assert names.include("tracker.example")
    assert not names.include("evil.example")
