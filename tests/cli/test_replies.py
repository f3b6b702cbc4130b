"""What commands reply to people: entries by position, memberships with both sides and all their days."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

Run = Callable[..., Any]

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RECEIPT = re.compile(rf"^  @\d+ {ID.pattern}\n", re.MULTILINE)
"""The line by which a command names an entry that it appended, for people and for programs."""
STATED = ("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary", "x")


def done(run: Run, *command: str, **how: Any) -> str:
    found = run(*command, **how)
    assert found.code == 0, found.err
    return str(found.out)


def test_people_read_positions_where_programs_read_ids(desk: Run) -> None:
    """Entries @5 to @12: a statement, and what is done with its corroboration."""
    replies = [
        done(desk, *STATED),
        (corroborated := done(desk, "corroborate", "@5", "--source", "dw", "--quote", "a")),
        (corrected := done(desk, "correct", "@6", "--quote", "b", "--reason", "typo")),
        (undone := done(desk, "undo")),
        done(desk, "correct", "@5", "--summary", "y", "--reason", "typo"),
        done(desk, "corroborate", "@9", "--source", "dw", "--quote", "c"),
        (taken_back := done(desk, "undo")),
        done(desk, "retract", "@9", "--reason", "x"),
    ]
    assert "statement.corroborated: @5, by dw\n" in corroborated
    assert corrected.startswith("Corrected: @5, by dw (statement.corroborated)\n")
    assert undone.startswith("Corrected: @5, by dw (statement.corroborated)\n")
    assert taken_back.startswith("Retracted: @9, by dw (statement.corroborated)\n")
    assert [ID.search(RECEIPT.sub("", reply)) for reply in replies] == [None] * len(replies)
    for entry, after in (("@7", "target              @6\n"), ("@8", "replacement.target  @5\n")):
        shown = done(desk, "show", entry)
        assert after in shown
        assert len(ID.findall(shown)) == 1  # its own


def test_the_refusal_of_an_undo_names_what_was_removed_by_position(desk: Run) -> None:
    assert desk(*STATED).code == 0
    assert desk("corroborate", "@5", "--source", "dw").code == 0
    assert desk("undo").code == 0
    refused = desk("undo")
    assert refused.code == 1
    assert "@6 (statement.corroborated of @5)" in refused.err
    assert not ID.search(refused.err)


@pytest.mark.on_both_backends
def test_the_log_names_targets_by_position_and_both_sides_of_a_membership(desk: Run) -> None:
    for command in (
        STATED,
        ("correct", "@5", "--summary", "y", "--reason", "x"),
        ("corroborate", "@6", "--source", "dw"),
        ("retract", "@7", "--reason", "x"),
        ("party", "add", "EUN", "Union", "--kind", "bloc"),
        ("party", "join", "RUS", "EUN", "--on", "2001-01-01"),
        ("party", "leave", "RUS", "EUN", "--on", "2002-01-01"),
    ):
        assert desk(*command).code == 0
    listed = [line.split()[-2:] for line in done(desk, "log", "--after", "5").splitlines()]
    assert listed == [
        ["entry.corrected", "@5"],
        ["statement.corroborated", "@6"],
        ["entry.retracted", "@7"],
        ["party.registered", "EUN"],
        ["membership.started", "RUS:EUN"],
        ["membership.ended", "RUS:EUN"],
    ]
    for part in (("--type", "entry"), ("--tail", "6"), ("--after", "5")):
        assert not ID.search(done(desk, "log", *part))
        assert not ID.search(done(desk, "log", *part, "--format", "md"))
    rows = json.loads(done(desk, "log", "--after", "5", "--format", "json"))
    assert all(ID.fullmatch(row["subject"]) for row in rows[:3])
    assert rows[0]["subject"] == json.loads(done(desk, "show", "@5", "--format", "json"))["id"]
    assert [row["subject"] for row in rows[4:]] == ["RUS:EUN", "RUS:EUN"]


def test_a_party_shows_the_memberships_that_ended(desk: Run) -> None:
    assert desk("party", "add", "EUN", "Union", "--kind", "bloc").code == 0
    for what, on in (("join", "2001-01-01"), ("leave", "2002-01-01"), ("join", "2003-01-01"), ("leave", "2004-01-01")):
        assert desk("party", what, "RUS", "EUN", "--on", on).code == 0
    assert desk("party", "join", "USA", "EUN", "--on", "2003-01-01").code == 0
    first, second = ({"since": "2001-01-01", "left": "2002-01-01"}, {"since": "2003-01-01", "left": "2004-01-01"})
    for on, now, before in (
        ("2000-12-31", [], []),
        ("2001-01-01", [{"since": "2001-01-01"}], []),
        ("2002-01-01", [], [first]),
        ("2003-06-01", [{"since": "2003-01-01"}], [first]),
        ("2004-01-01", [], [first, second]),
    ):
        member = json.loads(done(desk, "party", "show", "RUS", "--on", on, "--format", "json"))
        assert member["member_of"] == [{"bloc": "EUN", **one} for one in now]
        assert member["formerly_member_of"] == [{"bloc": "EUN", **one} for one in before]
        bloc = json.loads(done(desk, "party", "show", "EUN", "--on", on, "--format", "json"))
        assert [one for one in bloc["members"] if one["party"] == "RUS"] == [{"party": "RUS", **one} for one in now]
        assert bloc["former_members"] == [{"party": "RUS", **one} for one in before]
    shown = done(desk, "party", "show", "EUN", COLUMNS="200")
    assert "members   USA since 1 Jan 2003\n" in shown
    assert "formerly  RUS since 1 Jan 2001, left 1 Jan 2002; RUS since 1 Jan 2003, left 1 Jan 2004\n" in shown
    assert "formerly in  EUN since 1 Jan 2001, left 1 Jan 2002;" in done(desk, "party", "show", "RUS", COLUMNS="200")


BATCH = """
issues: [{issue: arms/new, title: New, question: "Should it be new?"}]
defaults: {party: RUS, stance: supports, summary: x}
statements:
  - {issue: start, on: 2019-12-10}
  - {issue: arms/new, on: 2019-12-10}
  - {issue: start, on: 2019-12-11}
  - {issue: start, on: 2020-01-01}
  - {party: USA, issue: arms/new, on: 2020-01-02}
"""


def test_a_batch_repeats_each_question_that_it_answers_once(desk: Run) -> None:
    assert desk("issue", "reword", "start", "--on", "2020-01-01", "--question", "Should it go on?").code == 0
    for more in (("--check",), ()):
        reply = done(desk, "record", "--from-file", "-", *more, stdin=BATCH)
        lines = [line.strip() for line in reply.splitlines()]
        asked = [(before.split(":")[0], line) for before, line in pairwise(lines) if line[-1] == "?"]
        assert asked == [
            ("RUS arms/start", "Should it be extended?"),
            ("RUS arms/new", "Should it be new?"),
            ("RUS arms/start", "Should it go on?"),
        ]
