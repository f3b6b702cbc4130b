"""The filters and cut-offs of a question as a caller writes them: names, and days as dates or ISO text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, TypedDict, overload

from tracker.domain.terms.dates import parse_day
from tracker.domain.terms.scope import KnownAt, Query, Scope, parse_known_at
from tracker.domain.terms.vocabulary import Attribution

if TYPE_CHECKING:
    from tracker.domain.timeline.registers import Registers

Day = date | str
"""A day, or its ISO 8601 text."""


class Cuts(TypedDict, total=False):
    """The cut-offs of a question, and the attributions that it takes.

    `known_at` is a day, an instant with its zone or a log position (`@83`); `published_by` is a day (inclusive).
    """

    attributions: Iterable[str]
    known_at: KnownAt | str | None
    published_by: Day | None


class Filters(Cuts, total=False):
    """The filters and cut-offs of a question: parties by code, name or alias, issues by path, prefix or tail."""

    party: str
    parties: Iterable[str]
    issue: str
    issues: Iterable[str]


def query_of(filters: Filters, names: Callable[[], Registers]) -> Query:
    """Return filters and cut-offs with names resolved against the registers, which are read only if there are any.

    Raises UnknownParty, UnknownIssue or AmbiguousName, and BadValue for a day, a moment or a word that is none.
    """
    parties = (*filters.get("parties", ()), *([filters["party"]] if "party" in filters else ()))
    issues = (*filters.get("issues", ()), *([filters["issue"]] if "issue" in filters else ()))
    if parties or issues:
        from tracker.domain.timeline.names import resolve_issue_group, resolve_party, split_parties

        known = names()
        named = (name for party in parties for name in split_parties(party, known.parties))
        parties = tuple(resolve_party(party, known.parties) for party in named)
        issues = tuple(resolve_issue_group(issue, known.issues) for issue in issues)
    attributions = frozenset(map(Attribution, filters.get("attributions", ())))
    scope = Scope(frozenset(parties), frozenset(issues), attributions, asked=parties)
    return Query(scope, moment_of(filters.get("known_at")), day_of(filters.get("published_by")))


@overload
def day_of(day: Day) -> date: ...
@overload
def day_of(day: Day | None) -> date | None: ...
def day_of(day: Day | None) -> date | None:
    """Return a day that may be given as ISO text. Raises BadValue."""
    return parse_day(day) if isinstance(day, str) else day


@overload
def moment_of(known_at: KnownAt | str) -> KnownAt: ...
@overload
def moment_of(known_at: KnownAt | str | None) -> KnownAt | None: ...
def moment_of(known_at: KnownAt | str | None) -> KnownAt | None:
    """Return a cut-off on the log that may be given as text. Raises BadValue."""
    return parse_known_at(known_at) if isinstance(known_at, str) else known_at
