"""A list of a batch as rows of fields: written row by row, or as a table that names its columns once."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import yaml

from tracker.adapters.batch_sections import SECTIONS, not_a_field
from tracker.adapters.yaml_nodes import (
    Fields,
    begins_with_digit,
    ends_in_digit,
    fields_of,
    is_empty,
    is_nothing,
    line_of,
)
from tracker.domain.terms.amount_advice import how_to_write_amount
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.safe_text import label
from tracker.errors import Finding

TABLE = frozenset({"columns", "rows"})
"""The parts of a table."""


class NodeRow(NamedTuple):
    """A row as written: the line on which it begins, and its own fields."""

    line: int
    fields: Fields


def rows_of(section: str, written: yaml.Node, name: str, findings: list[Finding]) -> Iterator[NodeRow]:
    """Yield the rows of a section, which is a list of them or a table."""
    if is_nothing(written):
        return
    if is_table(written):
        yield from _rows_of_table(section, fields_of(written, name, section, findings), name, findings)
    elif isinstance(written, yaml.SequenceNode):
        for node in written.value:
            yield NodeRow(line_of(node), fields_of(node, name, SECTIONS[section].one, findings))
    else:
        problem = f"is not a list. Begin each {SECTIONS[section].noun} with `- `."
        findings.append(Finding(name, line_of(written), section, problem))


def is_table(written: yaml.Node | None) -> bool:
    """Return whether a node is a table, perhaps with a part missing."""
    return isinstance(written, yaml.MappingNode) and any(
        isinstance(key, yaml.ScalarNode) and key.value in TABLE for key, _ in written.value
    )


def _rows_of_table(section: str, table: Fields, name: str, findings: list[Finding]) -> Iterator[NodeRow]:
    for part, (line, _) in table.items():
        if part not in TABLE:
            findings.append(Finding(name, line, label(part), f"is no part of a table. {_HAS}"))
    if missing := sorted(TABLE - table.keys()):
        line = next(line for line, _ in table.values())
        findings.append(Finding(name, line, section, f"is a table without `{missing[0]}:`. {_HAS}"))
        return
    columns, rows = _columns(section, table["columns"][1], name, findings), table["rows"][1]
    if is_nothing(rows) or columns is None:
        return
    if not isinstance(rows, yaml.SequenceNode):
        findings.append(Finding(name, line_of(rows), "rows", "is not a list. Begin each row with `- `."))
        return
    for row in rows.value:
        if problem := _wrong_row(row, columns):
            findings.append(Finding(name, line_of(row), section, problem))
        else:
            cells = zip(columns, row.value, strict=True)
            own = {column: (line_of(cell), cell) for column, cell in cells if column and not is_empty(cell)}
            yield NodeRow(line_of(row), own)


_HAS = "It has `columns:` and `rows:`."
_TOO_FEW = "Write a comma behind each empty cell, also behind the last: `[..., , ]`."


def _columns(section: str, written: yaml.Node, name: str, findings: list[Finding]) -> list[str] | None:
    """Return the columns' fields, each empty if it has a finding; None if they are no list."""
    if not isinstance(written, yaml.SequenceNode):
        example = ", ".join(list(SECTIONS[section].fields)[:3])
        findings.append(Finding(name, line_of(written), "columns", f"is not a list of fields, such as [{example}]."))
        return None
    found: list[str] = []
    for node in written.value:
        column = node.value if isinstance(node, yaml.ScalarNode) else ""
        wrong = _wrong_column(column, section, found)
        if wrong is not None:
            findings.append(Finding(name, line_of(node), "columns", wrong))
        found.append("" if wrong else column)
    return found


def _wrong_column(column: str, section: str, before: list[str]) -> str | None:
    if not column:
        return "has a column without the name of a field."
    if column in before:
        return f"has {label(column)} twice. Keep one."
    if column not in SECTIONS[section].fields:
        return f"{label(column)} {not_a_field(column, SECTIONS[section])}"
    return None


def _too_many(row: yaml.SequenceNode) -> str:
    """Return what to do about a row with too many cells: an amount such as 1,300 makes two."""
    for one, other in pairwise(row.value):
        if ends_in_digit(one) and begins_with_digit(other):
            typed = f"{one.value},{other.value}"
            return f"{typed} makes two: {how_to_write_amount(typed)}, or put a text that holds a comma in quotes."
    return "Put a text that holds a comma in quotes."


def _wrong_row(row: yaml.Node, columns: list[str]) -> str | None:
    """Return what is wrong with a row as a list of cells."""
    if not isinstance(row, yaml.SequenceNode):
        return f"a row of a table is a list of its {counted(len(columns), 'cell')}: `- [..., ...]`."
    if len(row.value) == len(columns):
        return None
    advice = _TOO_FEW if len(row.value) < len(columns) else _too_many(row)
    return f"a row has {counted(len(row.value), 'cell')} for {counted(len(columns), 'column')}. {advice}"
