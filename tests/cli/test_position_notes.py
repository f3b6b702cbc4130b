"""Notes on positions: co-authors' halves, answers to others' asks, blocs that are left, issues that are not closed."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import OPENED
from tests.conftest import Ran

Run = Callable[..., Ran]
SAID = ("--on", "2024-11-23", "--summary", "x")


@pytest.fixture
def baku(desk_after: Callable[..., Run]) -> Run:
    """A desk with a quantity, a choice with two options, and a bloc of which RUS is a member."""
    return desk_after(
        *OPENED,
        ("party", "add", "G77", "Group of 77", "--kind", "bloc"),
        ("party", "add", "EUN", "European Union", "--kind", "bloc"),
        ("party", "join", "RUS", "EUN", "--on", "2000"),
    )


def position_of(ran: Ran) -> str:
    return positions_of(ran)[0]


def positions_of(ran: Ran) -> list[str]:
    return re.findall(r"(@\d+) [0-9a-f]{8}-", ran.out)


def test_the_others_half_of_a_joint_statement_is_named_with_its_commands(baku: Run) -> None:
    first = position_of(baku("record", "RUS,USA", "goal", "--amount", "<=350", *SAID))
    second = f"@{int(first[1:]) + 1}"
    corrected = baku("correct", first, "--amount", "<=340", "--reason", "r", "--check")
    assert f"USA stated it jointly with RUS, and {second} stays as it was" in corrected.err
    assert f"tracker correct {second} --amount '<=340' --reason TEXT" in corrected.err
    retracted = baku("retract", first, "--reason", "r", "--check")
    assert f"tracker retract {second} --reason TEXT" in retracted.err
    assert f"without RUS: tracker correct {second} --unset joint-with --reason TEXT" in retracted.err
    assert "jointly" not in baku("retract", first, second, "--reason", "r", "--check").err
    assert baku("retract", first, "--reason", "r").code == 0
    assert baku("correct", second, "--unset", "joint-with", "--reason", "r").code == 0


def test_a_half_that_was_corrected_already_is_not_named_again(baku: Run) -> None:
    first = position_of(baku("record", "RUS,USA", "goal", "--amount", "<=350", *SAID))
    second = f"@{int(first[1:]) + 1}"
    last = position_of(baku("correct", first, "--amount", "<=340", "--reason", "r"))
    assert "jointly" not in baku("correct", second, "--amount", "<=340", "--reason", "r").err
    assert "jointly" in baku("correct", last, "--quote", "q", "--reason", "r").err


def test_an_answer_to_what_asked_somebody_else_is_noted(baku: Run) -> None:
    ask = position_of(baku("record", "USA", "goal", "--amount", "<=300", "--act", "offers", "--to", "G77", *SAID))
    note = f"{ask}, which it answers, addresses G77, not RUS"
    answered = baku("record", "RUS", "goal", "--amount", ">=500", "--answers", ask, *SAID)
    assert note in answered.err
    assert "addresses" not in baku("correct", position_of(answered), "--quote", "q", "--reason", "r").err
    assert "addresses" not in baku("record", "G77", "goal", "--amount", ">=500", "--answers", ask, *SAID).err
    of_member = baku("record", "USA", "goal", "--amount", "<=310", "--act", "offers", "--to", "RUS", *SAID)
    by_bloc = baku("record", "EUN", "goal", "--amount", ">=500", "--answers", position_of(of_member), *SAID)
    assert "addresses" not in by_bloc.err


def test_leaving_a_bloc_is_no_mistake_unless_the_party_is_no_member(baku: Run) -> None:
    left = baku("withdraw", "RUS", "goal", "--leaves-position-of", "EUN", *SAID)
    assert "leaves the position of EUN" in left.out
    assert left.err == ""
    elsewhere = baku("withdraw", "RUS", "goal", "--leaves-position-of", "G77", *SAID, "--check")
    assert "RUS is not in G77 on 2024-11-23" in elsewhere.err
    itself = baku("withdraw", "EUN", "goal", "--leaves-position-of", "EUN", *SAID)
    assert itself.code == 1
    assert "EUN cannot leave its own position" in itself.err
    assert "held no stance" in baku("withdraw", "USA", "goal", *SAID, "--check").err


def test_reopening_is_noted_where_nothing_is_closed(baku: Run) -> None:
    reopened = ("issue", "reopen", "goal", "--on", "2024-11-25")
    assert "finance/goal is not closed on 2024-11-25" in baku(*reopened, "--check").err
    assert baku("issue", "close", "goal", "--on", "2024-11-24", "--outcome", "agreed").code == 0
    assert "is not closed" not in baku(*reopened).err
    assert "is not closed" in baku("issue", "reopen", "goal", "--on", "2024-11-26", "--check").err
    assert baku("issue", "close", "coal", "--on", "2024-11-24", "--outcome", "abandoned").code == 0
    assert "is not closed" not in baku("issue", "reopen", "coal/phase-out", "--on", "2024-11-25", "--check").err


def test_refusals_name_the_form_and_the_field_once(baku: Run) -> None:
    close = ("--on", "2024-11-24", "--outcome", "agreed")
    assert "coal is a choice: give --option ID" in baku("issue", "close", "coal", *close, "--amount", "3").err
    assert "finance/goal is a quantity: give --amount" in baku("issue", "close", "goal", *close, "--option", "a").err
    on_question = baku("record", "USA", "coal/phase-out", "supports", "--could-accept", "3", *SAID)
    assert on_question.err.startswith("Error: could_accept: ")
    withdrawn = baku("withdraw", "USA", "coal", *SAID)
    assert "Write --option phase-down, in files options: [phase-down], or name coal/phase-down." in withdrawn.err
    assert "'300..400' is not a number: write digits, perhaps" in baku("consensus", "goal", "--at", "300..400").err


def test_the_words_on_an_outcome_are_its_note(baku: Run) -> None:
    closed = ("issue", "close", "goal", "--on", "2024-11-24", "--outcome", "agreed", "--amount", "3")
    at = position_of(baku(*closed, "--note", "agreed at 3"))
    corrected = ("correct", at, "--amount", "4", "--reason", "r", "--check")
    assert "the amount changes and the note does not; --note corrects it too" in baku(*corrected).err
    assert "does not" not in baku(*corrected, "--note", "agreed at 4").err
    assert "does not" not in baku("correct", position_of(baku(*closed)), *corrected[2:]).err


def test_the_echo_says_what_another_position_ends_without_a_word_on_it(baku: Run) -> None:
    terms = ("--could-accept", "<=400", "--condition", "by 2035", "--red-line")
    baku("record", "USA", "goal", "--amount", "<=300", *terms, "--on", "2024-11-20", "--summary", "x")
    ended = "no longer in force: could accept at most 400; by 2035; a red line\n"
    assert ended in baku("record", "USA", "goal", "--amount", "300", *SAID, "--check").out
    said_again = ("--could-accept", "<=450", "--no-conditions", "--no-red-line")
    assert "in force" not in baku("record", "USA", "goal", "--amount", "300", *said_again, *SAID, "--check").out
    assert "in force" not in baku("withdraw", "USA", "goal", *SAID, "--check").out
    assert "in force" not in baku("record", "USA", "goal", "--amount", "<=300", *SAID).out
    late = ("--on", "2024-11-01", "--summary", "x")
    assert "in force" not in baku("record", "USA", "goal", "--amount", "290", *late, "--check").out
    later = ("--on", "2024-11-24", "--summary", "x")
    assert ended in baku("record", "USA", "goal", "--amount", "310", *later).out
    assert "in force" not in baku("record", "USA", "goal", "--amount", "320", *later, "--sequence", "1").out


def test_a_document_that_was_not_published_shows_its_date(baku: Run) -> None:
    assert baku("source", "add", "d1", "--title", "Draft", "--publisher", "P", "--dated-on", "2024-11-20").code == 0
    recorded = position_of(baku("record", "USA", "goal", "--amount", "300", "--source", "d1", *SAID))
    assert "Draft (P, 20 Nov 2024, unpublished)" in baku("explain", "USA", "goal").out
    assert "Draft (P, 20 Nov 2024, unpublished)" in baku("show", recorded).out


def test_a_question_in_brackets_wants_quotes(baku: Run, tmp_path: Path) -> None:
    file = tmp_path / "issues.yaml"
    file.write_text("issues:\n- {issue: a/b, question: How much by 2035?, form: quantity}\n")
    refused = baku("record", "--from-file", str(file)).err
    assert ":2: is not YAML: in brackets, YAML takes the question mark of `How much by 2035?`" in refused
    assert "Put the text in quotes." in refused


def test_terms_beside_several_options_hold_for_those_that_are_supported(baku: Run) -> None:
    terms = ("--condition", "coal and gas alike", "--red-line")
    both = ("--option", "phase-down=supports", "--option", "phase-out=opposes")
    recorded = baku("record", "USA", "coal", *both, *terms, *SAID)
    assert "USA: the conditions and red line of this statement stand on phase-down alone" in recorded.err
    down, out = (json.loads(baku("show", at, "--format", "json").out)["data"] for at in positions_of(recorded))
    assert (down["conditions"], down["red_line"]) == (["coal and gas alike"], True)
    assert out.keys().isdisjoint({"conditions", "red_line"})
    none = ("--option", "phase-down=opposes", "--option", "phase-out=opposes")
    opposed = baku("record", "RUS", "coal", *none, *terms, *SAID)
    assert "alone" not in opposed.err
    for at in positions_of(opposed):
        assert json.loads(baku("show", at, "--format", "json").out)["data"]["red_line"] is True
    ended = baku(
        "record", "USA", "coal", *both, "--no-conditions", "--no-red-line", "--on", "2024-11-24", "--summary", "x"
    )
    for at in positions_of(ended):
        assert json.loads(baku("show", at, "--format", "json").out)["data"]["red_line"] is False


def test_a_note_that_several_entries_share_is_printed_once_with_their_positions(desk: Run, tmp_path: Path) -> None:
    row = "  - {party: USA, issue: start, stance: conditional, summary: x, source: dw, on: 2020-01-0"
    said = "".join(f"{row}{day}}}\n" for day in (1, 2, 3))
    batch = tmp_path / "batch.yaml"
    batch.write_text(f"statements:\n{said}")
    early = "dw was published on 2019-12-11, before"
    tried = desk("record", "--from-file", str(batch), "--check").err
    assert tried.count(early) == 1
    assert "This concerns 3 entries." in tried
    recorded = desk("record", "--from-file", str(batch)).err
    assert recorded.count(early) == 1
    assert (
        "before what cites it was said. Check the days, and that it is the source. This concerns 3 entries: @"
        in recorded
    )
    assert recorded.count("no condition is recorded") == 1
    alone = desk("record", "RUS", "start", "supports", "--on", "2020-01-01", "--summary", "x", "--source", "dw").err
    assert f"{early} RUS took this position on arms/start (2020-01-01)." in alone
    assert "This concerns" not in alone


def test_a_red_line_that_stands_on_another_option_is_noted_with_the_command_that_ends_it(baku: Run) -> None:
    assert baku("record", "USA", "coal", "--option", "phase-out=supports", "--red-line", *SAID).code == 0
    off = ("record", "USA", "coal", "--option", "phase-down=neutral", "--act", "accepts", "--no-red-line", *SAID)
    noted = baku(*off).err
    assert "the red line of USA on coal/phase-out stands" in noted
    command = "tracker record USA coal/phase-out supports --no-red-line --on 2024-11-23 --summary TEXT"
    assert command in noted
    assert baku(*command.removeprefix("tracker ").split(), "--anyway").code == 0
    assert "red line of USA" not in baku(*off, "--anyway").err


def test_the_hint_on_an_exact_offer_comes_once_for_a_joint_one(baku: Run) -> None:
    noted = baku("record", "RUS,USA", "goal", "--amount", "300", "--act", "offers", *SAID).err
    assert noted.count("exactly 300") == 1
    assert "RUS, USA together offer exactly 300 on finance/goal. If they mean 300 or less" in noted


def test_a_language_by_its_name_is_noted(baku: Run) -> None:
    quote = ("--quote", "a b", "--language")
    assert (
        "hindi is no code of a language"
        in baku("record", "RUS", "coal/phase-out", "opposes", *SAID, *quote, "hindi").err
    )
    assert "language" not in baku("record", "USA", "coal/phase-out", "opposes", *SAID, *quote, "hi-IN").err


def test_an_amount_in_the_place_of_a_stance_is_sent_where_it_goes_only_on_a_quantity(baku: Run) -> None:
    assert "An amount is given by --amount 300" in baku("record", "USA", "goal", "300", *SAID).err
    refused = baku("record", "USA", "coal/phase-out", "300", *SAID).err
    assert "'300' is not one of opposes" in refused
    assert "--amount" not in refused


def test_a_search_without_words_names_the_command_that_lists_by_filters(desk: Run) -> None:
    refused = desk("find", "--tag", "corridor talk")
    assert refused.code == 2
    assert "tracker history --tag 'corridor talk'" in refused.err
    assert "Missing argument" in desk("find").err
