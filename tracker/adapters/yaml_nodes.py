"""YAML as an analyst writes it: a text stays as written, each value has its line, and what YAML would cut is found."""

import re
from typing import Any

import yaml

from tracker.adapters.json_nodes import compose_json
from tracker.adapters.jsonl import TOO_DEEP
from tracker.adapters.yaml_faults import fault_of
from tracker.domain.terms.safe_text import label
from tracker.errors import Finding

LONGEST_YAML = 1 << 22
"""Longest file of YAML, which takes seconds a megabyte to read, in characters."""

_IN_STATEMENTS = ("summary", "quote", "exact", "prefix", "suffix", "locator", "speaker", "role", "conditions", "note")
_OF_POSITIONS = ("reasons", "provision", "stated_as", "tags", "translation", "unit")
_IN_REGISTERS = ("name", "alias", "aliases", "title", "question", "publisher", "reason")
FREE_TEXTS = frozenset((*_IN_STATEMENTS, *_OF_POSITIONS, *_IN_REGISTERS))
"""Fields that hold sentences and names. Behind a word of a closed list or an id, a comment on its line cuts nothing."""

_MAPPINGS = ("quote", "options", "amount", "could_accept")
"""Fields whose value may have fields of its own."""

_AMOUNTS = ("amount", "could_accept", "at_least", "at_most")
"""Fields that hold an amount, or an end of one."""

Fields = dict[str, tuple[int, yaml.Node]]
"""The fields of a mapping: the line of each and its value."""


def compose(text: str, name: str, findings: list[Finding]) -> yaml.Node | None:
    """Return the root of a document of YAML or JSON; None if it is empty, or with a finding if it is neither."""
    if len(text) > LONGEST_YAML:
        too_long = f"is longer than {LONGEST_YAML:,} characters of YAML. Split it, or write it as JSON Lines."
        findings.append(Finding(name, None, None, too_long))
        return None
    try:
        if (root := compose_json(text)) is not None:
            return root
        return yaml.compose(text.translate(_STAND_INS), Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        line, says = fault_of(text.translate(_STAND_INS), error)
        findings.append(Finding(name, line, None, f"is not YAML: {says}"))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        why = f"character U+{ord(text[error.position]):04X}; write it as an escape in double quotes"
        findings.append(Finding(name, line, None, f"is not YAML: {why}."))
    except RecursionError:
        findings.append(Finding(name, None, None, TOO_DEEP))
    return None


def fields_of(node: yaml.Node | None, name: str, what: str, findings: list[Finding]) -> Fields:
    """Return the fields of a mapping; none, with a finding, if the node is something else."""
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        kind = "a list" if isinstance(node, yaml.SequenceNode) else "empty" if is_nothing(node) else "a text"
        findings.append(Finding(name, line_of(node), None, f"{what} is {kind}. Write its fields as `field: value`."))
        return {}
    found: Fields = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            problem = f"{what} has a list where the name of a field should stand."
            findings.append(Finding(name, line_of(key), None, problem))
            continue
        if (last := next(reversed(found), "")) in _AMOUNTS and _is_rest_of(found[last][1], key, value):
            found[last] = (found[last][0], _joined(found[last][1], key))
            continue
        if key.value in found:
            findings.append(Finding(name, line_of(key), label(key.value), "stands twice. Keep one."))
        found[key.value] = (line_of(key), value)
    return found


def _is_rest_of(before: yaml.Node, key: yaml.ScalarNode, value: yaml.Node) -> bool:
    """Return whether a name without a value is the rest of an amount before it: YAML parts `{amount: 1,300}` there."""
    return is_empty(value) and ends_in_digit(before) and begins_with_digit(key)


def ends_in_digit(node: yaml.Node) -> bool:
    """Return whether a node is a text without quotes that ends in a digit."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value[-1:].isdigit()


def begins_with_digit(node: yaml.Node) -> bool:
    """Return whether a node is a text without quotes that begins with a digit."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value[:1].isdigit()


def _joined(before: yaml.Node, rest: yaml.ScalarNode) -> yaml.Node:
    """Return an amount with what stands behind its comma, so that its refusal says how to write it."""
    return yaml.ScalarNode(before.tag, f"{before.value},{rest.value}", before.start_mark, rest.end_mark)


def value_of(node: yaml.Node, name: str, field: str, findings: list[Finding]) -> Any:
    """Return a value as the analyst wrote it: text stays text, also `2019-12-10` or `no`; nothing is None.

    A finding says where a comment cuts a text short.
    """
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, name, field, findings)
    if isinstance(node, yaml.SequenceNode):
        return [value_of(item, name, field, findings) for item in node.value]
    if isinstance(node, yaml.MappingNode) and field in _MAPPINGS:
        parts = fields_of(node, name, field, findings)
        return {part: value_of(value, name, part, findings) for part, (_, value) in parts.items()}
    problem = "is neither text nor a list of texts. Put a text that holds `: ` in quotes."
    findings.append(Finding(name, line_of(node), label(field), problem))
    return None


