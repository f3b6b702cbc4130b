"""Answers as data: JSON with the field names of the design, and CSV that a spreadsheet takes as text."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from tracker.domain.changes import Change, Report
from tracker.domain.dates import instant_text
from tracker.domain.visible import plain

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_json(value: Any) -> str:
    """Any answer as indented JSON: rows become objects, days ISO 8601, hashes hexadecimal."""
    return orjson.dumps(value, default=_plain_value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def report_json(report: Report) -> str:
    """The change report as one object (DESIGN section 8)."""
    return to_json(
        {
            "from": report.from_day,
            "to": report.to_day,
            "known_at": report.known_at,
            "published_by": report.published_by,
            "log": report.log,
            "left_out_undated": report.left_out_undated,
            "changes": report.changes,
            "net": report.net,
            "context": report.context,
        }
    )


def report_csv(report: Report) -> str:
    """The change report as one table; the first column says which part of it a row belongs to."""
    rows: list[dict[str, Any]] = [{"section": "changes", **change._asdict()} for change in report.changes]
    rows += [{"section": "net", **net._asdict()} for net in report.net]
    for row in report.context:
        about = {"party": row.parties, "issue": row.issues, "summary": row.title}
        rows.append({"section": "context", **row._asdict(), **about})
    return to_csv(("section", *Change._fields, "outcome"), rows)


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
