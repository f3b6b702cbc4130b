"""What people see: the matrix, the brief, Markdown and CSV, with text from outside kept as text."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.log.events import (
    ContextEvent,
    IssueClosed,
    IssueReopened,
    IssueReworded,
    MembershipEnded,
    MembershipStarted,
    MilestoneNoted,
    PartySucceeded,
)
from tracker.domain.report.change_report import Report
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.scope import KnownAt, Query, Scope
from tracker.domain.terms.vocabulary import Stance
from tracker.reports.answers import Rows
from tracker.reports.conditions import conditions_text
from tracker.reports.data_formats import to_csv, to_json
from tracker.reports.formats import RENDERERS, Rendering, formats_of, render
from tracker.reports.markdown import escape
from tracker.reports.report.data import ReportAnswer
from tracker.reports.report.learned import learned_occurrences
from tracker.reports.report.sections import sections
from tracker.reports.state_answer import StateAnswer
from tracker.reports.tables.layout import table_view
from tracker.reports.tables.state_table import render_state
from tracker.reports.tables.terminal import view_text
from tracker.reports.wording import age
from tracker.tracker import Tracker

DAY = date(2019, 12, 31)
TEXT = """
    stated RUS arms/start supports 2019-12-10 speaker=Ann if=verified
    stated RUS arms/start opposes 2019-12-11 speaker=Bob
    stated USA arms/start supports 2019-01-01 attribution=inferred quote=words standing=remark
    stated CHN arms/start neutral 2019-12-01 attribution=ascribed ascribed_by=USA
    withdrawn CHN arms/start 2019-12-05
    stated USA arms/inf conditional 2019-02-01 if=mutual
    closed arms/inf 2019-08-02 terminated
    stated USA trade supports 2019-02-01
    stated USA trade supports 2019-12-20
    """
HOSTILE = '=1+1 \x1b[31mred\x1b[0m | <b>*x*</b> [link](u) \u202eevil\u2028line `code` "q"\tt'


@pytest.fixture
def tracker(new_tracker: Callable[..., Any]) -> Any:
    with new_tracker(TEXT) as opened:
        yield opened


def matrix(tracker: Tracker, width: int) -> str:
    return view_text(render_state(StateAnswer(tracker.state(DAY))), width=width)


def rendered(report: Report, form: str) -> str:
    body = render("report", form, ReportAnswer(report)).body
    return view_text(body) if callable(body) else "".join(body)


@pytest.mark.parametrize(("answer", "form"), [(answer, form) for answer in RENDERERS for form in formats_of(answer)])
def test_every_format_of_every_answer_has_a_renderer(answer: str, form: str) -> None:
    module, _, function = RENDERERS[answer][form].partition(":")
    assert callable(getattr(import_module(f"tracker.reports.{module}"), function))


def test_every_answer_has_the_formats_table_and_json() -> None:
    assert all(formats_of(answer)[:2] == ("table", "json") for answer in RENDERERS)


def test_a_remark_of_a_renderer_stays_beside_the_answer() -> None:
    rows = Rows([{"a": 1}], ("a",), left_out_undated=1)
    for form in formats_of("rows"):
        rendering = render("rows", form, rows)
        assert isinstance(rendering, Rendering)
        assert rendering.before == "1 statement was left out: no dated source puts it on public record."
    assert not render("rows", "csv", Rows([], ())).before


@pytest.mark.parametrize("width", [40, 80, 100, 160])
def test_the_matrix_never_exceeds_the_width_and_shows_every_pair(tracker: Tracker, width: int) -> None:
    shown = matrix(tracker, width)
    assert max(map(len, shown.splitlines())) <= width
    for party in ("RUS", "USA", "CHN"):
        assert party in shown


def test_stances_marks_ages_conditions_contest_and_closings_all_show(tracker: Tracker) -> None:
    shown = matrix(tracker, 160)
    assert "x opposes! 20d" in shown
    assert "+ supports?°† 364d" in shown
    assert "w withdrawn 26d" in shown
    assert "RUS on start, contested: opposes (Bob, 11 Dec) against supports (Ann, 10 Dec)" in shown
    assert "closed: inf, terminated 2 Aug 2019 (last: USA ~†)" in shown
    for legend in ("? inferred", "° remark", "! contested", "† not affirmed for 180 days"):
        assert legend in shown
    assert "· none on record" not in shown
    assert "^ ascribed" not in shown


def test_a_state_without_a_stance_says_so(new_tracker: Callable[..., Any]) -> None:
    with new_tracker() as empty:
        assert "Nobody has a stance on record on 31 Dec 2019." in matrix(empty, 80)


def test_the_brief_puts_each_pair_in_one_place_outcomes_first(tracker: Tracker) -> None:
    report = tracker.report(date(2019, 1, 31), DAY)
    parts = {section.anchor: section.rows for section in sections(report)}
    reaffirmed, *others = sections(tracker.report(date(2019, 12, 12), DAY))
    assert [brief.closing.issues for brief in parts["outcomes"]] == [("arms/inf",)]
    assert [(pair.issue, *pair.parties) for pair in parts["moved"]] == [("arms/start", "CHN"), ("arms/start", "RUS")]
    assert [(pair.issue, pair.parties[0]) for pair in parts["new"]] == [("arms/inf", "USA"), ("trade", "USA")]
    assert len(parts["new"][1].reaffirmed) == 1
    assert [(pair.issue, pair.parties[0]) for pair in reaffirmed.rows] == [("trade", "USA")]
    assert (reaffirmed.anchor, others) == ("reaffirmed", [])


def test_the_report_reads_outcomes_then_moves_with_their_steps_words_and_terms(tracker: Tracker) -> None:
    report = tracker.report(date(2019, 12, 6), DAY)
    shown = rendered(report, "table")
    assert shown.index("MOVED") < shown.index("REAFFIRMED ONLY")
    assert "RUS on arms/start: no stance -> opposes" in shown
    assert "if: verified" in shown
    ann, bob = (change.position for change in report.changes if change.issue == "arms/start")
    assert f"if: verified [no source @{ann}]" in shown
    assert "(Bob)\n" in shown
    assert f"no longer in force: verified [no source @{bob}]" in shown
    assert "Nothing changed." in rendered(tracker.report(DAY, DAY), "table")


def test_markdown_has_the_same_parts(tracker: Tracker) -> None:
    text = rendered(tracker.report(date(2019, 1, 31), DAY), "md")
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == ["## Outcomes", "## Moved", "## New on record", "## Sources"]
    assert f"hash {tracker.checkpoint().hash.hex()}" in text
    assert str(render("state", "md", StateAnswer(tracker.state(DAY))).body).count("\n| arms/start |") == 3


def test_json_has_the_field_names_of_the_design(tracker: Tracker) -> None:
    rows = json.loads(to_json(tracker.state(DAY).rows))
    assert list(rows[0]) == [
        *(
            "party",
            "issue",
            "stance",
            "since",
            "last_stated",
            "statements",
            "stated_on",
            "summary",
            "conditions",
            "act",
        ),
        *("standing", "speaker", "attribution", "source", "event_id", "position", "contested", "closed"),
        *("reworded", "government_since", "on_behalf_of", "ascribed_by"),
        *("could_accept", "priority", "red_line", "reasons", "form", "withdrawn", "amount", "no_figure"),
    ]
    assert rows[0]["closed"] == {"on": "2019-08-02", "outcome": "terminated"}
    report = json.loads(rendered(tracker.report(date(2019, 1, 31), DAY), "json"))
    assert list(report) == [
        *("rules", "from", "to", "known_at", "published_by", "filters", "log", "left_out_undated"),
        *("changes", "net", "corrections", "context_corrections", "relations", "context", "outcomes"),
    ]
    since = KnownAt("@3", position=3)
    later = json.loads(rendered(tracker.report(date(2019, 1, 31), DAY, known_from=since), "json"))
    assert set(later) - set(report) == {"known_from", "learned", "learned_context"}
    assert list(report["changes"][0]) == [
        *("party", "issue", "on", "stated_on", "kind", "from_stance", "to_stance", "event_id", "summary", "quote"),
        *("source", "speaker", "standing", "attribution", "from_attribution", "from_reworded"),
        *("on_behalf_of", "ascribed_by", "from_standing", "reworded"),
        *("government_since", "from_government_since"),
        *("from_amount", "from_no_figure", "to_amount", "to_no_figure"),
    ]
    inherited = json.loads(rendered(tracker.report(date(2019, 1, 31), DAY, inherit=True), "json"))
    assert set(inherited) - set(report) == {"inherit"}
    assert list(inherited["changes"][0])[len(report["changes"][0]) :] == [
        *("inherited_from", "from_inherited_from", "because", "because_of", "member_since", "member_until", "through")
    ]
    both = ["from_inherited_from", "to_inherited_from"]
    assert list(inherited["net"][0]) == [*report["net"][0], *both]
    assert list(report["net"][0]) == [
        *("issue", "party", "from_stance", "to_stance", "from_attribution", "to_attribution"),
        *("from_reworded", "reworded", "from_standing", "to_standing"),
        *("from_amount", "from_no_figure", "to_amount", "to_no_figure"),
    ]
    assert set(report["log"]) == {"position", "hash"}


def test_csv_tells_the_parts_of_a_report_apart(tracker: Tracker) -> None:
    rows = list(csv.DictReader(io.StringIO(rendered(tracker.report(date(2019, 1, 31), DAY), "csv"))))
    assert {row["section"] for row in rows} == {"report", "changes", "net", "context"}


CONTEXT: dict[Any, str] = {
    MilestoneNoted: 'milestone "Leaders meet" 2019-06-03',
    IssueClosed: 'closed arms/inf 2019-06-04 agreed note="A treaty is signed"',
    IssueReworded: 'reworded arms/inf 2019-06-05 question="Should it last?"',
    MembershipStarted: "started RUS OPEC 2019-06-06",
    MembershipEnded: "ended USA OPEC 2019-06-07",
    IssueReopened: "reopened arms/inf 2019-06-08",
    PartySucceeded: "succeeded RUS USA 2019-06-09",
}
"""A line of a ledger for every model of `ContextEvent`."""


@pytest.mark.parametrize("form", formats_of("report"))
def test_the_title_of_every_event_of_context_is_in_every_format_of_a_report(
    new_tracker: Callable[..., Any], form: str
) -> None:
    assert set(CONTEXT) == set(get_args(ContextEvent))
    with new_tracker("\n".join(["stated USA arms/inf supports 2019-01-01", *CONTEXT.values()])) as tracker:
        report = tracker.report(date(2019, 1, 31), DAY)
        later = tracker.report(DAY, DAY, known_from=KnownAt("@3", position=3))
    assert len(report.context) == len(later.learned_context) == len(CONTEXT)
    for found, rows in ((report, report.context), (later, [late.occurrence for late in later.learned_context])):
        text = rendered(found, form)
        assert all(row.title in text for row in rows)


BREXIT = """
    party GBR
    party EUN kind=bloc
    party FRA
    started GBR EUN 1973-01-01
    stated FRA trade supports 2019-01-01
    ended GBR EUN 2020-02-01
    reworded trade 2020-03-01 question="Should it go on?" title=Trade
