"""The kinds of change, the net, and what stands beside them (DESIGN section 8)."""

from datetime import date
from typing import Any

from tests.ledger import entries, id_of
from tests.replayed import circumstances_in
from tracker.domain.answers.changes import (
    Change,
    HeldBefore,
    Kind,
    all_changes,
    all_net_changes,
    change_of,
    collect_conditions,
)
from tracker.domain.report.context import context
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.statement import NOTHING_IN_FORCE, WITHDRAWN
from tracker.domain.timeline.timelines import timelines

FIRST, LAST = date(2019, 1, 1), date(2019, 12, 31)


def changes(text: str, after: date = FIRST, up_to: date = LAST) -> list[Change]:
    return list(
        all_changes(
            timelines(replay(entries(text)), Scope(), up_to=up_to).by_pair,
            after=after,
            up_to=up_to,
            around=Circumstances(),
        )
    )


def kinds(*lines: str) -> list[str]:
    return [change.kind.value for change in changes("\n".join(f"stated RUS a/b {line}" for line in lines))]


def test_a_first_stance_is_new_and_an_equal_one_reaffirms_it() -> None:
    assert kinds("supports 2019-02-01", "supports 2019-03-01") == ["new", "reaffirmed"]


def test_only_a_move_from_a_full_yes_to_a_no_or_back_reverses() -> None:
    assert kinds("supports 2019-02-01", "sceptical 2019-03-01", "supports 2019-04-01") == [
        *("new", "reversed", "reversed")
    ]
    assert kinds("opposes 2019-02-01", "conditional 2019-03-01", "sceptical 2019-04-01") == ["new", "towards", "away"]
    assert kinds("neutral 2019-02-01", "opposes 2019-03-01", "neutral 2019-04-01") == ["new", "away", "towards"]
    assert kinds("supports 2019-02-01", "conditional 2019-03-01", "supports 2019-04-01") == ["new", "away", "towards"]


def test_other_conditions_amend_and_the_same_in_another_order_do_not() -> None:
    told = kinds(
        "supports 2019-02-01 if=x;y", "supports 2019-03-01 if=y;x", "supports 2019-04-01", "supports 2019-05-01 if=x"
    )
    assert told == ["new", "reaffirmed", "reaffirmed", "amended"]
    assert kinds("supports 2019-02-01 if=x", "supports 2019-03-01 if=;") == ["new", "amended"]
    assert kinds("supports 2019-02-01", "supports 2019-03-01 if=;") == ["new", "reaffirmed"]


def test_conditions_stay_in_force_through_a_run_and_no_longer() -> None:
    assert kinds("supports 2019-02-01 if=x", "supports 2019-03-01", "supports 2019-04-01 if=x") == [
        *("new", "reaffirmed", "reaffirmed")
    ]
    assert kinds("supports 2019-02-01 if=x", "opposes 2019-03-01", "opposes 2019-04-01 if=x") == [
        *("new", "reversed", "amended")
    ]


def test_conditions_are_collected_from_the_statements_that_state_them() -> None:
    log = entries(
        "a: stated RUS a/b supports 2019-02-01 if=x\nb: stated RUS a/b supports 2019-03-01\n"
        "c: stated RUS a/b supports 2019-04-01 if=;"
    )
    assert collect_conditions(timelines(replay(log), Scope(), up_to=LAST).by_pair) == {
        id_of("a"): ("x",),
        id_of("c"): (),
    }


def test_the_change_of_one_statement_follows_from_the_stance_before_it() -> None:
    text = "stated RUS a/b supports 2019-02-01 attribution=inferred\nstated RUS a/b opposes 2019-03-01"
    ((before, now),) = timelines(replay(entries(text)), Scope(), up_to=LAST).by_pair.values()
    found = change_of(now, HeldBefore.of(before), NOTHING_IN_FORCE, Circumstances())
    assert (found.kind, found.from_value, found.to_value) == (Kind.REVERSED, Stance.SUPPORTS, Stance.OPPOSES)
    assert (found.from_attribution, found.from_reworded) == ("inferred", False)


