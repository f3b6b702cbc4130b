"""What the frozen histories are asked, and where the answers to that are kept."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from tests.cli.conftest import within_this_process

FOLDER = Path(__file__).parent
INDEX = FOLDER / "answers.sha256"
LONGEST = 4_000
"""Longest answer, in bytes, that is kept in full."""

Question = tuple[str, ...]
JSON, CSV, MD, TABLE, HTML = (("--format", form) for form in ("json", "csv", "md", "table", "html"))
EARLY, MIDDLE, LATE = "2020-03-04", "2020-03-09", "2020-12-31"
CUT = "@90"
"""A place in each log where much is recorded, and much is still to come."""


def events_file(history: str) -> Path:
    return FOLDER / history / "events.jsonl"


def text_file(history: str) -> Path:
    """The answers of a history that are kept in full, below their questions."""
    return FOLDER / history / "answers.txt"


def questions() -> Iterator[Question]:
    """What every history is asked. The day is always named: an answer must not depend on today."""
    yield from ((name,) for name in ("export", "checkpoint", "verify"))
    yield from _states()
    yield from _reports()
    yield from _about_statements()
    yield from _about_entries()


def _states() -> Iterator[Question]:
    for day in (EARLY, MIDDLE, LATE):
        yield "state", "--on", day, *JSON
    for form in (CSV, MD, TABLE, HTML):
        yield "state", "--on", LATE, *form
    late, middle = ("state", "--on", LATE), ("state", "--on", MIDDLE)
    yield *late, "--wide", "--questions", "--stale-after", "3"
    yield *late, "--inherit", "--questions", *MD
    for form in (JSON, CSV, HTML):
        yield *late, "--inherit", *form
    for form in (JSON, TABLE):
        yield *middle, "--known-at", CUT, *form
        yield *middle, "--published-by", "2020-03-06", *form
    yield *late, "--known-at", "2021-01-10", *CSV
    yield *late, "--known-at", "2021-01-12T08:00:00Z", "--published-by", LATE, "--inherit", *JSON
    yield *middle, "--known-at", CUT, "--published-by", LATE, "--attribution", "direct,reported", *JSON
    yield *late, "--attribution", "inferred", *TABLE
    yield *late, "--party", "AAA", "--party", "ÖÄÜ", *JSON
    yield *late, "--party", "Old AAA", "--inherit", *JSON
    yield *late, "--issue", "x", *JSON
    yield *late, "--issue", "x/one", "--party", "BLOC", *MD


def _reports() -> Iterator[Question]:
    short, long = ("report", "--from", EARLY, "--to", MIDDLE), ("report", "--from", "2019-06-30", "--to", LATE)
    for form in (JSON, CSV, MD, TABLE, HTML):
        yield *short, *form
        yield *long, "--known-from", CUT, *form
    yield *long, *JSON
    for form in (JSON, MD):
        yield "report", "--since", CUT, "--from", MIDDLE, "--to", LATE, *form
    yield *long, "--issue", "x", "--known-from", CUT, *JSON
    yield *short, "--party", "AAA", *JSON
    yield *long, "--published-by", MIDDLE, "--known-from", CUT, *JSON
    yield *long, "--published-by", MIDDLE, *CSV
    yield *long, "--known-at", CUT, *MD
    yield *long, "--known-at", "@110", "--known-from", "@60", "--attribution", "direct,ascribed", *JSON
    for form in (JSON, CSV, MD, TABLE, HTML):
        yield *long, "--inherit", *form
    yield *short, "--inherit", "--party", "AAA", "--known-from", CUT, *JSON


def _about_statements() -> Iterator[Question]:
    for form in (JSON, CSV, MD):
        yield "history", "--on", LATE, *form
    yield "history", "AAA", "x/one", "--on", LATE, *TABLE
    yield "history", "--on", MIDDLE, "--published-by", "2020-03-06", *JSON
    yield "history", "--on", LATE, "--known-at", CUT, "--party", "AAA", *JSON
    for form in (JSON, CSV, MD, HTML):
        yield "history", "--on", LATE, "--inherit", *form
    yield "history", "AAA", "x/one", "--on", LATE, "--inherit", *TABLE
    for form in (JSON, CSV, MD, TABLE):
        yield "asks", "--on", LATE, "--all", *form
    yield "asks", "--on", MIDDLE, "--published-by", MIDDLE, *TABLE
    for form in (JSON, CSV, TABLE):
        yield "conditions", "--on", LATE, *form
    yield "conditions", "--on", MIDDLE, "--known-at", CUT, *MD
    for pair in (("AAA", "x/one"), ("Old ÖÄÜ", "x/one"), ("BBB", "x/one/two")):
        for form in (JSON, TABLE):
            yield "explain", *pair, "--on", LATE, *form
    yield "explain", "AAA", "x/one", "--on", MIDDLE, "--known-at", CUT, "--published-by", MIDDLE, *JSON
    yield "explain", "AAA", "x/one", "--on", MIDDLE, "--attribution", "direct", *TABLE
    yield "find", "e", *JSON
    yield "find", "é", "--on", MIDDLE, *TABLE
    yield "find", "pipe", "--published-by", MIDDLE, *CSV
    yield "find", "strike", "--party", "AAA", *MD


def _about_entries() -> Iterator[Question]:
    for position in (1, 16, 34, 50, 66, 82, 98, 114):
        yield "show", f"@{position}", *JSON
    for position in (45, 75, 105):
        yield "show", f"@{position}"
    yield "log", *JSON
    yield "log", "--after", "40", "--limit", "30", *TABLE
    yield "log", "--after", "100", *CSV
    for register, one in (("party", "Old AAA"), ("issue", "x/one"), ("source", "early")):
        for form in (JSON, TABLE):
            yield register, "list", *form
            yield register, "show", one, *form
    yield "party", "list", *MD
    yield "source", "list", *CSV


def in_json(question: Question) -> bool:
    """Whether the answer is data rather than text for people."""
    return "json" in question or question[0] in ("export", "checkpoint")


def answer(url: str, question: Question) -> str:
    """What a command says on both streams; the terminal has 80 columns."""
    ran = within_this_process(url)(*question)
    assert ran.code == 0, (question, ran)
    return str(ran.out) + (f"\n[standard error]\n{ran.err}" if ran.err else "")


def load(url: str, events: Path) -> None:
    ran = within_this_process(url)("load", str(events))
    assert ran.code == 0, ran
    assert all(line.startswith(("Note: ", "... and ")) for line in ran.err.splitlines()), ran  # of rules made later


def is_readable(question: Question, answered: str) -> bool:
    """Whether an answer is kept in full: it is short, and reads well where it changes."""
    return len(answered.encode()) <= LONGEST and "html" not in question and not answered.startswith("[")


def digest(answered: str) -> str:
    return hashlib.sha256(answered.encode()).hexdigest()


def command_line(question: Question) -> str:
    return " ".join(f"'{word}'" if set(word) & set(" |*") else word for word in question)


def in_full(answered: dict[Question, str]) -> str:
    """The answers that are kept in full, each below its question."""
    return "".join(
        f"$ tracker {command_line(question)}\n{text.rstrip(chr(10))}\n\n"
        for question, text in answered.items()
        if is_readable(question, text)
    )


def digests(history: str, answered: dict[Question, str]) -> list[str]:
    """A line of the index for each answer."""
    return [f"{digest(text)} {history}: {command_line(question)}" for question, text in answered.items()]
