"""The filters and cut-offs of a question as a caller writes them: names, and days as dates or ISO text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict, overload

from tracker.domain.terms.dates import parse_day
from tracker.domain.terms.scope import EVERYTHING, KnownAt, Query, Scope, parse_known_at
from tracker.domain.terms.vocabulary import Attribution
from tracker.errors import BadValue

if TYPE_CHECKING:
    from tracker.domain.timeline.registers import Registers

Day = date | str
"""A day, or its ISO 8601 text."""

Moment = KnownAt | datetime | date | int | str
"""A moment of recording: a day (its last instant, UTC), an instant with its zone, a log position, or their text."""


class Cuts(TypedDict, total=False):
    """The cut-offs of a question, and the attributions that it takes.

    `known_at` is a day, an instant with its zone or a log position (83 or `@83`); `published_by` is a day (inclusive).
    """

    attributions: Iterable[str] | str
    known_at: Moment | None
    published_by: Day | None


class Filters(Cuts, total=False):
    """The filters and cut-offs of a question: parties by code, name or alias, issues by path, prefix or tail."""

    party: str
    parties: Iterable[str] | str
    issue: str
    issues: Iterable[str] | str


def query_of(
    query: Query,
    filters: Filters,
    names: Callable[[], Registers],
    *,
    known: Collection[str] = Filters.__annotations__,
) -> Query:
    """Return the query that a question gives, or that of its filters and cut-offs, if it gives any of the `known` ones.

    Names are resolved against the registers, which are read only if there are any. Raises UnknownParty, UnknownIssue or
    AmbiguousName, BadValue for a day, a moment or a word that is none, and TypeError for other keywords or for both a
    query and filters.
    """
    if unknown := sorted(filters.keys() - set(known)):
        raise TypeError(f"unexpected keyword {unknown[0]!r}; the filters and cut-offs are {', '.join(sorted(known))}")
    if not filters:
        return query
    if query != EVERYTHING:
        raise TypeError("a question takes a Query or filters, not both: make one Query of them all")
    parties = (*_several(filters.get("parties", ())), *_several(filters.get("party", ())))
    issues = (*_several(filters.get("issues", ())), *_several(filters.get("issue", ())))
    if parties or issues:
        from tracker.domain.timeline.names import resolve_issue_group, resolve_party, split_parties

        registers = names()
        named = (name for party in parties for name in split_parties(party, registers.parties))
        parties = tuple(resolve_party(party, registers.parties, registers.issues) for party in named)
        issues = tuple(resolve_issue_group(issue, registers.issues) for issue in issues)
    attributions = frozenset(map(_attribution, _several(filters.get("attributions", ()))))
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


def _several(names: Iterable[str] | str) -> Iterable[str]:
    return (names,) if isinstance(names, str) else names


def _attribution(word: str) -> Attribution:
    try:
        return Attribution(word)
    except ValueError:
        raise BadValue(f"{word!r} is no attribution. They are: {', '.join(Attribution)}.") from None