def test_a_stance_before_the_question_changed_is_marked_as_an_answer_to_the_earlier_wording() -> None:
    text = """
        issue a/b
        stated RUS a/b supports 2019-02-01
        title: reworded a/b 2019-02-15 title=Other
        reworded a/b 2019-03-01 question="Should it be longer?"
        stated RUS a/b opposes 2019-03-01
        stated RUS a/b neutral 2019-04-01
        """
    history = replay(entries(text))
    around = circumstances_in(history, LAST)
    (steps,) = timelines(history, Scope(), up_to=LAST).by_pair.values()
    found = all_changes({steps[0].pair: steps}, after=None, up_to=LAST, around=around)
    assert [change.from_reworded for change in found] == [False, True, False]
    (net,) = all_net_changes({steps[0].pair: steps}, after=date(2019, 2, 10), up_to=LAST, around=around)
    assert (net.from_reworded, net.reworded) == (True, False)


def test_after_a_withdrawal_a_stance_is_new() -> None:
    found = changes(
        """
        stated RUS a/b supports 2019-02-01
        withdrawn RUS a/b 2019-03-01
        withdrawn RUS a/b 2019-04-01
        stated RUS a/b supports 2019-05-01
        """
    )
    assert [(change.kind, change.from_value, change.to_value) for change in found] == [
        ("new", None, "supports"),
        ("withdrawn", "supports", WITHDRAWN),
        ("withdrawn", WITHDRAWN, WITHDRAWN),
        ("new", WITHDRAWN, "supports"),
    ]


def test_the_window_opens_after_its_first_day_and_closes_with_its_last() -> None:
    text = """
        stated RUS a/b supports 2019-02-01
        stated RUS a/b opposes 2019-03-01
        """
    assert [change.kind for change in changes(text, date(2019, 2, 1), date(2019, 3, 1))] == ["reversed"]
    assert changes(text, date(2019, 3, 1), date(2019, 3, 1)) == []


def test_net_compares_the_two_days_only() -> None:
    text = """
        stated RUS a/b supports 2019-02-01
        stated RUS a/b opposes 2019-03-01
        stated RUS a/b supports 2019-04-01
        stated USA a/b opposes 2019-04-01
        withdrawn USA a/b 2019-06-01
        """
    pairs = timelines(replay(entries(text)), Scope(), up_to=LAST).by_pair

    def net(after: date, up_to: date) -> list[tuple[Any, ...]]:
        return [row[:4] for row in all_net_changes(pairs, after=after, up_to=up_to, around=Circumstances())]

    assert net(date(2019, 2, 1), date(2019, 5, 1)) == [("a/b", "USA", None, "opposes")]
    assert net(FIRST, LAST) == [("a/b", "RUS", None, "supports")]


def test_context_is_what_concerns_the_scope_in_the_order_of_days() -> None:
    log = entries(
        """
        party RUS
        party USA
        issue a/b
        issue c
        milestone Later 2019-05-01
        milestone Russian 2019-03-01 parties=RUS
        milestone American 2019-04-01 parties=USA issues=c
        closed a/b 2019-06-01 agreed
        """
    )
    counting = replay(log).counting

    def titles(scope: Scope) -> list[str]:
        return [row.title for row in context(counting, scope, after=FIRST, up_to=LAST, around=Circumstances())]

    assert titles(Scope()) == ["Russian", "American", "Later", "a/b: agreed"]
    between = context(counting, Scope(), after=date(2019, 3, 1), up_to=date(2019, 5, 1), around=Circumstances())
    assert [row.title for row in between] == ["American", "Later"]
    assert titles(Scope(parties=frozenset({"RUS"}))) == ["Russian", "Later", "a/b: agreed"]
    assert titles(Scope(issues=frozenset({"a"}))) == ["Russian", "Later", "a/b: agreed"]
