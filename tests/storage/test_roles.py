"""The grants of docs/postgresql.md give a role that can only append and one that can only read."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cli.conftest import within_this_process
from tests.conftest import ROOT
from tests.servers import OwnServer
from tracker.cli.demonstrations import NUCLEAR
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker
from tracker.usecases.tokens import hash_of

Run = Callable[..., Any]

PAGE = (ROOT / "docs" / "postgresql.md").read_text()
BLOCKS = re.findall(r"```sql\n(.*?)```", PAGE, re.S)
PASSWORDS = dict(re.findall(r"CREATE ROLE (\w+) LOGIN PASSWORD '([^']+)'", PAGE))
CORPUS = tuple(map(str, NUCLEAR.files()))
CORPUS_ENTRIES = sum(len(path.read_bytes().splitlines()) for path in NUCLEAR.files())
REFUSED = re.compile(
    r"does not allow this user to do that \(.+\)\. Nothing was recorded; "
    r"ask whoever runs the server for a role that may"
)

APPENDS = (
    ("party", "add", "ATL", "Atlantis"),
    ("party", "alias", "ATL", "The Island"),
    ("issue", "add", "sea/level", "--title", "Sea", "--question", "Should it rise?"),
    ("source", "add", "plato", "--title", "Critias", "--publisher", "Academy", "--published-on", "2019-12-01"),
    ("record", "ATL", "sea/level", "opposes", "--on", "2019-12-10", "--summary", "No.", "--source", "plato"),
    ("corroborate", f"@{CORPUS_ENTRIES + 5}", "--source", "plato", "--locator", "2"),
    ("correct", f"@{CORPUS_ENTRIES + 5}", "--stance", "sceptical", "--reason", "Misread."),
    ("retract", f"@{CORPUS_ENTRIES + 7}", "--reason", "Never said."),
    ("withdraw", "ATL", "sea/level", "--on", "2019-12-11", "--summary", "Gone."),
    ("milestone", "Flood", "--on", "2019-12-12", "--party", "ATL"),
    ("issue", "reword", "sea/level", "--on", "2019-12-13", "--title", "The sea"),
    ("party", "join", "ATL", "NATO", "--on", "2019-12-13"),
    ("issue", "close", "sea/level", "--on", "2019-12-14", "--outcome", "abandoned"),
)
QUESTIONS = (
    ("state", "--on", "2019-12-31", "--inherit", "--published-by", "2019-12-31"),
    ("history", "RUS", "inf"),
    ("explain", "RUS", "inf", "--on", "2019-01-01"),
    ("report", "--from", "2019-12-01", "--to", "2019-12-31", "--known-from", "@100"),
    ("find", "treaty"),
    ("asks", "--on", "2019-12-31"),
    ("conditions", "--on", "2019-12-31"),
    ("show", "@159"),
    ("party", "list"),
    ("party", "show", "RUS"),
    ("issue", "list"),
    ("issue", "show", "inf"),
    ("source", "list"),
    ("source", "show", "dw-2019-12-11"),
    ("log", "--limit", "5"),
    ("export",),
    ("checkpoint",),
    ("verify",),
)
TAMPERING = (
    "UPDATE log SET line = '{}'",
    "UPDATE log SET line = line WHERE false",
    "DELETE FROM log",
    "TRUNCATE log",
    "INSERT INTO log SELECT 999, 'x', type, recorded_at, line, hash FROM log WHERE position = 1",
    "INSERT INTO log SELECT * FROM log WHERE position = 1 ON CONFLICT (position) DO UPDATE SET line = '{}'",
    "ALTER TABLE log DISABLE TRIGGER ALL",
    "ALTER TABLE log DISABLE TRIGGER log_refuses_update",
    "ALTER TABLE log OWNER TO CURRENT_USER",
    "ALTER TABLE log ADD COLUMN note text",
    "DROP TRIGGER log_refuses_update ON log",
    "CREATE TRIGGER another BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION log_is_append_only()",
    "CREATE RULE another AS ON INSERT TO log DO INSTEAD NOTHING",
    "DROP TABLE log",
    "DROP FUNCTION log_is_append_only CASCADE",
    "CREATE OR REPLACE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
    "SET ROLE tracker_owner",
    "CREATE TABLE mine (x int)",
    "CREATE TEMPORARY TABLE log (x int)",
    "CREATE SCHEMA mine",
    "UPDATE statement SET value = 'neutral'",
    "DELETE FROM statement",
    "TRUNCATE pair, statement, corroboration, fact",
    "UPDATE pair SET party = 'USA'",
    "UPDATE log_head SET id = 2",
    "DELETE FROM log_head",
    "INSERT INTO log_head VALUES (1)",
    "UPDATE alembic_version SET version_num = '0001'",
)


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    """A server on which everything was done as the page says, and the corpus loaded."""
    with OwnServer() as server:
        with psycopg.connect(server.url(), autocommit=True) as administrator:
            administrator.execute("CREATE ROLE tracker_owner LOGIN CREATEROLE PASSWORD 'owns'")
            administrator.execute("CREATE DATABASE tracker OWNER tracker_owner ENCODING UTF8 TEMPLATE template0")
        create_database(owner(server))
        give(server, BLOCKS)
        assert within_this_process(owner(server))("load", *CORPUS).code == 0
        yield server


def owner(server: OwnServer) -> str:
    return server.tcp("tracker_owner", "owns", "tracker")


def login(server: OwnServer, name: str) -> str:
    return server.tcp(name, PASSWORDS[name], "tracker")


def give(server: OwnServer, blocks: list[str]) -> None:
    with psycopg.connect(owner(server)) as connection:
        for block in blocks:
            connection.execute(block)


def position(server: OwnServer) -> str:
    return str(within_this_process(owner(server))("checkpoint").out)


def test_the_page_has_the_blocks_that_are_run_here() -> None:
    assert len(BLOCKS) == 4
    assert list(PASSWORDS) == ["ann", "bob"]


def test_an_appender_records_by_row_and_in_bulk_and_asks_everything(server: OwnServer, tmp_path: Path) -> None:
    ann = within_this_process(login(server, "ann"))
    for command in (*APPENDS, *QUESTIONS):
        done = ann(*command)
        assert done.code == 0, (command, done.err)
    batch = [f"- {{speaker: S{number}}}" for number in range(120)]
    head = "defaults: {party: RUS, issue: inf, stance: opposes, on: 2018-12-01, summary: x}\nstatements:\n"
    (tmp_path / "batch.yaml").write_text(head + "\n".join(batch))
    assert ann("record", "--from-file", str(tmp_path / "batch.yaml")).code == 0
    assert f"0 entries appended. {CORPUS_ENTRIES} were there already." in ann("load", *CORPUS).out
    assert within_this_process(owner(server))("verify").code == 0


def test_a_reader_asks_everything_and_records_nothing(server: OwnServer) -> None:
    bob, before = within_this_process(login(server, "bob")), position(server)
    for question in QUESTIONS:
        assert bob(*question).code == 0, question
    for command in (
        ("party", "add", "LEM", "Lemuria"),
        ("record", "RUS", "inf", "supports", "--on", "2019-12-10", "--summary", "x"),
        ("correct", "@159", "--stance", "neutral", "--reason", "x"),
        ("retract", "@159", "--reason", "x"),
        ("load", *CORPUS),
        ("rebuild",),
    ):
        done = bob(*command)
        assert (done.code, done.out, bool(REFUSED.search(done.err))) == (1, "", True), done
    assert position(server) == before


def test_a_reader_checks_what_it_may_not_record(server: OwnServer) -> None:
    bob, before = within_this_process(login(server, "bob")), position(server)
    said = ("record", "RUS", "inf", "neutral", "--on", "2018-10-24", "--summary", "x")
    for command, shows in (
        (said, "RUS arms-control/inf: no stance -> neutral"),
        ((*said[:4], "--on", "2018-10-24"), "Missing option --summary"),
        (("correct", "@159", "--stance", "neutral", "--reason", "x"), "Corrected"),
        (("party", "join", "RUS", "NATO", "--on", "2019-12-13"), "RUS joined NATO"),
        (("record", "--from-file", "-"), "Checked 1 of 1"),
    ):
        rows = "milestones: [{on: 2019-12-10, title: Talks}]"
        checked = bob(*command, "--check", stdin=rows)
        assert checked.code == (2 if "Missing" in shows else 0), (command, checked.err)
        assert shows in checked.out + checked.err
    refused = bob(*said[:1], "NOBODY", *said[2:], "--check")
    assert (refused.code, "No party 'NOBODY'" in refused.err) == (1, True)
    assert REFUSED.search(bob(*said).err)
    assert position(server) == before


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        *product(PASSWORDS, TAMPERING),
        ("bob", "UPDATE statement SET ended_at = 1"),
        ("bob", "UPDATE log_head SET id = 1"),
    ],
)
def test_neither_changes_removes_or_replaces_an_entry_with_sql(server: OwnServer, name: str, statement: str) -> None:
    refusals = (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.RestrictViolation,
        psycopg.errors.CheckViolation,
    )
    before = position(server)
    with psycopg.connect(login(server, name)) as connection, pytest.raises(refusals):
        connection.execute(statement)
    assert position(server) == before


def test_only_the_owner_gives_tokens_out_and_a_reader_sees_none(server: OwnServer) -> None:
    ann, bob, by_owner = (
        within_this_process(url) for url in (login(server, "ann"), login(server, "bob"), owner(server))
    )
    made = by_owner("token", "add", "Ann").out.strip()
    for run in (ann, bob):
        for command in (("token", "add", "Eve"), ("token", "revoke", "Ann")):
            done = run(*command)
            assert (done.code, done.out, bool(REFUSED.search(done.err))) == (1, "", True), done
    assert REFUSED.search(bob("token", "list").err)
    assert "Ann" in ann("token", "list").out
    with Tracker.open(login(server, "ann")) as tracker:
        assert tracker.recorder_of(hash_of(made)) == "Ann"


def test_whoever_may_not_append_sees_no_token_whatever_was_granted(server: OwnServer) -> None:
    by_owner = within_this_process(owner(server))
    by_owner("token", "add", "Bob")
    assert by_owner("verify").code == 0
    give(server, ["GRANT SELECT ON token TO tracker_reader", "CREATE SCHEMA theirs", "CREATE TABLE theirs.log (x int)"])
    give(server, ["GRANT USAGE ON SCHEMA theirs TO tracker_reader", "GRANT ALL ON theirs.log TO tracker_reader"])
    with psycopg.connect(login(server, "bob")) as connection:
        connection.execute("SET search_path = theirs, public")
        assert connection.execute("SELECT has_table_privilege('log', 'INSERT')").fetchall() == [(True,)]
        assert connection.execute("SELECT * FROM token").fetchall() == []
    give(server, ["ALTER TABLE token DISABLE ROW LEVEL SECURITY"])
    assert "row security of the table token is off" in by_owner("verify").out
    give(server, ["ALTER TABLE token ENABLE ROW LEVEL SECURITY", "DROP SCHEMA theirs CASCADE"])
    give(server, ["REVOKE ALL ON token FROM tracker_reader"])


def test_only_the_owner_rebuilds_and_upgrades(
    server: OwnServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where backups go
    ann, bob = (within_this_process(login(server, name)) for name in ("ann", "bob"))
    by_owner = within_this_process(owner(server))
    assert REFUSED.search(ann("rebuild").err)
    assert "Nothing to do" in ann("upgrade").out
    with psycopg.connect(owner(server)) as connection:  # as it was before 0003
        connection.execute("DROP TABLE log_head, run, entry_words, rules, token")
        connection.execute("DROP INDEX corroboration_source, corroboration_corrected, fact_corrected")
        connection.execute("ALTER TABLE statement DROP COLUMN lasts, DROP COLUMN answers")
        connection.execute("ALTER TABLE fact DROP COLUMN form")
        connection.execute("UPDATE alembic_version SET version_num = '0002'")
    for run in (ann, bob):
        assert "Run `tracker upgrade`" in run("state").err
        done = run("upgrade")
        assert (done.code, bool(REFUSED.search(done.err))) == (1, True), done
    assert by_owner("upgrade").code == 0
    assert by_owner("rebuild").code == 0
    assert by_owner("verify").code == 0


def test_tables_that_are_made_anew_can_be_read_and_are_given_again(server: OwnServer) -> None:
    ann, bob = (within_this_process(login(server, name)) for name in ("ann", "bob"))
    with psycopg.connect(owner(server)) as connection:
        connection.execute("DROP TABLE statement")
    assert within_this_process(owner(server))("rebuild").code == 0
    assert bob("state", "--on", "2019-12-10").code == 0
    said = ("record", "USA", "inf", "opposes", "--on", "2018-12-02", "--summary", "Anew.", "--anyway")
    assert REFUSED.search(ann(*said).err)
    give(server, [block for block in BLOCKS if "CREATE ROLE" not in block])
    assert ann(*said).code == 0
    assert ann("verify").code == 0
