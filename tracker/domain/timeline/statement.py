"""One statement or withdrawal as an answer shows it: who said what, when, on whose word, and where it is recorded."""

from datetime import date
from typing import NamedTuple

from tracker.domain.terms.vocabulary import Act, Attribution, Stance, Standing


class Said(NamedTuple):
    """What a party said, on which (effective) day and on whose word; the stance of a withdrawal is None."""

    party: str
    stance: Stance | None
    on: date
    speaker: str | None
    attribution: Attribution
    standing: Standing | None
    source: str | None
    event_id: str
    position: int


class Told(NamedTuple):
    """What was said with its words, as a report tells it; `conditions` is None if it mentions none."""

    said: Said
    issue: str
    stated_on: str
    summary: str
    quote: str | None
    conditions: tuple[str, ...] | None
    act: Act | None
