"""The change report in sections: for readers, outcomes first, then who moved and how; and as data, in rows.

This is the one list of the sections, and the wording of what is in them. Formats differ in how they show it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, takewhile
from typing import Any, NamedTuple

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.corrections import Correction, FieldChange
from tracker.domain.answers.learned import LateContext, LateEntry
from tracker.domain.answers.relations import Relation, Relations, RelationShift
from tracker.domain.answers.report import Report
from tracker.domain.log.kinds import Revision
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.registers import Registers
from tracker.domain.timeline.statement import WITHDRAWN, Statement, Value, row_data
from tracker.reports.answers import NARROW, columns_by_event_id, most_rows, render_parts, row_by_event_id
from tracker.reports.names import CODES, Names
from tracker.reports.wording import (
    EARLIER_WORDING,
    basis,
    day_text,
    filters_text,
    stance_before,
    stated_text,
    statement_marks,
    when_text,
    with_speaker,
)

_MOVES = {Kind.REVERSED, Kind.TOWARDS, Kind.AWAY, Kind.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class PairBrief:
    """The changes of one pair: the first, the last, those worth reading, and the others.

    `conditions` has the conditions that statements state, by event id.
    """

    issue: str
    party: str
    first: Change
    last: Change
    steps: tuple[Change, ...]
    reaffirmed: tuple[Change, ...]
    conditions: Mapping[str, tuple[str, ...]]

    @property
    def from_value(self) -> Value | None:
        """The value before the changes."""
        return self.first.from_value

    @property
    def before(self) -> str:
        """The stance before the changes, with its marks."""
        return stance_before(self.first.from_value, self.first.from_attribution, reworded=self.first.from_reworded)

    @property
    def anchor(self) -> str:
        """The section of the pair: it is under moved if it moved at all."""
        kinds = {step.kind for step in self.steps}
        if not kinds:
            return "reaffirmed"
        return "moved" if kinds & _MOVES else "new" if Kind.NEW in kinds else "amended"


@dataclass(frozen=True, slots=True)
class PairLearned:
    """Late entries about one pair, and its stance as an earlier report knew it and as known now."""

    issue: str
    party: str
    from_value: Value | None
    to_value: Value | None
    rows: tuple[LateEntry, ...]

    @property
    def before(self) -> str:
        """The stance as the earlier report knew it."""
        return stance_before(self.from_value)


class RelationBrief(NamedTuple):
    """The changes of a party's relations to others that stayed where they were; or that of two that both moved."""

    shifts: tuple[RelationShift, ...]

    @property
    def now(self) -> tuple[Statement, ...]:
        """The statements of all parties on the last day, the mover's first."""
        both = [_mover_first(shift) for shift in self.shifts]
        return (both[0][0][1], *(other[1] for _, other in both))


class Section(NamedTuple):
    """A section that is not empty: its anchor, its heading, its items, and a word for one of them and for several.

    Of many items `rows` has the first ones; there are `more`.
    """

    anchor: str
    heading: str
    rows: Sequence[Any]
    one: str
    several: str
    more: int = 0

    @property
    def number(self) -> int:
        """The number of all items."""
        return len(self.rows) + self.more

    @property
    def cut(self) -> str:
        """A sentence on the items that are not shown; empty if all are."""
        return f"Only the first {len(self.rows):,} of {self.number:,} are shown. {NARROW}" if self.more else ""


def sections(report: Report) -> list[Section]:
    """The sections of a report that are not empty, in reading order; each pair with changes is in one."""
    pairs: dict[str, list[PairBrief]] = {"moved": [], "amended": [], "new": [], "reaffirmed": []}
    for _, rows in groupby(report.changes, key=lambda change: (change.issue, change.party)):
        pair = _pair(tuple(rows), report.conditions)
        pairs[pair.anchor].append(pair)
    since = f"Learned since log position {report.known_from} about the days up to {day_text(report.from_day)}"
    found = (
        Section("outcomes", "Outcomes", [row for row in report.context if row.kind == "closed"], "outcome", "outcomes"),
        Section("moved", "Moved", pairs["moved"], "position moved", "positions moved"),
        Section("amended", "Amended conditions", pairs["amended"], "amended", "amended"),
        Section("new", "New on record", pairs["new"], "new", "new"),
        Section("reaffirmed", "Reaffirmed only", pairs["reaffirmed"], "reaffirmed", "reaffirmed"),
        Section(
            "relations",
            "Relations that changed",
            _relation_briefs(report.relations),
            "change of relations",
            "changes of relations",
        ),
        Section(
            "learned",
            since,
            [*_learned(report.learned or ()), *(report.learned_context or ())],
            "learned late",
            "learned late",
        ),
        Section(
            "corrections",
            "Our corrections (no party moved)",
            report.corrections,
            "correction of ours",
            "corrections of ours",
        ),
        Section(
            "context",
            "Context",
            [row for row in report.context if row.kind != "closed"],
            "event of context",
            "events of context",
        ),
    )
    return [_first_items(section) for section in found if section.rows]


