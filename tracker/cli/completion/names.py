"""What is completed from the database: parties, issues, sources and entries, and words that options list otherwise."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from tracker.cli.options import ACTS, ATTRIBUTIONS, DAY, KNOWN_AT, POSITION, STATED, STATED_BETWEEN
from tracker.cli.position_options import OPTION
from tracker.domain.log.kind_registry import KINDS, REGISTRATIONS, Register, register_kinds
from tracker.domain.terms.text_key import text_key
from tracker.domain.terms.vocabulary import Act, Attribution, IssueForm, Stance, Word

_AT_MOST = 60
"""Most completions that are offered of a kind."""

_LOOKED_AT = 3_000
"""The last entries in which values are looked up; more would keep the shell waiting."""


class Lookup(NamedTuple):
    """What is to be completed: a typed word, from which database, and the entry or issue that was named before."""

    typed: str
    db: str
    event: str
    issue: str = ""

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        from tracker.storage.backends.driver_alone import query

        return query(self.db, sql, values)


Finder = Callable[[Lookup], Iterator[CompletionItem]]


def complete_from_database(command: click.Command) -> None:
    """Give a command's parameters, and those of the commands below it, the completions of what they name."""
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        complete_from_database(below)
    for parameter in command.params:
        if command.name == "add" and isinstance(parameter, click.Argument):
            continue  # a new name
        if (find := _finder(parameter)) is not None:
            parameter.type = _NameType(parameter.type, find)


class _NameType(click.ParamType[Any]):
    """What another type reads, completed from the database which the line, or $TRACKER_DB, names."""

    def __init__(self, read: click.ParamType[Any], find: Finder) -> None:
        self.name = read.name
        self._read, self._find = read, find

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return self._read.convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        db = ctx.find_root().params.get("db") or os.environ.get("TRACKER_DB") or "tracker.db"
        # Click leaves arguments unread as long as the option behind them has no value.
        event = str(ctx.params.get("event") or next(iter(ctx.args), ""))
        issue = ctx.params.get("issue") or ctx.params.get("issue_path") or next(reversed(ctx.args), "")
        return list(self._find(Lookup(incomplete, db, event, str(issue))))


_NAMED = (
    "SELECT fact.key, log.line FROM fact JOIN log ON log.position = fact.position "
    "WHERE fact.family IN (?, ?) AND fact.ended_at IS NULL ORDER BY fact.key, fact.rank"
)
_OPENED = (
    "SELECT fact.key, log.line FROM fact JOIN log ON log.position = fact.position "
    "WHERE fact.family = ? AND fact.ended_at IS NULL ORDER BY fact.key, fact.rank"
)
_KEYS = "SELECT DISTINCT key FROM fact WHERE family = ? AND ended_at IS NULL ORDER BY key"


def _find_parties(lookup: Lookup) -> Iterator[CompletionItem]:
    """Parties whose code or, if there is none, whose name or alias begins so; behind a comma one more."""
    before, comma, begun = lookup.typed.rpartition(",")
    start = text_key(begun)
    names: dict[str, list[str]] = {}
    for code, line in lookup.query(_NAMED, register_kinds(Register.PARTY)):
        names.setdefault(code, []).extend(_names(line))
    found = {code: known[0] for code, known in names.items() if text_key(code).startswith(start)} or {
        code: name if name == known[0] else f"{name}: {known[0]}"  # the fish shell looks for what is typed in it
        for code, known in names.items()
        if (name := next((name for name in known if text_key(name).startswith(start)), None))
    }
    yield from (CompletionItem(f"{before}{comma}{code}", help=found[code]) for code in islice(found, _AT_MOST))


def _find_issues(lookup: Lookup) -> Iterator[CompletionItem]:
    """Issues whose path, or a tail of it, begins so; of very many the groups."""
    start = lookup.typed.casefold()
    paths = [path for (path,) in lookup.query(_KEYS, [REGISTRATIONS[Register.ISSUE]])]
    found = [path for path in paths if path.casefold().startswith(start)] or [
        path for path in paths if f"/{start}" in path.casefold()
    ]
    if len(found) > _AT_MOST:
        end = len(lookup.typed)
        groups = (path[: slash + 1] if (slash := path.find("/", end)) >= 0 else path for path in found)
        found = list(dict.fromkeys(groups))[:_AT_MOST]
    yield from map(CompletionItem, found)


