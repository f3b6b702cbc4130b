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
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, Response

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

    def opened(address: str, **options: Any) -> "Page":
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        note_complaints(page, address.split("/")[2], complaints)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def note_complaints(page: "Page", host: str, complaints: list[str]) -> None:
    """Note what a page should not do: complain, break a rule of its policy, ask another host, meet a fault."""

    def asks(request: "Request") -> None:
        if request.url.startswith(("http", "ws")) and request.url.split("/")[2] != host:
            complaints.append(f"{page.url} asks {request.url}")

    def comes(answer: "Response") -> None:
        if answer.status >= (500 if answer.request.resource_type == "document" else 400):
            complaints.append(f"{page.url} has {answer.status} for {answer.url}")

    def says(message: "ConsoleMessage") -> None:
        is_status = message.text.startswith("Failed to load resource")  # `comes` judges that
        if message.type in ("error", "warning") and not is_status:
            complaints.append(f"{page.url} says {message.text}")

    def opens(dialog: "Dialog") -> None:
        complaints.append(f"{page.url} opens {dialog.message}")
        dialog.dismiss()

    page.on("console", says)
    page.on("pageerror", lambda error: complaints.append(f"{page.url} fails by {error}"))
    page.on("dialog", opens)
    page.on("request", asks)
    page.on("response", comes)
