"""The texts of an event's data that a search looks through."""

from collections.abc import Iterator, Mapping
from typing import Any

from tracker.domain.log.kinds import EventKind


def texts_of(kind: EventKind, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields that hold words, each with its text; one for each condition. `data` is in the newest version."""
    for field in kind.words:
        match data.get(field):
            case str() as text:
                yield field, text
            case {"exact": text}:  # the words of a quote, without those around it
                yield field, text
            case list() as items:
                for item in items:
                    yield field, item
