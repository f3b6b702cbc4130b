"""What recording did, in sentences: the effect of each entry, and notes on what its recorder may have forgotten."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tracker.domain.registers.registers import Registers
    from tracker.domain.report.corrections import RevisionResult
    from tracker.usecases.record import RecordResult


class Reply(NamedTuple):
    """A text on what was recorded: of several lines if it is an effect, a sentence if it is a note."""

    text: str
    is_note: bool = False


def replies_on_entries(
    recorded: Sequence["RecordResult"],
    today: date,
    *,
    check: bool = False,
    names: "Registers | None" = None,
    on_options: bool = False,
    typed: Mapping[str, Any] | None = None,
) -> Iterator[Reply]:
    """Yield the effect of each recorded entry on its pair's stance, with the question that it answers, and the notes.

    The question of the one entry is found in `names`; of several, each question is told once. Of statements on
    options it is noted where terms stand on some of them alone, and of amounts as they were `typed` how they are read.
    """
    from tracker.adapters.batch_values import amount_notes
    from tracker.domain.log.events import PositionEvent
    from tracker.reports.tables.new_entry import effect, terms_notes

    skipped = 0
    told: set[str | None] = set()
    for result, notes in zip(recorded, notes_on_entries(recorded, check=check), strict=True):
        receipt = result.receipt
        event = receipt.entry.event
        if receipt.appended:
            question = result.question
            if question is None and names and isinstance(event, PositionEvent):
                question = names.issues[event.issue].question
            asked = None if question in told else question
            of = (receipt.entry, result.change, result.now, today)
            yield Reply(effect(*of, tried=check, question=asked, target=result.target, unit=result.unit))
            told.add(question)
        else:
            skipped += 1
        yield from (Reply(note, is_note=True) for note in notes)
    new_events = [one.receipt.entry.event for one in recorded if one.receipt.appended]
    for note in (*(terms_notes(new_events) if on_options else ()), *amount_notes(typed or {})):
        yield Reply(note, is_note=True)
    if skipped:
        was = "was" if len(recorded) == 1 else "were"
        yield Reply(f"{skipped:,} of {len(recorded):,} {was} recorded before and skipped.")
    new = [result.receipt.entry.position for result in recorded if result.receipt.appended]
    if len(new) > 1 and not check:
        yield Reply(f"Recorded {len(new):,} entries, @{new[0]} to @{new[-1]}.")


def notes_on_entries(recorded: Sequence["RecordResult"], *, check: bool = False) -> list[list[str]]:
    """The notes on each recorded entry; one that several share stands at the first of them."""
    from tracker.reports.tables.new_entry import gather_notes, warnings

    receipts = [result.receipt for result in recorded]
    noted = [
        (one.entry.position, [*one.notes, *(warnings(one.entry.event) if one.appended else ())]) for one in receipts
    ]
    return gather_notes(noted, tried=check)


def notes_on_correction(
    revised: "RevisionResult", changes: Mapping[str, Any], typed: Mapping[str, Any]
) -> Iterator[str]:
    """Yield what a correction may have forgotten; how amounts are read, as they were `typed`."""
    from tracker.adapters.batch_values import amount_notes
    from tracker.reports.tables.new_entry import quote_notes

    now = getattr(revised.entry.event, "replacement", {})
    yield from _words_left(revised, changes)
    if "summary" in now and changes.keys() & {"quote", "language", "translation"}:
        yield from quote_notes(now)
    yield from amount_notes(typed)


def _words_left(revised: "RevisionResult", changes: Mapping[str, Any]) -> Iterator[str]:
    """Yield a note if a position, or an outcome, changes and the words on it do not."""
    words = next((field for field in ("summary", "note") if getattr(revised.was, field, None)), None)
    differing = {one.field for one in revised.difference}
    for changed in ("stance", "amount", "outcome", "option"):
        if changed in differing and changes.get(changed) and words is not None and words not in changes:
            yield f"the {changed} changes and the {words} does not; --{words} corrects it too."