def line_of(node: yaml.Node) -> int:
    """Return the line on which a node begins, from 1."""
    return int(node.start_mark.line) + 1


def is_nothing(node: yaml.Node) -> bool:
    """Return whether a node is an empty value: nothing, `~` or `null`, but not a text in quotes."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "~", "null")


def is_empty(node: yaml.Node) -> bool:
    """Return whether nothing at all is written where a node stands."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and not node.value


def _scalar(node: yaml.ScalarNode, name: str, field: str, findings: list[Finding]) -> str | int | None:
    text = _PAIR.sub(_character, str(node.value).translate(_STOOD_FOR))
    if field in FREE_TEXTS and (comment := _comment_behind(node)):
        cut = (
            f"is cut at {label(comment)}, which begins a comment in YAML. Put the text in quotes, or the comment above."
        )
        findings.append(Finding(name, int(node.end_mark.line) + 1, label(field), cut))
    if is_nothing(node):
        return None
    if field == "sequence" and re.fullmatch(r"[-+]?\d{1,15}", text, re.ASCII):
        return int(text)
    return text.strip() if node.style in _BLOCKS else text


def _comment_behind(node: yaml.ScalarNode) -> str | None:
    """Return the comment behind a text without quotes; behind nothing only one that looks like text: `#1 of them`."""
    mark: Any = node.end_mark
    found = _COMMENT.match(mark.buffer, mark.pointer) if node.style is None else None
    return found[1] if found and (node.value or found[1][1:2].strip()) else None


def _character(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
"""A character that an escape in double quotes spells as JSON does, by its two surrogates."""
_COMMENT = re.compile(r"[ \t]+(#[^\r\n\0]*)")
_BLOCKS = ("|", ">")
"""The styles of block text, which ends with the line end of its last line."""
_STAND_INS = str.maketrans("\x85\u2028\u2029", "\U0010f085\U0010f028\U0010f029")
_STOOD_FOR = {stand_in: character for character, stand_in in _STAND_INS.items()}
"""Characters that YAML 1.1 takes for line ends and editors do not; private ones stand in for them while it is read."""


class _PlainLoader(yaml.SafeLoader):
    """YAML without tags and aliases: neither serves here, and a few aliases can stand for millions of nodes.

    Between two commas of a list nothing may stand: it is an empty cell of a table, and refused by other lists.
    """

    def parse_flow_node(self) -> Any:
        in_list = self.states[-1] == self.parse_flow_sequence_entry
        if in_list and self.check_token(yaml.FlowEntryToken):
            self.state = self.states.pop()
            return self.process_empty_scalar(self.peek_token().start_mark)  # type: ignore[no-untyped-call]
        return super().parse_flow_node()  # type: ignore[no-untyped-call]

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _refusal("aliases (*name) are not read here", event)
        if isinstance(event, yaml.ScalarEvent) and event.anchor is not None:
            raise _refusal("anchors (&name) are not read here", event)
        node = super().compose_node(parent, index)
        tag = node.tag.replace("tag:yaml.org,2002:", "!!") if node else "!!null"
        if node is not None and tag not in _TAGS:
            raise _refusal(f"the tag {label(tag)} is not read here", node)
        return node


def _refusal(problem: str, of: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=of.start_mark)


_TAGS = {f"!!{kind}" for kind in ["str", "seq", "map", "int", "float", "bool", "null", "timestamp", "merge", "value"]}
"""Tags that YAML gives to values without one; the text stays as written."""
