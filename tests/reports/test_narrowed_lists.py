"""What a list shows by speaker and act, what it says of that, and that what it leaves out still counts."""

import json

import pytest

from tests.reports.views import Ask

SPOKEN = """
    party USA
    source dw 2019-12-11
    source more 2019-12-12
    ann: stated RUS trade opposes 2019-01-01 speaker="Sergey Lavrov" act=demands addressed_to=USA summary="Lavrov did."
    stated RUS trade supports 2019-02-01 speaker="Maria Zakharova" act=offers addressed_to=USA summary="She did."
    stated RUS arms/inf supports 2019-02-01 summary="Nobody named did." source=dw
    corroborated ann source=more quote="As he did."
    """


def listed(answer: str) -> set[str]:
    return {name for name in ("Lavrov did", "She did", "Nobody named did") if name in answer}


LISTS = (("history",), ("find", "did"), ("asks",))


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
@pytest.mark.parametrize("question", LISTS, ids=" ".join)
def test_a_list_shows_what_a_speaker_said_or_what_was_said_by_an_act(
    ask: Ask, question: tuple[str, ...], form: str
) -> None:
    def shown(*more: str) -> set[str]:
        return listed(ask(*question, "--on", "2019-12-31", "--format", form, *more, text=SPOKEN, width=200))

    assert shown("--speaker", "LAVROV") == {"Lavrov did"}
    assert shown("--speaker", "sergey  lavrov", "--speaker", "Zakharova") == {"Lavrov did", "She did"}
    assert shown("--speaker", "Lav") == shown("--speaker", "Lavrov", "--act", "offers") == set()
    assert shown("--act", "offers") == {"She did"}
    assert shown("--act", "offers,demands") == {"Lavrov did", "She did"}


def test_what_a_list_leaves_out_still_counts(ask: Ask) -> None:
    rows = json.loads(ask("history", "RUS", "trade", "--speaker", "Zakharova", "--format", "json", text=SPOKEN))
    assert [(row["from_stance"], row["kind"]) for row in rows] == [("opposes", "reversed")]


@pytest.mark.parametrize("question", LISTS, ids=" ".join)
def test_a_list_says_by_whom_and_how_it_was_narrowed(ask: Ask, question: tuple[str, ...]) -> None:
    narrowed = (*question, "--speaker", "Lavrov", "--act", "demands")
    assert "only Lavrov   only demands   log position" in ask(*narrowed, text=SPOKEN)
    assert "only Lavrov   only demands." in ask(*narrowed, "--format", "md", text=SPOKEN)


def test_a_limit_counts_the_hits_that_are_listed(ask: Ask) -> None:
    found = ("find", "did", "--speaker", "Lavrov", "--limit", "1", "--format", "json")
    assert len(json.loads(ask(*found, text=SPOKEN))) == 1


@pytest.mark.parametrize("form", ["table", "md"])
def test_find_names_speakers_and_marks_further_sources(ask: Ask, form: str) -> None:
    found = ask("find", "did", "--format", form, text=SPOKEN, width=200)
    assert "Lavrov did. (Sergey Lavrov)" in found
    assert "also in more: Lavrov did. “As he did.”" in found


INHERITED = """
    party EUN kind=bloc
    started DEU EUN 2019-01-01
    stated EUN x supports 2019-02-01 speaker=Borrell act=proposes
    stated DEU x opposes 2019-03-01 speaker=Maas act=rejects
    withdrawn DEU x 2019-04-01 speaker=Maas
    stated EUN x conditional 2019-05-01 speaker="Josep  Borrell" act=offers
    """


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ((), [("supports", "EUN"), ("opposes", None), ("supports", "EUN"), ("conditional", "EUN")]),
        (("--speaker", "Borrell"), [("supports", "EUN"), ("supports", "EUN"), ("conditional", "EUN")]),
        (("--speaker", "josep borrell"), [("conditional", "EUN")]),
        (("--speaker", "Maas"), [("opposes", None)]),
        (("--act", "proposes,rejects"), [("supports", "EUN"), ("opposes", None), ("supports", "EUN")]),
        (("--act", "offers", "--speaker", "Maas"), []),
    ],
)
def test_an_inherited_history_lists_the_steps_of_a_speaker_or_an_act_of_the_member_and_its_bloc(
    ask: Ask, narrowed: tuple[str, ...], expected: list[tuple[str, str | None]]
) -> None:
    question = ("history", "DEU", "x", "--inherit", "--on", "2019-12-31", *narrowed, "--format", "json")
    steps = [step for step in json.loads(ask(*question, text=INHERITED)) if step["to_stance"]]
    assert [(step["to_stance"], step["inherited_from"]) for step in steps] == expected
    whole = json.loads(ask(*question[:6], "--format", "json", text=INHERITED))
    assert all(step in whole for step in steps)  # the stance before is that of the whole history


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize(
    "question",
    [
        ("state", "--tag", "none"),
        ("state", "--party", "CHN"),
        ("asks", "--priority", "high"),
        ("asks", "--all", "--tag", "none"),
        ("conditions", "--tag", "none"),
        ("history", "--speaker", "nobody"),
        ("find", "did", "--tag", "none"),
        ("report", "--from", "2019-01-01", "--to", "2019-12-31", "--tag", "none"),
        ("consensus", "--attribution", "inferred", "--issue", "arms"),
        ("agreement", "--party", "CHN"),
    ],
    ids=" ".join,
)
def test_an_empty_answer_says_that_nothing_matches_its_filters(ask: Ask, question: tuple[str, ...], form: str) -> None:
    if form == "html" and question[0] == "find":
        pytest.skip("a search is no page")
    on = () if "--to" in question else ("--on", "2019-12-31")
    shown = ask(*question, *on, "--format", form, text=SPOKEN + "party CHN\n", width=200)
    assert "matches what was asked for" in " ".join(shown.split())
    for said in ("Nothing is", "Nothing changed", "No stance has conditions", "Nobody ha", "No party has asked"):
        assert said not in shown
