"""The change report as data: one JSON object, or one CSV table of its sections."""

from typing import Any

from tracker.domain.answers.changes import Change
from tracker.domain.answers.report import Report
from tracker.domain.timeline.statement import columns_of, row_data
from tracker.reports.flat import to_csv, to_json
from tracker.reports.words import basis


def report_json(report: Report) -> str:
    """The change report as one object (DESIGN section 8)."""
    since = report.known_from is not None
    return to_json(
        {
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
            "changes": report.changes,
            "net": report.net,
            "corrections": report.corrections,
            **({"learned": report.learned, "learned_context": report.learned_context} if since else {}),
            "relations": [related.change for related in report.relations],
            "context": report.context,
        }
    )


def report_csv(report: Report) -> str:
    """The change report as one table; the first column says which part of it a row belongs to."""
    rows: list[dict[str, Any]] = [{"section": "report", "on": report.to_day, "summary": _basis(report)}]
    rows += [{"section": "changes", **row_data(change)} for change in report.changes]
    rows += [{"section": "net", **row_data(net)} for net in report.net]
    rows += [{"section": "corrections", **row_data(row)} for row in report.corrections]
    rows += [{"section": "learned", **row_data(row)} for row in report.learned or ()]
    for relation, now in ((one.change, one.now) for one in report.relations):
        change = {"from_relation": relation.from_relation, "to_relation": relation.to_relation}
        rows.append({"section": "relations", "issue": relation.issue, "party": relation.parties, **change})
        rows[-1]["event_id"] = tuple(stood.event_id for stood in now)
    for section, found in (("learned_context", report.learned_context or ()), ("context", report.context)):
        for row in found:
            about = {"party": row.parties, "issue": row.issues, "summary": row.title}
            rows.append({"section": section, **row_data(row), **about})
    columns = (*columns_of(Change), "outcome", *_CORRECTED, "of", *_RECORDED, "from_relation", "to_relation")
    return to_csv(("section", *columns), rows)


def _basis(report: Report) -> str:
    """What the report is and rests on, in a line."""
    cuts = basis(report.known_at, report.published_by, report.log.position, report.scope)
    return f"after {report.from_day}, up to {report.to_day}; {cuts} {report.log.hash.hex()}"


_CORRECTED = ("target", "to_party", "to_issue", "to_on", "reason")
_RECORDED = ("recorded_by", "recorded_at")
