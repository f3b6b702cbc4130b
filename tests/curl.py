"""A stand-in for curl: what a document asks of `tracker serve` is asked of the application, within this process.

It knows the options that the documents use, and no others.
"""

import argparse
import shlex
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.testclient import TestClient

SERVER = "http://127.0.0.1:8421"

_OPTIONS = argparse.ArgumentParser(prog="curl", add_help=False, allow_abbrev=False)
_OPTIONS.add_argument("url")
_OPTIONS.add_argument("-s", action="store_true")
_OPTIONS.add_argument("-o", type=Path)
_OPTIONS.add_argument("-w", default="")
_OPTIONS.add_argument("--etag-save", type=Path)
_OPTIONS.add_argument("--etag-compare", type=Path)


class Curl:
    """What `tracker serve` would answer about a database, without a port; it is opened by the first request."""

    def __init__(self, path: Path) -> None:
        self._path, self._ends = path, ExitStack()

    @cached_property
    def _client(self) -> "TestClient":
        from starlette.testclient import TestClient

        from tracker.web.app import make_app
        from tracker.web.asking.database import Database

        database = Database(str(self._path))
        self._ends.callback(database.close)
        return TestClient(make_app(database), base_url=SERVER)

    def run(self, command: str, folder: Path) -> str:
        """Run a command of curl in a folder; gives what it prints."""
        asked = _OPTIONS.parse_args(shlex.split(command)[1:])
        headers = {}
        if asked.etag_compare:
            headers["If-None-Match"] = (folder / asked.etag_compare).read_text().strip()
        answer = self._client.get(asked.url, headers=headers)
        if asked.etag_save:
            (folder / asked.etag_save).write_text(f"{answer.headers['etag']}\n")
        told: str = asked.w.replace("\\n", "\n").replace("%{http_code}", str(answer.status_code))
        if asked.o:
            (folder / asked.o).write_bytes(answer.content)
            return told
        return answer.text + told

    def close(self) -> None:
        self._ends.close()
