"""Views at any width and in any script: order of columns, titles, legends, filters, sources, counts, pages."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cli.conftest import within_this_process
from tests.reports.test_html import Page

LONG = "climate/finance/new-collective-quantified-goal/1300bn"
TEXT = f"""
    source dw 2019-12-11 title="Trump meets Lavrov" publisher=DW url=https://example.org/a
    issue {LONG} title="1,300 billion" question="Should it be 1,300 billion?"
    party RUS name=Russia
    party USA name=America
    party CHN name=China
    stated RUS {LONG} supports 2019-12-10 act=offers addressed_to=USA,CHN locator="page 3" speaker=Lavrov source=dw
    stated USA {LONG} opposes 2019-12-09 source=dw quote=never
    stated USA trade supports 2019-12-01
    stated CHN trade neutral 2019-12-02
    stated CHN arms/start conditional 2019-12-03
    stated CHN arms/inf supports 2019-12-03
    """

Ask = Callable[..., str]


@pytest.fixture
def ask(new_database: Callable[..., Any]) -> Any:
    """Asks a question of the entries of a ledger."""

    def asked(*question: str, text: str = TEXT, width: int = 80) -> str:
        with new_database(text) as (url, _):
            ran = within_this_process(url)(*question, COLUMNS=str(width))
        assert ran.code == 0, ran.err
        return str(ran.out)

    return asked


QUESTIONS = (
    ("state", "--on", "2019-12-31"),
    ("state", "--on", "2019-12-31", "--titles", "--wide"),
    ("history", "--on", "2019-12-31"),
    ("find", "Said"),
    ("asks", "--on", "2019-12-31"),
    ("report", "--from", "2019-01-01", "--to", "2019-12-31"),
    ("issue", "list"),
    ("party", "list"),
    ("source", "list"),
)


@pytest.mark.parametrize("width", [60, 80, 100, 200])
@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_a_table_fits_the_width_and_breaks_paths_at_slashes(ask: Ask, question: tuple[str, ...], width: int) -> None:
    shown = ask(*question, width=width)
    assert max(map(cell_len, shown.splitlines())) <= width
    for part in ("1300bn", "new-collective-quantified-goal"):
        assert (part in shown) == ("1300bn" in shown)


def test_a_sentence_keeps_a_useful_width_beside_long_paths(ask: Ask) -> None:
    said = "A sentence of more than a few words, which nobody reads in a column of fifteen characters."
    shown = ask("history", "--on", "2019-12-31", text=f'{TEXT}\nstated RUS trade supports 2019-12-11 summary="{said}"')
    assert "A sentence of more than a few words, which nobody reads in a column" in shown


def test_columns_stand_as_asked_and_else_those_first_that_say_most(ask: Ask) -> None:
    def headings(*more: str) -> list[list[str]]:
        shown = ask("state", "--on", "2019-12-31", *more)
        return [
            re.findall(r"\b[A-Z]{3}\b", line) for line in shown.splitlines() if re.match(r"\w\S* {2,}[A-Z]{3}", line)
        ]

    assert headings() == [["CHN"], ["USA", "RUS"], ["CHN", "USA"]]
    assert headings("--party", "USA", "--party", "CHN")[-1] == ["USA", "CHN"]
    assert headings("--party", "RUS,USA")[0] == ["RUS", "USA"]
    assert headings("--party", "USA", "--party", "RUS")[0] == ["USA", "RUS"]


@pytest.mark.parametrize("form", ["md", "html"])
def test_documents_keep_the_same_order_of_parties(ask: Ask, form: str) -> None:
    shown = ask("state", "--on", "2019-12-31", "--issue", "trade", "--party", "USA,CHN", "--format", form)
    body = shown[shown.index("trade") :]
    assert body.index("USA") < body.index("CHN")


def test_wide_shows_act_addressees_and_locator(ask: Ask) -> None:
    for form in ("table", "md", "html"):
        shown = ask("state", "--on", "2019-12-31", "--wide", "--format", form, width=200)
        assert "offers" in shown
        assert "USA, CHN" in shown
        assert "page 3" in shown


def test_titles_and_names_show_in_a_table_if_wanted_and_in_documents_unless_not(ask: Ask) -> None:
    question = ("state", "--on", "2019-12-31")
    assert "1,300 billion" not in ask(*question)
    table = ask(*question, "--titles")
    assert "1,300 billion" in table
    assert "Russia" in table
    document = ask(*question, "--format", "md")
    assert f"| 1,300 billion ({LONG}) | Russia (RUS) |" in document
    assert f"| {LONG} | RUS |" in ask(*question, "--no-titles", "--format", "md")
    assert "1,300 billion" not in ask(*question, "--no-titles", "--format", "html")


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


def test_a_state_as_a_page_says_what_it_was_asked_for_also_if_it_is_empty(ask: Ask) -> None:
    filters = ("--party", "USA", "--issue", "arms")
    page = Page(ask("state", "--on", "2019-12-31", *filters, "--format", "html")).text
    assert "Nobody has a stance on record on 31 Dec 2019" in page
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


def test_members_of_a_bloc_share_one_line(ask: Ask) -> None:
    members = [f"M{letter}A" for letter in "ABCDEFGHIJKL"]
    joined = "\n".join(f"started {member} EUN 2010-01-01" for member in members)
    text = f"stated EUN a/one supports 2015-03-01 if=verified\n{joined}\nstarted LATE EUN 2017-05-01"
    shown = ask("state", "--on", "2019-12-31", "--inherit", text=text, width=200)
    assert f"{', '.join(sorted(['LATE (since 1 May 2017)', *members]))} on one: from EUN, since 1 Mar 2015" in shown
    assert shown.count("from EUN") == 1
    assert shown.count("if: verified") == 1


WIDE = "中国美国俄罗斯代表团会议主"


def test_wide_letters_are_measured_as_a_display_shows_them_and_never_cut(ask: Ask) -> None:
    text = f"""
        stated {WIDE} arms/{WIDE} supports 2019-12-10 speaker={WIDE}
        stated USA arms/{WIDE} opposes 2019-12-10
        """
    for question in (("state", "--on", "2019-12-31"), ("history", "--on", "2019-12-31"), ("log",)):
        for width in (60, 80, 100):
            shown = ask(*question, text=text, width=width)
            assert WIDE in shown
            assert "…" not in shown
            assert question[0] == "log" or max(map(cell_len, shown.splitlines())) <= width
    table = ask("state", "--on", "2019-12-31", text=text, width=100).splitlines()
    heading, row = (next(line for line in table if key in line) for key in ("USA", "supports"))
    assert cell_len(heading[: heading.index("USA")]) == cell_len(row[: row.index("x opposes")])


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


def test_a_closed_issue_keeps_its_rows_on_its_day_by_its_path_wide_or_when_unfolded(ask: Ask) -> None:
    text = "stated RUS a/b supports 2019-01-01\nstated RUS a/c supports 2019-01-01\nclosed a/b 2019-06-01 agreed"

    def folded(*question: str) -> bool:
        shown = ask("state", *question, text=text)
        kept = "b, closed: agreed on 1 Jun 2019" in shown
        assert kept != ("closed: b, agreed 1 Jun 2019" in shown)
        return not kept

    assert folded("--on", "2019-06-02")
    assert folded("--on", "2019-06-02", "--issue", "a")
    assert not folded("--on", "2019-06-01")
    assert not folded("--on", "2019-06-02", "--issue", "a/b")
    assert not folded("--on", "2019-06-02", "--wide")
    assert not folded("--on", "2019-06-02", "--closed")
    assert "closed" not in ask("state", "--on", "2019-05-31", text=text)


def test_what_is_said_for_others_or_answers_an_earlier_question_stands_beside_the_stance(ask: Ask) -> None:
    text = """
        issue x
        party ALBA kind=bloc
        party USA
        stated CUB x supports 2019-01-01 on_behalf_of=ALBA
        stated RUS x opposes 2019-01-01 attribution=ascribed ascribed_by=USA
        reworded x 2019-02-01 question="Should it be longer?"
        milestone Election 2019-03-01 category=government parties=RUS
        """
    for form in ("table", "md", "html"):
        shown = " ".join(ask("state", "--on", "2019-04-01", "--format", form, text=text).split())
        for words in ("for ALBA", "as USA says", "an answer to an earlier wording", "its government of 1 Mar"):
            assert words in shown, (form, words)


# --- what an answer is about, and what it rests on -------------------------------------------------

CLOSED = """
    source dw 2019-12-11
    stated RUS arms/inf conditional 2019-01-01 if=mutual
    stated RUS arms/inf conditional 2019-02-01 if=mutual speaker=Lavrov quote="We are ready." source=dw
    stated USA arms/start conditional 2019-02-01 if=verified
    stated USA trade supports 2019-03-01 act=demands addressed_to=RUS
    closed arms/inf 2019-08-02 terminated
    """
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


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_conditions_on_closed_issues_are_folded_for_people_unless_they_are_asked_for(ask: Ask, form: str) -> None:
    conditions = ("conditions", "--on", "2019-12-31", "--format", form)
    folded = ask(*conditions, text=CLOSED)
    assert "mutual" not in folded
    assert "verified" in folded
    assert "1 stance on closed issues; --closed shows them." in folded
    for more in (("--closed",), ("--issue", "arms/inf"), ("--on", "2019-08-02")):
        assert "mutual" in ask(*conditions, *more, text=CLOSED)


def test_conditions_on_closed_issues_are_data(ask: Ask) -> None:
    assert len(json.loads(ask("conditions", "--on", "2019-12-31", "--format", "json", text=CLOSED))) == 2


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_asks_that_are_not_listed_are_counted_in_every_format(ask: Ask, form: str) -> None:
    answered = CLOSED + "\n    stated RUS trade opposes 2019-04-01"
    asked = ask("asks", "--on", "2019-12-31", "--format", form, text=answered)
    assert "1 answered, withdrawn or on an issue that was closed; --all shows them." in asked


def test_markdown_of_a_history_has_the_words_their_speaker_and_their_source(ask: Ask) -> None:
    markdown = ask("history", "RUS", "arms/inf", "--on", "2019-12-31", "--format", "md", text=CLOSED)
    assert r"| Said so. (Lavrov) “We are ready.” | \[2\] |" in markdown
    assert ask("history", "--on", "2019-12-31", text=CLOSED).startswith(
        "History up to 31 Dec 2019\nlog position 11\n\n"
    )


def test_find_takes_several_words(ask: Ask) -> None:
    assert ask("find", "Said", "so", text=CLOSED).count("Said so.") == 4
    assert ask("find", '"Said so"', "we", text=CLOSED).count("Said so.") == 1


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_party_is_named_once_in_a_note_that_two_of_its_statements_call_for(ask: Ask, form: str) -> None:
    text = "party CHN\nissue ext\n" + "\n".join(
        f"stated CHN ext {stance} 2020-01-0{day} summary={summary}"
        for stance, day, summary in (("opposes", 1, "one"), ("opposes", 1, "two"), ("neutral", 3, "three"))
    )
    shown = ask("state", "--on", "2020-01-03", "--format", form, text=text)
    assert shown.count("against opposes") == 1
    assert "CHN, CHN" not in shown


# --- what a list shows by speaker and act -----------------------------------------------------------

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


# --- addresses, names of members, closings, blocks of columns ---------------------------------------


def test_an_explanation_links_the_sources_of_its_evidence(ask: Ask) -> None:
    page = Page(ask("explain", "RUS", LONG, "--on", "2019-12-31", "--format", "html"))
    links = [attrs for tag, attrs in page.tags if tag == "a" and not (attrs["href"] or "").startswith("#")]
    assert [(link["href"], link["rel"]) for link in links] == [("https://example.org/a", "noreferrer noopener")]


MEMBERS = """
    party GBR name="United Kingdom"
    party EUN name="European Union" kind=bloc
    wrong: stated GBR trade supports 2020-01-10
    corrected wrong stance=opposes
    started GBR EUN 1973-01-01
    ended GBR EUN 2020-02-01
    closed trade 2020-03-01 agreed
    """
CHANGES = ("report", "--from", "2019-12-31", "--to", "2020-12-31", "--titles")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_context_names_a_member_and_its_bloc(ask: Ask, form: str) -> None:
    answer = ask(*CHANGES, "--format", form, text=MEMBERS, width=200)
    assert "United Kingdom (GBR) left European Union (EUN)" in answer


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_a_closing_without_a_note_is_said_once(ask: Ask, form: str) -> None:
    answer = Page(ask(*CHANGES, "--no-titles", "--format", form, text=MEMBERS)).text
    assert len(re.findall(r"trade\W+agreed", answer)) == 1


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_our_corrections_give_their_log_position(ask: Ask, form: str) -> None:
    assert re.search(r"@5\\?[)\]]", Page(ask(*CHANGES, "--format", form, text=MEMBERS, width=200)).text)


def test_blocks_of_columns_stand_apart(ask: Ask) -> None:
    parties = "\n".join(f"stated P{letter}A trade conditional 2019-12-01" for letter in "ABCDEFGHIJKLMNOP")
    lines = ask("state", "--on", "2019-12-31", text=parties).splitlines()
    headings = [at for at, line in enumerate(lines) if line.startswith("trade  ")]
    assert len(headings) > 1
    assert all(lines[at - 1] == "" for at in headings if lines[at - 2])
