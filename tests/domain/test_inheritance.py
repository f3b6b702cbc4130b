"""What parties hold over time where members take the positions of their blocs."""

from datetime import date

from tests.ledger import entries, id_of
from tracker.domain.answers.changes import Change
from tracker.domain.report.inherited import PairTurns, inherited_changes, inherited_net, turns_by_pair
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.memberships import blocs_over_time
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.domain.timeline.timelines import timelines

UP_TO = date(2019, 12, 31)
MEMBER = "started DEU EUN 2019-03-01\nstated EUN x supports 2019-02-01\n"


def pair(text: str, party: str = "DEU") -> PairTurns:
    history = replay(entries(text))
    by_party = {one: steps for (_, one), steps in timelines(history, Scope(), up_to=UP_TO).by_pair.items()}
    blocs = blocs_over_time(history.counting, UP_TO)
    found = {
        one.party: one
        for one in turns_by_pair([("x", by_party)], blocs, up_to=UP_TO, around=Circumstances(), on_options={})
    }
    return found.get(party) or PairTurns(party, "x", ())


def steps(text: str, party: str = "DEU") -> list[Change]:
    return list(inherited_changes(pair(text, party), Circumstances()))


def told(text: str, party: str = "DEU") -> list[tuple[str, str, str | None, str]]:
    """The day, the kind, the bloc and the reason of each step."""
    found = []
    for step in steps(text, party):
        assert step.inheritance is not None
        found.append((step.on.isoformat()[5:], step.kind.value, step.inherited_from, step.inheritance.because.value))
    return found


def days(text: str) -> list[tuple[date | None, date | None]]:
    return [(step.inheritance.member_since, step.inheritance.member_until) for step in steps(text) if step.inheritance]


def test_a_party_without_blocs_has_the_steps_of_its_own_statements() -> None:
    text = "stated DEU x supports 2019-02-01\nwithdrawn DEU x 2019-03-01"
    assert told(text) == [("02-01", "new", None, "stated"), ("03-01", "withdrawn", None, "stated")]


def test_who_joins_takes_the_blocs_position_on_that_day_and_loses_it_on_leaving() -> None:
    text = MEMBER + "gone: ended DEU EUN 2019-06-01"
    assert told(text) == [("03-01", "new", "EUN", "joined"), ("06-01", "lost", None, "left")]
    taken, lost = steps(text)
    assert (taken.stated_on, taken.to_value, taken.summary) == ("2019-02-01", "supports", "Said so.")
    assert (lost.from_value, lost.to_value, lost.from_inherited_from) == ("supports", None, "EUN")
    assert (lost.event_id, lost.summary) == (id_of("gone"), "DEU left EUN")
    assert days(text) == [(date(2019, 3, 1), date(2019, 5, 31)), (None, None)]


def test_a_member_moves_with_its_bloc_until_it_has_a_position_of_its_own() -> None:
    text = MEMBER + "stated EUN x opposes 2019-04-01\nstated DEU x neutral 2019-05-01\nstated EUN x supports 2019-06-01"
    assert told(text) == [
        ("03-01", "new", "EUN", "joined"),
        ("04-01", "reversed", "EUN", "stated"),
        ("05-01", "towards", None, "stated"),
    ]


def test_a_partys_withdrawal_and_the_return_of_its_blocs_position_are_two_steps() -> None:
    text = MEMBER + "stated DEU x opposes 2019-04-01\ngone: withdrawn DEU x 2019-05-01"
    assert told(text)[1:] == [
        ("04-01", "reversed", None, "stated"),
        ("05-01", "withdrawn", None, "stated"),
        ("05-01", "new", "EUN", "withdrawn"),
    ]
    last = steps(text)[-1].inheritance
    assert last is not None
    assert (last.because_of, last.cause) == (id_of("gone"), "withdrew its own")


def test_a_blocs_withdrawal_ends_its_members_position_or_lets_a_bloc_further_off_show() -> None:
    gone = "withdrawn EUN x 2019-05-01"
    assert told(MEMBER + gone)[1:] == [("05-01", "withdrawn", "EUN", "stated")]
    above = "started EUN G20 2019-01-01\nstated G20 x sceptical 2019-01-02\n"
    assert told(MEMBER + above + gone)[1:] == [("05-01", "reversed", "G20", "withdrawn")]


def test_what_a_bloc_further_off_says_is_no_step_while_a_nearer_one_has_a_stance() -> None:
    text = MEMBER + "started EUN G20 2019-01-01\nstated G20 x opposes 2019-04-01"
    assert told(text) == [("03-01", "new", "EUN", "joined")]


def test_all_memberships_of_a_day_change_at_once() -> None:
    text = MEMBER + "stated G20 x supports 2019-02-02\nended DEU EUN 2019-06-01\njoin: started DEU G20 2019-06-01"
    assert told(text)[1:] == [("06-01", "reaffirmed", "G20", "joined")]
    again = MEMBER + "ended DEU EUN 2019-06-01\nstarted DEU EUN 2019-06-01"
    assert told(again) == [("03-01", "new", "EUN", "joined")]


def test_a_membership_changes_before_what_is_said_on_its_day() -> None:
    text = "started DEU EUN 2019-03-01\nstated EUN x supports 2019-03-01\nended DEU EUN 2019-04-01"
    assert told(text + "\nstated EUN x opposes 2019-04-01") == [
        ("03-01", "new", "EUN", "stated"),
        ("04-01", "lost", None, "left"),
    ]


def test_the_same_stance_under_other_conditions_is_amended_whosever_it_is() -> None:
    bloc = "started DEU EUN 2019-03-01\nstated EUN x supports 2019-02-01 if=paid\nstated EUN x supports 2019-02-02\n"
    amended, reaffirmed = ("stated DEU x supports 2019-04-01 if=first", "stated DEU x supports 2019-04-01 if=paid")
    assert [told(bloc + own)[-1][1] for own in (amended, reaffirmed)] == ["amended", "reaffirmed"]
    taken = steps(bloc)[0].inheritance
    assert taken is not None
    assert taken.shown_conditions == ("paid",)


def test_blocs_in_a_circle_take_from_each_other_and_nobody_from_itself() -> None:
    text = "started AAA BBB 2019-01-01\nstarted BBB AAA 2019-01-01\nstated AAA x supports 2019-02-01"
    assert told(text, "BBB") == [("02-01", "new", "AAA", "stated")]
    assert told(text, "AAA") == [("02-01", "new", None, "stated")]


def test_the_net_change_compares_the_positions_in_effect_whosever_they_are() -> None:
    text = MEMBER + "stated DEU x supports 2019-04-01\nstated EUN x opposes 2019-05-01\nwithdrawn DEU x 2019-06-01"
    around = Circumstances()
    moved = inherited_net(pair(text), around, after=date(2019, 4, 1), up_to=UP_TO)
    assert moved is not None
    assert (moved.from_value, moved.to_value, moved.blocs) == ("supports", "opposes", (None, "EUN"))
    assert inherited_net(pair(text), around, after=date(2019, 3, 1), up_to=date(2019, 5, 1)) is None
    left = inherited_net(pair(text + "\nended DEU EUN 2019-07-01"), around, after=date(2019, 6, 1), up_to=UP_TO)
    assert left is not None
    assert (left.from_value, left.to_value, left.blocs) == ("opposes", WITHDRAWN, ("EUN", None))
