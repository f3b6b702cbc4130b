"""Answers as data: JSON with the field names of the design, and CSV that a spreadsheet takes as text."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from tracker.domain.terms.dates import instant_text
from tracker.domain.terms.safe_text import is_visible, plain
from tracker.domain.timeline.state import State, StateRow
from tracker.domain.timeline.statement import columns_of, row_data

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_json(value: Any) -> str:
    """Any answer as indented JSON: rows become objects, days ISO 8601, hashes hexadecimal."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME
    return escaped(orjson.dumps(value, default=_plain_value, option=options).decode())


def escaped(json: str) -> str:
    """The same JSON with every character that does not show as itself in JSON's own escapes: data, safe to print."""
    if json.replace("\n", "").isprintable():
        return json
    return "\n".join(line if line.isprintable() else _HIDDEN.sub(_in_json, line) for line in json.split("\n"))


_HIDDEN = re.compile("[^ -~]")


def _in_json(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return found[0] if is_visible(found[0]) else "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def to_json_line(value: Any) -> str:
    """Any answer as JSON on one line, without its end."""
    return escaped(orjson.dumps(value, default=_plain_value, option=orjson.OPT_PASSTHROUGH_DATETIME).decode())


def state_columns(state: State) -> tuple[str, ...]:
    """The fields of a row of the state; with the bloc that a stance is taken from, if members inherit."""
    return (*columns_of(StateRow), *(("inherited_from",) if state.inherits else ()))


def state_data(state: State) -> list[dict[str, Any]]:
    """The rows of the state (DESIGN section 7)."""
    inherited = [{"inherited_from": cell.inherited_from} if state.inherits else {} for cell in state.cells]
    return [row_data(cell.row) | more for cell, more in zip(state.cells, inherited, strict=True)]


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


def _cell(value: Any) -> str | int | None:
    if value is None or type(value) is int:
        return value
    text = cell_text(value)
    return f"'{plain(text)}" if text.startswith(_FORMULA) else plain(text)


def _plain_value(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return row_data(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not data")
