"""Answers as data: JSON with the field names of the design, and CSV that a spreadsheet takes as text."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from tracker.domain.changes import Change
from tracker.domain.dates import instant_text
from tracker.domain.report import Report
from tracker.domain.state import State, StateRow
from tracker.domain.visible import plain, shows
from tracker.reports.words import basis

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_json(value: Any) -> str:
    """Any answer as indented JSON: rows become objects, days ISO 8601, hashes hexadecimal."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME
    return escaped(orjson.dumps(value, default=_plain_value, option=options).decode())


def escaped(json: str) -> str:
    """The same JSON with every character that does not show as itself in JSON's own escapes: data, safe to print."""
    return "\n".join(line if line.isprintable() else _HIDDEN.sub(_in_json, line) for line in json.split("\n"))


_HIDDEN = re.compile("[^ -~]")


def _in_json(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return found[0] if shows(found[0]) else "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def to_json_line(value: Any) -> str:
    """Any answer as JSON on one line, without its end."""
    return escaped(orjson.dumps(value, default=_plain_value, option=orjson.OPT_PASSTHROUGH_DATETIME).decode())


def state_columns(state: State) -> tuple[str, ...]:
    """The fields of a row of the state; with the bloc that a stance is taken from, if members inherit."""
    return (*StateRow._fields, *(("inherited_from",) if state.inherits else ()))


def state_data(state: State) -> list[dict[str, Any]]:
    """The rows of the state (DESIGN section 7)."""
    inherited = [{"inherited_from": cell.inherited_from} if state.inherits else {} for cell in state.cells]
    return [cell.row._asdict() | more for cell, more in zip(state.cells, inherited, strict=True)]


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
    rows += [{"section": "changes", **change._asdict()} for change in report.changes]
    rows += [{"section": "net", **net._asdict()} for net in report.net]
    rows += [{"section": "corrections", **row._asdict()} for row in report.corrections]
    rows += [{"section": "learned", **row._asdict()} for row in report.learned or ()]
    for relation, now in ((one.change, one.now) for one in report.relations):
        change = {"from_relation": relation.from_relation, "to_relation": relation.to_relation}
        rows.append({"section": "relations", "issue": relation.issue, "party": relation.parties, **change})
        rows[-1]["event_id"] = tuple(stood.event_id for stood in now)
    for section, found in (("learned_context", report.learned_context or ()), ("context", report.context)):
        for row in found:
            about = {"party": row.parties, "issue": row.issues, "summary": row.title}
            rows.append({"section": section, **row._asdict(), **about})
    columns = (*Change._fields, "outcome", *_CORRECTED, "of", *_RECORDED, "from_relation", "to_relation")
    return to_csv(("section", *columns), rows)


def _basis(report: Report) -> str:
    """What the report is and rests on, in a line."""
    cuts = basis(report.known_at, report.published_by, report.log.position, report.scope)
    return f"after {report.from_day}, up to {report.to_day}; {cuts} {report.log.hash.hex()}"


_CORRECTED = ("target", "to_party", "to_issue", "to_on", "reason")
_RECORDED = ("recorded_by", "recorded_at")


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV (RFC 4180): lists joined by semicolons, and nothing that a spreadsheet would run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


def cell_text(value: Any) -> str:
    """Any value of a row as text: lists joined by semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "_asdict"):
        return " ".join(map(cell_text, value))
    if isinstance(value, dict):
        return " since ".join(map(cell_text, value.values()))
    if isinstance(value, list | tuple):
        return "; ".join(map(cell_text, value))
    return str(value if isinstance(value, str | int) else _plain_value(value))


def _cell(value: Any) -> str | int:
    if type(value) is int:
        return value
    text = cell_text(value)
    return f"'{plain(text)}" if text.startswith(_FORMULA) else plain(text)


def _plain_value(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return value._asdict()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not data")
