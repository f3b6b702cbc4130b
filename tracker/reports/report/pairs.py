"""The steps of a report gathered by pair, by bloc, by those who made statements together, and by choice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from tracker.domain.answers.changes import Change, Kind, kind_of
from tracker.domain.report.change_report import Report
from tracker.domain.report.gaps import GapMove
from tracker.domain.terms.amount_wording import movement_text
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.vocabulary import Because
from tracker.domain.timeline.statement import NOTHING_IN_FORCE, WITHDRAWN, Value
from tracker.reports.conditions import conditions_text
from tracker.reports.names import CODES, Names
from tracker.reports.positions.joint import joint_key
from tracker.reports.positions.values import EACH_FOR_ITSELF, bare_value_text, moved_by
from tracker.reports.report.gaps import gap_text
from tracker.reports.steps import held_before, inherited_text, marked_stance, marks_before, remarks_text, since_text

_MOVES = {*Kind} - {Kind.NEW, Kind.AMENDED, Kind.REAFFIRMED}


@dataclass(frozen=True, slots=True)
class PairBrief:
    """The changes of one pair: the first, the last, those worth reading, and the others.

    `conditions` has the conditions that statements state, by event id. `parties` are several where members of a bloc
    took the same steps with it, without a position of their own; `members` are those that took the steps of the party
    itself, which is their bloc. `gaps` are those that statements moved.
    """

    issue: str
    parties: tuple[str, ...]
    first: Change
    last: Change
    steps: tuple[Change, ...]
    reaffirmed: tuple[Change, ...]
    conditions: Mapping[str, tuple[str, ...]]
    members: tuple[str, ...] = ()
    is_joint: bool = False
    gaps: Mapping[str, GapMove] = field(default_factory=dict, compare=False)

    @property
    def rows(self) -> tuple[Change, ...]:
        """All changes."""
        return (*self.steps, *self.reaffirmed)

    @property
    def from_value(self) -> Value | None:
        """The value before the changes."""
        return self.first.from_value

    @property
    def before(self) -> str:
        """The stance before the changes, with its marks."""
        return held_before(self.first)

    @property
    def moved_by(self) -> str:
        """The movement from the amount before the changes to the last one, with its size; empty if there is none.

        Of a party that had no position of its own and left its bloc's, that.
        """
        before, after = self.first, self.last
        left = after.details.leaves_position_of
        if after.kind is Kind.WITHDRAWN and left and before.from_value is None:
            return f"left the position of {left}"
        old, new = before.from_value, after.to_value
        is_told_apart = before.from_outdated or before.from_government_since is not None
        if not isinstance(old, Amount) or not isinstance(new, Amount) or old == new or is_told_apart:
            return ""
        held = bare_value_text(old, before.unit, converted=before.from_converted) + marks_before(before)
        return movement_text(old, new, before.unit, (held, marked_stance(after, bare=True))) + since_text(after)

    @property
    def net_kind(self) -> Kind | None:
        """The kind of the move from the position before the changes to the last one; None if these are equal."""
        before, after = self.first.from_value, self.last.to_value
        if before == after or after is None:
            return None if before == after else self.last.kind
        return kind_of(before, after, NOTHING_IN_FORCE, NOTHING_IN_FORCE)

    @property
    def anchor(self) -> str:
        """The section of the pair: it is under moved if it moved at all."""
        if not self.steps:
            return "reaffirmed"
        new = [step for step in self.steps if step.kind is Kind.NEW or _is_first(step)]
        if any(step.kind in _MOVES for step in self.steps if step not in new):
            return "moved"
        return "new" if new else "amended"

    @property
    def choice(self) -> str | None:
        """The choice of which the issue is an option."""
        return self.first.choice

    @property
    def own(self) -> bool:
        """Whether each party answers for itself on the issue."""
        return self.first.own

    def about(self, names: Names = CODES) -> str:
        """The issue, and whether each party answers for itself on it."""
        return names.issue(self.issue) + f" ({EACH_FOR_ITSELF})" * self.own

    @property
    def topic(self) -> str:
        """The choice of an option, else the issue."""
        return self.choice or self.issue

    @property
    def pairs(self) -> tuple["PairBrief", ...]:
        """Itself, as the options that are folded under a choice are several."""
        return (self,)

    def conditions_of(self, step: Change) -> str | None:
        """The conditions of a step in words; None if it states none."""
        how, value = step.inheritance, step.to_value
        stated = how.shown_conditions if how else self.conditions.get(step.event_id)
        return None if stated is None or value is None else conditions_text(stated, value)

    def moved_in(self, step: Change) -> str:
        """The movement of an amount in one of several steps; the headline tells that of a single one."""
        return moved_by(step) if len(self.rows) > 1 or not self.moved_by else ""

    def remarks_on(self, step: Change) -> str:
        """The remarks on a step and the gap that it moved, but for those that the headline makes behind its stances."""
        told = step is self.last or (step is self.steps[-1] and self.last.reworded)
        remarks = remarks_text(step, before_told=step is self.first, told=told)
        return "; ".join(filter(None, (self._gap_text(step), remarks)))

    def _gap_text(self, step: Change) -> str:
        moved = None if step.inherited_from else self.gaps.get(step.event_id)
        return gap_text(moved, alone=not self.is_joint) if moved else ""

    def whose(self, step: Change) -> str:
        """Words before a step that is a bloc's; the days of a membership are those of one member."""
        return inherited_text(step, days=len(self.parties) == 1)

    def who(self, names: Names = CODES) -> str:
        """The parties, with a word if they stated it together."""
        return ", ".join(map(names.party, self.parties)) + " jointly" * self.is_joint

    def with_it(self, names: Names = CODES) -> str:
        """The members that moved with their bloc, in words; empty without any."""
        if not self.members:
            return ""
        number = counted(len(self.members), "member")
        whose = "its" if len(self.members) == 1 else "their"
        return f"with it {number} without a position of {whose} own: {', '.join(map(names.party, self.members))}"


