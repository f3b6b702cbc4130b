"""The steps of positions: their columns, their wording, and those of a report gathered by pair and bloc."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from tracker.domain.answers.changes import Change, Inheritance, Kind
from tracker.domain.answers.gaps import Gaps
from tracker.domain.answers.report import Report
from tracker.domain.terms.amount_text import movement_text
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.columns import columns_of, row_data
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.vocabulary import Because
from tracker.domain.timeline.statement import WITHDRAWN, Value
from tracker.reports.answers import columns_by_event_id, row_by_event_id
from tracker.reports.conditions import conditions_text
from tracker.reports.names import CODES, Names
from tracker.reports.positions.values import bare_value_text, is_converted, is_position, moved_by, value_text
from tracker.reports.report.gaps import gap_text
from tracker.reports.wording import (
    EARLIER_WORDING,
    day_text,
    earlier_government,
    earlier_text,
    stance_before,
    stated_text,
    statement_marks,
)

# --- as data --------------------------------------------------------------------------------------


def change_data(change: Change) -> dict[str, Any]:
    """The columns of a step, with those of its inheritance if members inherit."""
    return {**row_by_event_id(change), **(row_data(change.inheritance) if change.inheritance else {})}


def change_columns(*, inherits: bool) -> tuple[str, ...]:
    """The columns of `change_data`."""
    return (*columns_by_event_id(Change), *(columns_of(Inheritance) if inherits else ()))


# --- the wording of a step ------------------------------------------------------------------------


def step_marks(change: Change) -> str:
    """The marks of the stance of a step."""
    return statement_marks(change.attribution, change.standing) + "<" * (change.inherited_from is not None)


def marks_before(change: Change) -> str:
    """The marks of the stance before a step."""
    marks = statement_marks(change.from_attribution, change.from_standing)
    return marks + "<" * (change.from_inherited_from is not None)


def marked_stance(change: Change, *, bare: bool = False) -> str:
    """The stance of a step, with its marks; `bare` if the unit of an amount stands elsewhere."""
    if change.to_value is None:
        return "no stance"
    text = bare_value_text if bare else value_text
    return f"{text(change.to_value, change.unit, converted=is_converted(change.statement))}{step_marks(change)}"


def stance_after(change: Change) -> str:
    """The stance of a step, with its marks and, if the question or the government was changed since, words on that."""
    return marked_stance(change) + since_text(change)


def since_text(change: Change) -> str:
    """Words to append to the stance of a step if the question or the government was changed since; else empty."""
    government = _government_text(change.government_since, change.inherited_from)
    return earlier_text(change.to_value, reworded=change.reworded) + government


def _government_text(since: date | None, bloc: str | None) -> str:
    return f" ({earlier_government(since, bloc)})" if since else ""


def held_before(change: Change) -> str:
    """The stance before a step, with its marks; an earlier wording is one that differs from that of the last day."""
    held = stance_before(
        change.from_value,
        change.from_attribution,
        change.from_standing,
        reworded=change.from_outdated,
        inherited=change.from_inherited_from is not None,
        unit=change.unit,
        converted=change.from_converted,
    )
    return held + _government_text(change.from_government_since, change.from_inherited_from)


def remarks_text(change: Change, *, before_told: bool = False, told: bool = False) -> str:
    """The remarks on the question that a step answers, and on governments that came after it or the stance before.

    A headline may have told those on the stance before it, or those on its own (see `held_before` and `stance_after`).
    """
    before = None if before_told else change.from_government_since
    after = None if told else change.government_since
    of_before = earlier_government(before, change.from_inherited_from) if before else ""
    remarks = (
        _wording_text(change, before_told=before_told and change.from_outdated, told=told),
        f"the stance before it was {of_before}" if of_before else "",
        earlier_government(after, change.inherited_from) if after else "",
    )
    return "; ".join(filter(None, remarks))


def _wording_text(change: Change, *, before_told: bool, told: bool) -> str:
    """A sentence on the wordings of the question that a step and the stance before it answer; empty if on the last."""
    before = change.from_reworded and is_position(change.from_value)
    if change.reworded and is_position(change.to_value):
        if told:
            return "the stance before it answers another wording of the question" if before else ""
        return f"{EARLIER_WORDING}; the stance before it answers another" if before else EARLIER_WORDING
    return f"the stance before it is {EARLIER_WORDING}" if before and not before_told else ""


def step_day(change: Change) -> str:
    """The day of a step, as recorded: of what was stated, or of what made a party take or lose its bloc's position."""
    return stated_text(change.inheritance.taken_stated if change.inheritance else change.stated_on)


