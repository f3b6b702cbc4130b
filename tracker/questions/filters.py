"""The filters and cut-offs of a question as a caller writes them: names, and days as dates or ISO text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, overload

from tracker.domain.terms.dates import parse_day
from tracker.domain.terms.scope import EVERYTHING, KnownAt, Listing, Query, Scope, parse_known_at
from tracker.domain.terms.vocabulary import Act, Attribution, Priority, Word
from tracker.errors import BadValue

if TYPE_CHECKING:
    from tracker.domain.registers.registers import Registers

Day = date | str
"""A day, or its ISO 8601 text."""

Moment = KnownAt | datetime | date | int | str
"""A moment of recording: a day (its last instant, UTC), an instant with its zone, a log position, or their text."""


Names = Iterable[str] | str
"""Names in a list, or in a text with commas between them, as on the command line."""


class Cuts(TypedDict, total=False):
    """The cut-offs of a question, and the attributions that it takes.

    `known_at` is a day, an instant with its zone or a log position (83 or `@83`); `published_by` is a day (inclusive).
    """

    attribution: Names
    attributions: Names
    known_at: Moment | None
    published_by: Day | None


class _Lists(Cuts, total=False):
    parties: Names
    issues: Names


class Filters(_Lists, total=False):
    """The filters and cut-offs of a question: parties by code, name or alias, issues by path, prefix or tail."""

    party: Names
    issue: Names


class _Statements(TypedDict, total=False):
    speaker: Names
    speakers: Names
    act: Names
    acts: Names
    tag: Names
    tags: Names
    priority: Names
    priorities: Names
    red_line: bool
    condition: Names
    conditions: Names
    reason: Names
    reasons: Names
    note: Names
    notes: Names


class ListFilters(Filters, _Statements, total=False):
    """Filters and cut-offs, and what is listed (see `Listing`): by words of a speaker's name, by act, tag and more."""


class HistoryFilters(_Lists, _Statements, total=False):
    """The filters and cut-offs of a history, whose party and issue come first."""


def listing_of(filters: Filters) -> tuple[Listing, Filters]:
    """Take what is listed out of filters. Raises BadValue for a word that is no act or no priority."""
    rest: Any = dict(filters)
    named = {name: rest.pop(name) for name in _Statements.__annotations__ if name in rest}

    def texts(one: str, several: str) -> tuple[str, ...]:
        return (*_several(named, one, split=False), *_several(named, several, split=False))

    acts = (*_several(named, "act"), *_several(named, "acts"))
    priorities = (*_several(named, "priority"), *_several(named, "priorities"))
    listing = Listing(
        texts("speaker", "speakers"),
        frozenset(_word(Act, act) for act in acts),
        texts("tag", "tags"),
        frozenset(_word(Priority, priority) for priority in priorities),
        bool(named.get("red_line")),
        texts("condition", "conditions"),
        texts("reason", "reasons"),
        texts("note", "notes"),
    )
    return listing, rest


def query_of(
    query: Query,
    filters: Filters,
    names: Callable[[], Registers],
    *,
    known: Collection[str] = Filters.__annotations__,
) -> Query:
    """Return the query that a question gives, or that of its filters and cut-offs, if it gives any of the `known` ones.

    Names are resolved against the registers, which are read only if there are any. Raises UnknownParty, UnknownIssue or
    AmbiguousName, BadValue for a day, a moment or a word that is none and for a filter without a name, and TypeError
    for other keywords or for both a query and filters.
    """
    if unknown := sorted(filters.keys() - set(known)):
        raise TypeError(f"unexpected keyword {unknown[0]!r}; the filters and cut-offs are {', '.join(sorted(known))}")
    if not filters:
        return query
    if query != EVERYTHING:
        raise TypeError("a question takes a Query or filters, not both: make one Query of them all")
    parties = (*_several(filters, "party", split=False), *_several(filters, "parties", split=False))
    issues = (*_several(filters, "issue"), *_several(filters, "issues"))
    if parties or issues:
        from tracker.domain.registers.names import resolve_issue_group, resolve_party, split_parties

        registers = names()
        named = (name for party in parties for name in split_parties(party, registers.parties))
        parties = tuple(resolve_party(party, registers.parties, registers.issues) for party in named)
        issues = tuple(resolve_issue_group(issue, registers.issues) for issue in issues)
    words = (*_several(filters, "attribution"), *_several(filters, "attributions"))
    attributions = frozenset(_word(Attribution, word) for word in words)
    scope = Scope(frozenset(parties), frozenset(issues), attributions, asked=parties)
    return Query(scope, moment_of(filters.get("known_at")), day_of(filters.get("published_by")))


@overload
def day_of(day: Day) -> date: ...
@overload
def day_of(day: Day | None) -> date | None: ...
def day_of(day: Day | None) -> date | None:
    """Return a day that may be given as ISO text. Raises BadValue."""
    if isinstance(day, str):
        return parse_day(day)
    if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
        raise BadValue(f"{day!r} is not a day. Give a date, or its text such as '2019-12-10'.")
    return day


@overload
def moment_of(known_at: Moment) -> KnownAt: ...
@overload
def moment_of(known_at: Moment | None) -> KnownAt | None: ...
def moment_of(known_at: Moment | None) -> KnownAt | None:
    """Return the cut-off on the log that a day, an instant, a position or a text of one means. Raises BadValue."""
    if known_at is None or isinstance(known_at, KnownAt):
        return known_at
    if isinstance(known_at, date):
        return parse_known_at(known_at.isoformat())
    return parse_known_at(f"@{known_at}" if isinstance(known_at, int) else str(known_at))


def name_in(value: object, field: str) -> str:
    """Return a name as a caller gives it. Raises BadValue for what is no text."""
    if not isinstance(value, str):
        raise BadValue(f"{value!r} is not a name. Give text, or several in a list.", field=field)
    return value


def _several(filters: Mapping[str, Any], name: str, *, split: bool = True) -> tuple[str, ...]:
    """Return the names under a keyword, without those that its text splits into at commas unless `split` is off.

    Raises BadValue: a keyword without a name, such as a list that came out empty, does not ask for everything.
    """
    if name not in filters:
        return ()
    given = filters[name]
    if isinstance(given, str):
        found = given.split(",") if split else [given]
    else:
        found = list(given) if isinstance(given, Iterable) else [given]
    names = tuple(name_in(one, name).strip() for one in found)
    if not names or not all(names):
        raise BadValue(f"names nothing. Leave {name} out to ask for everything.", field=name)
    return names


WordT = TypeVar("WordT", bound=Word)


def _word(words: type[WordT], word: str) -> WordT:
    try:
        return words(word)
    except ValueError:
        raise BadValue(f"{word!r} is no {words.__name__.lower()}. They are: {', '.join(words)}.") from None