def _first_items(section: Section) -> Section:
    """Leave out the items of a section beyond the number of lines that people are shown, but not the first one."""
    lines = accumulate(map(_lines, section.rows))
    shown = max(1, sum(1 for _ in takewhile(lambda number: number <= most_rows(_COLUMNS), lines)))
    return section._replace(rows=section.rows[:shown], more=len(section.rows) - shown)


_COLUMNS = 3
"""A line of a report has a day, a word and a text."""


def _lines(item: Any) -> int:
    match item:
        case PairBrief():
            return 1 + len(item.steps) + len(item.reaffirmed)
        case PairLearned():
            return 1 + len(item.rows)
        case RelationBrief():
            return len(item.now)
        case _:
            return 1


def counts_text(found: Sequence[Section]) -> str:
    """The first line of a report: how much is in each section, positions counted by party and issue."""
    counts = (counted(section.number, section.one, section.several) for section in found)
    return ", ".join(counts) or "Nothing changed."


def _pair(rows: Sequence[Change], conditions: Mapping[str, tuple[str, ...]]) -> PairBrief:
    steps = tuple(row for row in rows if not _repeats(row))
    others = tuple(row for row in rows if _repeats(row))
    return PairBrief(rows[0].issue, rows[0].party, rows[0], rows[-1], steps, others, conditions)


def _repeats(row: Change) -> bool:
    """Whether a step changes nothing: a reaffirmation, or a withdrawal where there was no stance."""
    return row.kind is Kind.REAFFIRMED or (row.kind is Kind.WITHDRAWN and row.from_value in (None, WITHDRAWN))


def _learned(rows: Sequence[LateEntry]) -> Iterator[PairLearned]:
    ordered = sorted(rows, key=lambda row: (row.issue, row.party))
    for (issue, party), found in groupby(ordered, key=lambda row: (row.issue, row.party)):
        first, *others = found
        yield PairLearned(issue, party, first.from_value, first.to_value, (first, *others))


# --- the wording of items -------------------------------------------------------------------------


def correction_text(row: Correction, names: Names = CODES) -> str:
    """A correction or retraction of our record in words; no party moved."""
    was = f"{names.party(row.party)} on {names.issue(row.issue)}, {stated_text(row.stated)}: {row.from_value}"
    if row.to_party is None or row.to_issue is None or row.to_stated is None or row.to_value is None:
        return f"{was}, was retracted"
    if (row.to_party, row.to_issue, row.to_stated) != (row.party, row.issue, row.stated):
        to = f"{names.party(row.to_party)} on {names.issue(row.to_issue)}"
        now = f"{to}, {stated_text(row.to_stated)}: {row.to_value}"
        return f"{was}, was corrected to {now}"
    if row.to_value is row.from_value:
        return f"{was}, had its details corrected"
    return f"{was}, was corrected to {row.to_value}"


def revision_text(row: Correction, names: Names = CODES) -> str:
    """A correction or retraction in words, with its reason, who made it and when."""
    return f"{correction_text(row, names)}. {row.reason} ({row.recorded_by}, {day_text(row.recorded_at.date())})"


def difference_text(changes: Iterable[FieldChange]) -> str:
    """The fields that a correction changed, in words: short ones with both values, long ones by name."""
    return "; ".join(_field_text(change) for change in changes) or "nothing differs"


def _field_text(change: FieldChange) -> str:
    if change.field not in _SHORT:
        return f"another {change.field}"
    before, after = (_value_text(change.field, value) for value in (change.before, change.after))
    return f"{change.field} {before} -> {after}"


