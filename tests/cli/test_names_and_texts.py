"""Names and texts are compared, and printed, as people see them."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.ledger import id_of
from tracker.domain.log.events import StatementCorroborated

PERSIAN, SINHALA, MALAYALAM = "می\u200cخواهم", "ශ්\u200dරී ලංකා", "അവന്\u200d"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def stated(desk: Run, party: str, stance: str, on: str, *options: str) -> None:
    done = desk("record", party, "start", stance, "--on", on, "--summary", "Said so.", *options)
    assert done.code == 0, done.err


def parties(text: str) -> set[str]:
    return {row["party"] for row in json.loads(text)}


def test_a_name_with_a_comma_is_one_party_wherever_parties_are_named(desk: Run) -> None:
    for code, name in (("HKG", "Hong Kong, China"), ("CHN", "China"), ("KOR", "Korea, Republic of")):
        assert desk("party", "add", code, name).code == 0
    stated(desk, "Hong Kong, China,Korea,  Republic of", "supports", "2019-12-01", "--to", "Hong Kong, China, CHN")
    stated(desk, "China", "opposes", "2019-12-01")
    for asked in (("history", "Hong Kong, China", "start"), ("state", "--party", "Hong Kong, China")):
        assert parties(desk(*asked, "--format", "json").out) == {"HKG"}
    both = desk("state", "--party", "korea,  republic OF,China", "--format", "json").out
    assert parties(both) == {"KOR", "CHN"}
    assert json.loads(desk("show", "@8", "--format", "json").out)["data"]["addressed_to"] == ["HKG", "CHN"]


@pytest.mark.on_both_backends
def test_a_name_is_found_however_it_is_typed_and_stays_as_it_was_given(desk: Run) -> None:
    given = "Türkiye  (İstanbul)\u00a0"
    assert desk("party", "add", "TUR", given).code == 0
    for typed in ("türkiye (istanbul)", unicodedata.normalize("NFD", given), "TÜRKİ\u00adYE\n(ISTANBUL)"):
        assert json.loads(desk("party", "show", typed, "--format", "json").out)["name"] == given


@pytest.mark.parametrize(
    "command",
    [
        ("add", "RUS2", "Russia"),
        ("add", "RUS2", "rus"),
        ("add", "MOSCOW", "Moscow city"),
        ("add", "RUS2", "R", "--alias", "Rus\u00adsia"),
        ("alias", "USA", "Russia"),
    ],
)
def test_a_name_that_would_mean_two_parties_is_refused_with_both_named(desk: Run, command: tuple[str, ...]) -> None:
    refused = desk("party", *command)
    assert refused.code == 1
    assert " is in use: it already names RUS" in refused.err


def test_the_same_speaker_spelled_otherwise_neither_contests_himself_nor_says_a_thing_twice(desk: Run) -> None:
    stated(desk, "RUS", "supports", "2019-12-10", "--speaker", "Sergey Lavrov")
    twice = ("--on", "2019-12-10", "--summary", "x", "--speaker", "sergey\u00a0 Lavrov")
    again = desk("record", "RUS", "start", "supports", *twice)
    assert again.code == 1
    assert "looks like one on record" in again.err
    stated(desk, "RUS", "opposes", "2019-12-11", "--speaker", "Sergey  Lavrov")
    (row,) = json.loads(desk("state", "--on", "2019-12-31", "--format", "json").out)
    assert (row["speaker"], row["contested"]) == ("Sergey  Lavrov", False)


@pytest.mark.on_both_backends
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("Arias Cañete said so", "canete"),
        (unicodedata.normalize("NFD", "Arias Cañete said so"), "CAÑETE"),
        ("co\u00adoperation", "cooperation"),
        ("the whole\u00a0\n treaty", "whole treaty"),
        ("the meeting in İstanbul", "istanbul"),
        ("cooperation", "co\u00adoperation"),
    ],
)
def test_a_search_finds_what_people_see(desk: Run, words: str, wanted: str) -> None:
    stated(desk, "RUS", "supports", "2019-12-10", "--quote", words, "--source", "dw")
    (hit,) = json.loads(desk("find", wanted, "--format", "json").out)
    assert hit["quote"] == words


@pytest.mark.parametrize("text", [PERSIAN, SINHALA, MALAYALAM, FAMILY])
@pytest.mark.parametrize("form", ["table", "csv", "md", "html"])
def test_joiners_print_as_they_are_and_what_reverses_text_does_not(desk: Run, text: str, form: str) -> None:
    stated(desk, "RUS", "conditional", "2019-12-10", "--condition", f"{text} \u202e \u200d")
    out = desk("state", "--on", "2019-12-11", "--format", form).out
    assert text in out
    assert "\\u202e \\u200d" in out.replace("\\\\", "\\")
    assert "\u202e" not in out


@pytest.mark.parametrize("blank", ["\u200b", "\u00ad\u2060", "\u202e", " \u3164\n", "\u2800"])
def test_a_text_of_invisible_characters_is_refused(desk: Run, blank: str) -> None:
    said = ("RUS", "start", "supports", "--on", "2019-12-10")
    for command, field in (
        (("record", *said, "--summary", blank), "summary"),
        (("record", *said, "--summary", "x", "--speaker", blank), "speaker"),
        (("record", *said, "--summary", "x", "--condition", blank), "conditions"),
        (("party", "add", "FRA", blank), "name"),
        (("issue", "add", "x", "--title", "x", "--question", blank), "question"),
        (("milestone", blank, "--on", "2019-12-10"), "title"),
        (("retract", "@1", "--reason", blank), "reason"),
        (("correct", "@1", "--name", blank, "--reason", "x"), "name"),
    ):
        refused = desk(*command)
        assert (refused.code, f"{field}: holds nothing that can be seen" in refused.err) == (1, True), command


def test_whoever_records_has_a_name_that_can_be_seen(desk: Run) -> None:
    refused = desk("--by", "\u200b", "party", "add", "FRA", "France")
    assert refused.code == 1
    assert "is not a recorder's name" in refused.err


def test_paths_and_ids_that_look_the_same_are_one(desk: Run) -> None:
    def opened(path: str) -> str:
        return str(desk("issue", "add", path, "--title", path, "--question", f"{path}?").err)

    def added(source: str) -> str:
        return str(desk("source", "add", source, "--title", "T", "--publisher", "P").err)

    assert opened("a/\u00e9") == ""
    for path in ("a/e\u0301", "a/\u00c9", "a/e\u0301/more", "A/other", "arms/Start"):
        assert "looks like" in opened(path)
    assert opened("a/e") == opened("a/\u00e9/more") == ""
    assert added("M\u00fcller 2020") == ""
    for source in ("Mu\u0308ller 2020", "m\u00fcller  2020", "DW"):
        assert "looks like" in added(source)
    stated(desk, "RUS", "supports", "2019-12-01", "--source", "Mu\u0308ller  2020")
    assert desk("milestone", "Summit", "--on", "2019-12-01", "--source", "DW").code == 0
    assert desk("corroborate", "@last", "--source", "DW").code == 1
    for entry, source in (("@9", "M\u00fcller 2020"), ("@10", "dw")):
        assert json.loads(desk("show", entry, "--format", "json").out)["data"]["source"] == source
    assert desk("correct", "@9", "--source", "Dw", "--reason", "x").code == 0
    assert json.loads(desk("show", "@last", "--format", "json").out)["data"]["replacement"]["source"] == "dw"


def test_what_looks_the_same_comes_back_from_an_older_log_with_a_note(
    new_tracker: Callable[..., Any], tmp_path: Path
) -> None:
    alike = "issue a/b\nissue a/B\nsource dw\nsource DW\nsaid: stated RUS a/B supports 2020-01-01 source=DW"
    with new_tracker(alike) as tracker:
        with (tmp_path / "log.jsonl").open("wb") as out:
            tracker.export(out)
        tracker.record([StatementCorroborated(target=id_of("said"), source="dw")], by="me")
    with new_tracker() as tracker:
        loaded = tracker.load([tmp_path / "log.jsonl"])
        assert [note.message.partition(" on record")[0] for note in loaded.notes] == [
            "The issue 'a/B' looks like 'a/b'",
            "The source 'DW' looks like 'dw'",
        ]
