"""Answers as data: JSON with the field names of the design, and CSV that is safe in a spreadsheet."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain, islice
from typing import Any

import orjson

from tracker.domain.terms.columns import column_values
from tracker.domain.terms.safe_text import is_visible, plain
from tracker.reports.answers import Data, Rows, Table, cell_text, plain_value
from tracker.reports.formats import Rendering
from tracker.reports.wording import left_out


def render_json(answer: Data) -> Rendering:
    """The data of any answer; rows are written as they come."""
    body = json_array(answer.render_parts(json_items)) if isinstance(answer, Rows) else to_json(answer.data)
    return Rendering(body, before=left_out(answer.left_out_undated))


def render_json_lines(answer: Rows) -> Iterator[str]:
    """A JSON object on a line for each row, as it comes."""
    return (f"{to_json(row, layout=0)}\n" for row in answer.rows)


def render_csv(answer: Table) -> Rendering:
    """The rows of an answer, as they come, below its `columns`.

    Those of flat rows come from the type of a row in the domain (`domain/terms/columns.py`).
    """
    columns = answer.columns
    lines = answer.render_parts(partial(csv_lines, columns))
    return Rendering(chain([_header(columns)], lines), before=left_out(answer.left_out_undated))


def json_array(parts: Iterable[str]) -> Iterator[str]:
    """Yield the parts of the array that `to_json` would make of all rows, from the items of each part."""
    before = _OPENS
    for items in filter(None, parts):
        yield f"{before}{items}"
        before = ",\n"
    yield to_json([]) if before is _OPENS else _CLOSES


def json_items(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as items of an array; empty without any."""
    left = iter(rows)
    parts = iter(lambda: list(islice(left, _AT_ONCE)), [])
    return ",\n".join([to_json(part)[len(_OPENS) : -len(_CLOSES)] for part in parts])


_AT_ONCE = 64
"""How many rows become objects at once: as few as the processor's caches hold, which halves the time."""


_OPENS, _CLOSES = "[\n", "\n]\n"


def to_json(value: Any, *, layout: int = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE) -> str:
    """Any answer as JSON, indented by default: rows become objects, days ISO 8601, hashes hexadecimal."""
    options = layout | orjson.OPT_PASSTHROUGH_DATETIME
    return escaped(orjson.dumps(value, default=plain_value, option=options).decode())


def escaped(json: str) -> str:
    """Escape every character of JSON that does not show as itself: the same data, safe to print."""
    if (json.isascii() and "\x7f" not in json) or json.replace("\n", "").isprintable():
        return json  # JSON escapes the other control characters of ASCII itself
    return "\n".join(line if line.isprintable() else _HIDDEN.sub(_in_json, line) for line in json.split("\n"))


_HIDDEN = re.compile("[^ -~]")


def _in_json(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return found[0] if is_visible(found[0]) else "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV (RFC 4180) below their columns: lists joined by semicolons (of records: JSON), formulas quoted."""
    return _header(columns) + csv_lines(columns, rows)


def _header(columns: Sequence[str]) -> str:
    return f"{','.join(_cell(name) for column in columns for name in _csv_columns(column))}\r\n"


def _csv_columns(column: str) -> Sequence[str]:
    """The columns of a table that a column of data takes: an amount one for each of its ends."""
    if column == "could_accept":
        return "could_accept_at_least", "could_accept_at_most"
    if column != "amount" and not column.endswith("_amount"):
        return (column,)
    return tuple(column.removesuffix("amount") + end for end in ENDS)


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as lines of CSV, which `csv.writer` would make in several times the time."""
    part = list(rows)
    cells: list[Sequence[str]] = []
    for column in columns:
        values = [row.get(column) for row in part]
        if len(_csv_columns(column)) == 1:
            cells.append(_cells(values))
        else:
            cells += [[amount.get(end, "") if amount else "" for amount in values] for end in ENDS]
    return "".join([f"{','.join(line)}\r\n" for line in zip(*cells, strict=True)])


def _cells(values: Sequence[Any]) -> Sequence[str]:
    """The cells of a column, in which values recur."""
    try:
        distinct = set(values)
    except TypeError:  # lists and objects
        return list(map(_cell, values))
    if len(distinct) == len(values):
        return list(map(_cell, values))
    cells = {value: _cell(value) for value in distinct}
    return list(map(cells.__getitem__, values))


ENDS = ("at_least", "at_most")
"""The ends of an amount, as data name them."""

_SIMPLE = re.compile(r"[0-9A-Za-z][ -~]*").fullmatch
"""Text of ASCII that shows as itself, and that no spreadsheet takes for a formula."""
_FORMULA = ("=", "+", "-", "@", "\u2212")
"""Characters at the start of a cell that make a spreadsheet run it as a formula, in any width (U+2212 is a minus)."""


def _cell(value: Any) -> str:
    kind = type(value)
    if kind is int or kind is float:
        return str(value)
    if kind is Decimal:
        return cell_text(value)
    text = value if kind is str else to_json(value, layout=0) if _holds_records(value) else cell_text(value)
    shown = text if _SIMPLE(text) or not text else f"'{plain(text)}" if _runs(text) else plain(text)
    return f'"{shown.replace(_QUOTE, _QUOTE * 2)}"' if "," in shown or _QUOTE in shown else shown


_QUOTE = '"'


def _holds_records(value: Any) -> bool:
    """Return whether a value is a list of records, or a record with text in it: joined nobody could take it apart."""
    if hasattr(value, "_asdict"):
        return any(type(one) in (str, tuple, list) for one in column_values(value))
    is_list = type(value) in (list, tuple)
    return is_list and any(isinstance(one, dict) or hasattr(one, "_asdict") for one in value)


_UNSEEN = re.compile(r"^[\s\u200e\u200f\u061c]+")


def _runs(text: str) -> bool:
    """Return whether a spreadsheet may run a cell: some skip what cannot be seen, some read a wide sign as the sign."""
    sign = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)[:1])
    return text.startswith(("\t", "\r", "\n")) or sign.startswith(_FORMULA)
