"""The effect of a new entry in a line, and what its recorder may have forgotten."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.log.entries import Entry, about
from tracker.domain.log.events import (
    Event,
    IssueClosed,
    IssueReopened,
    MembershipEnded,
    MembershipStarted,
    PartySucceeded,
    PositionStated,
    StatementCorroborated,
    TranslatedEvidence,
)
from tracker.domain.registers.issue_notes import SharedNote
from tracker.domain.report.context import occurrence_text
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.vocabulary import Act, Attribution, Stance
from tracker.domain.timeline.statement import Statement
from tracker.reports.positions.outcomes import outcome_at
from tracker.reports.positions.values import bare_value_text, is_converted, kind_word, value_text
from tracker.reports.steps import lapsed_text
from tracker.reports.wording import (
    day_text,
    earlier_text,
    positions_text,
    stance_before,
    stated_text,
    statement_marks,
    when_text,
)

# --- the effect -----------------------------------------------------------------------------------


def effect(
    entry: Entry,
    change: Change | None,
    now: Statement | None,
    today: date,
    *,
    tried: bool,
    question: str | None = None,
    target: int | None = None,
    unit: str | None = None,
) -> str:
    """A line on the effect of an entry; for a late one with the stance that is in effect today instead.

    The question that it answers stands below it, if it is given. `target` is the log position of the entry that it is
    about, if it is about one, and `unit` that of the amount at which an issue was closed.
    """
    where = "not recorded" if tried else f"@{entry.position} {entry.id}"
    if change is None:
        return f"{entry.event.event_kind.name}: {plain(_recorded(entry.event, target, unit))}\n  {where}"
    how = f"{kind_word(change.kind, change.unit)}, {stated_text(change.stated_on)}"
    line = f"{change.party} {plain(change.issue)}: {plain(movement(change))} ({how})"
    if (bloc := change.details.leaves_position_of) is not None:
        line += f"; leaves the position of {bloc}"
    if now is None or change.on > today:
        line += f"; takes effect on {day_text(change.on)}"
    elif now.event_id != entry.id:
        held = plain(value_text(now.value, change.unit, converted=is_converted(now)))
        line += f"; in effect today is {held}, of {stated_text(now.stated_on)}"
    return "\n  ".join(filter(None, (line, plain(lapsed_text(change)), plain(question or ""), where)))


def movement(change: Change) -> str:
    """A change in words, with the unit once: `conditional? -> supports`, `100 -> 200 to 300 USD bn a year`."""
    assert change.to_value is not None
    marks = statement_marks(change.attribution, change.standing)
    after = f"{value_text(change.to_value, change.unit, converted=is_converted(change.statement))}{marks}"
    if change.kind in (Kind.REAFFIRMED, Kind.AMENDED):
        return after
    return f"{_before(change)} -> {after}"


def _before(change: Change) -> str:
    held = change.from_value
    if held is None and change.unit is not None:
        return "no position"
    if held is None or isinstance(held, Stance):
        how = change.from_attribution, change.from_standing
        return stance_before(held, *how, reworded=change.from_reworded)
    marks = statement_marks(change.from_attribution, change.from_standing)
    bare = bare_value_text(held, change.unit, converted=change.from_converted)
    return f"{bare}{marks}{earlier_text(held, reworded=change.from_reworded)}"


def _recorded(event: Event, target: int | None, unit: str | None) -> str:
    """What an entry records that is no position."""
    match event:
        case StatementCorroborated():
            return f"@{target}, by {event.source}"
        case MembershipStarted() | MembershipEnded():
            return f"{occurrence_text(event)} {when_text(event.on)}"
        case PartySucceeded() | IssueReopened():
            return f"{occurrence_text(event)} from {day_text(event.on)}"
        case IssueClosed() if event.amount is not None:
            return f"{event.issue}, {outcome_at(event.outcome, event.amount.amount, unit)}"
        case IssueClosed() if event.option is not None:
            return f"{event.issue}, {event.outcome}: {event.option.rpartition('/')[2]}"
        case IssueClosed():
            return f"{event.issue}, {event.outcome}"
        case _:
            return about(event)


# --- what its recorder may have forgotten -----------------------------------------------------------


def gather_notes(noted: Sequence[tuple[int, Sequence[str]]], *, tried: bool) -> list[list[str]]:
    """Return the notes on each of some entries, given with their log positions; what several share is told once.

    That is with the first of them, and names all; of entries that were only `tried` it tells the number.
    """
    shared: dict[str, list[int]] = {}
    for position, notes in noted:
        for note in dict.fromkeys(notes):
            shared.setdefault(_of_all(note), []).append(position)
    gathered: list[list[str]] = []
    for _, notes in noted:
        told = []
        for note in notes:
            positions = shared.pop(_of_all(note), [])
            if len(positions) > 1:
                where = "" if tried else f": {positions_text(positions)}"
                told.append(f"{_of_all(note)} This concerns {len(positions):,} entries{where}.")
            elif positions:
                told.append(note)
        gathered.append(told)
    return gathered


def _of_all(note: str) -> str:
    return note.of_all if isinstance(note, SharedNote) else note


def warnings(event: Event) -> Iterator[str]:
    """Fields that an analyst may have forgotten; no reason to refuse."""
    if isinstance(event, TranslatedEvidence):
        yield from quote_notes(event.data())
    if not isinstance(event, PositionStated):
        return
    yield from _better_forms(event)
    if event.stance is Stance.CONDITIONAL and not event.conditions:
        yield f"{event.party} is conditional on {event.issue}, but no condition is recorded."
    if event.party in event.on_behalf_of:
        yield f"{event.party} is said to speak on behalf of itself, which goes without saying (on_behalf_of)."
    if event.party in event.addressed_to:
        yield f"{event.party} is said to address itself (addressed_to). Check to whom it spoke."
    if others := [party for party in event.on_behalf_of if party != event.party]:
        yield (
            f"this gives {event.party} a stance, and {', '.join(others)} none. To record the position of "
            f"such a party or bloc itself: tracker record {','.join(others)} {event.issue} {_typed(event)} "
            f"--on {event.stated_on} --summary TEXT."
        )
    if event.attribution is Attribution.ASCRIBED and event.ascribed_by is None:
        yield f"{event.party}'s stance is ascribed, but not by whom (ascribed_by)."
    if event.ascribed_by is not None and event.attribution is not Attribution.ASCRIBED:
        yield f"{event.ascribed_by} is named as ascribing the stance, but the attribution is {event.attributed}."


_LONGEST_LANGUAGE = 3


def quote_notes(evidence: Mapping[str, Any]) -> Iterator[str]:
    """Yield a note on a language or a translation of a quote that is not given."""
    given = [name for name in ("language", "translation") if name in evidence]
    primary = str(evidence.get("language") or "").partition("-")[0]
    if len(primary) > _LONGEST_LANGUAGE:
        yield (
            f"{primary} is no code of a language: these have two or three letters (BCP 47), such as hi, ru or zh-Hant. "
            "Correct the language."
        )
    if given and "quote" not in evidence:
        verb = "are" if len(given) > 1 else "is"
        yield f"{' and '.join(given)} {verb} said of a quote, and there is none. Add the quote, or leave this out."


def terms_notes(events: Sequence[Event]) -> Iterator[str]:
    """Yield a note for each row on several options whose conditions or red line hold for some of them alone."""
    rows: dict[tuple[str, ...], list[PositionStated]] = {}
    for event in events:
        if isinstance(event, PositionStated) and event.stance is not None and "/" in event.issue:
            key = event.party, event.issue.rpartition("/")[0], event.stated_on, event.summary
            rows.setdefault(key, []).append(event)
    notes: dict[str, list[str]] = {}
    for row in rows.values():
        if (note := _terms_of_row(row)) is not None:
            notes.setdefault(note, []).append(row[0].party)
    for note, parties in notes.items():
        yield f"{', '.join(dict.fromkeys(parties))}: {note}"


def _terms_of_row(row: Sequence[PositionStated]) -> str | None:
    having = [event for event in row if event.conditions or event.red_line]
    without = [event for event in row if event not in having]
    if not having or not without:
        return None
    named = [what for what, said in (("conditions", having[0].conditions), ("red line", having[0].red_line)) if said]
    verb = "stands" if named == ["red line"] else "stand"
    ids, others = (", ".join(one.issue.rpartition("/")[2] for one in part) for part in (having, without))
    terms = " and ".join(named)
    return f"the {terms} of this statement {verb} on {ids} alone. Record {others} apart for terms of its own."


def _better_forms(event: PositionStated) -> Iterator[str]:
    """Advice on what may be said more exactly: a demand is a lower bound, a reservation has an issue of its own."""
    amount = event.amount.amount if event.amount else None
    if amount is not None and amount.is_exact and event.act in (Act.DEMANDS, Act.OFFERS):
        at_least = event.act is Act.DEMANDS
        bound = f"{'>=' if at_least else '<='}{amount}"
        together = len(event.joint_with) > 1
        who = f"{', '.join(event.joint_with)} together" if together else event.party
        act = str(event.act).removesuffix("s") if together else event.act
        yield (
            f"{who} {act} exactly {amount} on {event.issue}. If {'they mean' if together else 'it means'} {amount} or "
            f"{'more' if at_least else 'less'}, the amount is '{bound}'."
        )
    if event.provision is not None:
        yield (
            "a provision says which text is meant. A reservation on one paragraph belongs to an issue of its own "
            f"below {event.issue}: tracker issue add {event.issue}/PARAGRAPH --title TEXT --question TEXT."
        )


def _typed(event: PositionStated) -> str:
    """The stance or the amount of a statement, as a command takes it."""
    if event.amount is not None:
        return f"--amount '{event.amount.amount}'"
    return str(event.stance) if event.stance else f"--act {event.act}"
