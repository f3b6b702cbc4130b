"""Text from the web never steers a terminal: every command that shows what is stored, in every format."""

import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.ledger import id_of
from tracker.cli import cli
from tracker.cli.main import COMMANDS
from tracker.domain.log.events import Event
from tracker.domain.log.kind_registry import KINDS
from tracker.domain.log.parsing import parse_event
from tracker.domain.terms.safe_text import is_visible
from tracker.reports.formats import formats_of
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker

CONTROLS = "\x1b[2J\x1b]0;title\x07\x9b31m\x85\x08\r\x7f"
DIRECTIONS = "\u202eevil\u2066\u200f\u061c\u2028\u2029\ufeff\u00ad\U000e0041"
LOOKS = "[red]x[/red] [link=https://x.org]y[/link] <script>alert(1)</script> =1+1"
SHOWN = "\n\xad\u200e\u200f\u061c"
"""Characters that no eye sees and that steer nothing: places for breaks, and direction marks, which turn no letters."""
HOSTILE = f"begin {CONTROLS} {DIRECTIONS} {LOOKS}\nend"

EVIDENCE = {"source": "src", "quote": HOSTILE, "locator": HOSTILE, "speaker": HOSTILE, "speaker_role": HOSTILE}
ABOUT = {"party": "AAA", "issue": "x/one"}


