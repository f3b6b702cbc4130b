"""Batches written by hand, of registers, statements and milestones: YAML or JSON Lines, with defaults."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from tracker.adapters.batch import SECTIONS, Batch, BatchRow
from tracker.adapters.jsonl import TOO_DEEP, once
from tracker.domain.terms.safe_text import label, plain
from tracker.errors import BadValue, FileUnavailable, Finding

LONGEST_BATCH = 1 << 26
"""Longest batch that is read, in bytes."""

LONGEST_YAML = 1 << 22
"""Longest batch in YAML, which takes seconds a megabyte to read, in characters."""

TEMPLATE = """\
# A batch of statements for `tracker record --from-file FILE`; --check only checks it.
# What stands under defaults holds for every statement that does not say otherwise.
defaults:
  source: dw-2019-12-11          # a registered source: tracker source add ...
  on: 2019-12-12                 # the day it was said; a month (2019-12) or a year will do
  speaker: Sergey Lavrov
  role: Foreign Minister

statements:
  - party: RUS                   # several parties state one position: RUS, USA
    issue: new-start/extension
    stance: supports             # opposes sceptical neutral conditional supports
    summary: Moscow still wants to prolong the treaty and waits for an answer.
    quote: The ball is in our American partners' court
    act: reaffirms
    to: USA

  - party: USA
    issue: arms-control/scope
    speaker: Mike Pompeo
    role: Secretary of State
    stance: conditional
    conditions:
      - all the states that can affect strategic security take part
    summary: Washington wants talks on more weapons, with more states.
    # also: locator, standing (formal official remark), on_behalf_of,
    # attribution (direct reported ascribed inferred), ascribed_by, sequence
"""


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
    return Batch(tuple(rows), tuple(findings))


def _unknown_fields(row: BatchRow) -> Iterator[Finding]:
    section = SECTIONS[row.section]
    for key in row.fields:
        if key not in section.fields:
            article = "an" if section.noun[0] in "aeiou" else "a"
            message = f"is not a field of {article} {section.noun}. It has: {', '.join(section.fields)}."
            yield Finding(row.file, row.lines.get(key, row.line), label(key), message)


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


def _read_yaml(text: str, name: str, findings: list[Finding], only: str | None) -> Iterator[BatchRow]:
    root = _compose(text, name, findings)
    if only is not None and isinstance(root, yaml.SequenceNode):
        yield from _read_section(only, root, {}, name, findings)
        return
    parts = _mapping(root, name, "the file", findings)
    for key, (line, _) in parts.items():
        if key not in ((only,) if only else ("defaults", *SECTIONS)):
            findings.append(Finding(name, line, label(key), _unknown_section(only)))
    default_fields = _mapping(parts["defaults"][1], name, "defaults", findings) if "defaults" in parts else {}
    for section in filter(parts.__contains__, SECTIONS):
        defaults = default_fields if section == "statements" else {}
        yield from _read_section(section, parts[section][1], defaults, name, findings)


def _read_section(
    section: str, rows: yaml.Node, defaults: dict[str, tuple[int, yaml.Node]], name: str, findings: list[Finding]
) -> Iterator[BatchRow]:
    noun = SECTIONS[section].noun
    if rows.tag == "tag:yaml.org,2002:null":
        return
    if not isinstance(rows, yaml.SequenceNode):
        line = rows.start_mark.line + 1
        findings.append(Finding(name, line, section, f"is not a list. Begin each {noun} with `- `."))
        return
    for node in rows.value:
        own = _mapping(node, name, f"this {noun}", findings)
        merged = {**defaults, **own}
        fields = {key: _plain(value, name, key, findings) for key, (_, value) in merged.items()}
        lines = {key: line for key, (line, _) in merged.items()}
        yield BatchRow(name, node.start_mark.line + 1, fields, lines, section)


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
