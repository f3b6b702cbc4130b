"""Statements that look like one on record: what is advised, and a file that is run again."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tracker.adapters.batch import read_batch
from tracker.domain.log.event_parts import EventModel
from tracker.domain.log.events import EntryRetracted, Event, IssueReworded, PartyUpdated, StatementCorroborated
from tracker.errors import BadData, RefusedEntries
from tracker.storage.backends.compiled_query import CompiledQuery
from tracker.usecases import run_again
from tracker.usecases.record import RecordResult

pytestmark = pytest.mark.on_both_backends

ON_RECORD = """
    party RUS
    party USA
    issue a/b
    source dw 2020-01-02
    source tass 2020-01-02
"""
FIRST = "{party: RUS, issue: b, stance: supports, on: 2020-01-02, speaker: Lavrov, source: dw, summary: For it.}"
SECOND = "{party: 'RUS, USA', issue: b, stance: opposes, on: 2020-01-03, summary: Against it., conditions: [x]}"
THIRD = "{party: USA, issue: b, stance: neutral, on: 2020-01-04, summary: Undecided.}"


def run(tracker: Any, *rows: str, **options: bool) -> list[RecordResult]:
    batch = read_batch("topic.yaml", ("statements:\n" + "".join(f"- {row}\n" for row in rows)).encode())
    recorded: list[RecordResult] = tracker.record_batch(batch, by="me", **options)
    return recorded


def appended(recorded: list[RecordResult]) -> list[bool]:
    return [result.receipt.appended for result in recorded]


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ("source: tass", "If this is another source for it: tracker corroborate @6 --source tass."),
        ("source: tass, quote: Yes", "tracker corroborate @6 --source tass --quote Yes."),
        ("source: dw", "It says the same as @6: there is nothing to record"),
        ("source: dw, locator: p. 2", "tracker corroborate @6 --source dw --locator 'p. 2'."),
        (
            "summary: Yes indeed.",
            "If @6 should say otherwise: tracker correct @6 --summary 'Yes indeed.' --reason TEXT.",
        ),
        ("source: null", "If another source carries it: tracker corroborate @6 --source ID."),
        ("source: reuters", "source: No source 'reuters' is registered."),
    ],
)
def test_a_look_alike_is_refused_with_what_can_be_done(
    new_tracker: Callable[..., Any], change: str, advice: str
) -> None:
    fields = dict(part.split(": ") for part in FIRST.strip("{}").split(", ")) | dict(
        part.split(": ") for part in change.split(", ")
    )
    with new_tracker(ON_RECORD) as tracker:
        run(tracker, FIRST)
        with pytest.raises(BadData) as refused:
            run(tracker, "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}")
    assert advice in str(refused.value)
    assert "If it is another statement, add --anyway." in str(refused.value)
    assert ("corroborate" in str(refused.value)) == ("corroborate" in advice or "No source" in advice)
    assert "--source reuters" not in str(refused.value).partition("should say otherwise")[0]


def test_a_look_alike_without_a_source_in_other_words_may_be_a_correction(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(ON_RECORD) as tracker:
        run(tracker, THIRD)
        with pytest.raises(BadData) as refused:
            run(tracker, THIRD.replace("Undecided.", "No view."))
    assert "tracker correct @6 --summary 'No view.' --reason TEXT" in str(refused.value)


def test_nobody_is_told_to_corroborate_with_a_source_that_does_so_already(new_tracker: Callable[..., Any]) -> None:
    said = "said: stated RUS a/b supports 2020-01-02 source=dw\ncorroborated said source=tass"
    with new_tracker(ON_RECORD + said) as tracker, pytest.raises(BadData) as refused:
        run(tracker, "{party: RUS, issue: b, stance: supports, on: 2020-01-02, source: tass, summary: Said so.}")
    assert "corroborate" not in str(refused.value)


def test_a_file_that_is_run_again_records_the_rows_that_were_added(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(ON_RECORD) as tracker:
        assert appended(run(tracker, FIRST, SECOND, skip_recorded=True)) == [True, True, True]
        again = run(tracker, THIRD, FIRST, SECOND, skip_recorded=True)
        assert appended(again) == [True, False, False, False]
        assert [result.receipt.entry.position for result in again] == [9, 6, 7, 8]
        assert appended(run(tracker, FIRST, SECOND, THIRD, skip_recorded=True)) == [False] * 4
        with pytest.raises(BadData, match="looks like one on record"):
            run(tracker, FIRST, SECOND)


@pytest.mark.parametrize(
    ("row", "command"),
    [
        (FIRST.replace("For it.", "All for it."), "tracker correct @6 --summary 'All for it.' --reason TEXT"),
        (FIRST.replace("supports", "opposes"), "tracker correct @6 --stance opposes --reason TEXT"),
        (FIRST.replace("01-02", "01-03"), "tracker correct @6 --on 2020-01-03 --reason TEXT"),
        (FIRST.replace("dw", "tass"), "another source for it: tracker corroborate @6 --source tass. If we erred: "),
        (FIRST.replace("dw", "tass, locator: p. 2"), "tracker corroborate @6 --source tass --locator 'p. 2'. If we"),
        (FIRST.replace("source: dw, ", ""), "tracker correct @6 --unset source --reason TEXT"),
        (FIRST.replace("}", ", role: Minister}"), "tracker correct @6 --role Minister --reason TEXT"),
        (SECOND.replace("[x]", "[]").replace("'RUS, USA'", "RUS"), "tracker correct @7 --no-conditions --reason TEXT"),
        (SECOND.replace("[x]", "[y, z]").replace("'RUS, USA'", "RUS"), "@7 --condition y --condition z --reason TEXT"),
    ],
)
def test_a_row_that_changed_is_refused_with_its_correction(
    new_tracker: Callable[..., Any], row: str, command: str
) -> None:
    with new_tracker(ON_RECORD) as tracker:
        run(tracker, FIRST, SECOND)
        with pytest.raises(BadData) as refused:
            run(tracker, row, THIRD, skip_recorded=True)
        assert tracker.checkpoint().position == 8
        assert [finding.line for finding in refused.value.findings] == [2]
        assert command in str(refused.value)
        assert appended(run(tracker, row, THIRD, skip_recorded=True, anyway=True)) == [True, True]


def test_a_row_whose_source_corroborates_the_statement_is_passed_over(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(ON_RECORD) as tracker:
        run(tracker, FIRST)
        tracker.record([StatementCorroborated(target=tracker.show("@6").entry.id, source="tass")], by="me")
        second = FIRST.replace("dw", "tass").replace("For it.", "In favour.")
        for rows in ((second,), (FIRST, second)):
            *_, again = run(tracker, *rows, skip_recorded=True)
            assert (again.receipt.appended, again.receipt.entry.position) == (False, 6)
            assert "tass corroborates @6 already" in again.receipt.notes[0]
        with pytest.raises(BadData):
            run(tracker, FIRST.replace("dw", "tass").replace("}", ", conditions: [x]}"), skip_recorded=True)


def test_another_statement_with_words_of_another_row_is_new(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(ON_RECORD) as tracker:
        run(tracker, FIRST)
        assert appended(run(tracker, FIRST, FIRST.replace("01-02", "02-02"), skip_recorded=True)) == [False, True]
        with pytest.raises(BadData, match="occurs twice"):
            run(tracker, FIRST, THIRD, THIRD, skip_recorded=True)


def test_a_row_that_was_corrected_or_retracted_since_is_not_recorded_again(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(ON_RECORD) as tracker:
        run(tracker, FIRST, THIRD)
        tracker.correct("@6", {"stance": "conditional"}, reason="x", by="me")
        tracker.retract("@7", reason="x", by="me")
        first, third = run(tracker, FIRST, THIRD, skip_recorded=True)
        assert (first.receipt.appended, third.receipt.appended) == (False, False)
        assert "@6 was corrected since; @8 counts" in first.receipt.notes[0]
        assert "@7 was retracted" in third.receipt.notes[0]
        assert appended(run(tracker, FIRST, THIRD, skip_recorded=True, anyway=True)) == [False, True]


SO_ALREADY = [
    PartyUpdated(party="RUS", aliases_added=("PARTY rus", "rus")),
    PartyUpdated(party="RUS", name="Party RUS"),
    IssueReworded(issue="a/b", title="a/b", on=date(2020, 1, 1)),
]


@pytest.mark.parametrize("event", SO_ALREADY)
def test_a_name_or_wording_that_holds_already_is_refused_unless_asked_for(
    new_tracker: Callable[..., Any], event: Event
) -> None:
    with new_tracker(ON_RECORD) as tracker:
        for check_only in (False, True):
            with pytest.raises(RefusedEntries, match="already, so that nothing would change"):
                tracker.record([event], by="me", check_only=check_only)
        assert appended(tracker.record([event], by="me", anyway=True)) == [True]
        assert appended(tracker.record([event], by="me", skip_recorded=True)) == [False]


def test_a_change_holds_from_the_first_of_several_and_may_be_recorded_again_by_its_id(
    new_tracker: Callable[..., Any],
) -> None:
    renamed, reworded = (
        PartyUpdated(party="RUS", name="R"),
        IssueReworded(issue="a/b", title="T", on=date(2020, 1, 1)),
    )
    ids = [str(uuid.uuid4()), str(uuid.uuid4())]
    with new_tracker(ON_RECORD) as tracker:
        with pytest.raises(RefusedEntries) as refused:
            tracker.record([renamed, reworded, reworded, renamed], by="me")
        assert [index for index, _ in refused.value.refusals] == [2, 3]
        assert appended(tracker.record([renamed, reworded], by="me", event_ids=ids)) == [True, True]
        assert appended(tracker.record([renamed, reworded], by="me", event_ids=ids)) == [False, False]
        earlier = IssueReworded(issue="a/b", title="T", on=date(2019, 1, 1))
        assert appended(tracker.record([earlier], by="me")) == [True]


def test_recording_reads_what_was_said_on_a_day_once_however_much_it_was(
    new_tracker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows_read: list[Any] = []
    read_rows = CompiledQuery.rows

    def counted(*query: Any) -> Any:
        found = read_rows(*query)
        rows_read.extend(found)
        return found

    monkeypatch.setattr(CompiledQuery, "rows", counted)

    def rows_read_by(number: int) -> dict[str, int]:
        """The rows that the same recordings read, of as many statements of one pair, day and stance."""
        said = [FIRST.replace("Lavrov", f"S{one}") for one in range(number)]
        read = {}
        with new_tracker(ON_RECORD) as tracker:
            rows_read.clear()
            first = run(tracker, *said)
            read["recorded"] = len(rows_read)
            tracker.record([EntryRetracted(target=one.receipt.entry.id, reason="No.") for one in first], by="me")
            rows_read.clear()
            again = run(tracker, *said)
            read["recorded after a retraction"] = len(rows_read)
            notes = [note for one in again for note in one.receipt.notes]
            assert len(notes) == sum("said the same and was retracted" in note for note in notes) == number
            rows_read.clear()
            with pytest.raises(BadData) as refused:
                run(tracker, *said)
            assert len(refused.value.findings) == number
            read["refused"] = len(rows_read)
        return read

    few, many = rows_read_by(20), rows_read_by(40)
    assert {what: many[what] <= 2 * few[what] for what in many} == dict.fromkeys(few, True)


def test_a_single_statement_can_be_recorded_again_without_harm(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(ON_RECORD) as tracker:
        (first,) = run(tracker, FIRST)
        event = first.receipt.entry.event
        with pytest.raises(RefusedEntries):
            tracker.record([event], by="me")
        (again,) = tracker.record([event], by="me", skip_recorded=True)
        assert again.receipt.entry == first.receipt.entry


STATEMENT = FIRST.replace("Lavrov", "S%d").replace("For it", "Reason %d")
MILESTONE = "{on: 2020-01-02, title: Round %d, quote: Round %d opens, source: dw}"


@pytest.mark.parametrize(("section", "row"), [("statements", STATEMENT), ("milestones", MILESTONE)])
def test_a_file_that_is_run_again_is_compared_by_what_its_rows_say_and_not_each_with_each(
    new_tracker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, section: str, row: str
) -> None:
    compared: list[str] = []
    for module, name in ((EventModel, "__eq__"), (run_again, "text_key"), (run_again, "changes")):
        plain = getattr(module, name)

        def counted(*given: Any, plain: Callable[..., Any] = plain, name: str = name) -> Any:
            compared.append(name)
            return plain(*given)

        monkeypatch.setattr(module, name, counted)

    def comparisons(number: int) -> int:
        """The comparisons of a file of which half is on record, some of it changed, and half is new."""
        rows = [row % (one, one) for one in range(3 * number)]
        changed = [one.replace("source: dw", "source: tass") for one in rows[number : 2 * number]]
        with new_tracker(ON_RECORD) as tracker:

            def again(*rows: str) -> Any:
                file = f"{section}:\n" + "".join(f"- {one}\n" for one in rows)
                return tracker.record_batch(read_batch("topic.yaml", file.encode()), by="me", skip_recorded=True)

            again(*rows[: 2 * number])
            compared.clear()
            assert len(appended(again(*rows[:number], *rows[2 * number :]))) == 2 * number
            with pytest.raises(BadData) as refused:
                again(*rows[:number], *changed)
            assert len(refused.value.findings) == number
        return len(compared)

    assert comparisons(40) <= 2 * comparisons(20)
