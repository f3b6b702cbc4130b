"""Occurrences as people read them: one item for the members that joined or left a bloc on one day."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from tracker.domain.report.context import ContextRow
from tracker.reports.names import CODES, Names
from tracker.reports.report.items import context_words
from tracker.reports.wording import positions_text


class OccurrenceGroup(NamedTuple):
    """One occurrence or, of a bloc, those of all members that joined (or left) it on one day."""

    rows: tuple[ContextRow, ...]

    @property
    def first(self) -> ContextRow:
        """The first occurrence, which has the day, the kind and the bloc of all."""
        return self.rows[0]

    @property
    def trace(self) -> str:
        """The sources and log positions, to append to the text."""
        by_source = groupby(self.rows, key=lambda row: row.source)
        found = (
            f"{source or 'no source'} {positions_text([row.position for row in rows])}" for source, rows in by_source
        )
        return f" [{', '.join(found)}]"

    def text(self, names: Names = CODES) -> str:
        """The occurrences in words, without their day: the members, and the bloc once."""
        if len(self.rows) == 1:
            return context_words(self.first, names)
        members = ", ".join(names.party(row.parties[0]) for row in self.rows)
        return f"{members} {self.first.kind} {names.party(self.first.parties[1])}"


def occurrence_groups(rows: Iterable[ContextRow]) -> list[OccurrenceGroup]:
    """Gather changes of membership by day, bloc and kind, each group in the place of its first; others stay alone."""
    groups: dict[object, list[ContextRow]] = {}
    for row in rows:
        groups.setdefault(group_key(row), []).append(row)
    return [OccurrenceGroup(tuple(found)) for found in groups.values()]


def group_key(row: ContextRow) -> object:
    """Return what occurrences of one group have in common: the day, the bloc and whether members joined or left it."""
    return (row.on, str(row.on), row.kind, row.parties[1]) if row.kind in ("joined", "left") else row.event_id