def pair_briefs(report: Report) -> list[PairBrief]:
    """The changes of each pair, by issue and party; members that moved as others did are with these, counted once."""
    pairs = groupby(report.changes, key=lambda change: (change.issue, change.party))
    gaps = report.gaps.moved_by(row.event_id for row in report.changes if not row.inherited_from)
    found = [_pair(tuple(rows), report, gaps) for _, rows in pairs]
    return _joined(_gathered(found) if report.inherits else found)


class ChoiceBrief(NamedTuple):
    """The changes of parties on several options of one choice."""

    choice: str
    parties: tuple[str, ...]
    pairs: tuple[PairBrief, ...]

    def who(self, names: Names = CODES) -> str:
        """The parties."""
        return self.pairs[0].who(names)


def fold_options(found: Iterable[PairBrief]) -> list[PairBrief | ChoiceBrief]:
    """Fold the pairs of one party on options of one choice into one item, in the place of the first."""
    topics: dict[tuple[object, ...], list[PairBrief]] = {}
    for pair in found:
        key = (pair.choice, pair.parties, pair.members) if pair.choice else (pair.issue, pair.parties)
        topics.setdefault(key, []).append(pair)
    return [
        ChoiceBrief(pairs[0].choice, pairs[0].parties, tuple(pairs)) if pairs[0].choice else pairs[0]
        for pairs in topics.values()
    ]


def _pair(rows: Sequence[Change], report: Report, gaps: Mapping[str, GapMove]) -> PairBrief:
    steps = tuple(row for row in rows if not _repeats(row))
    others = tuple(row for row in rows if _repeats(row))
    ends = rows[0], rows[-1]
    return PairBrief(rows[0].issue, (rows[0].party,), *ends, steps, others, report.conditions, gaps=gaps)


def _repeats(row: Change) -> bool:
    """Whether a step changes nothing: a reaffirmation, or a withdrawal of what was withdrawn already."""
    return row.kind is Kind.REAFFIRMED or (row.kind is Kind.WITHDRAWN and row.from_value is WITHDRAWN)


def _is_first(row: Change) -> bool:
    """Whether a withdrawal is the first that is on record of a pair, and leaves no bloc: nobody moved by it."""
    return row.kind is Kind.WITHDRAWN and row.from_value is None and row.details.leaves_position_of is None


def _gathered(found: Sequence[PairBrief]) -> list[PairBrief]:
    """Gather the pairs of members: with their bloc where all its steps are theirs too, else with each other."""
    own = {(pair.issue, pair.parties[0], _moves(pair)) for pair in found}
    members: dict[tuple[object, ...], list[str]] = {}
    alike: dict[tuple[object, ...], PairBrief] = {}
    for pair in found:
        bloc, moves = _followed(pair), _moves(pair)
        if bloc is not None and (pair.issue, bloc, moves) in own:
            members.setdefault((pair.issue, bloc, moves), []).extend(pair.parties)
            continue
        key = (pair.issue, moves, *(_taken(row) for row in pair.rows))
        same = alike.get(key)
        alike[key] = replace(same, parties=(*same.parties, *pair.parties)) if same else pair
    return [
        replace(pair, members=tuple(members.get((pair.issue, pair.parties[0], _moves(pair)), ())))
        for pair in alike.values()
    ]


def _moves(pair: PairBrief) -> tuple[object, ...]:
    """What was said in the steps of a pair, and what that did to its stance."""
    return tuple((row.event_id, row.kind, row.from_value, row.to_value) for row in pair.rows)


def _taken(row: Change) -> tuple[object, ...]:
    """How a party came to a step that is a bloc's."""
    how = row.inheritance
    return (row.on, how.inherited_from, how.from_inherited_from, how.because, how.cause) if how else ()


def _followed(pair: PairBrief) -> str | None:
    """The bloc that a party without a position of its own moved with whenever it did; None if there is no such one."""
    blocs = {row.inherited_from for row in pair.rows}
    as_stated = all(row.inheritance and row.inheritance.because is Because.STATED for row in pair.rows)
    return blocs.pop() if len(blocs) == 1 and as_stated else None


def _joined(found: Sequence[PairBrief]) -> list[PairBrief]:
    """Gather the pairs of parties that made all their statements together, where these moved them in the same way."""
    alike: dict[object, list[PairBrief]] = {}
    for pair in found:
        joint = [joint_key(row.statement) if row.statement else None for row in pair.rows]
        steps = tuple((key, row.kind, row.from_value) for key, row in zip(joint, pair.rows, strict=True))
        key = steps if all(joint) and len(pair.parties) == 1 else (pair.issue, pair.parties)
        alike.setdefault(key, []).append(pair)
    gathered: list[PairBrief] = []
    for pairs in alike.values():
        statement = pairs[0].first.statement
        parties = tuple(pair.parties[0] for pair in pairs)
        if len(pairs) > 1 and statement is not None and set(parties) == set(statement.details.joint_with):
            gathered.append(replace(pairs[0], parties=parties, is_joint=True))
        else:
            gathered += pairs
    return gathered