def _find_options(lookup: Lookup) -> Iterator[CompletionItem]:
    """The ids of the options of the choice that was named; behind the equals sign the stances."""
    before, sign, begun = lookup.typed.partition("=")
    if sign:
        yield from (CompletionItem(f"{before}={stance}") for stance in Stance if stance.startswith(begun))
        return
    choices = {}
    for path, line in lookup.query(_OPENED, [REGISTRATIONS[Register.ISSUE]]):
        data = json.loads(line)["data"]
        choices[path] = data.get("replacement", data).get("form") == IssueForm.CHOICE
    named = lookup.issue.casefold()
    for path in choices:
        choice, _, option = path.rpartition("/")
        if f"/{choice}".casefold().endswith(f"/{named}") and choices.get(choice) and option.startswith(before):
            yield CompletionItem(option)


def _find_options_with_stances(lookup: Lookup) -> Iterator[CompletionItem]:
    """The same, each with the sign behind which its stance stands."""
    if "=" in lookup.typed:
        yield from _find_options(lookup)
    else:
        yield from (CompletionItem(f"{option.value}=") for option in _find_options(lookup))


def _find_sources(lookup: Lookup) -> Iterator[CompletionItem]:
    sources = (source for (source,) in lookup.query(_KEYS, [REGISTRATIONS[Register.SOURCE]]))
    yield from map(CompletionItem, islice((one for one in sources if one.startswith(lookup.typed)), _AT_MOST))


def _find_entries(lookup: Lookup) -> Iterator[CompletionItem]:
    """Entries by position (`@N`), the last first, or by the beginning of an id."""
    if lookup.typed and not lookup.typed.startswith("@"):
        key = lookup.typed.lower()
        rows = lookup.query(f"{_ENTRIES} WHERE id >= ? AND id < ? ORDER BY id LIMIT {_AT_MOST}", [key, f"{key}~"])
        yield from (CompletionItem(event_id, help=f"@{position} {kind}") for position, event_id, kind in rows)
        return
    yield from _find_positions(lookup)
    if "@last".startswith(lookup.typed):
        yield CompletionItem("@last", help="the last entry")


def _find_ranges(lookup: Lookup) -> Iterator[CompletionItem]:
    """Entries, or those from one position to another (`@10..@44`)."""
    first, dots, last = lookup.typed.rpartition("..")
    found = _find_entries(lookup._replace(typed=last))
    yield from (CompletionItem(f"{first}{dots}{one.value}", help=one.help) for one in found)


def _find_positions(lookup: Lookup) -> Iterator[CompletionItem]:
    """Positions in the log (`@N`), the last first."""
    digits = lookup.typed.removeprefix("@")
    if not digits:
        rows = lookup.query(f"{_ENTRIES} ORDER BY position DESC LIMIT {_AT_MOST}")
    elif digits.isdecimal():
        alike = f"{_ENTRIES} WHERE CAST(position AS TEXT) LIKE ? ORDER BY position DESC LIMIT {_AT_MOST}"
        rows = lookup.query(alike, [f"{int(digits)}%"])
    else:
        return
    at = "@" if lookup.typed.startswith("@") or not lookup.typed else ""
    yield from (CompletionItem(f"{at}{position}", help=kind) for position, _, kind in rows)


_ENTRIES = "SELECT position, id, type FROM log"


def _find_days(lookup: Lookup) -> Iterator[CompletionItem]:
    """The words for days: today, yesterday, and behind a short number `d` and `w`."""
    typed = lookup.typed.casefold()
    yield from (CompletionItem(word) for word in ("today", "yesterday") if word.startswith(typed))
    if re.fullmatch(r"\d{1,3}", typed, re.ASCII):
        yield CompletionItem(f"{typed}d", help="so many days ago")
        yield CompletionItem(f"{typed}w", help="so many weeks ago")


def _find_moments(lookup: Lookup) -> Iterator[CompletionItem]:
    """Moments of recording: words for days, and positions in the log."""
    yield from _find_days(lookup)
    if lookup.typed.startswith("@") or not lookup.typed:
        yield from _find_positions(lookup)


def _find_earlier_reports(lookup: Lookup) -> Iterator[CompletionItem]:
    """Earlier reports: by their file, or by their position in the log."""
    return _find_positions(lookup) if lookup.typed.startswith("@") else _find_files(lookup)


def _find_files(lookup: Lookup) -> Iterator[CompletionItem]:
    """Leave it to the shell to find files."""
    yield CompletionItem(lookup.typed, type="file")


