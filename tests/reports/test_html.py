"""The HTML pages: they stand alone, say what the other renderings say, and show text from outside as text."""

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from shlex import quote
from typing import Any

import pytest

from tests.ledger import id_of
from tracker.domain.report.change_report import Report
from tracker.domain.terms.scope import Query, Scope, parse_known_at
from tracker.reports.answers import Fields, Rows
from tracker.reports.basis import Basis
from tracker.reports.explanation.answer import explanation_fields
from tracker.reports.html import render_page, render_report, render_state
from tracker.reports.report.data import ReportAnswer
from tracker.reports.report.markdown import render_report as render_markdown
from tracker.reports.state_answer import StateAnswer
from tracker.reports.tables.ask_tables import asks_rows, conditions_rows
from tracker.reports.tables.statement_tables import history_table
from tracker.tracker import Tracker

FROM, TO = date(2019, 1, 31), date(2019, 12, 31)
TEXT = """
    source dw 2019-12-11 title="Trump meets Lavrov" url=https://example.org/a?b=1&c=2
    issue arms/start title="New START" question="Should New START be extended?"
    early: stated USA arms/start supports 2019-01-01 attribution=inferred quote=words standing=remark
    first: stated RUS arms/start supports 2019-12-10 speaker=Ann if=verified;mutual source=dw quote="We are ready."
    second: stated RUS arms/start opposes 2019-12-11 speaker=Bob
    china: stated CHN arms/start neutral 2019-12 attribution=ascribed ascribed_by=USA
    gone: withdrawn DEU arms/start 2019-12-05
    stated USA arms/inf conditional 2019-02-01 if=mutual source=dw
    stated USA arms/inf conditional 2019-02-02 if=other
    end: closed arms/inf 2019-08-02 terminated note="The treaty ended."
    a: stated USA trade supports 2019-02-01 source=dw
    b: stated USA trade supports 2019-12-20 source=dw
    stated CHN trade supports 2019-01-10 if=one
    stated CHN trade supports 2019-03-01 if=two
    stated DEU trade supports 2019-01-10
    stated DEU trade opposes 2019-04-01
    stated IND trade supports 2019-01-10
    stated IND trade supports 2019-05-01 source=dw
    wrong: stated FRA arms/start supports 2019-12-01
    better: corrected wrong stance=opposes
    never: stated GBR arms/start supports 2019-12-01
    out: retracted never
    summit: milestone "NATO leaders meet" 2019-12-03 source=dw
    late: stated EUN arms/start supports 2018-01-01
    note: milestone "Signing" 2010-04-08
    """
SCRIPT = "<script>alert(1)</script>"
BREAKOUT = '"><img src=x onerror=alert(2)>'
UNSEEN = "\x1b[31mred \u202eevil\u2066"
HOSTILE = f"{SCRIPT} {BREAKOUT} ' {{{{ 7*7 }}}} {UNSEEN} مثال"
LINKS = "javascript:alert(3)"


def hostile_text(more: str = "") -> str:
    """A ledger in which every free text is hostile, and one source's address is a script."""
    bad = quote(f"{HOSTILE} {more}")
    return f"""
        party RUS name={bad}
        issue arms/start title={bad} question={bad}
        issue arms/inf title={bad} question={bad}
        source evil 2019-12-01 title={bad} publisher={bad} url={quote(LINKS)}
        source worse 2019-12-01 title={bad} publisher={bad} url={quote("https://x.org/" + HOSTILE)}
        stated RUS arms/start supports 2019-12-10 summary={bad} quote={bad} speaker={bad} if={bad} source=evil
        stated RUS arms/start opposes 2019-12-11 summary={bad} speaker=Bob if={bad} source=worse
        wrong: stated RUS arms/inf opposes 2019-12-11 summary={bad} speaker={bad} source=worse
        corrected wrong stance=supports
        stated USA arms/start supports 2019-12-10 summary={bad} quote={bad} source=evil
        stated CHN arms/start supports 2019-01-10 summary={bad} source=evil
        stated CHN arms/start supports 2019-03-10 summary={bad} source=evil
        closed arms/inf 2019-12-20 terminated note={bad} source=evil
        milestone {quote(SCRIPT + UNSEEN)} 2019-12-12 source=evil
        stated RUS arms/start supports 2018-12-10 summary={bad} speaker={bad}
        """