def inherited_text(change: Change, *, days: bool = True) -> str:
    """Words before a position that is a bloc's; empty before the party's own.

    They say whose it is, of which day if it was not stated then, the days of the membership, and why it came to be
    taken.
    """
    how = change.inheritance
    if how is None or how.inherited_from is None:
        return ""
    of = f" of {stated_text(change.stated_on)}" if _is_taken_later(change) else ""
    member = _member_text(how) if days else ""
    more = "; ".join(filter(None, (member, how.cause)))
    return f"{how.inherited_from}'s{of}{f' ({more})' if more else ''}: "


def _member_text(how: Inheritance) -> str:
    if how.member_since is None:
        return ""
    since = day_text(how.member_since)
    days = f"since {since}" if how.member_until is None else f"{since} to {day_text(how.member_until)}"
    return f"through {how.through} {days}" if how.through else f"member {days}"


def _is_taken_later(change: Change) -> bool:
    how = change.inheritance
    return how is not None and how.because_of != change.event_id


# --- the steps of a report ------------------------------------------------------------------------

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
    gaps: Gaps = field(default_factory=Gaps, compare=False)

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
        """The movement from the amount before the changes to the last one, with its size; empty if there is none."""
        before, after = self.first, self.last
        old, new = before.from_value, after.to_value
        is_told_apart = before.from_outdated or before.from_government_since is not None
        if not isinstance(old, Amount) or not isinstance(new, Amount) or old == new or is_told_apart:
            return ""
        held = bare_value_text(old, before.unit, converted=before.from_converted) + marks_before(before)
        return movement_text(old, new, before.unit, (held, marked_stance(after, bare=True))) + since_text(after)

    @property
    def anchor(self) -> str:
        """The section of the pair: it is under moved if it moved at all."""
        if not self.steps:
            return "reaffirmed"
        new = [step for step in self.steps if step.kind is Kind.NEW or _is_first(step)]
        if any(step.kind in _MOVES for step in self.steps if step not in new):
            return "moved"
        return "new" if new else "amended"

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
        moved = None if step.inherited_from else self.gaps.moved_by(step.event_id)
        return gap_text(moved) if moved else ""

    def whose(self, step: Change) -> str:
        """Words before a step that is a bloc's; the days of a membership are those of one member."""
        return inherited_text(step, days=len(self.parties) == 1)

    def who(self, names: Names = CODES) -> str:
        """The parties."""
        return ", ".join(map(names.party, self.parties))

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
    found = [_pair(tuple(rows), report) for _, rows in pairs]
    return _gathered(found) if report.inherits else found


def _pair(rows: Sequence[Change], report: Report) -> PairBrief:
    steps = tuple(row for row in rows if not _repeats(row))
    others = tuple(row for row in rows if _repeats(row))
    ends = rows[0], rows[-1]
    return PairBrief(rows[0].issue, (rows[0].party,), *ends, steps, others, report.conditions, gaps=report.gaps)


def _repeats(row: Change) -> bool:
    """Whether a step changes nothing: a reaffirmation, or a withdrawal of what was withdrawn already."""
    return row.kind is Kind.REAFFIRMED or (row.kind is Kind.WITHDRAWN and row.from_value is WITHDRAWN)


def _is_first(row: Change) -> bool:
    """Whether a withdrawal is the first that is on record of a pair: nobody moved by it."""
    return row.kind is Kind.WITHDRAWN and row.from_value is None


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
