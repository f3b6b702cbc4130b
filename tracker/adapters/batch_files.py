"""Files of statements written by hand: YAML or JSON Lines, with defaults."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

import yaml

from tracker.adapters.batch import FIELDS, NAMES, Batch, BatchRow
from tracker.adapters.jsonl import TOO_DEEP, once
from tracker.adapters.yaml_nodes import compose, fields_of, line_of, value_of
from tracker.domain.terms.safe_text import label
from tracker.errors import BadValue, FileUnavailable, Finding

LONGEST_BATCH = 1 << 26
"""Longest batch that is read, in bytes."""


def read_batch(name: str, content: bytes) -> Batch:
    """Read a batch from a file's content; findings name it `name`. Raises FileUnavailable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{content[error.start]:02x} at offset {error.start}"
        raise FileUnavailable(name, f"is not UTF-8 ({byte})", "Convert it, for example with iconv.") from None
    findings: list[Finding] = []
    rows = list(_read_json_lines(text, name, findings) if _is_json_lines(text) else _read_yaml(text, name, findings))
    for row in rows:
        for key in row.fields:
            if key not in FIELDS:
                findings.append(Finding(name, row.lines.get(key, row.line), label(key), _not_a_field(key)))
    if not rows and not findings:
        findings.append(Finding(name, None, None, "holds no statements. `tracker record --template` shows the form."))
    return Batch(tuple(rows), tuple(dict.fromkeys(findings)))  # those of a default, for every statement


def _not_a_field(key: str) -> str:
    near = NAMES.get(key) or next(iter(get_close_matches(key[:60], FIELDS, 1)), None)
    hint = f"Did you mean {near}?" if near else f"It has: {', '.join(FIELDS)}."
    return f"is not a field of a statement. {hint}"


def _is_json_lines(text: str) -> bool:
    """Whether a text is one JSON object per line; a single one with `statements` is a batch in YAML's JSON spelling."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return True
    return "statements" not in whole


def _read_json_lines(text: str, name: str, findings: list[Finding]) -> Iterator[BatchRow]:
    """One statement per line; a line `{"defaults": {...}}` holds for the lines below it."""
    defaults: dict[str, Any] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        row, problem = None, "is not a JSON object."
        try:
            row = json.loads(line, object_pairs_hook=once)
        except BadValue as error:
            problem = error.message
        except json.JSONDecodeError as error:
            problem = f"is not JSON in column {error.colno}. Is the line complete?"
        except RecursionError:
            problem = TOO_DEEP
        except ValueError:  # Python reads no number of more than 4,300 digits
            problem = "holds a number with too many digits."
        if not isinstance(row, dict):
            findings.append(Finding(name, number, None, problem))
        elif isinstance(row.get("defaults"), dict) and len(row) == 1:
            defaults = row["defaults"]
        else:
            yield BatchRow(name, number, {**defaults, **row})


def _read_yaml(text: str, name: str, findings: list[Finding]) -> Iterator[BatchRow]:
    root = compose(text, name, findings)
    if isinstance(root, yaml.SequenceNode):
        findings.append(Finding(name, line_of(root), None, "the file is a list. Write `statements:` above it."))
        return
    parts = fields_of(root, name, "the file", findings)
    for key, (line, _) in parts.items():
        if key not in ("defaults", "statements"):
            findings.append(
                Finding(name, line, label(key), "is unknown here. A batch has `defaults:` and `statements:`.")
            )
    default_fields = fields_of(parts["defaults"][1], name, "defaults", findings) if "defaults" in parts else {}
    statements = parts["statements"][1] if "statements" in parts else None
    if statements is None:
        return
    if not isinstance(statements, yaml.SequenceNode):
        problem = "is not a list. Begin each statement with `- `."
        findings.append(Finding(name, line_of(statements), "statements", problem))
        return
    for node in statements.value:
        own = fields_of(node, name, "a statement", findings)
        merged = {**default_fields, **own}
        fields = {key: value_of(value, name, key, findings) for key, (_, value) in merged.items()}
        yield BatchRow(name, line_of(node), fields, {key: line for key, (line, _) in merged.items()})
