"""Query a database by its driver alone, for completion: SQLAlchemy takes longer to import than a shell may wait."""

import os
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

_PATIENCE_SECONDS = 1
"""Time to wait for a server."""

_NO_LONGER = f"SET statement_timeout = {_PATIENCE_SECONDS * 1000}"


def query(url: str, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a query with `?` for its parameters. Raises whatever the driver raises."""
    if url.startswith(("postgresql:", "postgres:", "postgresql+psycopg:")):
        import psycopg  # noqa: PLC0415 - an extra, which SQLite does not need

        with psycopg.connect(_libpq_url(url), connect_timeout=_PATIENCE_SECONDS) as server:
            server.execute(_NO_LONGER)
            return server.execute(sql.replace("?", "%s").encode(), values).fetchall()
    path = os.path.abspath(os.path.expanduser(url.removeprefix("sqlite:///")))  # noqa: PTH100, PTH111 - pathlib takes time
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
        raise OSError(f"{path} is no file")  # opening a pipe would wait for who writes to it
    with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=0.1)) as file:
        return file.execute(sql, values).fetchall()


def _libpq_url(url: str) -> str:
    """The URL as libpq reads it: without SQLAlchemy's driver and the tracker's own setting."""
    parts = urlsplit(url)
    settings = [(name, value) for name, value in parse_qsl(parts.query) if name != "prepare_threshold"]
    return urlunsplit(parts._replace(scheme="postgresql", query=urlencode(settings)))
