"""Find statements by their words."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from tracker.domain.log.events import Position, quoted_words
from tracker.domain.terms.vocabulary import Attribution, Stance
from tracker.domain.timeline.replay import Step, Timelines


class Found(NamedTuple):
    """A counting statement or withdrawal with the words looked for; `on` is its effective day."""

    party: str
    issue: str
    on: date
    stated_on: str
    stance: Stance | None
    event_id: str
    summary: str
    quote: str | None
    source: str | None
    speaker: str | None
    attribution: Attribution
    position: int


def find(pairs: Timelines, text: str) -> tuple[Found, ...]:
    """The steps whose summary, quote, conditions, speaker or locator hold a text, whatever its case, by day."""
    wanted = text.casefold()
    steps = (step for timeline in pairs.by_pair.values() for step in timeline)
    return tuple(_found(step) for step in sorted(_holding(steps, wanted), key=lambda step: step.order))


def _holding(steps: Iterable[Step], wanted: str) -> Iterator[Step]:
    return (step for step in steps if any(wanted in words.casefold() for words in _words(step.event, step.conditions)))


def _words(event: Position, conditions: tuple[str, ...] | None) -> Iterator[str]:
    said = (event.summary, quoted_words(event.quote), event.speaker, event.speaker_role, event.locator)
    yield from (words for words in (*said, *(conditions or ())) if words)


def _found(step: Step) -> Found:
    event = step.event
    return Found(
        party=event.party,
        issue=event.issue,
        on=step.day.effective,
        stated_on=event.stated,
        stance=step.stance,
        event_id=step.entry.id,
        summary=event.summary,
        quote=quoted_words(event.quote),
        source=event.source,
        speaker=event.speaker,
        attribution=event.attributed,
        position=step.entry.position,
    )
