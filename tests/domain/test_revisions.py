"""Corrections of our record, and what a reader of an earlier report must be told (DESIGN section 8)."""

from datetime import date

from tests.ledger import entries, id_of
from tests.replayed import circumstances_in
from tracker.domain.report.context_revisions import late_context
from tracker.domain.report.corrections import Correction, corrections, difference
from tracker.domain.report.learned import EarlierCut, LateEntry, late_entries
from tracker.domain.terms.columns import row_data
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import replay

FIRST, LAST, EVERYTHING = date(2019, 1, 1), date(2019, 12, 31), Scope()


def rows(text: str, scope: Scope = EVERYTHING, after: date = FIRST, up_to: date = LAST) -> list[Correction]:
    log = entries(text)
    around = circumstances_in(replay(log), up_to)
    return list(corrections(log, scope, after=after, up_to=up_to, around=around))


def told(text: str, known_at: int, up_to: date = LAST, *, published_by: date | None = None) -> list[LateEntry]:
    return late_entries(entries(text), Scope(), Cutoffs(None, None), EarlierCut(known_at, published_by, up_to))


def test_a_correction_states_what_the_record_said_and_says() -> None:
    text = """
        a: stated RUS x supports 2019-02-01
        b: corrected a stance=opposes stated_on=2019-02-03 party=USA
        """
    (row,) = rows(text)
    data = row_data(row)
    assert (data["event_id"], data["target"], row.kind) == (id_of("b"), id_of("a"), "corrected")
    assert row.after is not None
    before, after = ((one.party, one.issue, one.on, one.value) for one in (row.before, row.after))
    assert before == ("RUS", "x", date(2019, 2, 1), "supports")
    assert after == ("USA", "x", date(2019, 2, 3), "opposes")
    assert (data["reason"], data["recorded_by"]) == ("We erred.", "analyst")


def test_a_correction_says_which_side_answers_an_earlier_wording() -> None:
    text = """
        issue x question=Old?
        issue y question=Same?
        a: stated RUS x supports 2019-02-01
        b: corrected a stance=opposes
        c: corrected b stated_on=2019-04-01
        d: corrected c issue=y stated_on=2019-02-01
        retracted d
        reworded x 2019-03-01 question=New?
        """
    found = [(row.from_reworded, row.reworded) for row in rows(text)]
    assert found == [(True, True), (True, False), (False, False), (False, False)]
    assert not any(row.from_reworded or row.reworded for row in rows(text, up_to=date(2019, 2, 28)))


def test_superseded_corrections_and_their_retraction_are_rows_in_log_order() -> None:
    text = """
        a: stated RUS x supports 2019-02-01
        b: corrected a stance=opposes
        c: corrected b stance=neutral
        d: retracted c
        """
    found = rows(text)
    assert [(row.entry.id, row.before.value, row.after and row.after.value) for row in found] == [
        (id_of("b"), "supports", "opposes"),
        (id_of("c"), "opposes", "neutral"),
        (id_of("d"), "neutral", None),
    ]
    assert found[-1].kind == "retracted"
    last = row_data(found[-1])
    assert (last["to_party"], last["to_issue"], last["to_on"]) == (None, None, None)


def test_either_side_may_lie_between_the_days_and_either_may_be_in_scope() -> None:
    text = """
        a: stated RUS x supports 2018-02-01
        corrected a stated_on=2019-02-01 party=USA
        """
    assert len(rows(text)) == 1
    assert len(rows(text, Scope(frozenset({"RUS"})))) == 1
    assert len(rows(text, Scope(frozenset({"USA"})))) == 1
    assert rows(text, Scope(frozenset({"CHN"}))) == []
    assert rows(text, after=date(2019, 2, 1)) == []


def test_corrections_of_what_is_no_statement_are_no_rows() -> None:
    assert rows("party RUS\na: issue x\ncorrected a title=Other") == []


def test_late_statements_corrections_retractions_and_corroborations_are_learned() -> None:
    text = """
        source s 2019-01-01
        a: stated RUS x supports 2019-02-01
        b: stated RUS x opposes 2019-03-01
        late: stated RUS x neutral 2019-01-15
        c: corrected a stance=opposes
        r: retracted b
        k: corroborated c source=s
        stated RUS x supports 2020-06-01
        """
    found = told(text, known_at=5)
    assert [(one.entry.id, str(one.kind), one.of) for one in found] == [
        (id_of("late"), "stated", "statement"),
        (id_of("c"), "corrected", "statement"),
        (id_of("r"), "retracted", "statement"),
        (id_of("k"), "corroborated", "corroboration"),
    ]
    assert {one.pair for one in found} == {("x", "RUS")}


def test_a_statement_moved_to_another_pair_concerns_both() -> None:
    found = told("a: stated RUS x supports 2019-02-01\ncorrected a party=USA", known_at=3)
    assert [one.pair for one in found] == [("x", "RUS"), ("x", "USA")]


