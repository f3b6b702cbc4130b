"""One browser for these tests, one server for each record; what a page complains of fails the test that opened it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium import launched
from tests.conftest import filled
from tests.databases import Databases
from tests.forked import ForkedCommand
from tests.web.chromium.pages import HOSTILE, SMALL

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page, Request, Response

Open = Callable[..., "Page"]


@pytest.fixture(scope="package")
def browser() -> Iterator["Browser"]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def arms_site(arms: Path) -> Iterator[str]:
    """The address of a server of the record on arms control."""
    with served(str(arms)) as address:
        yield address


@pytest.fixture(scope="package")
def small_site(sqlite_databases: Databases) -> Iterator[str]:
    """The same of a small record that has some of everything."""
    with filled(sqlite_databases, SMALL) as (url, _), served(url) as address:
        yield address


@pytest.fixture(scope="package")
def hostile_site(sqlite_databases: Databases) -> Iterator[str]:
    """The same of a record whose texts are markup, words too long for any line, and Arabic."""
    with filled(sqlite_databases, HOSTILE) as (url, _), served(url) as address:
        yield address


@contextmanager
def served(database: str, *options: str) -> Iterator[str]:
    """Serve a database by the command, and say at which address."""
    with ForkedCommand("--db", database, "serve", "--port", "0", *options, first=_quiet) as server:
        yield server.line().rstrip("/")


def _quiet() -> None:
    """Nobody reads the log of these servers, and a pipe that is full would stop them."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


@pytest.fixture
def open_page(browser: "Browser") -> Iterator[Open]:
    """Open an address in a page of its own, with the options of a browser's context; it must have no complaint."""
    complaints: list[str] = []
    contexts = []

    def opened(address: str, *, refused: bool = False, **options: Any) -> "Page":
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        complaints_of(page, address, complaints)
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok is not refused, (address, answer.status)
        if refused:
            complaints.clear()  # the browser's own word on the status
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def complaints_of(page: "Page", address: str, complaints: list[str]) -> None:
    """Note what a page should not do: complain, break a rule of its policy, ask another host, meet a fault."""
    host = address.split("/")[2]

    def asks_another(request: "Request") -> None:
        if request.url.startswith(("http", "ws")) and request.url.split("/")[2] != host:
            complaints.append(f"{address} asks {request.url}")

    def met_a_fault(answer: "Response") -> None:
        if answer.status >= 500:
            complaints.append(f"{answer.url}: {answer.status}")

    def opens(dialog: "Dialog") -> None:
        complaints.append(f"{address} dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda said: complaints.append(f"{address} console: {said.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{address} error: {error}"))
    page.on("dialog", opens)
    page.on("request", asks_another)
    page.on("response", met_a_fault)
