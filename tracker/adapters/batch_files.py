"""Files of statements written by hand: YAML or JSON Lines, with defaults."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from tracker.adapters.batch import FIELDS, Batch, BatchRow
from tracker.adapters.jsonl import TOO_DEEP, once
from tracker.domain.terms.safe_text import label, plain
from tracker.errors import BadValue, FileUnavailable, Finding

LONGEST_BATCH = 1 << 26
"""Longest batch that is read, in bytes."""

LONGEST_YAML = 1 << 22
"""Longest batch in YAML, which takes seconds a megabyte to read, in characters."""


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
                message = f"is not a field of a statement. It has: {', '.join(FIELDS)}."
                findings.append(Finding(name, row.lines.get(key, row.line), label(key), message))
    if not rows and not findings:
        findings.append(Finding(name, None, None, "holds no statements. `tracker record --template` shows the form."))
    return Batch(tuple(rows), tuple(findings))


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


class _PlainLoader(yaml.SafeLoader):
    """YAML without tags and aliases: neither serves here, and a few aliases can stand for millions of nodes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not read here", problem_mark=mark)
        node = super().compose_node(parent, index)
        tag = node.tag.replace("tag:yaml.org,2002:", "!!") if node else "!!null"
        if node is not None and tag not in _TAGS:
            problem = f"the tag {label(tag)} is not read here"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        return node


_TAGS = {f"!!{kind}" for kind in ["str", "seq", "map", "int", "float", "bool", "null", "timestamp", "merge", "value"]}
"""Tags that YAML gives to values without one; the text stays as written."""


def _compose(text: str, name: str, findings: list[Finding]) -> yaml.Node | None:
    if len(text) > LONGEST_YAML:
        too_long = f"is longer than {LONGEST_YAML:,} characters of YAML. Split it, or write it as JSON Lines."
        findings.append(Finding(name, None, None, too_long))
        return None
    try:
        return yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        why = ", ".join(filter(None, (error.context, error.problem)))
        findings.append(Finding(name, line, None, f"is not YAML: {plain(why)}."))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        why = f"character U+{ord(text[error.position]):04X}; write it as an escape in double quotes"
        findings.append(Finding(name, line, None, f"is not YAML: {why}."))
    except RecursionError:
        findings.append(Finding(name, None, None, TOO_DEEP))
    return None


def _read_yaml(text: str, name: str, findings: list[Finding]) -> Iterator[BatchRow]:
    root = _compose(text, name, findings)
    parts = _mapping(root, name, "the file", findings)
    for key, (line, _) in parts.items():
        if key not in ("defaults", "statements"):
            findings.append(
                Finding(name, line, label(key), "is unknown here. A batch has `defaults:` and `statements:`.")
            )
    default_fields = _mapping(parts["defaults"][1], name, "defaults", findings) if "defaults" in parts else {}
    statements = parts["statements"][1] if "statements" in parts else None
    if statements is None:
        return
    if not isinstance(statements, yaml.SequenceNode):
        line = statements.start_mark.line + 1
        findings.append(Finding(name, line, "statements", "is not a list. Begin each statement with `- `."))
        return
    for node in statements.value:
        own = _mapping(node, name, "a statement", findings)
        merged = {**default_fields, **own}
        fields = {key: _plain(value, name, key, findings) for key, (_, value) in merged.items()}
        yield BatchRow(name, node.start_mark.line + 1, fields, {key: line for key, (line, _) in merged.items()})


def _mapping(node: yaml.Node | None, name: str, what: str, findings: list[Finding]) -> dict[str, tuple[int, yaml.Node]]:
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        findings.append(Finding(name, node.start_mark.line + 1, None, f"{what} is not a list of `field: value`."))
        return {}
    found: dict[str, tuple[int, yaml.Node]] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            findings.append(Finding(name, line, None, f"{what} has a list where the name of a field should stand."))
            continue
        if key.value in found:
            findings.append(Finding(name, line, label(key.value), "stands twice. Keep one."))
        found[key.value] = (line, value)
    return found


def _plain(node: yaml.Node, name: str, key: str, findings: list[Finding]) -> Any:
    """A value as the analyst wrote it: text stays text, also `2019-12-10` or `no`."""
    if isinstance(node, yaml.ScalarNode):
        if node.tag == "tag:yaml.org,2002:null":
            return None
        number = key == "sequence" and re.fullmatch(r"[-+]?\d{1,15}", node.value, re.ASCII)
        return int(node.value) if number else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, name, key, findings) for item in node.value]
    if isinstance(node, yaml.MappingNode) and key == "quote":
        return {
            part: _plain(value, name, part, findings)
            for part, (_, value) in _mapping(node, name, key, findings).items()
        }
    findings.append(Finding(name, node.start_mark.line + 1, label(key), "is neither text nor a list of texts."))
    return None