def test_a_sources_other_date_concerns_what_it_carries_and_another_title_nothing() -> None:
    text = """
        s: source s 2019-01-01
        other: source other 2019-01-01
        a: stated RUS x supports 2019-02-01 source=s
        b: stated USA x supports 2019-02-01
        corroborated b source=s
        stated CHN x supports 2019-02-01 source=other
        """
    redated = told(text + "d: corrected s published_on=2019-05-01", known_at=10)
    assert [(one.statement.party, one.of) for one in redated] == [("RUS", "source"), ("USA", "source")]
    assert told(text + "d: corrected s title=Title", known_at=10) == []


def test_what_is_learned_names_the_source_that_it_is_about() -> None:
    text = """
        source early 2019-01-01
        l: source late 2019-01-02
        a: stated RUS x supports 2019-02-01 source=early
        k: corroborated a source=late
        """
    for after in ("corrected l published_on=2019-05-01", "retracted k"):
        assert [one.source for one in told(text + after, known_at=5)] == ["late", "late"]


def test_what_became_public_since_is_learned_if_the_earlier_report_looked_at_that_clock() -> None:
    text = """
        source s 2019-06-01
        a: stated RUS x supports 2019-02-01 source=s
        """
    found = told(text, known_at=4, published_by=date(2019, 5, 1))
    assert [(one.entry.id, str(one.kind)) for one in found] == [(id_of("a"), "left out")]
    assert told(text, known_at=4, published_by=date(2019, 6, 1)) == []
    assert told(text, known_at=4) == []


def test_what_a_new_date_keeps_from_the_public_is_not_told_as_left_out() -> None:
    text = """
        s: source s 2019-06-01
        a: stated RUS x supports 2019-02-01 source=s
        corrected s published_on=2019-09-01
        """
    earlier = EarlierCut(4, date(2019, 5, 1), LAST)
    for by, expected in ((date(2019, 7, 1), []), (date(2019, 9, 1), ["left out", "corrected"])):
        found = late_entries(entries(text), Scope(), Cutoffs(None, by), earlier)
        assert [str(one.kind) for one in found] == expected


def test_milestones_and_closings_of_earlier_days_are_told_too() -> None:
    text = """
        m: milestone Summit 2019-05-01
        late: milestone Other 2019-04-01
        n: closed x 2019-03-01 agreed
        corrected m title=Meeting
        stated RUS x supports 2019-02-01
        later: milestone Later 2020-05-01
        """
    found = late_context(entries(text), Scope(), Cutoffs(), EarlierCut(1, None, LAST), Circumstances())
    assert [(row.occurrence.title, str(row.kind), row.occurrence.noun) for row in found] == [
        ("Other", "noted", "milestone"),
        ("x: agreed", "closed", "closing"),
        ("Meeting", "corrected", "milestone"),
    ]


def test_the_difference_is_the_fields_that_changed() -> None:
    found = difference({"stance": "supports", "quote": "x", "same": 1}, {"stance": "opposes", "same": 1, "act": "asks"})
    assert [tuple(change) for change in found] == [
        ("stance", "supports", "opposes"),
        ("quote", "x", None),
        ("act", None, "asks"),
    ]


def test_what_is_learned_obeys_the_cut_off_on_the_published_clock() -> None:
    text = """
        source s10 2019-11-10
        source s24 2019-11-24
        a: stated RUS x supports 2019-02-01 source=s10
        stated USA x supports 2019-02-01 source=s24
        stated CHN x supports 2019-02-01
        corroborated a source=s24
        l: source later 2019-12-01
        corrected l published_on=2019-12-02
        """

    def learned_by(by: date | None) -> list[tuple[str, str]]:
        found = late_entries(entries(text), Scope(), Cutoffs(None, by), EarlierCut(2, by, LAST))
        return [(one.statement.party, str(one.kind)) for one in found]

    public = [("RUS", "stated")]
    assert learned_by(date(2019, 11, 10)) == public
    assert learned_by(date(2019, 11, 24)) == [*public, ("USA", "stated"), ("RUS", "corroborated")]
    assert learned_by(None) == [*public, ("USA", "stated"), ("CHN", "stated"), ("RUS", "corroborated")]


def test_a_correction_of_an_occurrence_names_what_differs_though_one_side_is_not_public() -> None:
    text = """
        source s12 2019-11-12
        source s24 2019-11-24
        m: started RUS EUN 2019-02-01 source=s24
        corrected m source=s12
        n: milestone Summit 2019-02-02 source=s12
        corrected n source=s24 title=Meeting
        """
    found = late_context(
        entries(text), Scope(), Cutoffs(None, date(2019, 11, 20)), EarlierCut(2, None, LAST), Circumstances()
    )
    told = {row.occurrence.noun: [(one.field, one.before, one.after) for one in row.difference] for row in found}
    assert told == {
        "membership": [("source", None, "s12")],
        "milestone": [("source", "s12", None), ("title", "Summit", "Meeting")],
    }
