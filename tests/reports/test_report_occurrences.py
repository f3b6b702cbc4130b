"""What a report says of closings, rewordings, milestones and memberships, and of our corrections of them."""

import csv
import io
import json
from collections.abc import Callable

import pytest

FORMS = ("table", "md", "html")
TEXT = """
    issue coal question=Out?
    c: closed coal 2021-12-01 agreed
    corrected c outcome=abandoned
    r: reworded coal 2021-11-13 question=Down?
    corrected r on=2021-10-01
    m: milestone Summit 2021-11-12
    retracted m
    j: started RUS EUN 2021-11-14
    corrected j on=2020-01-01
    """
REPORT = ("report", "--from", "2021-10-31", "--to", "2021-12-31")

Ask = Callable[..., str]


@pytest.fixture
def ask(read: Callable[..., str]) -> Ask:
    return lambda *question, form, text=TEXT: read(text, *question, form=form)


@pytest.mark.parametrize("form", FORMS)
def test_corrected_and_retracted_occurrences_are_our_corrections(ask: Ask, form: str) -> None:
    shown = ask(*REPORT, "--no-titles", form=form).replace("&gt;", ">")
    assert "4 corrections of ours" in shown
    assert "1 Dec 2021: coal abandoned: closing corrected, outcome agreed -> abandoned. We erred." in shown
    assert "rewording corrected, on 13 Nov 2021 -> 1 Oct 2021. We erred." in shown
    assert "12 Nov 2021: Summit: milestone retracted. Never said." in shown
    assert "RUS joined EUN: membership corrected, on 14 Nov 2021 -> 1 Jan 2020. We erred." in shown


def test_data_has_them_beside_the_corrections_of_statements_with_their_filters_and_cuts(ask: Ask) -> None:
    def kinds(*more: str, after: str = "2021-10-31") -> list[tuple[str, str]]:
        report = json.loads(ask("report", "--from", after, *REPORT[3:], *more, form="json"))
        assert report["corrections"] == []
        rows = csv.DictReader(io.StringIO(ask("report", "--from", after, *REPORT[3:], *more, form="csv")))
        in_csv = [row["kind"] for row in rows if row["section"] == "context_corrections"]
        assert in_csv == [row["kind"] for row in report["context_corrections"]]
        return [(row["of"], row["kind"]) for row in report["context_corrections"]]

    every = [
        ("closing", "corrected"),
        ("rewording", "corrected"),
        ("milestone", "retracted"),
        ("membership", "corrected"),
    ]
    assert kinds() == every
    assert kinds("--known-at", "@6") == every[:2]
    assert kinds(after="2021-12-01") == []
    assert kinds("--party", "EUN") == every


@pytest.mark.parametrize("form", FORMS)
def test_a_closing_without_a_note_says_its_issue_and_outcome_once(ask: Ask, form: str) -> None:
    text = "issue coal question=Out?\nclosed coal 2021-12-01 agreed"
    shown = ask(*REPORT, "--no-titles", form=form, text=text)
    assert shown.count("agreed") == 1
    late = ask(
        "report",
        "--from",
        "2022-01-01",
        "--to",
        "2022-02-01",
        "--known-from",
        "@1",
        "--no-titles",
        form=form,
        text=text,
    )
    assert late.count("agreed") == 1
    noted = ask(*REPORT, "--no-titles", form=form, text=f"{text} note=Signed.")
    assert "Signed." in noted
