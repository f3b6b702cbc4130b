"""What is completed from the database: parties, issues, sources and entries, and words that options list otherwise."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

import click
from click.shell_completion import CompletionItem

from tracker.cli.options import ACTS, ATTRIBUTIONS
from tracker.domain.log.kinds import KINDS, REGISTRATIONS, Register, register_kinds
from tracker.domain.terms.text_key import text_key
from tracker.domain.terms.vocabulary import Act, Attribution, Word

_AT_MOST = 60
"""Most completions that are offered of a kind."""

_LOOKED_AT = 3_000
"""The last entries in which values are looked up; more would keep the shell waiting."""

Query = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


def complete_from_database(command: click.Command) -> None:
    """Give a command's parameters, and those of the commands below it, the completions of what they name."""
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        complete_from_database(below)
    for parameter in command.params:
        if command.name == "add" and isinstance(parameter, click.Argument):
            continue  # a new name
        if parameter.type not in (click.STRING, ATTRIBUTIONS, ACTS):
            continue  # which completes itself
        if (find := _finder(parameter)) is not None:
            parameter.type = _NameType(parameter.type, find)


class _NameType(click.ParamType[Any]):
    """What another type reads, completed from the database which the line, or $TRACKER_DB, names."""

    def __init__(self, read: click.ParamType[Any], find: "Finder") -> None:
        self.name = read.name
        self._read, self._find = read, find

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return self._read.convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        from tracker.storage.backends.driver_alone import query

        db = ctx.find_root().params.get("db") or os.environ.get("TRACKER_DB") or "tracker.db"
        return list(self._find(lambda sql, values: query(db, sql, values), incomplete))


Finder = Callable[[Query, str], Iterator[CompletionItem]]

_NAMED = (
    "SELECT fact.key, log.line FROM fact JOIN log ON log.position = fact.position "
    "WHERE fact.family IN (?, ?) AND fact.ended_at IS NULL ORDER BY fact.key, fact.rank"
)
_KEYS = "SELECT DISTINCT key FROM fact WHERE family = ? AND ended_at IS NULL ORDER BY key"


def _find_parties(query: Query, incomplete: str) -> Iterator[CompletionItem]:
    """Parties whose code or, if there is none, whose name or alias begins so; behind a comma one more."""
    before, comma, begun = incomplete.rpartition(",")
    start = text_key(begun)
    names: dict[str, list[str]] = {}
    for code, line in query(_NAMED, register_kinds(Register.PARTY)):
        names.setdefault(code, []).extend(_names(line))
    found = [code for code in names if text_key(code).startswith(start)] or [
        code for code, known in names.items() if any(text_key(name).startswith(start) for name in known)
    ]
    yield from (CompletionItem(f"{before}{comma}{code}", help=names[code][0]) for code in found[:_AT_MOST])


def _find_issues(query: Query, incomplete: str) -> Iterator[CompletionItem]:
    """Issues whose path, or a tail of it, begins so; of very many the groups."""
    start = incomplete.casefold()
    paths = [path for (path,) in query(_KEYS, [REGISTRATIONS[Register.ISSUE]])]
    found = [path for path in paths if path.casefold().startswith(start)] or [
        path for path in paths if f"/{start}" in path.casefold()
    ]
    if len(found) > _AT_MOST:
        end = len(incomplete)
        groups = (path[: slash + 1] if (slash := path.find("/", end)) >= 0 else path for path in found)
        found = list(dict.fromkeys(groups))[:_AT_MOST]
    yield from map(CompletionItem, found)


def _find_sources(query: Query, incomplete: str) -> Iterator[CompletionItem]:
    sources = (source for (source,) in query(_KEYS, [REGISTRATIONS[Register.SOURCE]]) if source.startswith(incomplete))
    yield from map(CompletionItem, list(sources)[:_AT_MOST])


def _find_entries(query: Query, incomplete: str) -> Iterator[CompletionItem]:
    """Entries by position (`@N`), the last first, or by the beginning of an id."""
    columns = "SELECT position, id, type FROM log"
    if incomplete and not incomplete.startswith("@"):
        key = incomplete.lower()
        rows = query(f"{columns} WHERE id >= ? AND id < ? ORDER BY id LIMIT {_AT_MOST}", [key, f"{key}~"])
        yield from (CompletionItem(event_id, help=f"@{position} {kind}") for position, event_id, kind in rows)
        return
    digits = incomplete[1:]
    if digits:
        alike = f"{columns} WHERE CAST(position AS TEXT) LIKE ? ORDER BY position DESC LIMIT {_AT_MOST}"
        rows = query(alike, [f"{int(digits)}%"]) if digits.isdecimal() else []
    else:
        rows = query(f"{columns} ORDER BY position DESC LIMIT {_AT_MOST}", [])
    yield from (CompletionItem(f"@{position}", help=kind) for position, _, kind in rows)
    if "last".startswith(digits):
        yield CompletionItem("@last", help="the last entry")


def _find_types(_query: Query, incomplete: str) -> Iterator[CompletionItem]:
    families = {name.rsplit(".", depth)[0] for name in KINDS for depth in (0, 1)}
    yield from (CompletionItem(name) for name in sorted(families) if name.startswith(incomplete))


def _find_words(words: type[Word], _query: Query, incomplete: str) -> Iterator[CompletionItem]:
    before, comma, begun = incomplete.rpartition(",")
    yield from (CompletionItem(f"{before}{comma}{word}") for word in words if word.startswith(begun))


def _find_values(field: str, query: Query, incomplete: str) -> Iterator[CompletionItem]:
    """What a field holds in the last entries, the last first, if a word of it begins so."""
    start = text_key(incomplete)
    rows = query(f"SELECT line FROM log ORDER BY position DESC LIMIT {_LOOKED_AT}", [])
    values = dict.fromkeys(value for (line,) in rows if isinstance(value := _value(line, field), str))
    found = (value for value in values if f" {start}" in f" {text_key(value)}")
    yield from map(CompletionItem, islice(found, _AT_MOST))


def _value(line: str, field: str) -> Any:
    """A field of a stored line: an attribute of the entry, or of what it says."""
    stored = json.loads(line)
    return stored.get(field) or stored["data"].get("replacement", stored["data"]).get(field)


_FINDERS: Mapping[str, Finder] = {
    "PARTY": _find_parties,
    "BLOC": _find_parties,
    "ISSUE": _find_issues,
    "ID": _find_sources,
    "EVENT": _find_entries,
    "TYPE": _find_types,
    "ATTRIBUTION": partial(_find_words, Attribution),
    "ACTS": partial(_find_words, Act),
}
"""The finder for what a parameter names, by its metavar."""

_FIELDS: Mapping[str, str] = {
    "speaker": "speaker",
    "speakers": "speaker",
    "role": "speaker_role",
    "publisher": "publisher",
    "language": "language",
    "by": "recordedby",
    "recorded_by": "recordedby",
}
"""The field of entries whose values on record complete a parameter, by its name."""


def _finder(parameter: click.Parameter) -> Finder | None:
    if field := _FIELDS.get(parameter.name or ""):
        return partial(_find_values, field)
    metavar = (parameter.metavar or parameter.name or "").upper().partition("[")[0].rstrip(".")
    return _FINDERS.get(metavar)


def _names(line: str) -> list[str]:
    """The name and aliases in a stored registration or update of a party, or in its correction."""
    data = json.loads(line)["data"]
    says = data.get("replacement", data)
    return [*([says["name"]] if "name" in says else []), *says.get("aliases", ()), *says.get("aliases_added", ())]
