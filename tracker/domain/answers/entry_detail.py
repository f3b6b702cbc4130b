"""One entry with everything that bears on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import Event, SourceRegistered
from tracker.domain.timeline.counting import Version


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry, its chain of corrections and its evidence, as of today's record.

    `says` is its content (for a correction, its replacement; None for a retraction), `versions` its whole chain in
    order, `ended_by` the id and type of the entry that corrected or retracted it, `question` the issue's. `positions`
    has the log positions of the other entries that it names, by id, and `unit` is that of a quantity.
    """

    entry: Entry
    says: Event | None
    hash: bytes
    ended_by: tuple[str, str] | None
    versions: tuple[Entry, ...]
    source: SourceRegistered | None
    corroborations: tuple[Version, ...]
    question: str | None
    positions: Mapping[str, int]
    unit: str | None = None
