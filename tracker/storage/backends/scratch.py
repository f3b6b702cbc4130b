"""A copy to check entries on, where the database itself cannot be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from tracker.storage.backends.backend import Backend
from tracker.storage.backends.sqlite import SQLite
from tracker.storage.backends.transactions import reading


@contextmanager
def writable(engine: Engine, backend: Backend) -> Iterator[tuple[Engine, Backend]]:
    """Yield the database itself or, of a SQLite file that cannot be written, a copy that is removed at the end."""
    if not isinstance(backend, SQLite) or backend.is_writable:
        yield engine, backend
        return
    with TemporaryDirectory(prefix="tracker-") as folder:
        copy = SQLite(str(Path(folder) / "copy.db"))
        with reading(engine, backend) as begun:
            backend.copy(begun.core, copy.path)
        copied = copy.connect()
        try:
            yield copied, copy
        finally:
            copied.dispose()
