"""What somebody who records should know: look-alikes, other closings, days that do not fit, what answers a question."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Self

from tracker.domain.log.events import (
    Event,
    IssueClosed,
    IssueOpened,
    IssueReworded,
    PositionEvent,
    PositionStated,
    SourceRegistered,
)
from tracker.domain.registers.registers import Issue
from tracker.domain.terms.amount_wording import YEAR
from tracker.domain.terms.text_key import text_key
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.statement import Statement
from tracker.errors.shared_parts import correction

_NAMED = 3


class SharedNote(str):
    """A note on one entry that others recorded with it may share: `of_all` says it of all of them."""

    of_all: str

    @classmethod
    def of(cls, text: str, *, of_all: str) -> Self:
        """Return a note that reads so of one entry, and otherwise of several."""
        note = cls(text)
        note.of_all = of_all
        return note


def look_alike_notes(event: Event, issues: Mapping[str, Issue]) -> Iterator[str]:
    """Yield a note for the title or question (or both) that an event gives to an issue and that others have too.

    Case and white space make no difference.
    """
    if not isinstance(event, IssueOpened | IssueReworded):
        return
    alike: dict[tuple[str, ...], list[str]] = {}
    for field in ("title", "question"):
        text = getattr(event, field)
        others = tuple(
            path
            for path, issue in issues.items()
            if text is not None and path != event.issue and text_key(getattr(issue, field)) == text_key(text)
        )
        if others:
            alike.setdefault(others, []).append(field)
    for others, fields in alike.items():
        yield (
            f"{event.issue} has the {' and '.join(fields)} of {_first_of(others)}. If it is the same "
            "issue, record statements under one path, and retract the opening of the other."
        )


def unit_notes(event: Event, position: int, issues: Mapping[str, Issue]) -> Iterator[str]:
    """Yield a note if the unit of a new quantity is another spelling of others' units, or of the unit `year`."""
    if not isinstance(event, IssueOpened) or event.unit is None:
        return
    key = _unit_key(event.unit)
    if key == YEAR:
        if event.unit not in (YEAR, f"{YEAR}s"):
            yield (
                f"the unit of {event.issue} is {event.unit!r}. Amounts are calendar years (by 2040) in the unit 'year' "
                "alone; a number of years is best counted in 'years'."
            )
        return
    others = [
        (issue.unit, path)
        for path, issue in issues.items()
        if path != event.issue and issue.unit not in (None, event.unit) and _unit_key(issue.unit or "") == key
    ]
    if others:
        told = _first_of(f"that of {path} {unit!r}" for unit, path in others)
        yield (
            f"the unit of {event.issue} is {event.unit!r}, and {told}. If it is one unit, spell it alike: "
            f"{correction(f'@{position}', {'unit': others[0][0]})}"
        )


def _unit_key(unit: str) -> str:
    """What a unit has in common with other spellings of it: without case, signs, spaces and the plural."""
    words = re.findall(r"[^\W_]+|[^\w\s]", text_key(unit).replace(" per ", " / ").replace(" a ", " / "))
    return "".join(word.removesuffix("s") if len(word) > 3 else word for word in words)


def closing_notes(event: IssueClosed, event_id: str, closings: Iterable[Version], today: date) -> Iterator[str]:
    """Yield a note if an issue was closed already by another counting closing, and one if it closes after today."""
    for version in closings:
        other = version.event
        if isinstance(other, IssueClosed) and other.issue == event.issue and version.entry.id != event_id:
            yield (
                f"{event.issue} is on record as closed already: {other.outcome} on {other.on}, "
                f"@{version.entry.position}. The one of the later day counts; if one is wrong, correct or retract it."
            )
    if event.on > today:
        yield (
            f"{event.on} lies ahead: until then {event.issue} stays open in every answer. For a deadline, note a "
            "milestone instead."
        )


def ahead_notes(event: Event | None, today: date) -> Iterator[str]:
    """Yield a note if an issue is reworded, or a source is published, on a day after today."""
    if isinstance(event, IssueReworded) and event.on > today:
        yield f"{event.on} lies ahead: until then {event.issue} keeps its earlier wording in every answer."
    if isinstance(event, SourceRegistered) and event.published_on is not None and event.published_on > today:
        yield (
            f"{event.published_on} lies ahead: what rests on {event.source} alone is not on public record until then. "
            "Check the day."
        )


def early_source_notes(event: PositionEvent, published: Mapping[str, date | None]) -> Iterator[str]:
    """Yield a note for each source that was published before the first day on which its statement can have been said.

    `published` has the publication day of each source that carries the statement or withdrawal, None without one.
    """
    for source, published_on in published.items():
        if published_on is not None and published_on < event.day.first:
            what = "took" if isinstance(event, PositionStated) else "withdrew"
            yield SharedNote.of(
                f"{source} was published on {published_on}, before {event.party} {what} this position on {event.issue} "
                f"({event.stated}). Check both days, and that it is the source.",
                of_all=f"{source} was published on {published_on}, before what cites it was said. Check the days, and "
                "that it is the source.",
            )


def early_publication_notes(event: SourceRegistered, later: Sequence[Statement]) -> Iterator[str]:
    """Yield a note that names the statements that cite a source and were said only after it was published."""
    if later:
        yield (
            f"{event.source} was published on {event.published_on}, before what cites it was said: "
            f"{_first_of(map(_told, later))}. Check the days."
        )


def wording_notes(event: IssueReworded, position: int, around: Sequence[Statement]) -> Iterator[str]:
    """Yield a note that names the statements of the day of a rewording, or of dates that cover it.

    By the rule of effective days they answer the new question.
    """
    if around:
        told = _first_of(map(_told, around))
        yield (
            f"Statements whose date is or covers {event.on} now answer the new question: {told}. "
            f"If they answered the earlier one, give the rewording a later day: tracker correct @{position} --on DAY "
            "--reason TEXT"
        )


def _told(one: Statement) -> str:
    return f"@{one.position} {one.party} {one.value} ({one.stated_on})"


def _first_of(told: Iterable[str]) -> str:
    """Return the first of some names, and how many more there are."""
    named = list(told)
    more = f" and {len(named) - _NAMED:,} more" if len(named) > _NAMED else ""
    return f"{', '.join(named[:_NAMED])}{more}"
