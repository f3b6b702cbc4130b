"""Batches written by hand, of registers, statements and milestones: YAML or JSON Lines, with defaults."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import yaml

from tracker.adapters.batch_sections import SECTIONS, Batch, BatchRow, holds_by_default, not_a_field, unused_default
from tracker.adapters.batch_tables import TABLE, is_table, rows_of
from tracker.adapters.batch_values import AMOUNTS
from tracker.adapters.jsonl import TOO_DEEP, once
from tracker.adapters.yaml_nodes import Fields, compose, fields_of, is_nothing, line_of, value_of
from tracker.domain.terms.safe_text import label
from tracker.errors import BadValue, FileUnavailable, Finding

LONGEST_BATCH = 1 << 26
"""Longest batch that is read, in bytes."""


def read_batch(name: str, content: bytes, *, only: str | None = None) -> Batch:
    """Read a batch from a file's content; findings name it `name`. Raises FileUnavailable.

    With `only` it holds rows of this section alone, and may be a plain list or table of them.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{content[error.start]:02x} at offset {error.start}"
        raise FileUnavailable(name, f"is not UTF-8 ({byte})", "Convert it, for example with iconv.") from None
    findings: list[Finding] = []
    read = _read_json_lines if _is_json_lines(text) else _read_yaml
    rows = [_with_findings(row, findings) for row in read(text, name, findings, only)]
    if not rows and not findings:
        command = f"tracker {SECTIONS[only].noun} add" if only else "tracker record"
        empty = f"holds no {only or 'statements'}. `{command} --template` shows the form."
        findings.append(Finding(name, None, None, empty))
    return Batch(tuple(rows), tuple(dict.fromkeys(findings)))  # those of a default, for every row


def _with_findings(row: BatchRow, findings: list[Finding]) -> BatchRow:
    """Return a row whose unread fields include those that its section lacks and lists with empty items."""
    wrong = set()
    for key, value in row.fields.items():
        for place, message in _field_problems(key, None if key in row.unread else value, row.section):
            findings.append(Finding(row.file, row.lines.get(key, row.line), place, message))
            wrong.add(key)
    return replace(row, unread=row.unread | wrong)


