"""Facts of every section of a file that look like one on record: what is advised, and a file that is run again."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.usecases.test_on_record import ON_RECORD, appended
from tracker.adapters.batch import read_batch
from tracker.errors import BadData
from tracker.usecases.record import RecordResult

pytestmark = pytest.mark.on_both_backends

FACTS = """\
parties:
- {party: EUN, name: European Union, kind: bloc}
issues:
- {issue: a/c, title: C, question: Should C}
sources:
- {source: bbc, title: News, publisher: BBC, published_on: 2020-01-02}
memberships:
- {party: RUS, bloc: EUN, on: 2001-01-01, left: 2002-01-01, source: bbc}
milestones:
- {on: 2015-12-12, title: Paris adopted, category: treaty, parties: RUS}
- {on: 2016-12-12, title: Bonn adopted, category: treaty, parties: RUS}
"""


def run_facts(tracker: Any, text: str, **options: bool) -> list[RecordResult]:
    recorded: list[RecordResult] = tracker.record_batch(read_batch("all.yaml", text.encode()), by="me", **options)
    return recorded


@pytest.mark.parametrize(
    ("old", "new", "command"),
    [
        ("adopted, category: treaty", "adopted, category: summit", "tracker correct @11 --category summit --reason"),
        ("Paris adopted", "The Paris Agreement", "tracker correct @11 --title 'The Paris Agreement' --reason"),
        ("2015-12-12", "2015-12-13", "tracker correct @11 --on 2015-12-13 --reason"),
        (", parties: RUS}", "}", "tracker correct @11 --unset parties --reason"),
        ("parties: RUS}", "parties: 'RUS, USA'}", "tracker correct @11 --parties RUS --parties USA --reason"),
        ("on: 2001-01-01", "on: 2001-01-02", "tracker correct @9 --on 2001-01-02 --reason"),
        ("left: 2002-01-01", "left: 2002-02-01", "tracker correct @10 --on 2002-02-01 --reason"),
        ("source: bbc}\nmile", "source: dw}\nmile", "tracker correct @9 --source dw --reason"),
        (
            "European Union",
            "the Union",
            "tracker party rename EUN 'the Union'. If @6 is wrong: tracker correct @6 --name",
        ),
        (
            "kind: bloc",
            "kind: bloc, aliases: [EU]",
            "tracker party alias EUN EU. If @6 is wrong: tracker correct @6 --al",
        ),
        (
            "Should C}",
            "Should D}",
            "tracker issue reword a/c --on DAY --question 'Should D'. If @7 is wrong: ",
        ),
        ("2020-01-02}", "2020-01-03}", "If @8 is wrong: tracker correct @8 --published-on 2020-01-03 --reason"),
        (", published_on: 2020-01-02", "", "If @8 is wrong: tracker correct @8 --unset published-on --reason"),
    ],
)
def test_a_changed_row_of_any_section_is_refused_with_its_correction(
    new_tracker: Callable[..., Any], old: str, new: str, command: str
) -> None:
    with new_tracker(ON_RECORD) as tracker:
        run_facts(tracker, FACTS)
        head = tracker.checkpoint().position
        with pytest.raises(BadData) as refused:
            run_facts(tracker, FACTS.replace(old, new, 1), skip_recorded=True)
        assert command in str(refused.value)
        assert len(refused.value.findings) == 1 + ("source: dw" in new)
        assert tracker.checkpoint().position == head


SAID = "party: RUS, issue: b, stance: supports, on: 2020-01-02"
REGISTERS = "parties: [{party: FRA, name: France}]\nsources: [{source: s2, title: News, publisher: P}]\n"


@pytest.mark.parametrize(
    ("row", "old", "new", "names", "command"),
    [
        (f"statements: [{{{SAID}, ", "source: dw, summary: x", "source: s2, summary: x", "`source`", ""),
        (f"statements: [{{{SAID}, ", "summary: x", "source: s2, summary: y, to: FRA",
         "`source` and `to`", "--summary y"),
        ("memberships: [{party: RUS, bloc: NATO, on: 2001-01-01, ", "source: dw", "source: s2", "`source`", ""),
        ("milestones: [{title: Talks, on: 2001-01-01, ", "source: dw", "source: s2", "`source`", ""),
        ("milestones: [{title: Talks, on: 2001-01-01, ", "parties: RUS", "category: talks, parties: FRA", "`parties`",
         "--category talks"),
    ],
)  # fmt: skip
def test_no_command_names_what_the_file_alone_registers(
    new_tracker: Callable[..., Any], row: str, old: str, new: str, names: str, command: str
) -> None:
    with new_tracker(f"{ON_RECORD}\nparty NATO kind=bloc") as tracker:
        run_facts(tracker, f"{row}{old}}}]")
        changed = f"{REGISTERS}{row}{new}}}]"
        for skip_recorded in (True, False)[: 1 + row.startswith("statements")]:
            with pytest.raises(BadData) as refused:
                run_facts(tracker, changed, skip_recorded=skip_recorded)
            says = str(refused.value)
            assert f"What {names} names is not on record: register it first, and run this again." in says
            assert (f"tracker correct @7 {command} --reason" if command else "") in says
            assert says.count("tracker correct") == bool(command)
            assert "s2" not in says
        run_facts(tracker, REGISTERS)
        with pytest.raises(BadData, match=r"tracker correct @7 .*(s2|FRA)"):
            run_facts(tracker, changed, skip_recorded=True)


@pytest.mark.parametrize("number", range(6, 13))
def test_a_row_of_any_section_that_was_retracted_stays_retracted_unless_asked_for(
    new_tracker: Callable[..., Any], number: int
) -> None:
    with new_tracker(ON_RECORD) as tracker:
        run_facts(tracker, FACTS)
        targets = {6: ("@6", "@9", "@10"), 8: ("@8", "@9", "@10"), 9: ("@9", "@10")}.get(number, (f"@{number}",))
        tracker.retract(*targets, reason="x", by="me")
        again = run_facts(tracker, FACTS, skip_recorded=True)
        assert not any(appended(again))
        noted = [note for result in again for note in result.receipt.notes]
        assert len(noted) == len(targets)
        assert all("was retracted, and is not recorded again without --anyway." in note for note in noted)
        assert sum(appended(run_facts(tracker, FACTS, skip_recorded=True, anyway=True))) == len(targets)


def test_a_fact_that_was_corrected_since_is_passed_over_with_what_counts(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(ON_RECORD) as tracker:
        run_facts(tracker, FACTS)
        tracker.correct("@11", {"category": "summit"}, reason="x", by="me")
        tracker.correct("@6", {"name": "the Union"}, reason="x", by="me")
        again = run_facts(tracker, FACTS, skip_recorded=True)
        assert not any(appended(again))
        assert [note.partition(": ")[2] for result in again for note in result.receipt.notes] == [
            "@6 was corrected since; @14 counts.",
            "@11 was corrected since; @13 counts.",
        ]


def test_another_milestone_of_the_day_or_the_title_of_another_row_is_new(new_tracker: Callable[..., Any]) -> None:
    more = (
        "- {on: 2015-12-12, title: Kyoto ends, category: treaty, parties: RUS}\n"
        "- {on: 2017-12-12, title: Bonn adopted}\n"
    )
    with new_tracker(ON_RECORD) as tracker:
        run_facts(tracker, FACTS)
        assert sum(appended(run_facts(tracker, FACTS + more, skip_recorded=True))) == 2
