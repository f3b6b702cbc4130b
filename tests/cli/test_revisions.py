"""Correcting the record, explaining it, and reports that keep our corrections apart from what parties did."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from tracker.cli.recording.correct import AMOUNTS, DAYS, FLAGS, LISTS, RENAMED, TEXTS, WORDS, field_options
from tracker.domain.log.event_parts import EventModel
from tracker.domain.log.events import Event

Run = Callable[..., Any]
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture
def told(desk_after: Callable[..., Run]) -> Run:
    """A desk on which Russia supports (@5) and the United States opposes (@6)."""
    said = (("RUS", "supports", "2019-12-10", "Lavrov"), ("USA", "opposes", "2019-12-11", "Pompeo"))
    words = ("--summary", "Said so.", "--source", "dw", "--quote", "Words.")
    return desk_after(
        *(
            ("record", party, "start", stance, "--on", day, "--speaker", speaker, *words)
            for party, stance, day, speaker in said
        )
    )


def data(run: Run, *command: str) -> Any:
    found = run(*command, "--format", "json")
    assert found.code == 0, found.err
    return json.loads(found.out)


def state(run: Run, *more: str) -> dict[str, Any]:
    return {row["party"]: row for row in data(run, "state", "--on", "2019-12-31", *more)}


def test_a_correction_shows_the_difference_and_counts(told: Run) -> None:
    done = told("correct", "@6", "--stance", "conditional", "--condition", "verified", "--reason", "Misread.")
    assert done.code == 0
    for words in (
        "stance",
        "was  opposes",
        "is   conditional",
        "is   verified",
        "opposes -> conditional",
        "no party moved",
    ):
        assert words in done.out
    row = state(told)["USA"]
    assert (row["stance"], row["conditions"], row["speaker"]) == ("conditional", ["verified"], "Pompeo")
    assert row["position"] == 7


def test_a_correction_gives_an_imprecise_day_as_it_is_recorded(told: Run) -> None:
    told("record", "RUS", "arms/start", "opposes", "--on", "2018?", "--summary", "No.")
    done = told("correct", "@7", "--stance", "neutral", "--reason", "Misread.")
    assert "RUS arms/start: on record for 2018? opposes -> neutral" in done.out


@pytest.mark.on_both_backends
def test_a_correction_moves_a_statement_and_keeps_its_place(told: Run) -> None:
    done = told("correct", "@6", "--party", "Moscow", "--on", "2019-12-10", "--reason", "Wrong name.")
    assert "USA arms/start: on record for 11 Dec 2019 opposes -> no stance" in done.out
    found = state(told)
    assert list(found) == ["RUS"]
    assert (found["RUS"]["stance"], found["RUS"]["statements"]) == ("opposes", 1)


def test_fields_can_be_left_out_and_lists_emptied(told: Run) -> None:
    assert told("correct", "@5", "--unset", "quote", "--unset", "--speaker", "--reason", "x").code == 0
    row = state(told)["RUS"]
    assert (row["speaker"], row["attribution"]) == (None, "reported")
    assert told("correct", "@7", "--condition", "a", "--condition", "b", "--reason", "x").code == 0
    assert state(told)["RUS"]["conditions"] == ["a", "b"]
    assert told("correct", "@8", "--no-conditions", "--reason", "x").code == 0
    assert state(told)["RUS"]["conditions"] == []


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        (("correct", "@5", "--reason", "x"), 2, "Say what to correct"),
        (("correct", "@5", "--stance", "supports"), 2, "--reason"),
        (("correct", "@5", "--stance", "for", "--reason", "x"), 2, "not one of"),
        (("correct", "@5", "--title", "x", "--reason", "x"), 1, "title: is not a field of position.stated.v2"),
        (("correct", "@5", "--unset", "stance", "--reason", "x"), 1, "states neither a stance nor an amount"),
        (("correct", "@5", "--unset", "colour", "--reason", "x"), 2, "has no field 'colour'"),
        (("correct", "@99", "--stance", "opposes", "--reason", "x"), 1, "@99"),
        (("correct", "@5", "--issue", "strat", "--reason", "x"), 1, "Did you mean arms/start"),
        (("correct", "@5", "--party", "Rus sia", "--reason", "x"), 1, "Did you mean RUS"),
        (("correct", "@1", "--party", "USA", "--reason", "x"), 1, "party"),
        (("correct", "@5", "--condition", "a", "--no-conditions", "--reason", "x"), 2, "not both"),
        (("retract", "@1", "--reason", "x"), 1, "refer"),
        (("retract", "@5", "--reason", " "), 1, "reason"),
    ],
)
def test_refusals_say_why_and_record_nothing(told: Run, command: tuple[str, ...], code: int, says: str) -> None:
    done = told(*command)
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert json.loads(told("checkpoint").out)["position"] == 6


@pytest.mark.on_both_backends
def test_an_entry_is_targeted_once_and_the_successor_is_named(told: Run) -> None:
    first = told("correct", "@5", "--stance", "neutral", "--reason", "x").out.split()[-1]
    again = told("correct", "@5", "--stance", "opposes", "--reason", "x")
    assert (again.code, again.out) == (1, "")
    assert "Target the correction @7 instead." in again.err
    last = told("correct", first[:14], "--stance", "opposes", "--reason", "x")
    assert last.code == 0
    assert "Target the correction @8 instead." in told("retract", "@5", "--reason", "x").err


@pytest.mark.on_both_backends
def test_a_retraction_removes_all_versions_and_is_final(told: Run) -> None:
    told("correct", "@5", "--stance", "neutral", "--reason", "x")
    done = told("retract", "@7", "--reason", "Never said.")
    assert "neutral -> no stance" in done.out
    assert list(state(told)) == ["USA"]
    assert "final" in told("correct", "@8", "--stance", "neutral", "--reason", "x").err
    assert told("verify").code == 0


@pytest.mark.on_both_backends
def test_check_shows_and_keeps_nothing(told: Run) -> None:
    done = told("correct", "@5", "--stance", "neutral", "--reason", "x", "--check")
    assert "is   neutral" in done.out
    assert "nothing was recorded" in done.err
    assert "supports -> no stance" in told("retract", "@5", "--reason", "x", "--check").out
    assert json.loads(told("checkpoint").out)["position"] == 6


def test_every_field_of_every_event_can_be_corrected() -> None:
    offered = {*WORDS, *TEXTS, *LISTS, *AMOUNTS, *FLAGS, *DAYS, "on", "sequence"}
    reached = {field for name in offered for field in RENAMED.get(name, (name.replace("-", "_"),))}
    fields: set[str] = set()
    for model in get_args(get_args(Event)[0]):
        assert issubclass(model, EventModel)
        fields |= set(model.model_fields)
    assert fields - reached == {"type", "target", "replacement", "replacement_type", "reason", "suggestion"}
    assert {option.lstrip("-") for option in _options()} >= offered


def _options() -> set[str]:
    import click

    command = click.command()(field_options(lambda **_: None))
    return {name for option in command.params for name in option.opts}


def test_an_analysts_session_keeps_movement_and_correction_apart(told: Run, tmp_path: Path) -> None:
    window = ("--from", "2019-12-10", "--to", "2019-12-31")
    before = data(told, "report", *window)
    assert [(row["party"], row["to_stance"]) for row in before["changes"]] == [("USA", "opposes")]
    (tmp_path / "week.json").write_text(told("report", *window, "--format", "json").out)
    told("correct", "@6", "--stance", "sceptical", "--reason", "Misread.")

    after = data(told, "report", *window)
    assert [(row["party"], row["kind"], row["to_stance"]) for row in after["changes"]] == [("USA", "new", "sceptical")]
    (correction,) = after["corrections"]
    assert (correction["kind"], correction["from_stance"], correction["to_stance"]) == (
        "corrected",
        "opposes",
        "sceptical",
    )
    then = data(told, "report", *window, "--known-at", "@6")
    assert (then["changes"], then["corrections"]) == (before["changes"], [])

    learned = data(told, "report", "--from", "2019-12-31", "--to", "2020-01-31", "--known-from", "@6")
    assert learned["changes"] == learned["net"] == []
    (row,) = learned["learned"]
    assert (row["party"], row["from_stance"], row["to_stance"]) == ("USA", "opposes", "sceptical")
    since = data(told, "report", "--since", "week.json", "--to", "2020-01-31")
    assert since["learned"] == learned["learned"]
    assert data(told, "report", "--since", "@6", "--from", "2019-12-31", "--to", "2020-01-31") == learned
    table = told("report", "--since", "week.json", "--to", "2020-01-31").out
    assert "LEARNED SINCE LOG POSITION 6" in table
    assert "opposes as known then, sceptical as known now" in table


@pytest.mark.on_both_backends
def test_a_report_since_another_keeps_its_scope_and_refuses_what_would_miss_something(
    told: Run, tmp_path: Path
) -> None:
    file = tmp_path / "week.json"
    file.write_text(
        told("report", "--from", "2019-12-01", "--to", "2019-12-31", "--party", "RUS", "--format", "json").out
    )
    told("record", "RUS,USA", "start", "neutral", "--on", "2020-01-02", "--summary", "Joint.")
    since = data(told, "report", "--since", "week.json", "--to", "2020-01-31")
    assert [row["party"] for row in since["changes"]] == ["RUS"]
    assert since["filters"]["parties"] == ["RUS"]

    other = json.loads(file.read_text())
    other["log"]["hash"] = "0" * 64
    (tmp_path / "other.json").write_text(json.dumps(other))
    (tmp_path / "none.json").write_text("[1]")
    for command, code, says in (
        (("--since", "week.json", "--to", "2019-12-30"), 1, "The earlier report goes up to 2019-12-31"),
        (("--since", "week.json", "--known-at", "@5"), 1, "knew the log up to position 6"),
        (("--since", "week.json", "--published-by", "2020-01-01"), 1, "The earlier report used what was public"),
        (("--since", "other.json"), 1, "made from another log"),
        (("--since", "none.json"), 1, "is not a change report"),
        (("--since", "missing.json"), 1, "cannot be read"),
        (("--since", "week.json", "--party", "USA"), 2, "leave --from, --party, --issue"),
        (("--since", "week.json", "--known-from", "@5"), 2, "leave --known-from out"),
        (("--since", "@99"), 1, "@99"),
        (("--since", "@x"), 2, "not a moment of recording"),
        ((), 2, "Say --from DAY, or --since"),
    ):
        done = told("report", *command)
        assert (done.code, done.out) == (code, ""), command
        assert says in done.err


def test_explain_tells_what_counts_and_concludes_as_the_state_does(told: Run) -> None:
    told("correct", "@5", "--stance", "neutral", "--reason", "Misread.")
    found = data(told, "explain", "Moscow", "start", "--on", "2019-12-31")
    assert found["conclusion"] == state(told)["RUS"]
    assert [(entry["position"], entry["counts"], entry["because"]) for entry in found["entries"]] == [
        (5, False, "corrected"),
        (7, True, None),
    ]
    assert found["entries"][0]["because_of"] == found["entries"][1]["event_id"]
    assert found["question"] == "Should it be extended?"
    assert found["evidence"][0]["source"]["published_on"] == "2019-12-11"
    tree = told("explain", "RUS", "start", "--on", "2019-12-31").out
    for words in ("does not count: corrected by @7", "in effect", "stance    neutral", "“Words.”", "Misread."):
        assert words in tree
    public = told("explain", "RUS", "start", "--on", "2019-12-31", "--published-by", "2019-12-10").out
    assert "not public before 11 Dec 2019" in public
    assert "none on record" in public
    assert told("explain", "USA", "start", "--on", "2019-01-01").code == 0


def test_asks_and_conditions(told: Run) -> None:
    told("record", "USA", "start", "conditional", "--on", "2019-12-12", "--summary", "Wants it.", "--act", "demands",
         "--to", "RUS", "--condition", "verified")  # fmt: skip
    (ask,) = data(told, "asks", "--on", "2019-12-31")
    assert (ask["party"], ask["to"], ask["act"], ask["open_since"]) == ("USA", "RUS", "demands", "2019-12-12")
    assert "USA to RUS" in told("asks", "--on", "2019-12-31").out
    (waits,) = data(told, "conditions", "--on", "2019-12-31")
    assert (waits["party"], waits["conditions"]) == ("USA", ["verified"])
    assert "if: verified" in told("conditions", "--on", "2019-12-31").out
    told("record", "RUS", "start", "opposes", "--on", "2019-12-13", "--summary", "No.")
    assert told("asks", "--on", "2019-12-31").out.splitlines()[3] == "Nothing is unanswered."
    assert data(told, "asks", "--on", "2019-12-31", "--all")[0]["answer_stance"] == "opposes"
    assert "RUS on arms/start since: opposes (13 Dec)" in told("asks", "--on", "2019-12-31", "--all").out
    assert "since: opposes (13 Dec 2019)" in told("asks", "--on", "2019-12-31", "--all", "--format", "md").out


def test_members_inherit_their_blocs_stance(told: Run) -> None:
    told("party", "add", "DEU", "Germany")
    told("party", "add", "EUN", "European Union", "--kind", "bloc")
    told("record", "EUN", "start", "opposes", "--on", "2019-12-12", "--summary", "No.")
    joined = told("party", "join", "Germany", "EUN", "--on", "2019-12-20", "--source", "dw")
    assert joined.out.startswith("membership.started: DEU joined EUN on 20 Dec 2019\n")
    assert "DEU" not in state(told)
    row = state(told, "--inherit", "--party", "DEU")["DEU"]
    assert (row["stance"], row["since"], row["inherited_from"]) == ("opposes", "2019-12-20", "EUN")
    assert "DEU on start: from EUN, since 20 Dec" in told("state", "--on", "2019-12-31", "--inherit").out
    assert "EUN since 20 Dec 2019" in told("party", "show", "DEU").out
    assert "DEU since 20 Dec 2019" in told("party", "show", "EUN").out
    assert "DEU left EUN on 31 Dec 2019" in told("party", "leave", "DEU", "EUN", "--on", "2019-12-31").out
    assert "DEU" not in state(told, "--inherit")


def test_a_reworded_issue_keeps_statements_bound_to_the_wording_of_their_day(told: Run) -> None:
    assert told("issue", "reword", "start", "--on", "2020-01-01").code == 2
    assert told("issue", "reword", "start", "--on", "2020-01-01", "--question", "Should it go on?").code == 0
    told("record", "RUS", "start", "opposes", "--on", "2020-01-02", "--summary", "No.")
    assert "Should it be extended?" in told("show", "@5").out
    assert "Should it go on?" in told("show", "@8").out
    entries = data(told, "explain", "RUS", "start", "--on", "2020-01-31")["entries"]
    assert [entry["question"] for entry in entries] == ["Should it be extended?", "Should it go on?"]
    assert "Should it be extended?" in told("explain", "RUS", "start", "--on", "2019-12-31").out


def test_stale_and_wide_states(told: Run) -> None:
    assert "†" not in told("state", "--on", "2019-12-31").out
    assert "† not affirmed for 20 days" in told("state", "--on", "2019-12-31", "--stale-after", "20").out
    wide = told("state", "--on", "2019-12-31", "--wide").out
    assert "RUS: Said so. (Lavrov, 10 Dec) [dw @5]" in wide


def test_a_sequence_can_be_set_back_to_nought_and_a_field_is_not_both_given_and_left_out(told: Run) -> None:
    assert told("correct", "@5", "--sequence", "2", "--reason", "x").code == 0
    done = told("correct", "@7", "--sequence", "0", "--reason", "x")
    assert (done.code, "sequence  was  2" in done.out) == (0, True)
    both = told("correct", "@8", "--quote", "New.", "--unset", "quote", "--reason", "x")
    assert (both.code, both.out) == (2, "")
    assert "not both" in both.err


def test_what_is_not_public_yet_is_told_when_it_is_and_once(told: Run, tmp_path: Path) -> None:
    told("source", "add", "later", "--title", "t", "--publisher", "p", "--published-on", "2020-03-01")
    window = ("--from", "2019-12-01", "--to", "2019-12-31", "--published-by", "2019-12-31", "--format", "json")
    (tmp_path / "one.json").write_text(told("report", *window).out)
    told("record", "RUS", "start", "opposes", "--on", "2019-12-20", "--summary", "Secret.", "--source", "later")
    january = ("--since", "one.json", "--to", "2020-01-31", "--published-by", "2020-01-31")
    assert data(told, "report", *january)["learned"] == []
    (tmp_path / "two.json").write_text(told("report", *january, "--format", "json").out)
    march = data(told, "report", "--since", "two.json", "--to", "2020-03-31", "--published-by", "2020-03-31")
    assert [(row["summary"], row["kind"]) for row in march["learned"]] == [("Secret.", "left out")]


def test_a_learned_correction_says_what_was_and_what_is(told: Run, tmp_path: Path) -> None:
    told("correct", "@6", "--stance", "sceptical", "--reason", "Misread.")
    told("correct", "@7", "--party", "RUS", "--reason", "Wrong party.")
    late = ("report", "--from", "2019-12-31", "--to", "2020-01-31", "--known-from", "@6")
    learned = data(told, *late)["learned"]
    assert learned[0]["difference"] == [{"field": "stance", "before": "opposes", "after": "sceptical"}]
    assert [(row["party"], row["difference"][0]["after"]) for row in learned[1:]] == [("RUS", "RUS"), ("USA", "RUS")]
    assert "stance opposes -> sceptical" in " ".join(told(*late).out.split())


@pytest.mark.on_both_backends
def test_undo_takes_back_the_last_entry_and_shows_what_follows(told: Run) -> None:
    told("correct", "@5", "--stance", "neutral", "--reason", "x")
    tried = told("undo", "--check")
    assert "Corrected: RUS on arms/start" in tried.out
    assert "nothing was recorded" in tried.err
    assert told("undo", "@7").code == 0
    assert told("undo", "@7").code == 1
    assert "that is @8. Correct or retract @7 instead." in told("undo", "@7").err