class Page(HTMLParser):
    """What a test looks for in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown = ""
        self._hidden = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden = tag in ("style", "title")
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        self._break(tag)

    def _break(self, tag: str) -> None:
        inline = ("span", "abbr", "sup", "a", "cite", "time", "code", "strong", "em")
        self.shown += "" if tag in inline else " "

    def handle_data(self, data: str) -> None:
        self.shown += "" if self._hidden else data

    def values(self, name: str, tag: str | None = None) -> list[str]:
        return [attrs[name] or "" for one, attrs in self.tags if name in attrs and tag in (None, one)]

    @property
    def text(self) -> str:
        return " ".join(self.shown.split())


def whole_report(tracker: Tracker) -> Report:
    return tracker.report(FROM, TO, known_from=parse_known_at("@3"))


def report_page(tracker: Tracker) -> str:
    return page_of_report(tracker, whole_report(tracker))


def page_of_report(tracker: Tracker, report: Report) -> str:
    return render_report(ReportAnswer(report, tracker.registers(TO)))


def state_page(tracker: Tracker, *, wide: bool = False) -> str:
    return render_state(StateAnswer(tracker.state(TO), names=tracker.registers(TO), wide=wide))


def question_pages(tracker: Tracker) -> dict[str, str]:
    """The pages of the questions about statements."""
    names, asked = tracker.registers(TO), tracker.asks(TO)
    basis = Basis(TO, None, None, Scope(), asked.log)
    answers: dict[str, Rows | Fields] = {
        "history": history_table(tracker.history(on=TO).changes, basis, names),
        "asks": asks_rows(asked.asks, basis, names, with_answered=True),
        "conditions": conditions_rows(tracker.conditions(TO).open, basis, names),
        "explanation": explanation_fields(tracker.explain("RUS", "arms/start", TO), names),
    }
    return {name: render_page(answer) for name, answer in answers.items()}


@pytest.fixture
def tracker(new_tracker: Callable[..., Any]) -> Any:
    with new_tracker(TEXT) as opened:
        yield opened


@pytest.fixture
def hostile(new_tracker: Callable[..., Any]) -> Any:
    with new_tracker(hostile_text()) as opened:
        yield opened


QUESTIONS = ("history", "asks", "conditions", "explanation")
PAGES_OF: dict[str, Callable[[Tracker], str]] = {
    "report": report_page,
    "state": state_page,
    "wide state": lambda tracker: state_page(tracker, wide=True),
}
PAGES = pytest.mark.parametrize("page_of", PAGES_OF.values(), ids=PAGES_OF)
QUESTION_PAGES = {name: lambda tracker, name=name: question_pages(tracker)[name] for name in QUESTIONS}
ALL_PAGES = pytest.mark.parametrize(
    "page_of", [*PAGES_OF.values(), *QUESTION_PAGES.values()], ids=[*PAGES_OF, *QUESTION_PAGES]
)


@ALL_PAGES
def test_a_page_stands_alone(tracker: Tracker, page_of: Callable[[Tracker], str]) -> None:
    text = page_of(tracker)
    page = Page(text)
    assert text.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert "default-src 'none'; style-src 'unsafe-inline'" in page.values("content", "meta")
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    assert not page.values("src")
    assert not page.values("style")
    assert "url(" not in text
    assert "@import" not in text


@pytest.mark.parametrize("name", QUESTIONS)
def test_hostile_text_stays_text_on_every_page(hostile: Tracker, name: str) -> None:
    page = Page(question_pages(hostile)[name])
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert not any(href.startswith("javascript") for href in page.values("href"))
    assert name == "asks" or SCRIPT in page.text
    assert not {"\x1b", "\u202e"} & set(page.text)


@ALL_PAGES
def test_a_page_is_the_same_again(tracker: Tracker, page_of: Callable[[Tracker], str]) -> None:
    assert page_of(tracker) == page_of(tracker)


@ALL_PAGES
def test_every_link_inside_a_page_leads_somewhere_and_ids_are_unique(
    tracker: Tracker, page_of: Callable[[Tracker], str]
) -> None:
    page = Page(page_of(tracker))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    named = [*page.values("aria-labelledby"), *(href[1:] for href in page.values("href") if href.startswith("#"))]
    assert named
    assert not set(named) - set(ids)


@PAGES
def test_links_to_sources_give_nothing_away(tracker: Tracker, page_of: Callable[[Tracker], str]) -> None:
    links = [attrs for tag, attrs in Page(page_of(tracker)).tags if not (attrs.get("href") or "#").startswith("#")]
    assert {attrs["href"] for attrs in links} == {"https://example.org/a?b=1&c=2"}
    assert {attrs["rel"] for attrs in links} == {"noreferrer noopener"}


@PAGES
def test_tables_say_what_their_headers_are_for(tracker: Tracker, page_of: Callable[[Tracker], str]) -> None:
    headers = [attrs for tag, attrs in Page(page_of(tracker)).tags if tag == "th"]
    assert headers
    assert all(attrs.get("scope") in ("col", "row", "rowgroup") for attrs in headers)


@ALL_PAGES
def test_headings_descend_one_step_at_a_time(tracker: Tracker, page_of: Callable[[Tracker], str]) -> None:
    levels = [int(tag[1]) for tag, _ in Page(page_of(tracker)).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@PAGES
def test_text_from_outside_stays_text(hostile: Tracker, page_of: Callable[[Tracker], str]) -> None:
    text = page_of(hostile)
    page = Page(text)
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert not [href for href in page.values("href") if not href.startswith("#")]
    assert not [character for character in text if not character.isprintable() and character != "\n"]
    for shown in (SCRIPT, BREAKOUT, "{{ 7*7 }}", "\\x1b[31mred \\u202eevil\\u2066 مثال", LINKS):
        assert shown in page.text


@PAGES
def test_the_foot_says_what_a_page_rests_on(tracker: Tracker, page_of: Callable[[Tracker], str]) -> None:
    head = tracker.checkpoint()
    text = Page(page_of(tracker)).text
    assert f"Log position {head.position}" in text
    assert f"Log hash {head.hash.hex()}" in text
    assert "Published by no cut-off" in text


# --- the change report ----------------------------------------------------------------------------


def test_every_row_of_the_report_can_be_traced_to_its_entry(tracker: Tracker) -> None:
    report = whole_report(tracker)
    text = report_page(tracker)
    ids = {change.event_id for change in report.changes} | {row.event_id for row in report.context}
    for ours in (report.corrections, report.learned or (), report.learned_context or ()):
        ids |= {row.entry.id for row in ours}
    ids |= {stood.event_id for related in report.relations for stood in related.now}
    assert len(ids) > 10
    for event_id in ids:
        assert text.count(f"<code>{event_id}</code>") >= 1


def test_the_report_has_the_sections_of_markdown_in_the_same_order(tracker: Tracker) -> None:
    headings = re.findall(r"<h2 id=\"\w+\">(.*?)</h2>", report_page(tracker))
    markdown = [
        line[3:] for line in render_markdown(ReportAnswer(whole_report(tracker))).splitlines() if line.startswith("## ")
    ]
    assert [*headings] == [*markdown, "What this rests on", "Signs"]
    assert len(markdown) == 10


def test_a_step_shows_its_words_its_speaker_its_terms_and_a_note(tracker: Tracker) -> None:
    text = Page(report_page(tracker)).text
    assert "New START arms/start Should New START be extended?" in text
    assert "Party RUS RUS · no stance → x opposes" in text
    assert re.search(r"10 Dec 2019 new \+ supports Said so\.\d+ “We are ready\.” — Ann if: verified; mutual", text)
    assert "December 2019 new = neutral^ Said so." in text
    assert "Trump meets Lavrov, Press, 11 Dec 2019, https://example.org/a?b=1&c=2" in text


def test_notes_and_their_places_lead_to_each_other(tracker: Tracker) -> None:
    text = report_page(tracker)
    forth = dict(re.findall(r'<a id="(r[\d-]+)" href="#(n\d+)"', text))
    notes = dict(re.findall(r'<li id="(n\d+)">(.*?)</li>', text, re.DOTALL))
    back = {place: note for note, told in notes.items() for place in re.findall(r'href="#(r[\d-]+)"', told)}
    assert forth == back
    assert list(notes) == [f"n{number}" for number in range(1, len(notes) + 1)]


def test_what_is_only_counted_has_its_evidence_too(tracker: Tracker) -> None:
    text = page_of_report(tracker, tracker.report(date(2019, 12, 15), date(2019, 12, 25)))
    assert re.search(r"trade \+ supports once\d", Page(text).text)
    assert id_of("b") in text


def test_our_corrections_stand_apart_from_what_parties_did(tracker: Tracker) -> None:
    text = Page(report_page(tracker)).text
    ours = text[text.index("Our corrections (no party moved) Party FRA") : text.index("NATO leaders meet")]
    assert (
        "Party FRA (FRA) on New START (arms/start), 1 Dec 2019: supports, was corrected to opposes. We erred." in ours
    )
    assert "Party GBR (GBR) on New START (arms/start), 1 Dec 2019: supports, was retracted. Never said." in ours
    assert "RUS" not in ours


def test_a_report_says_what_filters_and_cut_offs_it_has_and_what_they_left_out(tracker: Tracker) -> None:
    query = tracker_query(tracker)
    text = Page(page_of_report(tracker, tracker.report(FROM, TO, query))).text
    assert "Filters parties: USA" in text
    assert "Published by 31 Dec 2020" in text
    assert "Known at @35" in text
    assert "no dated source puts" in text
    assert "Earlier report knew the log up to position 3" in Page(report_page(tracker)).text


def tracker_query(tracker: Tracker) -> Query:
    from tracker.domain.terms.scope import Scope

    return Query(Scope(frozenset({"USA"})), parse_known_at("@35"), date(2020, 12, 31))


def test_a_report_of_nothing_says_so(tracker: Tracker) -> None:
    text = Page(page_of_report(tracker, tracker.report(TO, TO))).text
    assert "Nothing changed." in text
    assert "Notes" not in text


# --- the state ------------------------------------------------------------------------------------


def test_a_cell_has_its_sign_its_word_its_marks_and_its_age(tracker: Tracker) -> None:
    text = Page(state_page(tracker)).text
    assert "x opposes!" in text
    assert "+ supports?°†" in text
    assert "364d" in text
    assert "RUS contested: opposes (Bob, 11 Dec) against supports (Ann, 10 Dec)" in text
    assert "DEU withdrawn since 5 Dec" in text
    assert "arms/inf: terminated 2 Aug 2019" in text
    assert "last: USA ~ conditional†" in text
    assert "USA if: other (2 Feb)" in text
    assert "† not affirmed for 180 days" in text


def test_what_was_said_is_always_on_the_page_open_if_wanted_wide(tracker: Tracker) -> None:
    narrow, wide = state_page(tracker), state_page(tracker, wide=True)
    assert "<details>" in narrow
    assert "<details>" not in wide
    for page in map(Page, (narrow, wide)):
        assert re.search(r"Said so\. \(Bob, 11 Dec\) no source, @\d+", page.text)


def test_a_stance_taken_from_a_bloc_says_from_whom_and_since_when(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(
        """
        stated EUN arms/start supports 2019-02-01
        started FRA EUN 2019-05-01
        """
    ) as tracker:
        text = Page(render_state(StateAnswer(tracker.state(TO, inherit=True)))).text
    assert "FRA from EUN, since 1 May" in text
    assert "< its bloc's, for want of its own" in text


def test_of_more_parties_than_a_table_has_columns_for_each_issue_lists_those_on_record(
    new_tracker: Callable[..., Any],
) -> None:
    codes = [f"P{letter}A" for letter in "ABCDEFGHIJ"]
    with new_tracker("\n".join(f"stated {code} arms/start supports 2019-02-01" for code in codes)) as tracker:
        page = Page(render_state(StateAnswer(tracker.state(TO))))
    assert [attrs["class"] for tag, attrs in page.tags if tag == "table"] == ["matrix stacked"]
    assert all(f"Party {code}" not in page.text and code in page.text for code in codes)


def test_an_empty_state_says_so(new_tracker: Callable[..., Any]) -> None:
    with new_tracker() as empty:
        assert "Nobody has a stance on record on 31 Dec 2019." in Page(render_state(StateAnswer(empty.state(TO)))).text
