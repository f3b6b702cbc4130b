"""A session on a PostgreSQL server: what it finds, what waits, what it says of a server that is lost."""

from collections.abc import Callable, Iterator
from contextlib import closing
from select import select
from typing import Any

import psycopg
import pytest

from tests.databases import PostgreSQLDatabases
from tests.processes import PATIENCE
from tests.storage.test_event_log import SAID, TEXT
from tracker.storage.backends.postgresql_pipeline import Session

MAKE = ("CREATE TEMPORARY TABLE kept (id bigint PRIMARY KEY, text text)", ())
KEEP = "INSERT INTO kept VALUES ($1, $2)"
COUNT = ("SELECT count(*) FROM kept", ())


@pytest.fixture
def session(postgresql_databases: PostgreSQLDatabases) -> Iterator[Session]:
    with postgresql_databases.empty() as url, closing(Session.connect(url)) as session:
        session.fetch([MAKE])
        yield session


def test_each_statement_finds_its_own_with_values_of_every_kind(session: Session) -> None:
    values = ("Straße 'x' \\", b"\x00\xff", 2**40, True, None)
    typed = "SELECT $1::text, $2::bytea, $3::bigint, $4::boolean, $5::text"
    assert session.fetch([(typed, values), ("SELECT 1 WHERE false", ()), ("VALUES (1), (2)", ())]) == [
        [values],
        [],
        [(1,), (2,)],
    ]


def test_a_list_is_an_array_of_any_length_and_any_characters(session: Session) -> None:
    for values in ([], ["a"], ['"', "\\", "{}", "a,b", "", "NULL", "Straße"], [str(number) for number in range(1000)]):
        assert session.fetch([("SELECT unnest($1::text[])", (values,))]) == [[(value,) for value in values]]
    assert session.fetch([("SELECT $1::bigint[]", ([1, -2, 2**40],))]) == [[([1, -2, 2**40],)]]


def test_text_with_a_nul_is_refused_and_not_cut_off_there(session: Session) -> None:
    with pytest.raises(psycopg.DataError):
        session.fetch([("SELECT $1::text", ("a\x00b",))])


def test_what_is_told_waits_for_what_is_asked_or_run_otherwise_or_committed(session: Session) -> None:
    session.fetch([("BEGIN", ())])
    session.execute_many(KEEP, [(1, "a"), (2, "b")])
    assert session.fetch([COUNT]) == [[(2,)]]
    session.execute_many(KEEP, [(3, "c")])
    assert session.execute("SELECT count(*) FROM kept").fetchall() == [(3,)]
    session.execute_many(KEEP, [(4, "d")])
    session.commit()
    session.execute_many(KEEP, [(5, "e")])
    session.rollback()
    assert session.fetch([COUNT]) == [[(4,)]]


def test_what_is_refused_of_what_was_told_is_raised_with_the_next_and_ends_the_trip(session: Session) -> None:
    session.fetch([("BEGIN", ())])
    session.execute_many(KEEP, [(1, "a"), (1, "b")])
    with pytest.raises(psycopg.errors.UniqueViolation):
        session.commit()
    assert not session.outcome_unknown
    session.rollback()
    assert session.fetch([COUNT]) == [[(0,)]]


def test_a_statement_is_prepared_once_unless_it_was_rejected_or_has_a_long_list(session: Session) -> None:
    prepared = ("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%asked%'", ())
    asked = ("SELECT 1 AS asked WHERE 1 = $1::bigint", (1,))
    for _ in range(3):
        with pytest.raises(psycopg.errors.DivisionByZero):
            session.fetch([("SELECT 1 / 0", ()), asked])
        assert session.fetch([asked, asked]) == [[(1,)]] * 2
    any_of = "SELECT 1 AS asked WHERE 7 = ANY ($1::bigint[])"
    assert session.fetch([(any_of, [list(range(100))]), (any_of, [[1, 7]])]) == [[(1,)], [(1,)]]
    assert session.fetch([prepared]) == [[(3,)]]  # the query, the short list's, and the one that counts


def test_more_than_fits_into_the_buffers_goes_and_comes_in_one_trip(session: Session) -> None:
    text = "x" * 1_000_000
    assert session.fetch([("SELECT $1::text", (text,))] * 20) == [[(text,)]] * 20


def test_what_the_server_said_before_it_ended_the_session_is_heard(session: Session) -> None:
    session.fetch([("SET idle_in_transaction_session_timeout = 1", ()), ("BEGIN", ())])
    session.execute_many(KEEP, [(1, "a")])
    readable, _, _ = select([session.fileno()], [], [], PATIENCE)
    assert readable, "the server did not end the session"
    with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
        session.commit()
    assert session.closed
    assert not session.outcome_unknown


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_record_takes_two_trips(new_tracker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    trips: list[list[str]] = []
    sends = Session._send

    def counted(session: Session, statements: Any) -> Any:
        trips.append([sql for sql, _ in (*session._waiting, *statements)])
        return sends(session, statements)

    with new_tracker(TEXT) as tracker:
        tracker.record([SAID.model_copy(update={"summary": "Neither."})], by="me")
        monkeypatch.setattr(Session, "_send", counted)
        tracker.record([SAID], by="me", anyway=True)
    assert [trip[-1].split()[0] for trip in trips] == ["SELECT", "COMMIT"]
