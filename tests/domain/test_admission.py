"""What the log refuses, and the sentence it gives (DESIGN section 5)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.ledger import append_all, drafts
from tracker.domain.log.admission import last_first_day
from tracker.errors import TrackerError

REGISTERS = """
    r: party RUS name=Russia aliases=Moscow
    u: party USA
    i: issue a/b
    s: source dw 2019-12-11
    """


@pytest.fixture
def refusal(new_tracker: Callable[..., Any]) -> Callable[[str], str]:
    """The refusal of the last line of a ledger; the lines above it must be accepted."""

    def of(text: str) -> str:
        *good, bad = drafts(REGISTERS + text)
        with new_tracker(drafts=good) as tracker, tracker._log.writing() as log:
            with pytest.raises(TrackerError) as refused:
                log.append(bad)
            assert log.position == len(good)
        return str(refused.value)

    return of


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stated RUS a/b supports 2019-12-10 source=dww", "No source 'dww' is registered. Did you mean dw?"),
        ("stated RUS a/b supports 2019-12-10 ascribed_by=UKR", "No party 'UKR' is registered."),
        ("stated RUS a/b supports 2019-12-10 addressed_to=USA,CHN", "No party 'CHN' is registered."),
        ("milestone Summit 2019-12-10 issues=a/c", "No issue 'a/c' is on record. Did you mean a/b?"),
        ("stated RUS a/b supports 2031-06-03", "later than the day of recording, 2031-06-01"),
        ("withdrawn RUS a/b 2031-07", "later than the day of recording"),
        ("party RUS name=Russland", "with other data: name, aliases (none here). "),
        ("issue a/b title=Other", "with other data: title. "),
        ("source dw 2019-12-12", "with other data: published_on. "),
        ("party CHN aliases=moscow", "The name 'moscow' of CHN is in use: it already names RUS"),
        ("party CHN aliases=Russia", "in use"),
        ("party CHN name=RUSSIA", "The name 'RUSSIA' of CHN is in use: it already names RUS"),
        ("party CHN name=moscow", "in use"),
        ("party US1 name=usa", "The name 'usa' of US1 is in use: it already names USA"),
        ("party CHN name=PRC\nparty PRC", "The code 'PRC' is in use: it already names CHN"),
        ("party COD aliases=Congo\nparty COG name=Congo", "it already names COD"),
        ("party COG name=Congo\nparty COD aliases=Congo", "it already names COG"),
        ("party COG name=Congo\nparty COD\nupdated COD aliases_added=Congo", "it already names COG"),
        ("party COG name=Congo\nparty COD\nupdated COD name=Congo", "it already names COG"),
        ("party COG name=Congo\nc: party COD\ncorrected c name=Congo", "it already names COG"),
        ("party COG name=Congo\nc: party COD\ncorrected c aliases=Congo", "it already names COG"),
        ("party COG name=Congo\nparty COD\nc: updated COD name=DRC\ncorrected c name=Congo", "it already names COG"),
        ("updated RUS name=Rossiya\nparty CHN name=Russia", "it already names RUS"),
        ("corrected r name=Rossiya\nupdated USA name=Russia\nupdated RUS name=Russia", "it already names USA"),
        ("party TUR name=Türkiye\nparty TUR2 name=Tu\u0308rkiye", "it already names TUR"),
        ("party COD aliases=\u200b", "aliases: holds nothing that can be seen"),
        ("party COD name=\u200b\u00ad", "name: holds nothing that can be seen"),
        ("stated RUS a/b supports 2019-12-10 summary=\u200b", "summary: holds nothing that can be seen"),
        ("stated RUS a/b supports 2019-12-10 if=x;\u2060", "conditions: holds nothing that can be seen"),
        ("stated RUS a/b supports 2019-12-10 speaker=\u200b source=dww", "speaker: holds nothing that can be seen"),
        ("milestone \ufeff 2019-12-10", "title: holds nothing that can be seen"),
        ("a: stated RUS a/b supports 2019-12-10\ncorrected a speaker=\u200b", "speaker: holds nothing"),
        ("a: stated RUS a/b supports 2019-12-10\ncorroborated a source=dw note=\u200b", "note: holds nothing"),
        ("updated USA aliases_added=RUS", "in use"),
        ("updated USA aliases_added=Russia", "in use"),
        ("updated USA aliases_added=b\nparty B", "The code 'B' is in use: it already names USA"),
        ("retracted nothing", "is in the log"),
        ("corroborated nothing source=dw", "is in the log"),
        ("a: milestone Summit 2019-12-10\ncorroborated a source=dw", "cannot be corroborated"),
        ("a: stated RUS a/b supports 2019-12-10\nretracted a\nretracted a", "it was retracted"),
        ("a: stated RUS a/b supports 2019-12-10\nb: retracted a\nretracted b", "cannot be retracted"),
        ("corrected r party=RUX", "A correction cannot change party from 'RUS' to 'RUX'"),
        ("corrected s source=dx", "A correction cannot change source"),
        (
            "a: stated RUS a/b supports 2019-12-10\nb: corroborated a source=dw\n"
            "corrected b target=0190a2b4-0000-7000-8000-000000000001",
            "A correction cannot change target",
        ),
        ("stated RUS a/b supports 2019-12-10\nretracted r", "which entry"),
        ("stated USA a/b supports 2019-12-10 addressed_to=RUS\nretracted r", "cannot be retracted"),
        ("stated USA a/b supports 2019-12-10 source=dw\nretracted s", "cannot be retracted"),
        ("a: stated RUS a/b supports 2019-12-10\ncorrected a stance=pro", "replacement.stance: 'pro' is not one of"),
        ("a: stated RUS a/b supports 2019-12-10\ncorrected a summary=-", "replacement.summary: is missing."),
        ("a: stated RUS a/b supports 2019-12-10\ncorrected a source=dww", "No source 'dww' is registered."),
        ("a: stated RUS a/b supports 2019-12-10\ncorrected a stated_on=2031-06-03", "later than the day of recording"),
        ("a: stated RUS a/b supports 2019-12-10\nretracted a\ncorroborated a source=dw", "it was retracted"),
        (
            "party RUS name=Russland",
            "If it has another name now: tracker party rename RUS Russland. If @1 is wrong: tracker correct @1 --name ",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong(refusal: Callable[[str], str], text: str, says: str) -> None:
    assert says in refusal(text)


def test_a_refused_correction_names_the_successor_to_target(refusal: Callable[[str], str]) -> None:
    said = refusal("a: stated RUS a/b supports 2019-12-10\nb: corrected a stance=opposes\ncorrected a stance=neutral")
    assert said == "Entry @5 no longer counts: it was corrected. Target the correction @6 instead."
    said = refusal(
        "a: stated RUS a/b supports 2019-12-10\nb: corrected a stance=opposes\nc: corrected b stance=neutral\n"
        "corrected a stance=sceptical"
    )
    assert "Target the correction @7 instead." in said
    said = refusal("a: stated RUS a/b supports 2019-12-10\nretracted r")
    assert "Entry @1 registers 'RUS', which entry @5 refers to" in said


def test_several_problems_are_told_together_and_of_very_many_the_first(refusal: Callable[[str], str]) -> None:
    said = refusal("stated RUS a/b supports 2031-06-03 source=dww ascribed_by=UKR")
    assert ("source: No source 'dww'" in said, "ascribed_by: No party 'UKR'" in said) == (True, True)
    assert "stated_on: 2031-06-03 is later" in said
    assert "on: 2031-07 is later" in refusal("withdrawn RUS a/b 2031-07 source=dww")
    assert "party: The party 'RUS' is already registered" in refusal("party RUS name=Russland aliases=USA")
    many = ",".join(f"X{number}" for number in range(103))
    assert refusal(f"stated RUS a/b supports 2019-12-10 addressed_to={many}").endswith("... and 3 more like these.")


def test_the_day_of_grace_ends_with_the_calendar() -> None:
    assert last_first_day(date(2031, 6, 1)) == date(2031, 6, 2)
    assert last_first_day(date.max) == date.max


@pytest.mark.parametrize(
    "text",
    [
        "party RUS name=Russia aliases=Moscow",
        "stated RUS a/b supports 2030-01-02",
        "stated RUS a/b supports 2030",
        "a: stated RUS a/b supports 2019-12-10\ncorrected a",
        "a: stated RUS a/b supports 2019-12-10\ncorroborated a source=dw\nretracted a",
        "a: stated RUS a/b supports 2019-12-10\nb: corrected a party=USA\ncorroborated b source=dw",
        "retracted r\nparty CHN aliases=Moscow",
        "corrected r name=Rossiya\nparty CHN name=Russia",
        "updated RUS name=Rossiya\nupdated RUS name=Russia",
        "updated RUS name=RUSSIA aliases_added=moscow",
        "a: updated USA aliases_added=Kremlin\ncorrected a party=RUS",
        "a: updated USA aliases_added=Kremlin\nretracted a\nupdated RUS aliases_added=Kremlin",
        "corrected r aliases=RF\nparty CHN aliases=Moscow",
        "x: party RUS name=Russia aliases=Moscow\nstated RUS a/b supports 2019-12-10\nretracted r",
        "milestone Deadline 2040-01-01",
        "a: stated RUS a/b supports 2019-12-10\ncorrected a stated_on=2030-01-02",
    ],
)
def test_what_the_design_allows_is_accepted(new_tracker: Callable[..., Any], text: str) -> None:
    with new_tracker(REGISTERS) as tracker:
        with tracker._log.writing() as log:
            receipts = [log.append(draft) for draft in drafts(REGISTERS + text)]
        assert [receipt.notes for receipt in receipts if receipt.notes] == []
        assert tracker.verify().sound


def test_entries_of_one_append_see_each_other(new_tracker: Callable[..., Any]) -> None:
    text = """
        a: stated RUS a/b supports 2019-12-10
        b: corrected a stance=opposes
        corroborated b source=dw
        retracted b
        """
    with new_tracker() as one_by_one, new_tracker() as at_once:
        with one_by_one._log.writing() as log:
            for draft in drafts(REGISTERS + text):
                log.append(draft)
        with at_once._log.writing() as log:
            assert all(not isinstance(result, TrackerError) for result in append_all(log, drafts(REGISTERS + text)))
        assert at_once.checkpoint() == one_by_one.checkpoint()
        assert at_once.verify().sound
