"""Recording is for who holds a token, from a page of this server, over a connection that nobody else reads."""

from itertools import product
from typing import Any

import pytest

from tests.web.browser import HOST, OWN_PAGE, Browser, hidden_in, recording_at, text_of, token_for
from tracker.tracker import Tracker
from tracker.web.app import make_app
from tracker.web.asking.database import Database
from tracker.web.recording.sessions import AT_MOST, HOURS, Sessions

LEDGER = "party RUS aliases=Moscow at=2025-01-01T00:00:00Z\nparty USA\nissue a/b"
SAID = {"party": "RUS", "issue": "a/b", "stance": "supports", "on": "2019-12-10", "summary": "Said so."}
PATHS = ("/record", "/record/withdrawal", "/record/source", "/record/correction", "/record/retraction", "/sign-in")
TLS = {"X-Forwarded-Proto": "https", "Origin": HOST.replace("http:", "https:")}


def head(url: str) -> int:
    with Tracker.open(url) as tracker:
        return tracker.checkpoint().position


def test_a_server_that_was_not_started_to_record_has_none_of_it(url: str) -> None:
    database = Database(url)
    browser = Browser(make_app(database))
    for path in (*PATHS, "/api/record", "/static/recording.js", "/static/recording.css"):
        assert browser.get(path).status_code == 404
        assert browser.post(path, headers=OWN_PAGE).status_code == 404
    assert 'href="/record"' not in browser.get("/").text
    assert "/api/record" not in browser.get("/api/openapi.json").json()["paths"]
    database.close()


def test_whoever_is_not_signed_in_is_led_there_and_back(app: Any, url: str) -> None:
    browser = Browser(app)
    led = browser.get("/record?party=RUS&issue=a/b")
    assert (led.status_code, led.headers["location"]) == (
        303,
        "/sign-in?then=/record%3Fparty%3DRUS%26issue%3Da/b",
    )
    page = browser.get(led.headers["location"])
    typed = {**hidden_in(page.text), "token": token_for(url, "Ann")}
    back = browser.post("/sign-in", data=typed, headers=OWN_PAGE)
    assert (back.status_code, back.headers["location"]) == (303, "/record?party=RUS&issue=a/b")
    form = browser.get(back.headers["location"]).text
    assert 'value="RUS"' in form
    assert "Record, as Ann" in text_of(form)


@pytest.mark.parametrize("then", ["//evil.example/record", "https://evil.example/", "/record\\@evil.example", "/", "x"])
def test_signing_in_leads_nowhere_else(app: Any, url: str, then: str) -> None:
    browser = Browser(app)
    typed = {**hidden_in(browser.get("/sign-in", params={"then": then}).text), "then": then}
    done = browser.post("/sign-in", data={**typed, "token": token_for(url, "Ann")}, headers=OWN_PAGE)
    assert done.headers["location"] == "/record"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_is_not_the_token(app: Any, url: str) -> None:
    token = token_for(url, "Ann")
    cookie = Browser(app).sign_in(token).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Path=/" in cookie
    assert token not in cookie


def test_a_false_token_signs_nobody_in_and_is_not_shown_again(app: Any) -> None:
    browser = Browser(app)
    for token in ("", "tracker_false", "é" * 10_000, "<b>"):
        refused = browser.sign_in(token)
        assert refused.status_code == 401
        assert "this one is missing, false or revoked" in text_of(refused.text)
        assert "tracker_false" not in refused.text
        assert browser.get("/record").status_code == 303


def test_a_secret_that_was_there_before_signing_in_is_worth_nothing_afterwards(app: Any, url: str) -> None:
    browser = Browser(app)
    browser.get("/sign-in")
    before = browser.cookies["tracker-8421"]
    browser.sign_in(token_for(url, "Ann"))
    assert browser.cookies["tracker-8421"] != before
    other = Browser(app)
    other.cookies.set("tracker-8421", before)
    assert other.get("/record").status_code == 303


def test_a_revoked_token_ends_every_sign_in_with_it(ann: Browser, url: str) -> None:
    page = ann.get("/record")
    with Tracker.open(url) as tracker:
        tracker.revoke_token("Ann É")
    refused = ann.fill("/record", SAID, page=page)
    assert refused.status_code == 403
    assert "Your sign-in is over" in text_of(refused.text)
    assert ann.get("/record").status_code == 303


def test_signing_out_ends_it_for_whoever_kept_the_cookie_too(ann: Browser, app: Any) -> None:
    page, secret = ann.get("/record"), ann.cookies["tracker-8421"]
    out = ann.post("/sign-out", data={"form_mark": hidden_in(page.text)["form_mark"]}, headers=OWN_PAGE)
    assert (out.status_code, out.headers["location"]) == (303, "/")
    kept = Browser(app)
    kept.cookies.set("tracker-8421", secret)
    assert kept.get("/record").status_code == 303


OF_OTHER_SITES: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": HOST.replace("8421", "8422")},
    {"Origin": HOST.replace("http", "https")},
    {"Origin": HOST, "Sec-Fetch-Site": "cross-site"},
    {"Origin": HOST, "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost:8421", "Sec-Fetch-Site": "same-origin"},
)