def _field_problems(key: str, value: Any, section: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the name of a field, or with the form of its list, each with its place."""
    if key not in SECTIONS[section].fields:
        yield label(key), not_a_field(key, SECTIONS[section])
    elif isinstance(value, list):
        empty = (place for place, item in enumerate(value) if item is None)
        for place in islice(empty, _EMPTY_ITEMS):
            yield f"{key}.{place}", "is empty. Fill it in, or take it out of the list."


_EMPTY_ITEMS = 20
"""Empty items of one list that have findings of their own: more of them are no slips."""


def _unused_defaults(lines: Mapping[str, int], sections: Collection[str], name: str) -> Iterator[Finding]:
    for key, line in lines.items():
        if (problem := unused_default(key, sections)) is not None:
            yield Finding(name, line, label(key), problem)


def _unknown_section(only: str | None) -> str:
    """The advice on a list that a batch does not have here."""
    if only is None:
        return f"is unknown here. A batch has {', '.join(f'`{key}:`' for key in ('defaults', *SECTIONS))}."
    return f"is not read here, only `{only}:`. `tracker record --from-file` takes files with more."


# --- one document ----------------------------------------------------------------------------------


def _read_yaml(text: str, name: str, findings: list[Finding], only: str | None) -> Iterator[BatchRow]:
    root = compose(text, name, findings)
    if only is not None and root is not None and (isinstance(root, yaml.SequenceNode) or is_table(root)):
        yield from _read_section(only, root, {}, [only], name, findings)
        return
    if isinstance(root, yaml.SequenceNode):
        findings.append(Finding(name, line_of(root), None, "the file is a list. Write `statements:` above it."))
        return
    parts = fields_of(root, name, "the file", findings)
    for key, (line, _) in parts.items():
        if key not in ((only,) if only else ("defaults", *SECTIONS)):
            findings.append(Finding(name, line, label(key), _unknown_section(only)))
    written = parts.get("defaults")
    defaults = fields_of(written[1], name, "defaults", findings) if written and not is_nothing(written[1]) else {}
    sections = [section for section in SECTIONS if section in parts]
    findings += _unused_defaults({key: line for key, (line, _) in defaults.items()}, sections, name)
    for section in sections:
        yield from _read_section(section, parts[section][1], defaults, sections, name, findings)


def _read_section(
    section: str,
    written: yaml.Node,
    defaults: Fields,
    sections: Collection[str],
    name: str,
    findings: list[Finding],
) -> Iterator[BatchRow]:
    """Yield the rows of a list or table in a file with these sections."""
    for row_line, own in rows_of(section, written, name, findings):
        held = {key: value for key, value in defaults.items() if holds_by_default(key, section, own, sections)}
        merged = {**held, **own}
        fields, unread = {}, set()
        for key, (_, value) in merged.items():
            known = len(findings)
            fields[key] = value_of(value, name, key, findings)
            if len(findings) > known:
                unread.add(key)
        lines = {key: line for key, (line, _) in merged.items()}
        yield BatchRow(name, row_line, fields, lines, section, frozenset(unread))


# --- JSON Lines ------------------------------------------------------------------------------------


def _is_json_lines(text: str) -> bool:
    """Whether a text is one JSON object per line; a single one with sections is a batch in YAML's JSON spelling."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return True
    return SECTIONS.keys().isdisjoint(whole) and not whole.keys() >= TABLE


def _read_json_lines(text: str, name: str, findings: list[Finding], only: str | None) -> Iterator[BatchRow]:
    """One row per line, a statement unless the file holds rows of one other section alone.

    A line `{"defaults": {...}}` holds for the rows below it; a line `{"parties": [{...}, ...]}` has a list or a table
    of any section.
    """
    lines = [(number, line, _parse_line(line)) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    sections = {_section_of(row) or only or "statements" for *_, row in lines if not _is_defaults(row)}
    defaults: dict[str, Any] = {}
    default_fields: Fields = {}
    for number, line, row in lines:
        if isinstance(row, str):
            findings.append(Finding(name, number, None, row))
        elif _is_defaults(row):
            defaults, default_fields = row["defaults"], fields_of(_value_on(line, name, findings), name, "defaults", [])
            findings += _unused_defaults(dict.fromkeys(defaults, number), sections, name)
        elif (section := _section_of(row)) is None:
            section = only or "statements"
            held = {key: value for key, value in defaults.items() if holds_by_default(key, section, row, sections)}
            yield BatchRow(name, number, {**held, **row}, section=section)
        elif only not in (None, section):
            findings.append(Finding(name, number, section, _unknown_section(only)))
        else:
            found: list[Finding] = []
            written = _value_on(line, name, found)
            rows = list(_read_section(section, written, default_fields, sections, name, found)) if written else []
            findings += [replace(finding, line=number) for finding in found]
            yield from (replace(one, line=number, lines={}) for one in rows)


def _value_on(line: str, name: str, findings: list[Finding]) -> yaml.Node | None:
    """The value of the one field of an object on a line; None, with a finding, if it cannot be read as nodes."""
    root = compose(line, name, findings)
    return next((value for _, value in root.value), None) if isinstance(root, yaml.MappingNode) else None


def _is_defaults(row: dict[str, Any] | str) -> bool:
    return not isinstance(row, str) and len(row) == 1 and isinstance(row.get("defaults"), dict)


def _section_of(row: dict[str, Any] | str) -> str | None:
    """The section of which a line has a list or a table; None if the line is a row itself."""
    if isinstance(row, str) or len(row) != 1:
        return None
    ((section, written),) = row.items()
    has_rows = isinstance(written, list) or (isinstance(written, dict) and not TABLE.isdisjoint(written))
    return section if section in SECTIONS and has_rows else None


def _parse_line(line: str) -> dict[str, Any] | str:
    """The JSON object on a line, or what is wrong with it."""
    try:
        row = json.loads(line, object_pairs_hook=once)
    except BadValue as error:
        return error.message
    except json.JSONDecodeError as error:
        return f"is not JSON in column {error.colno}. Is the line complete?"
    except RecursionError:
        return TOO_DEEP
    except ValueError:  # Python reads no number of more than 4,300 digits
        return "holds a number with too many digits."
    if not isinstance(row, dict):
        return "is not a JSON object."
    return _with_exact_amounts(line, row) if _holds_amounts(row) else row


def _holds_amounts(row: dict[str, Any]) -> bool:
    return not row.keys().isdisjoint(AMOUNTS) or (_is_defaults(row) and not row["defaults"].keys().isdisjoint(AMOUNTS))


def _with_exact_amounts(line: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row with the numbers of its amounts as they are written, which binary floats are not."""
    written = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    if _is_defaults(row):
        exact = {key: written["defaults"][key] for key in AMOUNTS if key in row["defaults"]}
        return {"defaults": {**row["defaults"], **exact}}
    return {**row, **{key: written[key] for key in AMOUNTS if key in row}}
