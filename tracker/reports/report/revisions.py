"""Revisions of our record as people read them: one item for a chain of corrections, with its net effect."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tracker.domain.log.events import RevisionEvent
from tracker.domain.log.kind_registry import Revision
from tracker.domain.report.context_revisions import LateContext
from tracker.domain.report.corrections import Correction, net_difference
from tracker.domain.report.learned import LateEntry
from tracker.reports.names import CODES, Names
from tracker.reports.report.items import revised_text
from tracker.reports.wording import day_text, positions_text, statement_marks, times

_Row = Correction | LateContext | LateEntry

_MOST_REASONS = 3
"""How many different reasons of a chain are given in words."""


class RevisionChain(NamedTuple):
    """Revisions of our record of which each targets the one before, in log order; most often a single one.

    Of what was learned since an earlier report, an entry that revises nothing is a chain of its own.
    """

    rows: tuple[_Row, ...]

    @property
    def net(self) -> _Row:
        """One revision from what the first one targets to what the last one leaves."""
        first, last = self.rows[0], self.rows[-1]
        if isinstance(first, Correction) and isinstance(last, Correction):
            return last._replace(before=first.before, content=first.content, from_reworded=first.from_reworded)
        assert isinstance(last, LateContext | LateEntry)
        late = (row for row in self.rows if isinstance(row, LateContext | LateEntry))
        return last._replace(difference=net_difference(row.difference for row in late))

    @property
    def signs(self) -> str:
        """The marks of the values that it shows, for the legend."""
        sides = (self.net.before, self.net.after) if isinstance(self.net, Correction) else ()
        return "".join(statement_marks(side.attribution, side.standing) for side in sides if side)

    @property
    def reasons(self) -> str:
        """The different reasons in order; those given several times say how often, those beyond a few their number."""
        given = Counter(_reason(row) for row in self.rows)
        found = [f"{reason} ({times(number)})" if number > 1 else reason for reason, number in given.items()]
        more = len(found) - _MOST_REASONS
        return " ".join([*found[:_MOST_REASONS], *([f"And {more} more."] if more > 0 else [])])

    @property
    def recorders(self) -> str:
        """Who recorded it."""
        return ", ".join(_each(row.entry.recorded_by for row in self.rows))

    @property
    def days(self) -> list[date]:
        """The first and the last day on which it was recorded, or the only one."""
        return sorted({self.rows[at].entry.recorded_at.date() for at in (0, -1)})

    @property
    def places(self) -> str:
        """The log positions."""
        return positions_text([row.entry.position for row in self.rows])

    @property
    def trace(self) -> str:
        """The source, if it is of a statement, and the log positions, to append to the text."""
        last = self.rows[-1]
        source = f"{last.source or 'no source'} " if isinstance(last, LateEntry) else ""
        return f" [{source}{self.places}]"

    @property
    def steps(self) -> str:
        """The number of several revisions, to append to what they did; empty for one."""
        return f", in {len(self.rows):,} steps" if len(self.rows) > 1 else ""

    def effect(self, names: Names = CODES) -> str:
        """What it did to our record, in words."""
        net = self.net
        assert isinstance(net, Correction | LateContext)
        is_back = len(self.rows) > 1 and isinstance(net, Correction) and net.content == net.to_content
        back = " and back, nothing differs" if is_back else ""
        return f"{revised_text(net, names, back=back)}{self.steps}"

    def text(self, names: Names = CODES) -> str:
        """What it did to our record, why, who made it and when."""
        return f"{self.effect(names)}. {self.reasons} ({self.recorders}, {' to '.join(map(day_text, self.days))})"


def revision_chains(rows: Iterable[_Row]) -> list[RevisionChain]:
    """Gather revisions, which come in log order, by chain; each chain is in the place of its first one."""
    chains: list[list[_Row]] = []
    ending: dict[str, list[_Row]] = {}
    for row in rows:
        event = row.entry.event
        target = event.target if isinstance(event, RevisionEvent) and row.kind is not Revision.LEFT_OUT else None
        found = ending.pop(target, None) if target else None
        if found is None:
            chains.append(found := [])
        found.append(row)
        if target:
            ending[row.entry.id] = found
    return [RevisionChain(tuple(found)) for found in chains]


def _reason(row: _Row) -> str:
    return row.entry.event.reason if isinstance(row.entry.event, RevisionEvent) else ""


def _each(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