"""


def test_a_report_says_who_left_a_bloc_and_which_question_changed(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(BREXIT) as tracker:
        year = date(2019, 12, 31), date(2020, 12, 31)
        shown = rendered(tracker.report(*year), "table")
        assert "Nothing changed" not in shown
        assert "1 Feb 2020  GBR left EUN [no source @" in shown
        assert "trade: the question is now “Should it go on?”, the title is now “Trade”" in shown
        kinds = {
            of: [row.kind for row in tracker.report(*year, Query(scope)).context]
            for of, scope in {
                "member": Scope(parties=frozenset({"GBR"})),
                "bloc": Scope(parties=frozenset({"EUN"})),
                "another": Scope(parties=frozenset({"FRA"})),
                "issue": Scope(issues=frozenset({"trade"})),
                "other issue": Scope(issues=frozenset({"arms"})),
            }.items()
        }
    both, membership, rewording = ["left", "reworded"], ["left"], ["reworded"]
    assert kinds == {
        "member": both, "bloc": both, "another": rewording, "issue": both, "other issue": membership
    }  # fmt: skip


def test_a_late_membership_is_learned_and_a_corrected_one_says_what_changed(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(BREXIT) as tracker:
        (left,) = [row for row in tracker.report(date(2019, 12, 31), date(2020, 2, 28)).context if row.kind == "left"]
        known = KnownAt(f"@{tracker.checkpoint().position}", position=tracker.checkpoint().position)
        tracker.correct(f"@{left.position}", {"on": "2020-01-31"}, reason="Brussels time.", by="me")
        learned = tracker.report(DAY.replace(year=2020), known_from=known).learned_context
    assert learned is not None
    (row,) = learned
    assert (row.occurrence.noun, row.occurrence.title, row.occurrence.parties) == (
        "membership",
        "GBR left EUN",
        ("GBR", "EUN"),
    )
    assert "membership corrected, on 1 Feb 2020 -> 31 Jan 2020: Brussels time." in learned_occurrences([row])[0].text()


def test_hostile_text_stays_text_everywhere() -> None:
    shown = plain(HOSTILE)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\x1b[31mred" in shown
    cell = next(csv.reader(io.StringIO(to_csv(["a"], [{"a": HOSTILE}]).splitlines()[1])))[0]
    assert cell.startswith("'=1+1")
    assert escape("<b>*x*</b> | [a](b) `c`") == r"&lt;b&gt;\*x\*&lt;/b&gt; \| \[a\](b) \`c\`"
    table = view_text(lambda _: table_view(["a"], [[HOSTILE]], empty=""))
    assert "\x1b" not in table
    assert "<b>*x*</b> [link](u)" in table


@pytest.mark.parametrize("before", ["", " ", "\n", "\t", "\u00a0", "\u3000"])
def test_a_csv_cell_never_starts_with_a_formula_in_whatever_width(before: str) -> None:
    for sign in "=+-@＝＋－＠﹢﹣﹦﹫⁺⁻⁼₊₋₌−":
        (_, (cell,)) = csv.reader(io.StringIO(to_csv(["a"], [{"a": f"{before}{sign}1+1"}])))
        assert cell == f"'{plain(before)}{sign}1+1"


@pytest.mark.parametrize("text", ["1+1", "words = words", "–", "~", "a@b.org", "※ 1", ""])
def test_other_csv_cells_stay_as_they_are(text: str) -> None:
    assert next(csv.reader(io.StringIO(to_csv(["a", "b"], [{"a": text, "b": 1}]).splitlines()[1])))[0] == text


@given(st.lists(st.tuples(st.text(), st.text('-=",;\r\n\x85é a1')), min_size=1))
def test_csv_is_what_the_standard_library_writes(rows: list[tuple[str, str]]) -> None:
    written = to_csv(("a", "b"), [{"a": one, "b": other} for one, other in rows])
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(csv.reader(io.StringIO(written)))
    assert out.getvalue() == written
    assert [[cell.removeprefix("'") for cell in row] for row in csv.reader(io.StringIO(written))][1:] == [
        [plain(cell).removeprefix("'") for cell in row] for row in rows
    ]


def test_small_words() -> None:
    assert age(date(2019, 1, 1), date(2019, 12, 31)) == "364d"
    assert age(date(2010, 1, 1), date(2019, 12, 31)) == "9y"
    assert conditions_text((), Stance.SUPPORTS) == "without conditions"
    assert conditions_text(None, Stance.SUPPORTS) == ""


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u00ad", " \u200f "])
def test_a_mark_that_nobody_sees_does_not_let_a_formula_through(mark: str) -> None:
    cell = next(csv.reader(io.StringIO(to_csv(["a"], [{"a": f"{mark}=1+1"}]).splitlines()[1])))[0]
    assert cell.startswith(("'", "\\"))
