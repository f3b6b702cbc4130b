"""Batches of statements, written by hand: YAML or JSON Lines, with defaults."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tracker.domain.events import PositionStated, event_from
from tracker.domain.registers import Registers, resolve_issue, resolve_party
from tracker.errors import BadData, BadEvent, FileUnavailable, Finding, TrackerError

FIELDS = {
    "party": "party",
    "issue": "issue",
    "stance": "stance",
    "on": "stated_on",
    "summary": "summary",
    "quote": "quote",
    "source": "source",
    "locator": "locator",
    "speaker": "speaker",
    "role": "speaker_role",
    "act": "act",
    "standing": "standing",
    "conditions": "conditions",
    "to": "addressed_to",
    "on_behalf_of": "on_behalf_of",
    "attribution": "attribution",
    "ascribed_by": "ascribed_by",
    "sequence": "sequence",
}
"""What a batch (and `tracker record`) calls each field of a statement."""

LISTS = ("party", "conditions", "to", "on_behalf_of")
"""Fields that take a list; parties may also be separated by commas."""

NAMES = {of_event: name for name, of_event in FIELDS.items()}
"""The same the other way round."""

TEMPLATE = """\
# A batch of statements for `tracker record --from-file FILE`; --check only checks it.
# What stands under defaults holds for every statement that does not say otherwise.
defaults:
  source: dw-2019-12-11          # a registered source: tracker source add ...
  on: 2019-12-10                 # the day it was said; a month (2019-12) or a year will do
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


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One statement of a batch, as written: its fields, and the line on which each stands."""

    file: str
    line: int
    fields: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def findings(self, refusal: TrackerError) -> Iterator[Finding]:
        """A refusal as findings, each on the line of the field at fault."""
        problems = refusal.problems if isinstance(refusal, BadEvent) else [(_name_of(refusal.field), str(refusal))]
        for name, message in problems:
            yield Finding(self.file, self.lines.get(name or "", self.line), name, message)


def read_batch(path: Path | None, text: str | None = None) -> list[BatchRow]:
    """Read a batch from a file, or from standard input's text. Raises FileUnavailable, or BadData with its findings."""
    name = "standard input" if path is None else str(path)
    if text is None:
        assert path is not None
        text = _read_text(path)
    findings: list[Finding] = []
    rows = list(_read_json_lines(text, name, findings) if _is_json_lines(text) else _read_yaml(text, name, findings))
    for row in rows:
        for key in row.fields:
            if key not in FIELDS:
                message = f"is not a field of a statement. It has: {', '.join(FIELDS)}."
                findings.append(Finding(name, row.lines.get(key, row.line), str(key), message))
    if not rows and not findings:
        findings.append(Finding(name, None, None, "holds no statements. `tracker record --template` shows the form."))
    if findings:
        raise BadData(findings)
    return rows


def statements(fields: Mapping[str, Any], names: Registers) -> list[PositionStated]:
    """The statements of one row, one for each of its parties, with names resolved to codes and paths.

    Raises BadEvent with every problem, under the batch's names of the fields.
    """
    problems: list[tuple[str | None, str]] = []
    data = {FIELDS[key]: _listed(key, value) for key, value in fields.items() if value is not None}
    parties = data.pop("party", None) or [""]
    for key in ("addressed_to", "on_behalf_of"):
        data[key] = _codes(data.get(key), NAMES[key], names, problems)
    if data.get("ascribed_by"):
        data["ascribed_by"] = next(iter(_codes([data["ascribed_by"]], "ascribed_by", names, problems) or [""]))
    if isinstance(data.get("issue"), str):
        try:
            data["issue"] = resolve_issue(data["issue"], names.issues)
        except TrackerError as error:
            problems.append(("issue", str(error)))
    codes = _codes(parties, "party", names, problems) or []
    found = []
    for code in codes or ["-"]:
        try:
            found.append(event_from(PositionStated, {**data, "party": code}))
        except BadEvent as error:
            problems += [(_name_of(field), message) for field, message in error.problems]
    if problems:
        raise BadEvent(list(dict.fromkeys(problems)))
    return found


def _listed(key: str, value: Any) -> Any:
    if key not in LISTS or isinstance(value, list):
        return value
    if key == "conditions":
        return [value]
    return [part.strip() for part in str(value).split(",")]


def _codes(
    parties: Iterable[Any] | None, field_name: str, names: Registers, problems: list[tuple[str | None, str]]
) -> list[str] | None:
    if parties is None:
        return None
    found = []
    for party in parties:
        try:
            found.append(resolve_party(str(party), names.parties))
        except TrackerError as error:
            problems.append((field_name, "is missing." if not party else str(error)))
    return found


def _name_of(event_field: str | None) -> str | None:
    first, _, rest = (event_field or "").partition(".")
    return f"{NAMES.get(first, first)}.{rest}" if rest else NAMES.get(first, first) or None


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{error.object[error.start]:02x} at offset {error.start}"
        raise FileUnavailable(str(path), f"is not UTF-8 ({byte})", "Convert it, for example with iconv.") from None
    except OSError as error:
        raise FileUnavailable(str(path), f"cannot be read ({error.strerror})") from error


def _is_json_lines(text: str) -> bool:
    return text.lstrip().startswith("{")


def _read_json_lines(text: str, name: str, findings: list[Finding]) -> Iterator[BatchRow]:
    """One statement per line; a line `{"defaults": {...}}` holds for the lines below it."""
    defaults: dict[str, Any] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            at = f" in column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            findings.append(Finding(name, number, None, f"is not JSON{at}. Is the line complete?"))
            continue
        if not isinstance(row, dict):
            findings.append(Finding(name, number, None, "is not a JSON object."))
        elif isinstance(row.get("defaults"), dict) and len(row) == 1:
            defaults = row["defaults"]
        else:
            yield BatchRow(name, number, {**defaults, **row})


def _read_yaml(text: str, name: str, findings: list[Finding]) -> Iterator[BatchRow]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        findings.append(Finding(name, line, None, f"is not YAML: {error.problem or error.context}."))
        return
    except (yaml.YAMLError, RecursionError) as error:
        findings.append(Finding(name, None, None, f"is not YAML: {str(error).splitlines()[0]}."))
        return
    parts = _mapping(root, name, "the file", findings)
    for key, (line, _) in parts.items():
        if key not in ("defaults", "statements"):
            findings.append(Finding(name, line, key, "is unknown here. A batch has `defaults:` and `statements:`."))
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
        if str(key.value) in found:
            findings.append(Finding(name, line, str(key.value), "stands twice. Keep one."))
        found[str(key.value)] = (line, value)
    return found


def _plain(node: yaml.Node, name: str, key: str, findings: list[Finding]) -> Any:
    """A value as the analyst wrote it: text stays text, so that `2019-12-10` or `no` are not turned into anything."""
    if isinstance(node, yaml.ScalarNode):
        if node.tag == "tag:yaml.org,2002:null":
            return None
        return int(node.value) if node.tag == "tag:yaml.org,2002:int" and key == "sequence" else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, name, key, findings) for item in node.value]
    if isinstance(node, yaml.MappingNode) and key == "quote":
        return {
            part: _plain(value, name, part, findings)
            for part, (_, value) in _mapping(node, name, key, findings).items()
        }
    findings.append(Finding(name, node.start_mark.line + 1, key, "is neither text nor a list of texts."))
    return None
