"""What every request passes and every answer carries, on a small app in this process."""

import logging
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.web.small import small_app
from tracker.web.serving.guard import HEADERS, Bounds, Guard, Names

Ask = Callable[..., TestClient]


@pytest.fixture
def client() -> Ask:
    """A client of the guarded small app, which is asked at loopback."""

    def made(names: Names = Names(), base: str = "http://127.0.0.1:8000", **bounds: float) -> TestClient:  # noqa: B008
        guard = Guard(small_app(), names=names, methods=("GET", "HEAD", "POST"), bounds=Bounds(**bounds))  # type: ignore[arg-type]
        return TestClient(guard, base_url=base, follow_redirects=False)

    return made


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "LOCALHOST.", "127.0.0.1:1", "127.8.9.1", "[::1]:80"])
def test_loopback_goes_by_all_its_names(client: Ask, host: str) -> None:
    assert client().get("/", headers={"Host": host}).text == "hello"


HOSTILE = [
    *("evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "127.1", "2130706433"),
    *("0.0.0.0", "192.0.2.7", "[::ffff:127.0.0.1]", "[2001:db8::1]", "", "localhost:", "localhost:80:80", "a b", "@"),
    *("localhost/..", "localhost@evil.example", "[::1", "::1", "x" * 300, "<script>alert(1)</script>"),
]


@pytest.mark.parametrize("host", HOSTILE)
def test_a_name_that_is_not_ours_gets_no_answer_whoever_made_it_lead_here(client: Ask, host: str) -> None:
    done = client().get("/", headers={"Host": host})
    assert done.status_code == 421
    assert "hello" not in done.text
    assert "<script>" not in done.text


def test_two_names_at_once_are_refused(client: Ask) -> None:
    done = client().get("/", headers=[("Host", "localhost"), ("Host", "evil.example")])
    assert done.status_code == 400


def test_a_server_answers_to_the_names_that_it_was_given_and_to_numbers_only_if_it_listens_at_all(client: Ask) -> None:
    given = client(Names({"tracker.example", "192.0.2.7"}))
    assert given.get("/", headers={"Host": "Tracker.Example:443"}).status_code == 200
    assert given.get("/", headers={"Host": "192.0.2.7"}).status_code == 200
    assert given.get("/", headers={"Host": "192.0.2.8"}).status_code == 421
    everywhere = client(Names(any_address=True))
    assert everywhere.get("/", headers={"Host": "192.0.2.8:80"}).status_code == 200
    assert everywhere.get("/", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("path", ["/", "/nowhere", "/parties/X", "/fault", "/number?of=x", "/%00"])
def test_every_answer_carries_the_security_headers_and_no_name_of_a_server(client: Ask, path: str) -> None:
    done = client().get(path)
    assert {name: done.headers[name] for name in HEADERS} == HEADERS
    assert "server" not in done.headers
    assert "unsafe" not in done.headers["content-security-policy"]


def test_an_answer_may_have_a_policy_of_its_own(client: Ask) -> None:
    assert client().get("/own-policy").headers["content-security-policy"] == "style-src 'unsafe-inline'"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused_with_those_that_are_not(client: Ask, method: str) -> None:
    done = client().request(method, "/")
    assert (done.status_code, done.headers["allow"]) == (405, "GET, HEAD, POST")


def test_head_has_the_headers_of_get_and_no_body(client: Ask) -> None:
    done = client().head("/")
    assert (done.status_code, done.headers["content-length"], done.content) == (200, "5", b"")


def test_what_is_too_long_is_refused_with_the_bound(client: Ask) -> None:
    asked = client(address=50, headers=400, body=10)
    assert asked.get("/?" + "x" * 60).status_code == 414
    assert "at most 50" in asked.get("/?" + "x" * 60).text
    assert asked.get("/", headers={"X-Long": "x" * 400}).status_code == 431
    assert client(header_lines=8).get("/", headers={f"X-{n}": "" for n in range(8)}).status_code == 431
    assert asked.post("/echo", content=b"0123456789").text == "0123456789"
    assert asked.post("/echo", content=b"0123456789a").status_code == 413
    assert asked.post("/echo", content=iter([b"012345", b"6789a"])).status_code == 413
    assert client(body=10).post("/echo", headers={"Content-Length": "9" * 5_000}).status_code == 413


@pytest.mark.parametrize("path", ["/%00", "/?q=%00", "/parties/a%00b"])
def test_an_address_with_a_zero_byte_is_none(client: Ask, path: str) -> None:
    assert client().get(path).status_code == 400


def test_beyond_the_answers_that_may_be_in_the_making_one_is_asked_to_come_again(client: Ask) -> None:
    done = client(answers=0).get("/api/hello")
    assert (done.status_code, done.json()["kind"]) == (503, "busy")
    assert int(done.headers["retry-after"]) > 0


def test_an_answer_that_takes_too_long_is_given_up_and_counts_no_more_when_it_is_made(client: Ask) -> None:
    asked = client(answer_seconds=0.1)
    done = asked.get("/slow")
    assert (done.status_code, "takes too long" in done.text) == (503, True)
    assert asked.app._making == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/fault", "/api/fault"])
def test_a_fault_leaves_a_sentence_and_a_reference_that_is_in_the_log_with_the_traceback(
    client: Ask, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    done = client().get(path)
    assert done.status_code == 500
    assert "secret" not in done.text
    assert "Traceback" not in done.text
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    reference = record.getMessage().partition(":")[0]
    assert len(reference) == 8
    assert reference in done.text
    assert record.exc_info is not None
    assert "secret" in str(record.exc_info[1])


@pytest.mark.parametrize("path", ["/nowhere", "/fault", "/?" + "x" * 9_000])
def test_where_the_frame_of_the_site_is_at_fault_that_is_said_without_it(
    client: Ask, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.web.problems.frame_of", None)
    done = client().get(path)
    assert done.status_code == 500
    assert "a fault of its own" in done.text
    assert done.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_a_fault_amid_an_answer_breaks_it_off(client: Ask, caplog: pytest.LogCaptureFixture) -> None:
    done = client().get("/breaks-off")
    assert done.text == "the beginning"
    assert [one for one in caplog.records if one.levelno == logging.ERROR]


def test_the_log_has_the_page_of_a_request_and_nothing_of_who_asks_or_for_what(
    client: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tracker.web")
    asked = client()
    asked.get("/parties/Personal?words=private", headers={"User-Agent": "Mosaic", "Cookie": "name=personal"})
    asked.request("PERSONAL", "/personal")
    lines = [one.getMessage() for one in caplog.records if one.name == "tracker.web"]
    assert [" ".join(line.split()[:3]) for line in lines] == ["GET /parties/{code} 404", "OTHER - 405"]
    assert "ersonal" not in "".join(lines)
    assert "private" not in "".join(lines)
