"""The filters of a query, and its cut-offs on the clocks."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.domain.terms.dates import instant_text, last_instant, parse_day, parse_instant
from tracker.domain.terms.text_key import text_key
from tracker.domain.terms.vocabulary import Act, Attribution
from tracker.errors import BadValue


@dataclass(frozen=True, slots=True)
class Scope:
    """Filters by party, issue and attribution; an empty filter lets everything through.

    `issues` are paths or prefixes, matched at slashes. A query ignores statements with other attributions altogether.
    `asked` has the parties in the order in which they were asked for, which matters only to how an answer looks.
    """

    parties: frozenset[str] = frozenset()
    issues: frozenset[str] = frozenset()
    attributions: frozenset[Attribution] = frozenset()
    asked: tuple[str, ...] = field(default=(), compare=False)

    def includes_party(self, party: str) -> bool:
        """Return whether a party is in scope."""
        return not self.parties or party in self.parties

    def includes_issue(self, issue: str) -> bool:
        """Return whether an issue is in scope."""
        return not self.issues or any(within(issue, prefix) for prefix in self.issues)

    def includes_attribution(self, attribution: Attribution) -> bool:
        """Return whether statements with an attribution are in scope."""
        return not self.attributions or attribution in self.attributions

    def concerns(self, parties: Collection[str], issues: Collection[str]) -> bool:
        """Return whether something about these parties and issues (all, if there are none) bears on the scope."""
        return (not parties or any(map(self.includes_party, parties))) and (
            not issues or any(map(self.includes_issue, issues))
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """Which statements a list shows, by speaker and act; an empty filter lets everything through.

    A speaker is named by words of the name in a row, compared as names are. What a statement changed or what answered
    it does not depend on it: that is judged among all statements.
    """

    speakers: tuple[str, ...] = ()
    acts: frozenset[Act] = frozenset()

    def shows(self, speaker: str | None, act: Act | None) -> bool:
        """Return whether a statement by a speaker, with an act, is listed."""
        name = f" {text_key(speaker or '')} "
        return (not self.speakers or any(f" {text_key(words)} " in name for words in self.speakers)) and (
            not self.acts or act in self.acts
        )

    def __bool__(self) -> bool:
        """Return whether it leaves anything out."""
        return bool(self.speakers or self.acts)


WHOLE_LIST = Listing()


def within(issue: str, prefix: str) -> bool:
    """Return whether an issue is the prefix or lies below it."""
    return issue == prefix or issue.startswith(f"{prefix}/")


@dataclass(frozen=True, slots=True)
class KnownAt:
    """A cut-off on the recorded clock: a log position, or an instant (UTC, inclusive)."""

    text: str
    position: int | None = None
    instant: datetime | None = None


def parse_known_at(text: str) -> KnownAt:
    """Read `@N`, a day (its last instant, UTC) or an instant with zone. Raises BadValue."""
    if (position := parse_position(text)) is not None:
        return KnownAt(f"@{position}", position=position)
    try:
        if len(text) == len("2019-12-10"):
            day = parse_day(text)
            return KnownAt(day.isoformat(), instant=last_instant(day))
        instant = parse_instant(text)
        return KnownAt(instant_text(instant), instant=instant)
    except BadValue:
        raise BadValue(
            f"{text!r} is not a moment of recording. Write a day (2019-12-10), an instant with its zone "
            "(2019-12-10T17:21:00Z) or a log position (@120)."
        ) from None


def parse_position(text: str) -> int | None:
    """Return the log position that `@N` names; None for any other text."""
    return int(text[1:]) if re.fullmatch(r"@\d{1,99}", text, re.ASCII) else None


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Limits of the record for a query: entries up to a position, statements public by a day (both inclusive)."""

    known_at: int | None = None
    published_by: date | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """The filters of a query, and its cut-offs on the recorded and the published clock."""

    scope: Scope = field(default_factory=Scope)
    known_at: KnownAt | None = None
    published_by: date | None = None


EVERYTHING = Query()
