"""Batches written by hand, of registers, statements and milestones: YAML or JSON Lines, with defaults."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import yaml

from tracker.adapters.batch import SECTIONS, Batch, BatchRow, Section
from tracker.adapters.jsonl import TOO_DEEP, once
from tracker.adapters.yaml_nodes import Fields, compose, fields_of, line_of, value_of
from tracker.domain.terms.safe_text import label
from tracker.errors import BadValue, FileUnavailable, Finding

LONGEST_BATCH = 1 << 26
"""Longest batch that is read, in bytes."""


def read_batch(name: str, content: bytes, *, only: str | None = None) -> Batch:
    """Read a batch from a file's content; findings name it `name`. Raises FileUnavailable.

    With `only` it holds rows of this section alone, and may be a plain list of them.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{content[error.start]:02x} at offset {error.start}"
        raise FileUnavailable(name, f"is not UTF-8 ({byte})", "Convert it, for example with iconv.") from None
    findings: list[Finding] = []
    read = _read_json_lines if _is_json_lines(text) else _read_yaml
    rows = list(read(text, name, findings, only))
    for row in rows:
        findings += _unknown_fields(row)
    if not rows and not findings:
        command = f"tracker {SECTIONS[only].noun} add" if only else "tracker record"
        empty = f"holds no {only or 'statements'}. `{command} --template` shows the form."
        findings.append(Finding(name, None, None, empty))
    return Batch(tuple(rows), tuple(dict.fromkeys(findings)))  # those of a default, for every statement


def _unknown_fields(row: BatchRow) -> Iterator[Finding]:
    for key in row.fields:
        if key not in SECTIONS[row.section].fields:
            yield Finding(row.file, row.lines.get(key, row.line), label(key), _not_a_field(key, SECTIONS[row.section]))


def _not_a_field(key: str, section: Section) -> str:
    of_event = {event_field: name for name, event_field in section.fields.items()}
    near = of_event.get(key) or next(iter(get_close_matches(key[:60], section.fields, 1)), None)
    hint = f"Did you mean {near}?" if near else f"It has: {', '.join(section.fields)}."
    return f"is not a field of {section.one}. {hint}"


def _unknown_section(only: str | None) -> str:
    """The advice on a list that a batch does not have here."""
    if only is None:
        return f"is unknown here. A batch has {', '.join(f'`{key}:`' for key in ('defaults', *SECTIONS))}."
    return f"is not read here, only `{only}:`. `tracker record --from-file` takes files with more."


def _is_json_lines(text: str) -> bool:
    """Whether a text is one JSON object per line; a single one with sections is a batch in YAML's JSON spelling."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return True
    return SECTIONS.keys().isdisjoint(whole)


def _read_json_lines(text: str, name: str, findings: list[Finding], only: str | None) -> Iterator[BatchRow]:
    """One row per line, a statement unless the file holds rows of one other section alone.

    A line `{"defaults": {...}}` holds for the statements below it; a line `{"parties": [{...}, ...]}` has rows of any
    section.
    """
    defaults: dict[str, Any] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        row = _parse_line(line)
        if isinstance(row, str):
            findings.append(Finding(name, number, None, row))
        elif isinstance(row.get("defaults"), dict) and len(row) == 1:
            defaults = row["defaults"]
        else:
            for section, fields in _rows_of_line(row, only):
                if not isinstance(fields, dict):
                    findings.append(Finding(name, number, section, "holds something that is not a JSON object."))
                elif only not in (None, section):
                    findings.append(Finding(name, number, section, _unknown_section(only)))
                else:
                    own = {**defaults, **fields} if section == "statements" else fields
                    yield BatchRow(name, number, own, section=section)


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
    return row if isinstance(row, dict) else "is not a JSON object."


def _rows_of_line(row: dict[str, Any], only: str | None) -> Iterator[tuple[str, Any]]:
    """The rows on a line, each with its section: the line itself, or a whole list under the name of its section."""
    sections = [section for section in SECTIONS if section in row] if len(row) == 1 else []
    if sections and isinstance(row[sections[0]], list):
        yield from ((sections[0], fields) for fields in row[sections[0]])
    else:
        yield only or "statements", row


def _read_yaml(text: str, name: str, findings: list[Finding], only: str | None) -> Iterator[BatchRow]:
    root = compose(text, name, findings)
    if isinstance(root, yaml.SequenceNode):
        if only is None:
            findings.append(Finding(name, line_of(root), None, "the file is a list. Write `statements:` above it."))
        else:
            yield from _read_section(only, root, {}, name, findings)
        return
    parts = fields_of(root, name, "the file", findings)
    for key, (line, _) in parts.items():
        if key not in ((only,) if only else ("defaults", *SECTIONS)):
            findings.append(Finding(name, line, label(key), _unknown_section(only)))
    default_fields = fields_of(parts["defaults"][1], name, "defaults", findings) if "defaults" in parts else {}
    for section in filter(parts.__contains__, SECTIONS):
        defaults = default_fields if section == "statements" else {}
        yield from _read_section(section, parts[section][1], defaults, name, findings)


def _read_section(
    section: str, rows: yaml.Node, defaults: Fields, name: str, findings: list[Finding]
) -> Iterator[BatchRow]:
    if rows.tag == "tag:yaml.org,2002:null":
        return
    if not isinstance(rows, yaml.SequenceNode):
        problem = f"is not a list. Begin each {SECTIONS[section].noun} with `- `."
        findings.append(Finding(name, line_of(rows), section, problem))
        return
    for node in rows.value:
        own = fields_of(node, name, SECTIONS[section].one, findings)
        merged = {**defaults, **own}
        fields, unread = {}, set()
        for key, (_, value) in merged.items():
            known = len(findings)
            fields[key] = value_of(value, name, key, findings)
            if len(findings) > known:
                unread.add(key)
        lines = {key: line for key, (line, _) in merged.items()}
        yield BatchRow(name, line_of(node), fields, lines, section, frozenset(unread))
