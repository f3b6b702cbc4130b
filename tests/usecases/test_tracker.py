"""Use cases that no other test has a place for: what is found by index must not depend on how much there is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tracker import Tracker
from tracker.domain.log.events import PartyRegistered, PositionStated
from tracker.domain.terms.scope import Listing, Query
from tracker.errors import BadValue, TrackerError, UnknownParty

ON = date(2019, 12, 31)


def test_an_issues_own_entries_may_be_corrected_to_another_issue(new_tracker: Callable[..., Any]) -> None:
    text = """
        issue y
        stated RUS x supports 2019-02-01
        c: closed x 2019-03-01 agreed
        w: reworded x 2019-03-01 question=Other?
        corrected c issue=y
        corrected w issue=y
        """
    with new_tracker(text) as tracker:
        assert tracker.explain("RUS", "y", ON).row is None
        assert tracker.explain("RUS", "x", ON).row.closed is None
        assert tracker.explain("RUS", "y", ON).issue.question == "Other?"


def test_reports_and_asks_take_hundreds_of_issues(new_tracker: Callable[..., Any]) -> None:
    lines = ["party RUS", "party USA"]
    for number in range(700):
        lines.append(f"stated USA i{number} supports 2019-06-01 act=asks addressed_to=RUS")
        lines.append(f"stated RUS i{number} opposes 2019-06-02")
    with new_tracker("\n".join(lines)) as tracker:
        report = tracker.report(date(2019, 1, 1), ON)
        assert len(report.net) == 1400
        assert len(tracker.asks(ON).asks) == 700
        assert {ask.answer.value for ask in tracker.asks(ON).asks} == {"opposes"}
        late = tracker.report(ON, ON, Query(), known_from=parse("@2"))
        assert len(late.learned or ()) == 1400


def parse(text: str) -> Any:
    from tracker.domain.terms.scope import parse_known_at

    return parse_known_at(text)


def test_an_entrys_id_is_a_uuid_in_its_one_spelling(new_tracker: Callable[..., Any]) -> None:
    opened = PartyRegistered(party="RUS", name="Russia", kind="state")
    with new_tracker() as tracker:
        for bad in ("x", "", "\x00", "{2692bd62-69e4-51c0-81d7-c98808e36969}"):
            with pytest.raises(BadValue, match="is not a UUID"):
                tracker.record([opened], by="analyst", event_ids=[bad])
        for spelled in ("2692BD62-69E4-51C0-81D7-C98808E36969", "2692bd62-69e4-51c0-81d7-c98808e36969"):
            (recorded,) = tracker.record([opened], by="analyst", event_ids=[spelled])
            assert recorded.receipt.entry.id == spelled.lower()
        assert tracker.checkpoint().position == 1


def test_an_ask_that_names_an_addressee_twice_is_listed_once(new_tracker: Callable[..., Any]) -> None:
    with new_tracker("party USA\nstated RUS x supports 2019-06-01 act=asks addressed_to=USA,USA") as tracker:
        assert len(tracker.asks(ON).asks) == 1


def test_conditions_named_for_another_stance_are_not_in_force(new_tracker: Callable[..., Any]) -> None:
    text = "stated RUS x opposes 2019-02-01 if=verified\nstated RUS x neutral 2019-03-01"
    with new_tracker(text) as tracker:
        same = {"party": "RUS", "issue": "x", "stance": "neutral", "summary": "As before."}
        (told,) = tracker.record([PositionStated(**same, stated_on="2019-04-01", conditions=())], by="me")
        assert told.change.kind == "reaffirmed"


def test_questions_take_days_and_filters_as_people_write_them(new_tracker: Callable[..., Any]) -> None:
    text = """
        source dw 2019-12-11
        party RUS name=Russia aliases=Moscow
        stated RUS arms/start supports 2019-12-10 source=dw
        stated USA arms/start opposes 2019-12-10
        stated USA trade opposes 2019-12-10
        """
    with new_tracker(text) as tracker:

        def pairs(**filters: Any) -> list[tuple[str, str]]:
            return [(row.party, row.issue) for row in tracker.state(on="2019-12-31", **filters).rows]

        assert pairs(party="Moscow") == [("RUS", "arms/start")]
        assert pairs(issue="start", parties=["usa", "Russia"]) == [("RUS", "arms/start"), ("USA", "arms/start")]
        assert pairs(known_at="@4") == [("RUS", "arms/start")]
        assert pairs(published_by="2019-12-11") == [("RUS", "arms/start")]
        assert pairs(attributions=["inferred"]) == []
        assert tracker.explain("Moscow", "start", "2019-12-10").row.stance == "supports"
        assert len(tracker.report("2019-12-09", "2019-12-10", issue="trade").changes) == 1
        assert len(tracker.history(on="2019-12-09").changes) == 0
        for wrong in ({"party": "Atlantis"}, {"issue": "atlantis"}, {"published_by": "soon"}, {"known_at": "then"}):
            with pytest.raises(TrackerError):
                tracker.state(**wrong)
        with pytest.raises(UnknownParty):
            tracker.explain("arms/start", "RUS")


def test_a_database_is_created_where_there_is_none_and_opened_where_there_is_one(tmp_path: Path) -> None:
    url = str(tmp_path / "mine.db")
    with Tracker.create(url) as tracker:
        tracker.record([PartyRegistered(party="RUS", name="Russia", kind="state")], by="analyst")
    with Tracker.create(url) as tracker:
        assert [row.party.party for row in tracker.parties()] == ["RUS"]
    (tmp_path / "other.db").write_text("not a database")
    with pytest.raises(TrackerError):
        Tracker.create(str(tmp_path / "other.db"))
    assert (tmp_path / "other.db").read_text() == "not a database"


FILTERED = """
    stated RUS a/b supports 2019-01-01
    stated USA a/b opposes 2019-02-01 attribution=inferred
    """


def test_filters_are_read_as_people_write_them(new_tracker: Callable[..., Any]) -> None:
    def parties(**filters: Any) -> list[str]:
        return [row.party for row in tracker.state(ON, **filters).rows]

    with new_tracker(FILTERED) as tracker:
        first = tracker.checkpoint().position - 1
        assert parties() == ["RUS", "USA"]
        assert parties(parties="USA") == parties(party="USA") == parties(parties=["USA"]) == ["USA"]
        assert parties(issues="b") == ["RUS", "USA"]
        assert parties(attributions="inferred") == parties(attributions=["inferred"]) == ["USA"]
        assert parties(known_at=first) == parties(known_at=f"@{first}") == ["RUS"]
        recorded = tracker.show(f"@{first + 1}").entry.recorded_at
        for moment in (recorded, recorded.astimezone(timezone(timedelta(hours=5))), recorded.date()):
            assert parties(known_at=moment) == parties(known_at=moment.isoformat()) == ["RUS", "USA"]
            assert parties(known_at=moment - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"partys": ["USA"]}, TypeError),
        ({"parties": []}, BadValue),
        ({"issues": ()}, BadValue),
        ({"attributions": ""}, BadValue),
        ({"party": " "}, BadValue),
        ({"party": 42}, BadValue),
        ({"issues": [None]}, BadValue),
        ({"known": "@1"}, TypeError),
        ({"attributions": ["said"]}, BadValue),
        ({"known_at": datetime(2019, 1, 1)}, BadValue),
        ({"published_by": datetime(2019, 1, 1, tzinfo=UTC)}, BadValue),
        ({"on": datetime(2019, 1, 1, tzinfo=UTC)}, BadValue),
        ({"on": 2019}, BadValue),
        ({"query": Query(published_by=ON), "party": "USA"}, TypeError),
    ],
)
def test_what_no_question_takes_is_refused(
    new_tracker: Callable[..., Any], wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    with new_tracker(FILTERED) as tracker:
        for ask in (tracker.state, tracker.asks, tracker.conditions):
            with pytest.raises(refusal):
                ask(**wrong)
        with pytest.raises(refusal):
            tracker.history(**wrong)
        with pytest.raises(refusal):
            tracker.find("stated", **wrong)
        if "on" not in wrong:
            with pytest.raises(refusal):
                tracker.report("2019-01-01", **wrong)
            with pytest.raises((refusal, TypeError)):
                tracker.explain("USA", "a/b", **({"parties": ["USA"]} if "party" in wrong else wrong))


LISTED = """
    party USA
    stated RUS a/b supports 2019-01-01 speaker=Lavrov act=offers addressed_to=USA
    stated USA a/b opposes 2019-02-01 speaker=Pompeo act=rejects
    """


def test_lists_are_of_speakers_and_acts_too(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LISTED) as tracker:

        def parties(*named: str, **filters: Any) -> list[str]:
            return [change.party for change in tracker.history(*named, on=ON, **filters).changes]

        assert parties() == ["RUS", "USA"]
        assert parties("RUS", "b") == parties(speaker="lavrov") == parties(act="offers") == ["RUS"]
        assert parties(issue="a/b", acts="offers, rejects") == parties("USA,RUS") == ["RUS", "USA"]
        assert len(tracker.asks(ON, speakers=["Lavrov"]).asks) == 1
        assert len(tracker.asks(ON, acts=["asks"]).asks) == 0
        (hit,) = tracker.find("lavrov", on=ON, act="offers").found
        assert hit.position == tracker.show(hit.position).entry.position
        with pytest.raises(TypeError, match="not both"):
            tracker.history(act="offers", listing=Listing(("Lavrov",)))
        with pytest.raises(BadValue, match="'says' is no act"):
            tracker.history(act="says")


def test_a_name_is_text(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LISTED) as tracker:
        for party, issue in ((42, "a/b"), ("RUS", None), (None, "a/b"), (["RUS"], "a/b")):
            with pytest.raises(BadValue, match="is not a name"):
                tracker.explain(party, issue)
        with pytest.raises(BadValue, match="Leave parties out"):
            tracker.history(parties=[])


def test_a_report_goes_forward(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(FILTERED) as tracker:
        with pytest.raises(BadValue, match="not from 2019-02-01 to 2019-01-01"):
            tracker.report("2019-02-01", "2019-01-01")
        assert len(tracker.report("2019-01-01", "2019-02-01").changes) == 1