def _value_text(field: str, value: Any) -> str:
    if value is None:
        return "none"
    return stated_text(value) if field in _DATES else str(value)


_DATES = {"stated_on", "on", "published_on"}
_SHORT = {"party", "issue", "stance", "stated_on", "on", "published_on", "sequence", "outcome", "source", "speaker"}


def learned_text(row: LateEntry) -> str:
    """An entry recorded since an earlier report, in words."""
    its = "" if row.of == "statement" else f"its {row.of} "
    day = stated_text(row.stated)
    match row.kind:
        case Revision.STATED | Revision.WITHDRAWN:
            what = f"{row.kind} {when_text(row.stated)}, recorded {day_text(row.recorded_at.date())}"
        case Revision.LEFT_OUT:
            what = f"stated {when_text(row.stated)}, not public by that report's cut-off"
        case Revision.CORROBORATED:
            what = f"statement of {day} corroborated"
        case Revision.RETRACTED:
            what = f"statement of {day}: {its}retracted ({row.reason})"
        case _:
            changed = difference_text(row.difference)
            what = f"statement of {day}: {its}corrected, {changed} ({row.reason})"
    return f"{what}: {with_speaker(row.summary, row.speaker)}"


def learned_context_text(row: LateContext, names: Names = CODES) -> str:
    """An occurrence of earlier days that was recorded, corrected or retracted since, in words."""
    outcome = f"{', '.join(map(names.issue, row.issues))} {row.outcome}: " if row.outcome else ""
    if row.kind is Revision.CORRECTED:
        how = f"{row.of} corrected, {difference_text(row.difference)}: {row.reason}"
    elif row.kind is Revision.RETRACTED:
        how = f"{row.of} retracted: {row.reason}"
    elif row.kind is Revision.LEFT_OUT:
        how = "not public by that report's cut-off"
    else:
        how = f"recorded {day_text(row.recorded_at.date())}"
    return f"{day_text(row.on)}: {outcome}{row.title} ({how})"


def relation_text(brief: RelationBrief, names: Names = CODES) -> str:
    """Changes of a party's relations to others, with the stances of all, in words."""
    shift = brief.shifts[0]
    mover, _ = _mover_first(shift)
    others = (f"{names.party(other[1].party)} ({_stood(other)})" for _, other in map(_mover_first, brief.shifts))
    words = f"{_RELATIONS[shift.from_relation]} -> {_RELATIONS[shift.to_relation]}"
    earlier = f". Among these is {EARLIER_WORDING}" if any(one.reworded for one in brief.shifts) else ""
    about = f"{names.party(mover[1].party)} ({_stood(mover)}) on {names.issue(shift.issue)}"
    return f"{about}: {words} with {', '.join(others)}{earlier}"


_RELATIONS = {
    Relation.AGREE: "agree",
    Relation.AGREE_IF: "agree if conditions are met",
    Relation.OPPOSED: "opposed",
    Relation.OPEN: "open",
}


def _stood(held: tuple[Statement, Statement]) -> str:
    before, now = (f"{one.value}{statement_marks(one.attribution, one.standing)}" for one in held)
    return now if before == now else f"{before} -> {now}"


def _mover_first(shift: RelationShift) -> tuple[tuple[Statement, Statement], tuple[Statement, Statement]]:
    """The statements of both parties on both days; of two parties the one that moved alone comes first."""
    alone = shift.one[0].value is shift.one[1].value and shift.other[0].value is not shift.other[1].value
    return (shift.other, shift.one) if alone else (shift.one, shift.other)


def _relation_briefs(relations: Relations) -> list[RelationBrief]:
    """Gather the changes that one party's move made, the same way, on one issue."""
    found: dict[tuple[object, ...], list[RelationShift]] = {}
    for shift in relations:
        mover, other = _mover_first(shift)
        both = other[1].party if other[0].value is not other[1].value else None
        key = (shift.issue, mover[1].party, both, shift.from_relation, shift.to_relation)
        found.setdefault(key, []).append(shift)
    return [RelationBrief(tuple(shifts)) for shifts in found.values()]


def _held(value: Value | None) -> Value | None:
    """A value before or after a change: none for a withdrawn stance, which reads as no stance."""
    return value if isinstance(value, Stance) else None


