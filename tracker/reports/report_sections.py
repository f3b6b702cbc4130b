"""The change report in sections: for readers, outcomes first, then who moved and how; and as data, in rows.

This is the one list of the sections and their wording. Formats differ in how they show what is in one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.corrections import Correction
from tracker.domain.answers.learned import LateContext, LateEntry
from tracker.domain.answers.relations import Relations
from tracker.domain.answers.report import Report
from tracker.domain.timeline.registers import Registers
from tracker.domain.timeline.statement import WITHDRAWN, Value, row_data
from tracker.reports.answers import columns_by_event_id, row_by_event_id
from tracker.reports.change_wording import since_text
from tracker.reports.wording import basis, filters_text

MOVES = (Kind.REVERSED, Kind.TOWARDS, Kind.AWAY, Kind.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class PairBrief:
    """The changes of one pair: the stance before them, the last, those worth reading, and the number of the others."""

    issue: str
    party: str
    from_value: Value | None
    last: Change
    steps: tuple[Change, ...]
    reaffirmed: int


@dataclass(frozen=True, slots=True)
class PairLearned:
    """Late entries about one pair, and its stance as an earlier report knew it and as known now."""

    issue: str
    party: str
    from_value: Value | None
    to_value: Value | None
    rows: tuple[LateEntry, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The content of each section, by its anchor; each pair with changes is in one section.

    The section `learned` also shows `learned_context`.
    """

    outcomes: tuple[ContextRow, ...]
    moved: tuple[PairBrief, ...]
    amended: tuple[PairBrief, ...]
    new: tuple[PairBrief, ...]
    reaffirmed: tuple[PairBrief, ...]
    relations: Relations
    learned: tuple[PairLearned, ...]
    learned_context: tuple[LateContext, ...]
    corrections: tuple[Correction, ...]
    context: tuple[ContextRow, ...]


class Section(NamedTuple):
    """A section that is not empty: its anchor, its heading, and the number of its items."""

    anchor: str
    heading: str
    items: int


_HEADINGS: Mapping[str, str] = {
    "outcomes": "Outcomes",
    "moved": "Moved",
    "amended": "Amended conditions",
    "new": "New on record",
    "reaffirmed": "Reaffirmed only",
    "relations": "Relations that changed",
    "learned": "",  # the report says since when
    "corrections": "Our corrections (no party moved)",
    "context": "Context",
}
"""The sections in reading order, by anchor."""


def sections(report: Report, parts: Brief) -> list[Section]:
    """The sections of a report that are not empty, in reading order."""
    items = {anchor: len(getattr(parts, anchor)) for anchor in _HEADINGS}
    items["learned"] += len(parts.learned_context)
    headings = {**_HEADINGS, "learned": since_text(report)}
    return [Section(anchor, headings[anchor], number) for anchor, number in items.items() if number]


def brief(report: Report) -> Brief:
    """Sort a report's rows for reading: a pair that moved at all is under moved, with every step."""
    pairs = [_pair(list(rows)) for _, rows in groupby(report.changes, key=lambda change: (change.issue, change.party))]
    return Brief(
        outcomes=tuple(row for row in report.context if row.kind == "closed"),
        moved=_with(pairs, MOVES, ()),
        amended=_with(pairs, (Kind.AMENDED,), (*MOVES, Kind.NEW)),
        new=_with(pairs, (Kind.NEW,), MOVES),
        reaffirmed=tuple(pair for pair in pairs if not pair.steps),
        relations=report.relations,
        learned=_learned(report.learned or ()),
        learned_context=report.learned_context or (),
        corrections=report.corrections,
        context=tuple(row for row in report.context if row.kind != "closed"),
    )


def _pair(rows: Sequence[Change]) -> PairBrief:
    steps = tuple(row for row in rows if not repeats(row))
    first, last = rows[0], rows[-1]
    return PairBrief(first.issue, first.party, first.from_value, last, steps, len(rows) - len(steps))


def repeats(row: Change) -> bool:
    """Whether a step changes nothing: a reaffirmation, or a withdrawal where there was no stance."""
    return row.kind is Kind.REAFFIRMED or (row.kind is Kind.WITHDRAWN and row.from_value in (None, WITHDRAWN))


def _learned(rows: Sequence[LateEntry]) -> tuple[PairLearned, ...]:
    ordered = sorted(rows, key=lambda row: (row.issue, row.party))
    grouped = ((pair, tuple(found)) for pair, found in groupby(ordered, key=lambda row: (row.issue, row.party)))
    return tuple(
        PairLearned(issue, party, found[0].from_value, found[0].to_value, found) for (issue, party), found in grouped
    )


def _with(pairs: Iterable[PairBrief], kinds: Sequence[Kind], without: Sequence[Kind]) -> tuple[PairBrief, ...]:
    return tuple(
        pair
        for pair in pairs
        if any(step.kind in kinds for step in pair.steps) and not any(step.kind in without for step in pair.steps)
    )


# --- as data --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """A change report; `names` are the registers, for formats that show titles."""

    report: Report
    names: Registers | None = None

    @property
    def left_out_undated(self) -> int:
        return self.report.left_out_undated

    @property
    def data(self) -> dict[str, Any]:
        """The report as one object (DESIGN section 8)."""
        report = self.report
        since = report.known_from is not None
        learned = {
            "learned": [row_by_event_id(row) for row in report.learned or ()],
            "learned_context": [row_by_event_id(row) for row in report.learned_context or ()],
        }
        return {
            "from": report.from_day,
            "to": report.to_day,
            "known_at": report.known_at,
            **({"known_from": report.known_from} if since else {}),
            "published_by": report.published_by,
            "filters": {
                "parties": sorted(report.scope.parties),
                "issues": sorted(report.scope.issues),
                "attributions": sorted(report.scope.attributions),
            },
            "log": report.log,
            "left_out_undated": report.left_out_undated,
            "changes": [row_by_event_id(row) for row in report.changes],
            "net": report.net,
            "corrections": [row_by_event_id(row) for row in report.corrections],
            **(learned if since else {}),
            "relations": [related.change for related in report.relations],
            "context": [row_by_event_id(row) for row in report.context],
        }

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all sections in one table; the first names the section of a row."""
        corrected = ("target", "to_party", "to_issue", "to_on", "reason")
        more = ("outcome", *corrected, "of", "recorded_by", "recorded_at", "from_relation", "to_relation")
        return ("section", *columns_by_event_id(Change), *more)

    @property
    def rows(self) -> Iterator[Mapping[str, Any]]:
        """The rows of all sections, after one with the days, cut-offs and log position of the report."""
        report = self.report
        yield {"section": "report", "on": report.to_day, "summary": _basis(report)}
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


def _basis(report: Report) -> str:
    """The days, cut-offs and log position of a report, in a line."""
    cuts = f"{filters_text(report.scope)}{basis(report)} {report.log.hash.hex()}"
    return f"after {report.from_day}, up to {report.to_day}; {cuts}"
