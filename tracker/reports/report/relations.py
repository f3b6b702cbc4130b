"""Changes of relations for people: those that one move made on an issue are gathered, and put in words."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from tracker.domain.answers.sides import Relation
from tracker.domain.report.relations import RelationShift
from tracker.domain.terms.amount_wording import amount_text, distance_text
from tracker.domain.terms.numbers import counted
from tracker.domain.timeline.statement import Statement
from tracker.reports.names import CODES, Names
from tracker.reports.wording import EARLIER_WORDING, statement_marks


class Side(NamedTuple):
    """The parties that hold the same statements on both days: one or, if members inherit, a bloc and its members.

    Amounts are in the `unit`.
    """

    parties: tuple[str, ...]
    before: Statement
    now: Statement
    unit: str | None = None

    @property
    def has_moved(self) -> bool:
        """Whether the stance is another on the last day."""
        return self.before.value != self.now.value

    @property
    def text(self) -> str:
        """The stance on the first day and, if that is another, on the last."""
        before, now = (self._marked(held, None) for held in (self.before, self.now))
        last = self._marked(self.now, self.unit)
        return last if before == now else f"{before} -> {last}"

    def who(self, names: Names) -> str:
        """The parties: a bloc with the number of its members, else all."""
        if len(self.parties) > 1 and self.now.party in self.parties:
            return f"{names.party(self.now.party)} and {counted(len(self.parties) - 1, 'member')}"
        return ", ".join(map(names.party, self.parties))

    def _marked(self, held: Statement, unit: str | None) -> str:
        whose = "" if held.party in self.parties else f"{held.party}'s "
        says = f", as {held.ascribed_by} says" if held.ascribed_by else ""
        value = held.value if held.amount is None else amount_text(held.amount, unit)
        return f"{whose}{value}{statement_marks(held.attribution, held.standing)}{says}"


class _Shift(NamedTuple):
    """A change of relation between two sides; of these the one that moved alone comes first."""

    issue: str
    mover: Side
    other: Side
    from_relation: Relation
    to_relation: Relation
    reworded: bool
    from_gap: Decimal | None
    to_gap: Decimal | None

    def words(self) -> str:
        """The relation on the first day and on the last."""
        before = _words(self.from_relation, self.from_gap, self.mover.unit)
        return f"{before} -> {_words(self.to_relation, self.to_gap, self.mover.unit)}"


class RelationBrief(NamedTuple):
    """The changes of a side's relations to others that stayed where they were; or that of two that both moved."""

    shifts: tuple[_Shift, ...]

    @property
    def now(self) -> tuple[Statement, ...]:
        """The statements of all sides on the last day, the mover's first."""
        return (self.shifts[0].mover.now, *(shift.other.now for shift in self.shifts))


def relation_briefs(relations: Iterable[RelationShift]) -> list[RelationBrief]:
    """Gather the changes that one side's move made, the same way, on one issue."""
    found: dict[tuple[object, ...], list[_Shift]] = {}
    for shift in _between_sides(relations):
        both = shift.other.parties if shift.other.has_moved else None
        key = (shift.issue, shift.mover.parties, both, shift.words())
        found.setdefault(key, []).append(shift)
    return [RelationBrief(tuple(shifts)) for shifts in found.values()]


def relation_text(brief: RelationBrief, names: Names = CODES) -> str:
    """Changes of a side's relations to others, with the stances of all, in words."""
    shift = brief.shifts[0]
    others = (f"{one.other.who(names)} ({one.other.text})" for one in brief.shifts)
    earlier = f". Among these is {EARLIER_WORDING}" if any(one.reworded for one in brief.shifts) else ""
    about = f"{shift.mover.who(names)} ({shift.mover.text}) on {names.issue(shift.issue)}"
    return f"{about}: {shift.words()} with {', '.join(others)}{earlier}"


_RELATIONS = {
    Relation.AGREE: "agree",
    Relation.AGREE_IF: "agree if conditions are met",
    Relation.OPPOSED: "opposed",
    Relation.OPEN: "open",
    Relation.APART: "apart",
    Relation.OVERLAP: "overlap",
    Relation.OVERLAP_IF: "overlap if conditions are met",
}


def _words(relation: Relation, gap: Decimal | None, unit: str | None) -> str:
    return f"apart by {distance_text(gap, unit)}" if gap is not None else _RELATIONS[relation]


def _between_sides(relations: Iterable[RelationShift]) -> list[_Shift]:
    """Gather the changes between parties that hold the same statements, in the order of the first of each."""
    found: dict[tuple[object, ...], tuple[RelationShift, _Parties, _Parties]] = {}
    for shift in relations:
        parties = shift.parties
        one, other = (tuple(held.event_id for held in both) for both in (shift.one, shift.other))
        if (shift.issue, other, one) in found:
            one, other, parties = other, one, parties[::-1]
        _, *sides = found.setdefault((shift.issue, one, other), (shift, {}, {}))
        for side, party in zip(sides, parties, strict=True):
            side[party] = None
    return [_shift(*gathered) for gathered in found.values()]


_Parties = dict[str, None]
"""Parties in the order in which they were met."""


def _shift(shift: RelationShift, parties: _Parties, others: _Parties) -> _Shift:
    one, other = Side(tuple(parties), *shift.one, shift.unit), Side(tuple(others), *shift.other, shift.unit)
    mover, other = (other, one) if other.has_moved and not one.has_moved else (one, other)
    relations = shift.from_relation, shift.to_relation
    return _Shift(shift.issue, mover, other, *relations, shift.reworded, shift.from_gap, shift.to_gap)
