"""Views at any width and in any script: what fits, the order of columns, titles, names, wide letters, blocks."""

import re
from functools import cache

import pytest
from rich.cells import cell_len

from tests.cli.conftest import Run, within_this_process
from tests.reports.views import LONG, TEXT, Ask
from tracker.cli.demonstrations import NUCLEAR

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


def test_blocks_of_columns_stand_apart(ask: Ask) -> None:
    parties = "\n".join(f"stated P{letter}A trade conditional 2019-12-01" for letter in "ABCDEFGHIJKLMNOP")
    lines = ask("state", "--on", "2019-12-31", text=parties).splitlines()
    headings = [at for at, line in enumerate(lines) if line.startswith("trade  ")]
    assert len(headings) > 1
    assert all(lines[at - 1] == "" for at in headings if lines[at - 2])


@cache
def whole_words(corpus: Run, question: tuple[str, ...]) -> set[str]:
    """The words of an answer on a terminal so wide that none breaks."""
    return set(corpus(*question, COLUMNS="4000").out.split())


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs commands on the shipped corpus."""
    path = tmp_path_factory.mktemp("corpus") / "tracker.db"
    run = within_this_process(f"sqlite:///{path}")
    for command in (("init",), ("load", *map(str, NUCLEAR.files()))):
        assert run(*command).code == 0
    return run


@pytest.mark.parametrize("width", [60, 100])
@pytest.mark.parametrize(
    "question",
    [
        ("report", "--from", "1990-01-01", "--to", "2026-11-01"),
        ("report", "--from", "1990-01-01", "--to", "2026-11-01", "--inherit", "--no-titles"),
        ("report", "--from", "2019-12-10", "--to", "2026-11-01", "--known-from", "@300"),
        ("asks", "--all", "--on", "2026-11-01"),
        ("explain", "RUS", "extension", "--on", "2026-11-01"),
    ],
    ids=" ".join,
)
def test_no_word_of_the_corpus_breaks_but_behind_a_slash_or_a_hyphen(
    corpus: Run, question: tuple[str, ...], width: int
) -> None:
    whole = whole_words(corpus, question)
    lines = corpus(*question, COLUMNS=str(width)).out.splitlines()
    assert max(map(cell_len, lines)) <= width
    parts = {word for line in lines for word in line.split()} - whole
    assert [part for part in sorted(parts) if not any(_is_part(part, word) for word in whole)] == []


def _is_part(part: str, word: str) -> bool:
    """Whether a part of a word begins and ends with it, or at a slash or a hyphen."""
    return any(
        word[: found.start()][-1:] in ("", "/", "-") and (found.end() == len(word) or part[-1] in "/-")
        for found in re.finditer(re.escape(part), word)
    )
