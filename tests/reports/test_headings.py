"""What an answer says of itself: what it was asked for, what it rests on, its counts, signs, sources and addresses."""

import json
import re

import pytest

from tests.reports.test_html import Page
from tests.reports.views import CLOSED, LONG, Ask

TITLED = (
    (("history", "RUS", "arms/inf"), "RUS on arms/inf, up to 31 Dec 2019"),
    (("asks",), "Asks up to 31 Dec 2019"),
    (("conditions",), "Conditions on 31 Dec 2019"),
    (("find", "Said", "so"), "Entries that hold 'Said so', up to 31 Dec 2019"),
    (("find", "Nowhere"), "Entries that hold 'Nowhere', up to 31 Dec 2019"),
)


@pytest.mark.parametrize(("question", "title"), TITLED)
def test_an_answer_says_what_it_is_about_and_what_it_rests_on(ask: Ask, question: tuple[str, ...], title: str) -> None:
    cut = (*question, "--on", "2019-12-31", "--published-by", "2019-12-31", "--known-at", "@11")
    table = ask(*cut, text=CLOSED, width=100)
    assert table.startswith(f"{title}\n")
    assert re.search(r"known at @11   published by 31 Dec 2019   log position 11\n\n", table)
    assert "left out: no dated source puts" in table
    markdown = ask(*cut, "--format", "md", "--no-titles", text=CLOSED)
    assert markdown.startswith(f"# {title}\n\n")
    assert re.search(r"Log position 11, hash \w{64}, known at @11, published by 31 Dec 2019", markdown)
    assert "left out: no dated source puts" in markdown


@pytest.mark.parametrize(
    "question",
    [
        ("state", "--on", "2019-12-31"),
        ("report", "--from", "2019-01-01", "--to", "2019-12-31"),
        ("history", "--on", "2019-12-31"),
        ("asks", "--on", "2019-12-31"),
        ("find", "Said"),
    ],
    ids=" ".join,
)
def test_markdown_cites_a_source_by_its_title_publisher_day_and_address(ask: Ask, question: tuple[str, ...]) -> None:
    shown = ask(*question, "--format", "md")
    assert "Trump meets Lavrov (DW, 11 Dec 2019), <https://example.org/a>; event " in shown
    assert "dw" not in shown
    number = re.search(r"^- \\\[(\d+)\\\] Trump", shown, re.MULTILINE)
    assert number is not None
    assert shown.count(f"\\[{number[1]}\\]") > 1


@pytest.mark.parametrize("parties", [("USA", "RUS"), ("RUS", "USA"), ("USA", "RUS", "USA")], ids=" ".join)
@pytest.mark.parametrize(
    "question", [("state",), ("history",), ("asks",), ("report", "--from", "2019-01-01")], ids=" ".join
)
def test_a_heading_names_parties_in_the_order_in_which_they_were_asked_for(
    ask: Ask, question: tuple[str, ...], parties: tuple[str, ...]
) -> None:
    day = "--to" if question[0] == "report" else "--on"
    named = (part for party in parties for part in ("--party", party))
    assert f"only {', '.join(parties[:2])}   " in ask(*question, day, "2019-12-31", *named)


def test_a_state_as_a_page_says_what_it_was_asked_for_also_if_it_is_empty(ask: Ask) -> None:
    filters = ("--party", "USA", "--issue", "arms")
    page = Page(ask("state", "--on", "2019-12-31", *filters, "--format", "html")).text
    assert "Nothing on record on 31 Dec 2019 matches what was asked for" in page
    assert "only parties: USA" in page
    assert "only issues: arms" in page
    assert "Signs" not in page


@pytest.mark.parametrize("form", ["table", "html"])
def test_a_legend_explains_what_is_shown_and_nothing_else(ask: Ask, form: str) -> None:
    shown = Page(ask("state", "--on", "2019-12-31", "--issue", "trade", "--format", form)).text
    legend = shown[-160:]
    assert "+ supports" in legend
    assert "= neutral" in legend
    for absent in ("conditional", "opposes", "withdrawn", "none on record", "inferred"):
        assert absent not in legend


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("question", [("history",), ("asks", "--all"), ("conditions",), ("find", "Said"), ("state",)])
def test_every_answer_explains_its_marks(ask: Ask, question: tuple[str, ...], form: str) -> None:
    text = """
        party USA name=America
        stated RUS arms/start supports 2019-12-10 attribution=inferred act=asks addressed_to=USA if=verified
        """
    if (question[0], form) != ("find", "html"):
        assert "? inferred, not in the words" in Page(ask(*question, "--format", form, text=text)).text


def test_a_report_begins_with_its_counts(ask: Ask) -> None:
    counts = "6 new"
    for form in ("table", "md"):
        shown = ask("report", "--from", "2019-01-01", "--to", "2019-12-31", "--format", form)
        assert next(line for line in shown.splitlines()[1:] if "new" in line) == counts
    page = Page(ask("report", "--from", "2019-01-01", "--to", "2019-12-31", "--format", "html")).text
    assert page.index(counts) < page.index("New on record")
    assert "Nothing changed." in ask("report", "--from", "2019-12-30", "--to", "2019-12-31")


def test_a_report_leaves_its_first_day_out_unless_it_is_to_include_it(ask: Ask) -> None:
    days = ("--from", "2019-12-10", "--to", "2019-12-31")
    assert "Changes after 10 Dec 2019, up to 31 Dec 2019\n" in ask("report", *days)
    assert "RUS" not in ask("report", *days)
    including = ask("report", *days, "--including")
    assert "Changes after 9 Dec 2019, up to 31 Dec 2019\n" in including
    assert "RUS on" in including
    one_day = ask("report", "--from", "2019-12-10", "--to", "2019-12-10", "--including", "--format", "json")
    assert [change["party"] for change in json.loads(one_day)["changes"]] == ["RUS"]


PAGES = (
    ("history", "--on", "2019-12-31", "--party", "RUS"),
    ("asks", "--on", "2019-12-31", "--party", "RUS"),
    ("conditions", "--on", "2019-12-31", "--party", "CHN"),
    ("explain", "RUS", "1300bn", "--on", "2019-12-31"),
)


@pytest.mark.parametrize("question", PAGES, ids=" ".join)
def test_every_question_about_statements_has_a_page_that_stands_alone(ask: Ask, question: tuple[str, ...]) -> None:
    text = ask(*question, "--format", "html")
    page = Page(text)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert "log position" in page.text
    if "--party" in question:
        assert f"only parties: {question[-1]}" in page.text
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.values("href") if href.startswith("#")} <= set(ids)
    empty = Page(ask(*question, "--format", "html", text="party RUS\nparty CHN\nissue 1300bn"))
    assert "Nothing" in empty.text or "No " in empty.text or "none on record" in empty.text


def test_an_explanation_links_the_sources_of_its_evidence(ask: Ask) -> None:
    page = Page(ask("explain", "RUS", LONG, "--on", "2019-12-31", "--format", "html"))
    links = [attrs for tag, attrs in page.tags if tag == "a" and not (attrs["href"] or "").startswith("#")]
    assert [(link["href"], link["rel"]) for link in links] == [("https://example.org/a", "noreferrer noopener")]
