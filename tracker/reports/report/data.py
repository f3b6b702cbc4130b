"""The change report as data: one object, or rows of all its sections."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.domain.answers.changes import NetChange
from tracker.domain.registers.registers import Registers
from tracker.domain.report.change_report import Report
from tracker.domain.report.context import ContextRow
from tracker.domain.report.context_revisions import LateContext
from tracker.domain.report.outcomes import outcome_rows
from tracker.domain.report.relations import RelationShift
from tracker.domain.terms.columns import row_data
from tracker.domain.timeline.statement import Value
from tracker.reports.answers import render_parts, row_by_event_id
from tracker.reports.basis import basis, filters_text
from tracker.reports.names import WithNames
from tracker.reports.report.learned import learned_pairs
from tracker.reports.report.outcomes import outcome_briefs
from tracker.reports.report.revisions import revision_chains
from tracker.reports.steps import change_columns, change_data, step_signs
from tracker.reports.wording import statement_marks


@dataclass(frozen=True, slots=True)
class ReportAnswer(WithNames):
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
        changed = map(step_signs, self.report.changes)
        related = (held for shift in self.report.relations for held in (*shift.one, *shift.other))
        marks = (statement_marks(held.attribution, held.standing) for held in related)
        corrected = (chain.signs for chain in revision_chains(self.report.corrections))
        learned = (pair.signs for pair in learned_pairs(self.report.learned or ()))
        held = (brief.distances() for brief in outcome_briefs(self.report.context, self.report.outcomes))
        return "".join([*changed, *marks, *corrected, *learned, *held])

    @property
    def values(self) -> set[Value | None]:
        """All values in the report, for its legend."""
        moves = {value for row in self.report.changes for value in (row.from_value, row.to_value)}
        learned = learned_pairs(self.report.learned or ())
        return moves | {value for pair in learned for value in (pair.from_value, pair.to_value)}

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
            "filters": {
                **{name: sorted(getattr(report.scope, name)) for name in ("parties", "issues", "attributions")},
                **report.listing.data,
            },
            **({"inherit": True} if report.inherits else {}),
            "log": report.log,
            "left_out_undated": report.left_out_undated,
            "changes": list(map(change_data, report.changes)),
            "net": list(map(_net_row, report.net)),
            "corrections": list(map(row_by_event_id, report.corrections)),
            "context_corrections": list(map(row_by_event_id, report.context_corrections)),
            **(learned if since else {}),
            "relations": [_relation_data(related, inherits=report.inherits) for related in report.relations],
            "context": list(map(row_by_event_id, report.context)),
            "outcomes": list(_outcome_data(report)),
        }

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of all sections in one table; the first names the section of a row."""
        corrected = ("target", "to_party", "to_issue", "to_on", "reason")
        more = ("outcome", "foreseen", *corrected, "of", "recorded_by", "recorded_at", "from_relation", "to_relation")
        gaps = ("from_gap", "to_gap")
        closed = ("amount", "option", "held_stance", "held_amount", "held_no_figure", "distance", "closed_by")
        blocs = ("to_inherited_from",) if self.report.inherits else ()
        held = ("to_attribution", "to_standing", *blocs)
        both = (f"{side}_{what}" for what in ("attributions", "standings") for side in ("from", "to"))
        return (
            "section",
            *change_columns(inherits=self.report.inherits),
            *more,
            *held,
            *both,
            *gaps,
            *closed,
            "difference",
        )

    def render_parts(self, render: Callable[[Iterable[Mapping[str, Any]]], str]) -> Iterator[str]:
        """Yield the text of the rows in parts, as they come."""
        return render_parts(self.rows, render)

    @property
    def rows(self) -> Iterator[Mapping[str, Any]]:
        """The rows of all sections, after one with the days, cut-offs and log position of the report."""
        report = self.report
        rests_on = f"{filters_text(report.scope, report.listing)}{basis(report)} {report.log.hash.hex()}"
        days = f"after {report.from_day}, up to {report.to_day}"
        yield {"section": "report", "on": report.to_day, "summary": f"{days}; {rests_on}"}
        for section, found in (
            ("changes", map(change_data, report.changes)),
            ("net", map(_net_row, report.net)),
            ("corrections", map(row_by_event_id, report.corrections)),
            ("context_corrections", map(_context_row, report.context_corrections)),
            ("learned", map(row_by_event_id, report.learned or ())),
            ("relations", _relation_rows(report.relations, inherits=report.inherits)),
            ("learned_context", map(_context_row, report.learned_context or ())),
            ("context", map(_context_row, report.context)),
            ("outcomes", _outcome_data(report)),
        ):
            for row in found:
                yield {"section": section, **row}


def _outcome_data(report: Report) -> Iterator[dict[str, Any]]:
    for held in report.outcomes:
        for row in outcome_rows(*held):
            blocs = {"inherited_from": row.inherited_from} if report.inherits else {}
            yield {**row_by_event_id(row), **blocs}


def _net_row(net: NetChange) -> dict[str, Any]:
    blocs = dict(zip(("from_inherited_from", "to_inherited_from"), net.blocs, strict=True)) if net.blocs else {}
    return {**row_data(net), **blocs}


def _relation_data(related: RelationShift, *, inherits: bool) -> dict[str, Any]:
    blocs = {"from_inherited_from": related.from_blocs, "to_inherited_from": related.to_blocs} if inherits else {}
    return {**row_data(related.change), **blocs}


def _relation_rows(relations: Iterable[RelationShift], *, inherits: bool) -> Iterator[dict[str, Any]]:
    for related in relations:
        ids = tuple(stood.event_id for stood in related.now)
        yield {**_relation_data(related, inherits=inherits), "party": related.parties, "event_id": ids}


def _context_row(row: ContextRow | LateContext) -> dict[str, Any]:
    data = row_by_event_id(row)
    return {**data, "party": data["parties"], "issue": data["issues"], "summary": data["title"]}
