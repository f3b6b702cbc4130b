"""Read a SQLite file in a worker process, on a connection of its own, where committed entries are the same."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from sqlalchemy import Engine

from tracker.storage.backends.backend import Backend
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.backends.sqlite import SQLite
from tracker.storage.backends.transactions import open_database, reading

T = TypeVar("T")


def read_in_worker(path: str, read: Callable[[Transaction], T]) -> T | None:
    """Return what is read in a transaction; None if that fails, as the caller then reads it itself and says why."""
    try:
        engine, backend = _opened(path)
        with reading(engine, backend) as begun, backend.in_bulk(begun.core):
            return read(begun)
    except Exception:  # noqa: BLE001 (whatever it is, the caller meets it again)
        return None


@cache
def _opened(path: str) -> tuple[Engine, Backend]:
    backend = SQLite(path)
    return open_database(backend, as_it_is=True), backend
