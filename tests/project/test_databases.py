"""The suite can run on any server, whatever its URL looks like, as a user who may create databases and nothing more."""

import os
from collections.abc import Iterator

import psycopg
import pytest

from tests.databases import SERVER, PostgreSQLDatabases, postgresql_server
from tests.servers import OwnServer
from tracker.cli.demonstrations import NUCLEAR
from tracker.tracker import Tracker

PASSWORD = "p@ss w/o:rd?&+%"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What $TRACKER_TEST_POSTGRES names: TCP, a password, options, and a database that is not called postgres."""
    with OwnServer() as server:
        with psycopg.connect(server.url(), autocommit=True) as administrator:
            administrator.execute(f"CREATE ROLE tester LOGIN CREATEDB PASSWORD '{PASSWORD}'")
            administrator.execute("CREATE DATABASE postgres_2")
        url = f"{server.tcp('tester', PASSWORD, 'postgres_2')}?application_name=a%20b&options=-c%20geqo%3Doff"
        monkeypatch.setitem(os.environ, SERVER, url)
        yield url


def test_databases_are_given_out_empty_again_and_again_and_none_is_left_behind(given: str) -> None:
    with postgresql_server() as server:
        assert server == given
        databases = PostgreSQLDatabases(server)
    with databases.empty() as first, Tracker.open(first) as tracker:
        tracker.load(NUCLEAR.files())
        with databases.empty() as second, Tracker.open(second) as other:
            assert second != first
            assert other.checkpoint().position == 0
    with databases.empty() as again, Tracker.open(again) as tracker:
        assert tracker.checkpoint().position == 0
        assert tracker.verify().sound
    with psycopg.connect(databases.server) as connection:
        made = "SELECT datname FROM pg_database WHERE datname LIKE 'tracker%'"
        assert len(connection.execute(made).fetchall()) == 3
        databases.drop()
        assert connection.execute(made).fetchall() == []
        options = connection.execute("SELECT current_setting('application_name'), current_setting('geqo')")
        assert options.fetchone() == ("a b", "off")