def entries() -> Iterator[tuple[str, dict[str, Any]]]:
    """An entry of every type, each free text in it hostile."""
    stated = {**ABOUT, "stance": "conditional", "conditions": [HOSTILE], "summary": HOSTILE, **EVIDENCE}
    yield "party.registered", {"party": "AAA", "name": HOSTILE, "kind": "bloc", "aliases": [f"{HOSTILE} too"]}
    yield "party.registered", {"party": "BBB", "name": "B", "kind": "state"}
    yield "party.updated", {"party": "BBB", "name": f"B {HOSTILE}", "aliases_added": [f"b {HOSTILE}"]}
    yield "issue.opened", {"issue": "x/one", "title": HOSTILE, "question": HOSTILE}
    yield "issue.opened", {"issue": "x/two", "title": HOSTILE, "question": HOSTILE}
    yield "issue.reworded", {"issue": "x/one", "question": f"Again {HOSTILE}", "on": "2019-02-01"}
    source = {"title": HOSTILE, "publisher": HOSTILE, "url": f"https://x.org/{HOSTILE}", "language": HOSTILE}
    yield "source.registered", {"source": "src", "published_on": "2019-03-02", **source}
    yield "membership.started", {"party": "BBB", "bloc": "AAA", "on": "2019-01-01", **EVIDENCE}
    yield "membership.ended", {"party": "BBB", "bloc": "AAA", "on": "2021-01-01", **EVIDENCE}
    yield "position.stated", {**stated, "stated_on": "2019-03-01", "act": "demands", "addressed_to": ["BBB"]}
    yield "position.stated", {**stated, "stated_on": "2019-04-01", "stance": "opposes", "speaker": f"B{HOSTILE}"}
    yield "position.stated", {**stated, "stated_on": "2019-05-01", "issue": "x/two", "quote": {"exact": HOSTILE}}
    yield "position.withdrawn", {"party": "BBB", "issue": "x/one", "on": "2019-04-02", "summary": HOSTILE, **EVIDENCE}
    yield (
        "statement.corroborated",
        {"target": id_of("10"), "source": "src", "quote": HOSTILE, "locator": "2", "note": HOSTILE},
    )
    corrected = {**stated, "stated_on": "2019-04-01", "summary": f"Mended {HOSTILE}"}
    yield "entry.corrected", {"target": id_of("11"), "replacement": corrected, "reason": HOSTILE}
    yield "position.stated", {**stated, "party": "BBB", "stated_on": "2019-06-01"}
    yield "entry.retracted", {"target": id_of("16"), "reason": HOSTILE}
    yield "milestone.noted", {"on": "2019-04-03", "title": HOSTILE, **EVIDENCE}
    yield "issue.closed", {"issue": "x/two", "on": "2019-06-02", "outcome": "agreed", "note": HOSTILE, **EVIDENCE}
    yield (
        "issue.opened.v2",
        {"issue": "x/sum", "title": HOSTILE, "question": HOSTILE, "form": "quantity", "unit": "<b>|t"},
    )
    said = {"stated_as": HOSTILE, "reasons": [HOSTILE], "provision": HOSTILE, "note": HOSTILE, "tags": [HOSTILE]}
    said |= {"translation": HOSTILE, "party": "AAA", "issue": "x/sum", "summary": HOSTILE, **EVIDENCE}
    yield "position.stated.v2", {**said, "amount": {"at_least": "1"}, "stated_on": "2019-04-01"}
    yield "position.stated.v2", {**said, "amount": {"at_least": "2"}, "stated_on": "2019-06-01", "red_line": True}
    yield "issue.reopened", {"issue": "x/two", "on": "2019-06-03", **EVIDENCE}
    yield "party.succeeded", {"party": "BBB", "by": ["AAA"], "on": "2019-06-04", **EVIDENCE}
    yield "position.stated", {**stated, "party": "BBB", "issue": "x/two", "stated_on": "2019-06-03"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "tracker.db"
    create_database(str(path))
    events: list[Event] = [
        parse_event(name if name.endswith(".v2") else f"{name}.v1", data) for name, data in entries()
    ]
    assert {event.event_kind.name for event in events} == set(KINDS)
    ids = [id_of(str(number)) for number, _ in zip(count(1), events, strict=False)]
    with Tracker.open(str(path)) as tracker:
        tracker.record(events, by=f"by {CONTROLS}{DIRECTIONS}", event_ids=ids, anyway=True)
    return path


STATED = ("--on", "2019-07-01", "--summary", HOSTILE)
FORMS, PAGES = formats_of("rows"), formats_of("state")
ESCAPE, ESCAPES = "\\x1b", {"json": "\\u001b"}
"""How the first control character shows: as `safe_text` writes it, or as the library of a format does."""
MARKS = {"csv": "\r\n"}
"""The control characters by which a format itself ends lines or parts cells; for CSV the line end of RFC 4180."""
ASKED: dict[str, tuple[tuple[str, ...], ...]] = {
    "state": (
        *(("--format", form) for form in PAGES),
        *(("--wide", "--questions", "--titles", "--inherit", "--format", form) for form in PAGES),
        *(("--tag", HOSTILE, "--reason", HOSTILE, "--note", HOSTILE, "--format", form) for form in PAGES),
    ),
    "history": tuple((*how, "--format", form) for how in ((), ("--inherit",)) for form in PAGES),
    "report": tuple(
        (*span, "--to", "2020-01-01", "--format", form)
        for span in (
            ("--from", "2019-01-01"),
            ("--from", "2019-01-01", "--inherit"),
            ("--from", "2019-05-15", "--known-from", "@9"),
            ("--since", "@9", "--from", "2019-05-15"),
        )
        for form in PAGES
    ),
    "explain": tuple(("AAA", "one", "--titles", "--format", form) for form in formats_of("explanation")),
    "asks": tuple(("--all", "--format", form) for form in PAGES),
    "conditions": tuple(("--format", form) for form in PAGES),
    "consensus": tuple(
        (*how, "--format", form) for how in ((), ("--from", "2019-01-01", "--inherit")) for form in PAGES
    ),
    "agreement": tuple(
        (*how, "--format", form)
        for how in ((), ("--rows",), ("--from", "2019-01-01"))
        for form in formats_of("agreement")
    ),
    "chart": tuple(
        (chart, *more, "--format", form)
        for chart, *more in (
            ("timeline", "--inherit"),
            ("matrix", "--inherit"),
            ("amounts",),
            ("agreement",),
            ("agreement", "--network"),
        )
        for form in ("svg", "html")
    ),
    "find": tuple((text, "--format", form) for text in ("begin", HOSTILE) for form in FORMS),
    "show": tuple((f"@{number}", "--format", form) for number in range(1, 26) for form in formats_of("fields")),
    "party": (*(("list", "--format", form) for form in FORMS), ("show", "AAA"), ("show", "BBB", "--format", "json")),
    "issue": (*(("list", "--format", form) for form in FORMS), ("show", "one"), ("show", "two", "--format", "json")),
    "source": (*(("list", "--format", form) for form in FORMS), ("show", "src"), ("show", "src", "--format", "json")),
    "log": tuple(("--format", form) for form in FORMS),
    "verify": ((),),
    "checkpoint": ((),),
    "rebuild": ((),),
    "backup": (("kept",), (HOSTILE.replace("/", ""),)),
    "restore": (("kept",), (HOSTILE.replace("/", ""),)),
    "token": (
        ("add", HOSTILE),
        *(("list", "--format", form) for form in FORMS),
        ("revoke", HOSTILE[:-1]),
        ("revoke", HOSTILE),
    ),
    "doctor": (("--format", "table"), ("--format", "json")),
    "record": (
        ("AAA", "one", "supports", *STATED, "--speaker", HOSTILE, "--check"),
        ("AAA", "one", "opposes", "--on", "2019-04-01", "--summary", "x", "--speaker", HOSTILE),
        ("AAA", "x/sum", "--amount", "3", *STATED, "--check"),
        ("AAA", "x/sum", "supports", *STATED),
        ("AAA", "x/sum", "--amount", HOSTILE, *STATED),
        (HOSTILE, HOSTILE, "supports", *STATED),
        ("--from-file", HOSTILE.replace("/", "")),
    ),
    "withdraw": (("AAA", "one", *STATED, "--check"), (HOSTILE, "one", *STATED), ("AAA", HOSTILE, *STATED)),
    "corroborate": (
        ("@10", "--source", HOSTILE),
        (HOSTILE, "--source", "src"),
        ("@10", "--source", "src", "--locator", "3", "--check"),
    ),
    "milestone": ((HOSTILE, "--on", "2019-01-01", "--check"), ("x", "--on", HOSTILE)),
    "correct": (
        ("@15", "--summary", f"{HOSTILE}!", "--reason", HOSTILE, "--check"),
        ("@18", "--title", f"{HOSTILE}!", "--reason", HOSTILE, "--check"),
        ("@11", "--summary", "x", "--reason", "x"),
        ("@21", "--note", f"{HOSTILE}!", "--tag", f"{HOSTILE}!", "--reason", HOSTILE, "--check"),
        (HOSTILE, "--unset", HOSTILE, "--reason", "x"),
        ("@10", "--unset", HOSTILE, "--reason", "x"),
    ),
    "retract": (
        *((f"@{number}", "--reason", HOSTILE, "--check") for number in (1, 10, 14, 18)),
        (HOSTILE, "--reason", "x"),
    ),
    "undo": ((), (HOSTILE,)),
    "load": ((HOSTILE.replace("/", ""),),),
}
ASKING_TOO_MUCH = {
    "record",
    "withdraw",
    "corroborate",
    "milestone",
    "correct",
    "retract",
    "undo",
    "load",
    "backup",
    "restore",
    "token",
}
"""Commands that are also given what they refuse, so that their refusals quote it."""

QUOTES_NOTHING = {"verify", "checkpoint", "rebuild", "restore", "doctor"}
"""Commands that read what is stored and show none of it."""
NOT_QUOTED = {
    ("backup", "kept"),
    ("corroborate", *ASKED["corroborate"][2]),
    ("correct", *ASKED["correct"][2]),
    ("retract", *ASKED["retract"][0]),
    ("undo",),
    *(("record", *how) for how in ASKED["record"] if how[:3] == ("AAA", "x/sum", "supports")),
    *(("agreement", *how) for how in ASKED["agreement"] if how[-1] not in ("md", "html", "graphml")),
    *(("consensus", *how) for how in ASKED["consensus"] if "--from" in how and how[-1] in ("json", "csv", "table")),
}
"""What says only ids, codes and stances, as it should."""

SILENT = {"demo", "init", "upgrade", "completion", "export", "serve", "site"}
"""Commands that show nothing that is stored, or in no form but the log's own."""


def test_no_command_is_forgotten() -> None:
    assert set(ASKED) | SILENT == {name for group in COMMANDS.values() for name in group}


@pytest.mark.parametrize("command", ASKED)
def test_no_command_prints_what_steers_a_terminal(
    command: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(made, tmp_path / "tracker.db")
    assert ASKED[command]
    for args in ASKED[command]:
        done = invoke(tmp_path, command, *args)
        assert done.exit_code == 0 or command in ASKING_TOO_MUCH, args
        said = done.stdout + done.stderr
        said = said.replace(MARKS.get(args[-1], "\n"), "\n") if args else said
        assert not {character for character in said if not is_visible(character) and character not in SHOWN}, args
        quotes = command not in QUOTES_NOTHING and (command, *args) not in NOT_QUOTED
        escape = ESCAPES.get(args[-1], ESCAPE) if done.exit_code == 0 and "--format" in args else ESCAPE
        assert (escape in said) == quotes, args


def test_markup_shows_as_it_was_written(made: Path, tmp_path: Path) -> None:
    shutil.copy(made, tmp_path / "tracker.db")
    table = " ".join(invoke(tmp_path, "show", "@10").stdout.split())
    assert "[red]x[/red] [link=https://x.org]y[/link] <script>alert(1)</script>" in table
    page = invoke(tmp_path, "report", "--from", "2019-01-01", "--format", "html").stdout
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_json_says_what_was_recorded_character_by_character(made: Path, tmp_path: Path) -> None:
    shutil.copy(made, tmp_path / "tracker.db")
    assert json.loads(invoke(tmp_path, "show", "@10", "--format", "json").stdout)["data"]["summary"] == HOSTILE


def test_an_export_holds_what_was_recorded_and_no_control_character_that_json_escapes(
    made: Path, tmp_path: Path
) -> None:
    shutil.copy(made, tmp_path / "tracker.db")
    exported = invoke(tmp_path, "export").stdout_bytes
    assert not {byte for byte in exported if byte < 0x20} - {0x0A}
    assert json.loads(exported.splitlines()[9])["data"]["summary"] == HOSTILE


def test_a_database_is_named_without_what_steers_a_terminal(tmp_path: Path) -> None:
    place = str(tmp_path / "\x1b[31m\u202e.db")
    for command in (("state",), ("init",), ("init",), ("upgrade",), ("verify",)):
        done = CliRunner().invoke(cli, ["--db", place, *command], color=True)
        assert all(is_visible(character) or character == "\n" for character in done.stdout + done.stderr)


def invoke(folder: Path, *args: str) -> Result:
    done = CliRunner().invoke(cli, ["--db", str(folder / "tracker.db"), "--by", "analyst", *args], color=True)
    assert isinstance(done.exception, SystemExit | None), args
    return done
