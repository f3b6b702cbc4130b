"""Queries by the driver alone, for which a shell waits."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tracker.storage.backends.driver_alone import query


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_table_that_somebody_locks_keeps_nobody_waiting(new_database: Callable[..., Any]) -> None:
    with new_database() as (url, _), psycopg.connect(url) as other:
        other.execute("SET idle_in_transaction_session_timeout = '20s'; LOCK TABLE log")
        with pytest.raises(psycopg.errors.QueryCanceled):
            query(url, "SELECT position FROM log")
