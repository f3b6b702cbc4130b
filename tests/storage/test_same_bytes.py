"""The same log gives the same bytes on SQLite and on a PostgreSQL whose order of text is not that of code points."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings

from tests import ledger
from tests.cli.conftest import within_this_process
from tests.conftest import NOW, ROOT
from tests.databases import PostgreSQLDatabases, SQLiteDatabases
from tests.histories import histories
from tracker.cli.demonstrations import NUCLEAR
from tracker.domain.log.entries import Draft
from tracker.domain.log.parsing import parse_event
from tracker.domain.log.upcasting import oldest_form
from tracker.storage.log.writer import Receipt
from tracker.tracker import Tracker

LOCALES = ("LOCALE_PROVIDER icu ICU_LOCALE 'en-US'", "LOCALE 'en_US.UTF-8'", "LOCALE 'en_US.utf8'")
NAMES = {"AAA": "Ω", "BBB": "ЯZ", "x/one": "é-1/öne", "Party ": "Ça ", "Alpha": "ärger", "Beta": "Zorn", "dated": "ß-1"}
"""Other names for what random histories are about: a dictionary orders them otherwise than their code points do."""

TEXT = """
    party ÖÄÜ aliases=zebra,Äpfel
    party RUS
    party Ω aliases=Zürich,ähnlich
    issue b/ж
    issue a/b
    issue a-b
    issue a/Я
    source é-1 2019-12-11
    source z 2019-12-12
    stated Ω a/b supports 2019-12-10 source=é-1 act=demands addressed_to=ÖÄÜ,RUS
    x: stated ÖÄÜ a/b opposes 2019-12-10 source=z
    corroborated x source=é-1
    stated RUS b/ж opposes 2019-12-10 if=eins;Zwei
    stated RUS a-b opposes 2019-12-11
    stated RUS a/Я neutral 2019-12-11
    corrected x stance=conditional
    started RUS Ω 2019-12-01
    milestone Überraschung 2019-12-10 parties=Ω,ÖÄÜ
    closed a-b 2019-12-12 agreed
    """


@pytest.fixture(scope="session")
def english(postgresql_databases: PostgreSQLDatabases) -> Iterator[PostgreSQLDatabases]:
    """Databases that order text as an English dictionary does."""
    for locale in LOCALES:
        databases = PostgreSQLDatabases(postgresql_databases.server, name="tracker_english", locale=locale)
        try:
            with databases.empty() as url, psycopg.connect(url) as connection:
                assert connection.execute("SELECT 'a' < 'B', 'é' < 'z'").fetchone() == (True, True)
        except psycopg.Error:
            continue
        yield databases
        databases.drop()
        return
    pytest.skip("this server has no order of text other than that of code points, such as that of en_US.UTF-8")


@pytest.fixture
def both(sqlite_databases: SQLiteDatabases, english: PostgreSQLDatabases) -> Callable[..., list[dict[Any, Any]]]:
    """What each back end answers about a log that is filled by a function of its URL."""

    def asked(fill: Callable[[str], None], *commands: tuple[str, ...], day: str) -> list[dict[Any, Any]]:
        found = []
        for databases in (sqlite_databases, english):
            with databases.empty() as url:
                fill(url)
                found.append(answers(url, *commands, day=day))
        return found

    return asked


def answers(url: str, *more: tuple[str, ...], day: str) -> dict[tuple[str, ...], Any]:
    """What the commands say about a log on both streams, with their exit codes."""
    run = within_this_process(url)
    since = ("report", "--from", f"{int(day[:4]) - 1}{day[4:]}", "--to", day)
    form = ("--format", "json")
    last = json.loads(run("checkpoint").out)["position"]
    commands = [
        ("state", "--on", day, *form),
        ("state", "--on", day, "--inherit", "--published-by", day, *form),
        ("state", "--on", day, "--known-at", f"@{max(0, last - 2)}", *form),
        (*since, *form),
        (*since, "--known-from", f"@{last // 2}", *form),
        *((name, "--on", day, *form) for name in ("asks", "conditions")),
        *((name, "list", *form) for name in ("party", "issue", "source")),
        ("history", "--on", day, *form),
        ("find", "e", *form),
        ("log", *form),
        ("export",),
        ("checkpoint",),
        ("verify",),
        *more,
    ]
    rows = json.loads(run(*commands[0]).out)
    for group in sorted({row["issue"].partition("/")[0] for row in rows}):
        commands.append(("state", "--on", day, "--issue", group, *form))
        commands.append((*since, "--issue", group, *form))
    for row in rows[:8]:
        commands.append(("explain", row["party"], row["issue"], "--on", day, *form))
        commands.append(("show", row["event_id"][:-1], *form))
    found = {command: run(*command) for command in commands}
    assert {ran.code for ran in found.values()} == {0}, found
    return found


def test_the_corpus_gives_the_same_bytes_in_every_format(both: Callable[..., Any]) -> None:
    reports = [
        (*command, "--format", form)
        for command in (("state", "--on", "2020-12-31"), ("report", "--from", "2019-12-10", "--to", "2020-12-31"))
        for form in ("table", "csv", "md", "html")
    ]
    sqlite, postgresql = both(load(NUCLEAR.files()), *reports, day="2020-12-31")
    assert len(sqlite) > 35
    assert postgresql == sqlite
    assert sqlite["export",].out == "".join(path.read_text() for path in NUCLEAR.files())


def test_every_version_of_every_event_gives_the_same_bytes(both: Callable[..., Any]) -> None:
    newest = ROOT / "tests" / "golden" / "events-v3.jsonl"
    more = [("consensus", "--on", "2020-03-20", "--format", "json"), ("state", "--red-line", "--format", "json")]
    sqlite, postgresql = both(load([newest]), *more, day="2020-03-20")
    assert postgresql == sqlite
    assert sqlite["export",].out == newest.read_text()


def load(files: list[Path]) -> Callable[[str], None]:
    def fill(url: str) -> None:
        assert within_this_process(url)("load", *map(str, files)).code == 0

    return fill


def append(drafts: list[Draft]) -> Callable[[str], None]:
    def fill(url: str) -> None:
        with Tracker.open(url, clock=lambda: NOW) as tracker, tracker._log.writing() as log:
            assert all(isinstance(result, Receipt) for result in ledger.append_all(log, drafts))

    return fill


def test_ids_and_names_are_compared_by_code_point_whatever_the_servers_order_is(both: Callable[..., Any]) -> None:
    sqlite, postgresql = both(append(ledger.drafts(TEXT)), day="2019-12-31")
    assert postgresql == sqlite
    listed = json.loads(sqlite["party", "list", "--format", "json"].out)
    assert [row["party"] for row in listed] == sorted(row["party"] for row in listed) == ["RUS", "ÖÄÜ", "Ω"]


@settings(max_examples=3)
@given(histories())
def test_random_histories_give_the_same_bytes(both: Callable[..., Any], drafts: list[Draft]) -> None:
    sqlite, postgresql = both(append([renamed(draft) for draft in drafts]), day="2020-03-10")
    assert postgresql == sqlite


def renamed(draft: Draft) -> Draft:
    type_name, written = draft.written or oldest_form(draft.event.type, draft.event.data())
    data = json.dumps(written, ensure_ascii=False)
    for name, other in NAMES.items():
        data = re.sub(rf"{name}(?!_on\")", other, data)  # "dated" is a source, "dated_on" a field
    return Draft(parse_event(type_name, json.loads(data)), draft.id, draft.recorded_by, draft.time)
