"""Blocs, their members, and the stances that members take from them."""

from datetime import date

from tests.ledger import entries
from tests.replayed import state_cells
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import replay
from tracker.domain.timeline.inheritance import inherit_stances
from tracker.domain.timeline.memberships import memberships
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.timelines import timelines

ON = date(2019, 12, 31)
JOINED = "started DEU EUN 2019-03-01\n"


def members(text: str, on: str) -> dict[str, dict[str, str]]:
    found = memberships(replay(entries(text)).counting, date.fromisoformat(on))
    return {member: {bloc: day.isoformat() for bloc, day in blocs.items()} for member, blocs in found.items()}


def state(text: str) -> dict[str, Cell]:
    history = replay(entries(text))
    cells = list(state_cells(timelines(history, Scope(), up_to=ON), Circumstances(), ON))
    return {cell.row.party: cell for cell in inherit_stances(cells, memberships(history.counting, ON), Circumstances())}


def test_a_membership_holds_from_its_day_until_the_day_before_it_ends() -> None:
    text = "started DEU EUN 2019-03-01\nended DEU EUN 2019-06-01"
    assert members(text, "2019-02-28") == {}
    assert members(text, "2019-03-01") == {"DEU": {"EUN": "2019-03-01"}}
    assert members(text, "2019-05-31") == {"DEU": {"EUN": "2019-03-01"}}
    assert members(text, "2019-06-01") == {}


def test_joining_again_while_a_member_changes_nothing_and_after_leaving_counts_anew() -> None:
    assert members(JOINED + "started DEU EUN 2019-05-01", "2019-12-31") == {"DEU": {"EUN": "2019-03-01"}}
    again = JOINED + "ended DEU EUN 2019-04-01\nstarted DEU EUN 2019-05-01"
    assert members(again, "2019-12-31") == {"DEU": {"EUN": "2019-05-01"}}


def test_memberships_can_be_corrected_and_retracted() -> None:
    assert members("a: started DEU EUN 2019-03-01\nretracted a", "2019-12-31") == {}
    assert members("a: started DEU EUN 2019-03-01\ncorrected a on=2019-04-01", "2019-12-31") == {
        "DEU": {"EUN": "2019-04-01"}
    }


def test_a_member_without_a_stance_shows_its_blocs_since_the_later_of_joining_and_stating() -> None:
    cell = state(JOINED + "stated EUN x supports 2019-02-01 speaker=Ann")["DEU"]
    assert (cell.row.stance, cell.inherited_from, cell.row.since) == ("supports", "EUN", date(2019, 3, 1))
    assert (cell.row.last_stated, cell.row.speaker) == (date(2019, 2, 1), "Ann")
    assert state(JOINED + "stated EUN x supports 2019-05-01")["DEU"].row.since == date(2019, 5, 1)


def test_an_own_stance_stays_and_a_withdrawn_one_gives_way() -> None:
    bloc = JOINED + "stated EUN x supports 2019-02-01\n"
    assert state(bloc + "stated DEU x opposes 2019-01-01")["DEU"].row.stance == "opposes"
    gone = state(bloc + "stated DEU x opposes 2019-01-01\nwithdrawn DEU x 2019-04-01")["DEU"]
    assert (gone.row.stance, gone.inherited_from) == ("supports", "EUN")


def test_a_bloc_that_withdrew_passes_nothing_on() -> None:
    found = state(JOINED + "stated EUN x supports 2019-02-01\nwithdrawn EUN x 2019-05-01")
    assert "DEU" not in found


def test_a_bloc_in_a_bloc_passes_on_what_no_nearer_one_has() -> None:
    text = JOINED + "started EUN G20 2019-01-01\nstated G20 x supports 2019-02-01\n"
    found = state(text)
    assert (found["EUN"].inherited_from, found["DEU"].inherited_from) == ("G20", "G20")
    assert found["DEU"].row.since == date(2019, 3, 1)
    nearer = state(text + "stated EUN x opposes 2019-02-01")["DEU"]
    assert (nearer.inherited_from, nearer.row.stance, nearer.row.contested) == ("EUN", "opposes", False)


def test_blocs_that_are_members_of_each_other_end_the_search() -> None:
    circle = JOINED + "started EUN G20 2019-01-01\nstarted G20 EUN 2019-01-01\nstarted G20 DEU 2019-01-01\n"
    assert state(circle + "stated DEU x supports 2019-02-01")["EUN"].inherited_from == "DEU"
    assert "DEU" not in state(circle + "stated RUS x supports 2019-02-01")


def test_a_member_belongs_to_a_bloc_since_the_way_on_which_it_has_belonged_longest() -> None:
    text = """
        started DEU EUN 2019-03-01
        started DEU NATO 2019-01-15
        started EUN G20 2019-01-01
        started NATO G20 2019-02-01
        stated G20 x supports 2019-01-01
        """
    assert state(text)["DEU"].row.since == date(2019, 2, 1)


def test_blocs_that_disagree_make_the_cell_contested() -> None:
    text = JOINED + "started DEU NATO 2019-01-01\nstated EUN x supports 2019-02-01 speaker=Ann\n"
    agree = state(text + "stated NATO x supports 2019-02-02 speaker=Bob")["DEU"]
    assert (agree.row.contested, agree.inherited_from) == (False, "NATO")
    differ = state(text + "stated NATO x opposes 2019-02-02 speaker=Bob")["DEU"]
    assert (differ.row.contested, differ.row.stance) == (True, "opposes")
    assert [said.party for said in differ.contested_by] == ["EUN"]


def test_what_is_contested_in_the_bloc_is_contested_in_its_members() -> None:
    text = JOINED + "stated EUN x opposes 2019-02-01 speaker=Ann\nstated EUN x supports 2019-02-02 speaker=Bob"
    assert state(text)["DEU"].row.contested
