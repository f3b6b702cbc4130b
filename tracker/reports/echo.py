"""What a command says of an entry that it recorded: what it did to the stance, in a line."""

from collections.abc import Iterator
from datetime import date

from tracker.domain.answers.changes import Change
from tracker.domain.log.entries import Entry, about
from tracker.domain.log.events import Event, PositionStated
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.vocabulary import Attribution, Stance
from tracker.domain.timeline.statement import Statement
from tracker.reports.change_words import kind_text
from tracker.reports.words import day_text, stance_word, statement_marks


def effect(entry: Entry, change: Change | None, now: Statement | None, today: date, *, tried: bool) -> str:
    """One line on an entry; a late one says what is in effect today instead of it."""
    where = "not recorded" if tried else f"@{entry.position} {entry.id}"
    if change is None:
        return f"{entry.event.event_kind.name}: {plain(about(entry.event))}\n  {where}"
    marks = statement_marks(change.attribution, change.standing)
    moved = f"{kind_text(change.kind, change.from_value, change.to_value)}{marks}"
    line = f"{change.party} {plain(change.issue)}: {moved} ({change.kind}, {day_text(change.on)})"
    if now is None or change.on > today:
        line += f"; takes effect on {day_text(change.on)}"
    elif now.event_id != entry.id:
        line += f"; in effect today is {stance_word(now.value)}, of {day_text(now.on)}"
    return f"{line}\n  {where}"


def warnings(event: Event) -> Iterator[str]:
    """What an analyst may have forgotten; no reason to refuse."""
    if not isinstance(event, PositionStated):
        return
    if event.stance is Stance.CONDITIONAL and not event.conditions:
        yield f"{event.party} is conditional on {event.issue}, but no condition is recorded."
    if event.attribution is Attribution.ASCRIBED and event.ascribed_by is None:
        yield f"{event.party}'s stance is ascribed, but not by whom (ascribed_by)."
    if event.ascribed_by is not None and event.attribution is not Attribution.ASCRIBED:
        yield f"{event.ascribed_by} is named as ascribing the stance, but the attribution is {event.attributed}."
