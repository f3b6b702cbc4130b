"""A document of JSON as nodes with their lines, as a document of YAML gives them."""

import json
import re
from collections.abc import Iterator

import yaml

_TOKEN = re.compile(r'[ \t\r\n]*("|[{}\[\],:]|[^\s{}\[\],:"]+)')
_DECODER = json.JSONDecoder()
_OF_YAML = "tag:yaml.org,2002:"


def compose_json(text: str) -> yaml.Node | None:
    """Return the root of a list or an object in JSON; None if the text is neither, or nested too deeply for JSON.

    A text is a quoted scalar, anything else that is no list and no object a plain one: `null` has YAML's tag for it.
    """
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    tokens = _tokens(text)
    return _node(next(tokens), tokens)


_Token = tuple[str, bool, yaml.Mark]
"""A sign, a number or a word, or what a text says; whether it is a text; and where it stands."""


def _tokens(text: str) -> Iterator[_Token]:
    at = line = 0
    while match := _TOKEN.match(text, at):
        start = match.start(1)
        line += text.count("\n", at, start)
        mark = yaml.Mark("", start, line, 0, text, match.end())
        if match[1] == '"':
            value, at = _DECODER.raw_decode(text, start)
            yield value, True, mark
        else:
            at = match.end()
            yield match[1], False, mark


def _node(token: _Token, tokens: Iterator[_Token]) -> yaml.Node:
    value, is_text, mark = token
    if is_text:
        return yaml.ScalarNode(f"{_OF_YAML}str", value, mark, mark, style='"')
    if value == "{":
        return yaml.MappingNode(f"{_OF_YAML}map", list(_pairs(tokens)), mark, mark)
    if value == "[":
        return yaml.SequenceNode(f"{_OF_YAML}seq", list(_items(tokens)), mark, mark)
    return yaml.ScalarNode(f"{_OF_YAML}{'null' if value == 'null' else 'str'}", value, mark, mark)


def _items(tokens: Iterator[_Token]) -> Iterator[yaml.Node]:
    for token in tokens:
        if not token[1] and token[0] == "]":
            return
        if token[1] or token[0] != ",":
            yield _node(token, tokens)


def _pairs(tokens: Iterator[_Token]) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    for token in tokens:
        if not token[1] and token[0] == "}":
            return
        if token[1]:
            next(tokens)  # the colon
            yield _node(token, tokens), _node(next(tokens), tokens)
