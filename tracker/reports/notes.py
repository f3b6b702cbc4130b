"""Numbered notes on the evidence in a document: each source, and the entry that rests on it, once."""

from collections.abc import Iterator
from typing import NamedTuple


class EvidenceNote(NamedTuple):
    """One piece of evidence, and the places in the document that rest on it.

    `source` is None where an entry names none, and empty where none is asked for: what we did to our own record.
    """

    number: int
    source: str | None
    event_id: str
    places: list[str]


class Notes:
    """The notes of a document, numbered as they are first cited."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str | None, str], EvidenceNote] = {}

    def cite(self, source: str | None, event_id: str = "") -> EvidenceNote:
        """The note on a source as evidence of an entry, with one more place, its last, that cites it."""
        note = self._notes.setdefault((source, event_id), EvidenceNote(len(self._notes) + 1, source, event_id, []))
        note.places.append(f"r{note.number}-{len(note.places) + 1}")
        return note

    def __iter__(self) -> Iterator[EvidenceNote]:
        return iter(self._notes.values())

    def __len__(self) -> int:
        return len(self._notes)