@pytest.mark.parametrize("path", ["/record", "/sign-in", "/sign-out"])
def test_a_form_of_another_site_is_refused(ann: Browser, url: str, path: str) -> None:
    before, typed = head(url), hidden_in(ann.get("/record").text)
    for headers in OF_OTHER_SITES:
        refused = ann.post(path, data={**typed, **SAID, "action": "save"}, headers=headers)
        assert refused.status_code == 403, headers
        assert "not sent from a page of this server" in text_of(refused.text)
    assert head(url) == before


def test_a_form_without_the_mark_of_its_page_or_with_anothers_is_refused(ann: Browser, app: Any, url: str) -> None:
    before, other = head(url), Browser(app)
    other.sign_in(token_for(url, "Bob"))
    theirs = hidden_in(other.get("/record").text)["form_mark"]
    for mark in ("", "0" * 64, theirs, "é", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")):
        refused = ann.fill("/record", SAID, action="save", form_mark=mark)
        assert refused.status_code == 403, mark
        assert "Your sign-in is over" in text_of(refused.text)
    assert head(url) == before


def test_older_browsers_that_send_only_the_origin_are_served(ann: Browser) -> None:
    page = ann.get("/record")
    typed = {**hidden_in(page.text), **SAID, "action": "check"}
    assert ann.post("/record", data=typed, headers={"Origin": HOST}).status_code == 200


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("192.0.2.7", {"X-Forwarded-Proto": "https"}),
        ("testclient", {}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}),
        ("127.0.0.1", {"Via": "1.1 proxy"}),
    ],
)
def test_tokens_are_taken_only_where_nobody_else_reads_them(
    app: Any, url: str, address: str, headers: dict[str, str]
) -> None:
    token, browser = token_for(url, "Ann"), Browser(app, address)
    bearer = {"Authorization": f"Bearer {token}", **headers}
    for refused in (
        browser.get("/sign-in", headers=headers),
        browser.get("/record", headers=headers),
        browser.post("/sign-in", data={"token": token}, headers={**OWN_PAGE, **headers}),
        browser.post("/api/record", json={}, headers=bearer),
    ):
        assert refused.status_code == 403
        assert "Tokens are taken over loopback" in text_of(refused.text)
        assert "set-cookie" not in refused.headers
    assert browser.get("/api/state", headers=headers).status_code == 200


@pytest.mark.parametrize("address", ["::1", "127.8.9.1", "::ffff:127.0.0.1"])
def test_every_address_of_loopback_is_this_machine(app: Any, url: str, address: str) -> None:
    assert Browser(app, address).sign_in(token_for(url, "Ann")).status_code == 303


@pytest.mark.parametrize("address", ["192.0.2.7", "127.0.0.1", "::ffff:192.0.2.7"])
def test_a_named_proxy_that_ends_tls_hands_tokens_on(url: str, address: str) -> None:
    with recording_at(url, proxies=["192.0.2.7", "127.0.0.1"]) as app:
        browser = Browser(app, address, HOST.replace("http:", "https:"))
        done = browser.sign_in(token_for(url, "Ann"), **TLS)
        assert done.status_code == 303
        assert done.headers["set-cookie"].startswith("__Host-tracker=")
        assert "Secure" in done.headers["set-cookie"]
        assert browser.get("/record", headers=TLS).status_code == 200
        for unsure in ({}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "https, http"}):
            assert browser.get("/record", headers=unsure).status_code == 403
        twice = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "http")]
        assert browser.get("/record", headers=twice).status_code == 403


def test_pages_of_who_is_signed_in_are_not_kept(ann: Browser) -> None:
    for path in ("/record", "/record/correction?entry=@1", "/sign-in"):
        assert ann.get(path).headers["cache-control"] == "no-store"


def test_a_sign_in_ends_by_itself_and_the_oldest_makes_room() -> None:
    now = 0.0
    sessions = Sessions(clock=lambda: now)
    first = sessions.begin(b"hash")
    now = HOURS * 3600 - 1
    assert sessions.token_hash(first) == b"hash"
    second = sessions.begin(b"other")
    now += 2
    assert sessions.token_hash(first) is None
    assert sessions.token_hash(second) == b"other"
    for _ in range(AT_MOST):
        last = sessions.begin(b"more")
    assert sessions.token_hash(second) is None
    assert sessions.token_hash(last) == b"more"


NO_FORMS = (
    (b"party=%ff", "application/x-www-form-urlencoded"),
    (b"\xff", "application/x-www-form-urlencoded"),
    (b"&".join(b"a%d=1" % number for number in range(200)), "application/x-www-form-urlencoded"),
    (b'{"party": "RUS"}', "application/json"),
    (b"--x\r\n", "multipart/form-data; boundary=x"),
    (b"", ""),
)


def test_what_is_no_form_of_ours_is_refused(ann: Browser) -> None:
    for (body, kind), path in product(NO_FORMS, ("/record", "/record/correction?entry=@1", "/sign-in")):
        refused = ann.post(path, content=body, headers={**OWN_PAGE, "Content-Type": kind})
        assert refused.status_code == 400
        assert "The form" in text_of(refused.text)
