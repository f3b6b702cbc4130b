"""Answers as data: JSON with the field names of the design, and CSV that is safe in a spreadsheet."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from tracker.domain.terms.safe_text import is_visible, plain
from tracker.reports.answers import Data, Rows, Table, cell_text, plain_value
from tracker.reports.formats import Rendering
from tracker.reports.wording import left_out


def render_json(answer: Data) -> Rendering:
    """The data of any answer."""
    return Rendering(to_json(answer.data), before=left_out(answer.left_out_undated))


def render_json_lines(answer: Rows) -> Iterator[str]:
    """A JSON object on a line for each row, as it comes."""
    return (to_json(row, layout=0) for row in answer.rows)


def render_csv(answer: Table) -> Rendering:
    """The rows of an answer."""
    return Rendering(to_csv(answer.columns, answer.rows), before=left_out(answer.left_out_undated))


def to_json(value: Any, *, layout: int = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE) -> str:
    """Any answer as JSON, indented by default: rows become objects, days ISO 8601, hashes hexadecimal."""
    options = layout | orjson.OPT_PASSTHROUGH_DATETIME
    return escaped(orjson.dumps(value, default=plain_value, option=options).decode())


def escaped(json: str) -> str:
    """Escape every character of JSON that does not show as itself: the same data, safe to print."""
    if json.replace("\n", "").isprintable():
        return json
    return "\n".join(line if line.isprintable() else _HIDDEN.sub(_in_json, line) for line in json.split("\n"))


_HIDDEN = re.compile("[^ -~]")


def _in_json(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return found[0] if is_visible(found[0]) else "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV (RFC 4180): lists joined by semicolons, formulas quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue()


_FORMULA = ("=", "+", "-", "@", "\u2212")
"""Characters at the start of a cell that make a spreadsheet run it as a formula, in any width (U+2212 is a minus)."""


def _cell(value: Any) -> str | int | None:
    if value is None or type(value) is int:
        return value
    text = cell_text(value)
    return f"'{plain(text)}" if _runs(text) else plain(text)


def _runs(text: str) -> bool:
    """Return whether a spreadsheet may run a cell: some skip white space, some read a wide sign as the sign."""
    sign = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return text.startswith(("\t", "\r", "\n")) or sign.startswith(_FORMULA)