# --- as data --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """A change report; `names` are the registers, for sources and, if they are wanted, `titles`."""

    report: Report
    names: Registers | None = None
    titles: bool = True

    @property
    def left_out_undated(self) -> int:
        return self.report.left_out_undated

    @property
    def signs(self) -> str:
        """All marks in the report, for its legend."""
        changed = (statement_marks(change.attribution, change.standing) for change in self.report.changes)
        before = (statement_marks(row.from_attribution) for row in self.report.changes if row.from_attribution)
        related = (held for shift in self.report.relations for held in (*shift.one, *shift.other))
        marks = (statement_marks(held.attribution, held.standing) for held in related)
        return "".join([*changed, *before, *marks])

    @property
    def values(self) -> set[Value | None]:
        """All values in the report, for its legend."""
        found: set[Value | None] = {
            value for row in self.report.changes for value in (_held(row.from_value), row.to_value)
        }
        for late in self.report.learned or ():
            found |= {_held(late.from_value), _held(late.to_value)}
        return found

    @property
    def shown_names(self) -> Names:
        """The names of parties and titles of issues, if they are wanted."""
        return Names(self.names) if self.titles else CODES

    @property
    def data(self) -> dict[str, Any]:
        """The report as one object (DESIGN section 8)."""
        report = self.report
        since = {} if report.known_from is None else {"known_from": report.known_from}
        if report.earlier_rules is not None:
            since["earlier_rules"] = report.earlier_rules
        learned = {
            "learned": list(map(row_by_event_id, report.learned or ())),
            "learned_context": list(map(row_by_event_id, report.learned_context or ())),
        }
        return {
            "rules": report.rules,
            "from": report.from_day,
            "to": report.to_day,
            "known_at": report.known_at,
            **since,
            "published_by": report.published_by,
            "filters": {name: sorted(getattr(report.scope, name)) for name in ("parties", "issues", "attributions")},
            "log": report.log,
            "left_out_undated": report.left_out_undated,
            "changes": list(map(row_by_event_id, report.changes)),
            "net": report.net,
            "corrections": list(map(row_by_event_id, report.corrections)),
            **(learned if since else {}),
            "relations": [related.change for related in report.relations],
            "context": list(map(row_by_event_id, report.context)),
        }

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all sections in one table; the first names the section of a row."""
        corrected = ("target", "to_party", "to_issue", "to_on", "reason")
        more = ("outcome", *corrected, "of", "recorded_by", "recorded_at", "from_relation", "to_relation")
        return ("section", *columns_by_event_id(Change), *more)

    def render_parts(self, render: Callable[[Iterable[Mapping[str, Any]]], str]) -> Iterator[str]:
        """Yield the text of the rows in parts, as they come."""
        return render_parts(self.rows, render)

    @property
    def rows(self) -> Iterator[Mapping[str, Any]]:
        """The rows of all sections, after one with the days, cut-offs and log position of the report."""
        report = self.report
        rests_on = f"{filters_text(report.scope)}{basis(report)} {report.log.hash.hex()}"
        days = f"after {report.from_day}, up to {report.to_day}"
        yield {"section": "report", "on": report.to_day, "summary": f"{days}; {rests_on}"}
        for section, found in (
            ("changes", map(row_by_event_id, report.changes)),
            ("net", (row_data(net) for net in report.net)),
            ("corrections", map(row_by_event_id, report.corrections)),
            ("learned", map(row_by_event_id, report.learned or ())),
            ("relations", _relation_rows(report.relations)),
            ("learned_context", map(_context_row, report.learned_context or ())),
            ("context", map(_context_row, report.context)),
        ):
            for row in found:
                yield {"section": section, **row}


def _relation_rows(relations: Relations) -> Iterator[dict[str, Any]]:
    for related in relations:
        change = related.change
        yield {
            "issue": change.issue,
            "party": change.parties,
            "from_relation": change.from_relation,
            "to_relation": change.to_relation,
            "event_id": tuple(stood.event_id for stood in related.now),
        }


def _context_row(row: ContextRow | LateContext) -> dict[str, Any]:
    return {**row_by_event_id(row), "party": row.parties, "issue": row.issues, "summary": row.title}
