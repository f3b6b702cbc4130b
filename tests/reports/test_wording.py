"""The words of answers wherever people read them: days no more precise than recorded, ages, conditions and terms."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.cli.conftest import within_this_process
from tracker.domain.terms.vocabulary import Stance
from tracker.reports.conditions import conditions_text
from tracker.reports.wording import age, stated_text, when_text


@pytest.mark.parametrize(
    ("recorded", "read"),
    [
        ("2019-12-10", "10 Dec 2019"),
        ("2019-12-10?", "10 Dec 2019?"),
        ("2019-12-10~", "about 10 Dec 2019"),
        ("2019-06?", "June 2019?"),
        ("2024-03", "March 2024"),
        ("2024-03~", "about March 2024"),
        ("2019", "2019"),
        ("2019?", "2019?"),
        ("2019~", "about 2019"),
        ("0987-05", "May 0987"),
    ],
)
def test_a_day_reads_no_more_precise_than_it_is_recorded(recorded: str, read: str) -> None:
    assert stated_text(recorded) == read


def test_a_day_of_the_year_asked_about_goes_without_its_year_and_a_month_keeps_it() -> None:
    on = date(2019, 12, 31)
    assert stated_text("2019-12-10", on) == "10 Dec"
    assert stated_text("2018-12-10", on) == "10 Dec 2018"
    assert stated_text("2019-06?", on) == "June 2019?"
    assert (when_text("2019-12-10"), when_text("2019-06?")) == ("on 10 Dec 2019", "in June 2019?")


@pytest.mark.parametrize(
    ("since", "on", "read"),
    [
        ("2021-02-05", "2026-02-05", "5y"),
        ("2021-02-05", "2026-02-04", "4y"),
        ("2020-02-29", "2022-02-28", "730d"),
        ("2020-02-29", "2022-03-01", "2y"),
        ("2019-03-01", "2021-02-28", "730d"),
        ("2019-03-01", "2021-03-01", "2y"),
        ("2019-12-10", "2019-12-10", "0d"),
    ],
)
def test_an_age_is_counted_by_the_calendar(since: str, on: str, read: str) -> None:
    assert age(date.fromisoformat(since), date.fromisoformat(on)) == read


@pytest.mark.parametrize(
    ("stance", "conditions", "read"),
    [
        (Stance.CONDITIONAL, ["it is verified"], "if: it is verified"),
        (Stance.SUPPORTS, ["it is verified", "all sign"], "if: it is verified; all sign"),
        (Stance.NEUTRAL, ["it is verified"], "if: it is verified"),
        (Stance.OPPOSES, ["the freeze can be verified"], "unless: the freeze can be verified"),
        (Stance.SCEPTICAL, ["trust is restored"], "unless: trust is restored"),
        (Stance.SUPPORTS, ["for five years"], "terms: for five years"),
        (Stance.OPPOSES, ["for five years"], "terms: for five years"),
        (Stance.CONDITIONAL, ["for one year", "both freeze"], "if: both freeze; terms: for one year"),
        (Stance.OPPOSES, ["if China is left out"], "if: China is left out"),
        (Stance.CONDITIONAL, ["Unless it is verified"], "unless: it is verified"),
        (Stance.CONDITIONAL, ["for as long as others do"], "if: for as long as others do"),
        (Stance.CONDITIONAL, ["in exchange for inspections"], "if: in exchange for inspections"),
        (Stance.CONDITIONAL, ["keeping the limits"], "terms: keeping the limits"),
        (Stance.CONDITIONAL, ["testing is stopped"], "if: testing is stopped"),
        (Stance.CONDITIONAL, ["Beijing agrees"], "if: Beijing agrees"),
        (Stance.CONDITIONAL, ["a five-year extension"], "terms: a five-year extension"),
        (Stance.CONDITIONAL, ["only systems that the treaty covers"], "terms: only systems that the treaty covers"),
        (Stance.CONDITIONAL, ["until 2030"], "terms: until 2030"),
        (Stance.SUPPORTS, [], "without conditions"),
        (Stance.SUPPORTS, None, ""),
    ],
)
def test_a_condition_reads_if_or_unless_and_a_term_is_told_by_its_words(
    stance: Stance, conditions: list[str] | None, read: str
) -> None:
    assert conditions_text(conditions, stance) == read


IMPRECISE = """
    party USA name=America
    first: stated RUS arms/start supports 2019-06? if="for five years"
    stated RUS arms/start supports 2019-08-01 act=demands addressed_to=USA
    stated USA arms/start opposes 2019~ if="the freeze can be verified"
    """
ANSWERS = (
    ("state", "--on", "2020-03-01"),
    ("state", "--on", "2020-03-01", "--wide"),
    ("history", "--on", "2020-03-01"),
    ("report", "--from", "2019-01-01", "--to", "2020-03-01"),
    ("asks", "--on", "2020-03-01", "--all"),
    ("conditions", "--on", "2020-03-01"),
    ("explain", "RUS", "start", "--on", "2020-03-01"),
    ("explain", "USA", "start", "--on", "2020-03-01"),
)
FOR_PEOPLE = [
    (answer, form) for answer in ANSWERS for form in ("table", "md", "html") if (answer[0], form) != ("explain", "md")
]


@pytest.mark.parametrize(("answer", "form"), FOR_PEOPLE)
def test_no_answer_turns_a_month_or_a_year_into_its_last_day(
    new_database: Callable[..., Any], answer: tuple[str, ...], form: str
) -> None:
    with new_database(IMPRECISE) as (url, _):
        ran = within_this_process(url)(*answer, "--format", form)
    assert ran.code == 0
    for day in ("30 Jun", "2019-06-30", "31 Dec", "2019-12-31"):
        assert day not in ran.out
    if answer[0] in ("history", "report", "conditions"):
        assert "June 2019?" in ran.out
        assert "about 2019" in ran.out


@pytest.mark.parametrize(("answer", "form"), [pair for pair in FOR_PEOPLE if pair[0][0] in ("state", "conditions")])
def test_a_no_has_unless_and_a_term_has_terms_in_every_answer(
    new_database: Callable[..., Any], answer: tuple[str, ...], form: str
) -> None:
    with new_database(IMPRECISE) as (url, _):
        ran = within_this_process(url)(*answer, "--format", form)
    assert "unless: the freeze can be verified" in ran.out
    assert "terms: for five years" in ran.out
    assert "if: " not in ran.out
