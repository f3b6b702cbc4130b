"""A browser without a window: it keeps cookies, sends forms from the pages that it was given, and reads what came."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from typing import Any

from starlette.testclient import TestClient

from tracker.domain.log.entries import Entry
from tracker.tracker import Tracker
from tracker.usecases.tokens import MARK
from tracker.web.app import make_app
from tracker.web.asking.database import Database

HOST = "http://127.0.0.1:8421"
OWN_PAGE = {"Origin": HOST, "Sec-Fetch-Site": "same-origin"}


def text_of(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def hidden_in(page: str) -> dict[str, str]:
    """The hidden fields of the form on a page."""
    form = page.partition('class="sheet"')[2]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.partition("</form>")[0])
    return {name: unescape(value) for name, value in found}


class Browser(TestClient):
    """A browser at a server that records, on the machine itself unless it is told otherwise."""

    def __init__(self, app: Any, address: str = "127.0.0.1", host: str = HOST) -> None:
        super().__init__(
            app, base_url=host, client=(address, 50_000), follow_redirects=False, raise_server_exceptions=False
        )

    def sign_in(self, token: str, **headers: str) -> Any:
        page = self.get("/sign-in", headers=headers)
        typed = {**hidden_in(page.text), "token": token}
        return self.post("/sign-in", data=typed, headers={**OWN_PAGE, **headers})

    def fill(self, path: str, typed: Mapping[str, str], *, page: Any = None, action: str = "check", **more: str) -> Any:
        """Send a form as it is on a page (a new one unless it is given), with what is typed into it."""
        page = page or self.get(path)
        return self.post(path, data={**hidden_in(page.text), "action": action, **typed, **more}, headers=OWN_PAGE)

    def record(self, path: str, typed: Mapping[str, str], **more: str) -> Any:
        """Send a form to see what it would do, then to keep it."""
        shown = self.fill(path, typed, **more)
        assert shown.status_code == 200, text_of(shown.text)
        return self.fill(path, typed, page=shown, action="save", **more)


@contextmanager
def recording_at(url: str, **how: Any) -> Iterator[Any]:
    """An app that records in a database."""
    database = Database(url)
    yield make_app(database, recording=True, **how)
    database.close()


def entries(url: str) -> list[Entry]:
    """All entries of a database."""
    with Tracker.open(url) as tracker:
        return [one.entry for one in tracker.entries()]


def token_for(url: str, name: str) -> str:
    with Tracker.open(url) as tracker:
        made = tracker.add_token(name)
    assert made.startswith(MARK)
    return made
