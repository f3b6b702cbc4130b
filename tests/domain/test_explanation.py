"""Why a party stands where it does: every entry with its account."""

from datetime import date
from typing import Any

from tests.ledger import entries, id_of
from tests.replayed import circumstances_in
from tracker.domain.answers.explanation import Explanation, explain
from tracker.domain.log.chain import GENESIS, LogHead
from tracker.domain.terms.scope import Cutoffs
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.timeline.counting import replay

PAIR, UNCUT = ("x", "RUS"), Cutoffs()


def explained(text: str, on: str = "2019-12-31", *, cut: Cutoffs = UNCUT, **more: Any) -> Explanation:
    log, day = entries(text), date.fromisoformat(on)
    around = circumstances_in(replay(log, known_at=cut.known_at), day, cut.published_by)
    return explain(log, PAIR, on=day, cutoffs=cut, around=around, log=LogHead(0, GENESIS), **more)


def accounts(found: Explanation) -> dict[str, tuple[str | None, str | None]]:
    return {account.entry.id: (account.because, account.because_of) for account in found.accounts}


def test_each_entry_counts_or_says_because_of_what_it_does_not() -> None:
    found = accounts(
        explained(
            """
            a: stated RUS x supports 2019-02-01
            b: corrected a stance=opposes
            c: stated RUS x supports 2019-03-01
            d: retracted c
            e: stated RUS x neutral 2020-01-01
            f: stated RUS x supports 2019-04-01
            g: corrected f party=USA
            """
        )
    )
    assert found == {
        id_of("a"): ("corrected", id_of("b")),
        id_of("b"): (None, None),
        id_of("c"): ("retracted", id_of("d")),
        id_of("d"): (None, None),
        id_of("e"): ("said later", None),
        id_of("f"): ("corrected", id_of("g")),
        id_of("g"): ("about another pair", None),
    }


def test_what_was_recorded_later_does_not_undo_what_was_known() -> None:
    text = """
        a: stated RUS x supports 2019-02-01
        b: corrected a stance=opposes
        """
    found = explained(text, cut=Cutoffs(known_at=3))
    assert accounts(found) == {id_of("a"): (None, None), id_of("b"): ("recorded later", None)}
    assert found.row is not None
    assert found.row.stance == "supports"


def test_the_published_clock_and_attribution_leave_out_with_their_reasons() -> None:
    text = """
        source s 2019-06-01
        a: stated RUS x supports 2019-02-01
        b: stated RUS x opposes 2019-03-01 source=s
        c: stated RUS x neutral 2019-04-01 attribution=inferred source=s
        k: corroborated a source=s
        """
    reported = frozenset({Attribution.REPORTED})
    found = accounts(explained(text, cut=Cutoffs(published_by=date(2019, 5, 1)), attributions=reported))
    assert [because for because, _ in found.values()] == [
        "not yet public",
        "not yet public",
        "not yet public",
        "left out by attribution",
    ]
    undated = "a: stated RUS x supports 2019-02-01"
    assert accounts(explained(undated, cut=Cutoffs(published_by=date(2020, 1, 1))))[id_of("a")] == ("undated", None)


def test_statements_stand_in_their_order_with_what_targets_them_below() -> None:
    text = """
        late: stated RUS x supports 2019-05-01
        early: stated RUS x opposes 2019-02-01
        moved: corrected late stated_on=2019-01-01
        """
    assert [account.entry.id for account in explained(text).accounts] == [id_of("late"), id_of("moved"), id_of("early")]


def test_the_conclusion_has_its_run_conditions_contest_and_carriers() -> None:
    text = """
        source s 2019-06-01
        a: stated RUS x supports 2019-02-01 if=talks
        b: stated RUS x supports 2019-03-01 source=s quote=words
        c: stated RUS x opposes 2019-03-01 sequence=-1 speaker=Ann
        k: corroborated b source=s quote=more
        """
    found = explained(text)
    assert found.held is not None
    assert found.row is not None
    assert [statement.event_id for statement in found.held.run] == [id_of("b")]
    assert [statement.event_id for statement in found.held.contested_by] == [id_of("c")]
    assert [(carrier.quote, carrier.source_id) for carrier in found.evidence] == [("words", "s"), ("more", "s")]


def test_each_statement_is_bound_to_the_wording_of_its_day() -> None:
    text = """
        issue x question=Old?
        a: stated RUS x supports 2019-02-01
        reworded x 2019-03-01 question=New?
        b: stated RUS x supports 2019-04-01
        """
    found = explained(text, on="2019-02-15")
    assert {account.entry.id: account.question for account in found.accounts} == {
        id_of("a"): "Old?",
        id_of("b"): "New?",
    }
    assert found.issue is not None
    assert found.issue.question == "Old?"
    assert explained(text).issue.question == "New?"  # type: ignore[union-attr]


def test_nothing_on_record_is_explained_as_that() -> None:
    found = explained("party RUS\nissue x")
    assert (found.row, found.accounts, found.evidence) == (None, (), ())


def test_evidence_that_is_not_public_by_the_cut_off_is_not_shown() -> None:
    text = """
        source early 2019-01-01
        source late 2019-06-01
        a: stated RUS x supports 2019-01-01 source=early
        k: corroborated a source=late
        """
    found = explained(text, cut=Cutoffs(published_by=date(2019, 2, 1)))
    assert [carrier.source_id for carrier in found.evidence] == ["early"]


def test_a_corroboration_of_what_was_retracted_supports_nothing() -> None:
    found = explained(
        "source s 2019-01-01\na: stated RUS x supports 2019-01-01\nk: corroborated a source=s\nr: retracted a"
    )
    assert accounts(found)[id_of("k")] == ("retracted", id_of("r"))