def _find_fields(lookup: Lookup) -> Iterator[CompletionItem]:
    """The fields that the entry to be corrected has and may be without."""
    event = lookup.event.lower()
    values: list[str | int] = []
    if event == "@last":
        where = "position = (SELECT max(position) FROM log)"
    elif event.startswith("@"):
        where, values = "position = ?", [int(event[1:])]
    else:
        where, values = "id >= ? AND id < ?", [event, f"{event}~"]
    for (line,) in lookup.query(f"SELECT line FROM log WHERE {where} LIMIT 1", values):
        stored = json.loads(line)["data"]
        data = stored.get("replacement", stored)
        needed = {"source"} if {"publisher", "target"} & data.keys() else set()  # of a source, of a corroboration
        fields = [field for field in data if field in MAY_BE_LEFT_OUT - needed and field.startswith(lookup.typed)]
        yield from map(CompletionItem, fields)


MAY_BE_LEFT_OUT = {
    *("source", "quote", "locator", "speaker", "speaker_role", "attribution", "ascribed_by"),
    *("act", "standing", "conditions", "addressed_to", "on_behalf_of", "sequence"),
    *("parties", "issues", "category", "note"),
    *("aliases", "aliases_added", "url", "published_on", "language", "sha256", "dated_on"),
    *("stance", "amount", "could_accept", "stated_as", "priority", "red_line", "reasons", "joint_with", "provision"),
    *("answers", "tags", "translation", "suggestion", "leaves_position_of", "option", "form", "unit", "own"),
}
"""The fields that an entry of some kind may be without, which none needs; a source is asked about in `_find_fields`."""


def _find_types(lookup: Lookup) -> Iterator[CompletionItem]:
    families = {name.rsplit(".", depth)[0] for name in KINDS for depth in (0, 1)}
    yield from (CompletionItem(name) for name in sorted(families) if name.startswith(lookup.typed))


def _find_words(words: type[Word], lookup: Lookup) -> Iterator[CompletionItem]:
    before, comma, begun = lookup.typed.rpartition(",")
    yield from (CompletionItem(f"{before}{comma}{word}") for word in words if word.startswith(begun))


def _find_values(field: str, lookup: Lookup) -> Iterator[CompletionItem]:
    """What a field holds in the last entries, the last first, if a word of it begins so."""
    start = text_key(lookup.typed)
    rows = lookup.query(f"SELECT line FROM log ORDER BY position DESC LIMIT {_LOOKED_AT}")
    values = dict.fromkeys(value for (line,) in rows if isinstance(value := _value(line, field), str))
    found = (value for value in values if f" {start}" in f" {text_key(value)}")
    yield from map(CompletionItem, islice(found, _AT_MOST))


def _value(line: str, field: str) -> Any:
    """A field of a stored line: an attribute of the entry, or of what it says."""
    stored = json.loads(line)
    return stored.get(field) or stored["data"].get("replacement", stored["data"]).get(field)


_NAMED_BY_METAVAR: Mapping[str, Finder] = {
    "PARTY": _find_parties,
    "PARTY...": _find_parties,
    "OPTION": _find_options,
    "BLOC": _find_parties,
    "ISSUE": _find_issues,
    "ID": _find_sources,
    "EVENT": _find_entries,
    "EVENT...": _find_ranges,
    "TYPE": _find_types,
    "ATTRIBUTION": partial(_find_words, Attribution),
    "ACTS": partial(_find_words, Act),
}
"""The finder for what a parameter names, by its metavar."""

NAMED_BY_TYPE: Mapping[click.ParamType[Any], Finder] = {
    DAY: _find_days,
    STATED: _find_days,
    STATED_BETWEEN: _find_days,
    OPTION: _find_options_with_stances,
    KNOWN_AT: _find_moments,
    POSITION: _find_positions,
}
"""The finder for what a parameter of a type names."""

_NAMED_BY_OPTION: Mapping[str, Finder] = {
    "--db": _find_files,
    "--since": _find_earlier_reports,
    "--unset": _find_fields,
}

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
    """The finder for a parameter; None for one that names nothing, or that completes itself."""
    if found := NAMED_BY_TYPE.get(parameter.type) or _NAMED_BY_OPTION.get(parameter.opts[0]):
        return found
    if parameter.type not in (click.STRING, ATTRIBUTIONS, ACTS):
        return None
    if field := _FIELDS.get(parameter.name or ""):
        return partial(_find_values, field)
    metavar = (parameter.metavar or parameter.name or "").upper().partition("[")[0]
    return _NAMED_BY_METAVAR.get(metavar)


def _names(line: str) -> list[str]:
    """The name and aliases in a stored registration or update of a party, or in its correction."""
    data = json.loads(line)["data"]
    says = data.get("replacement", data)
    return [*([says["name"]] if "name" in says else []), *says.get("aliases", ()), *says.get("aliases_added", ())]
