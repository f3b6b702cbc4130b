"""The filters of a query, and its cut-offs on the clocks."""

import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from tracker.domain.terms.dates import instant_text, last_instant, parse_day, parse_instant, read_day
from tracker.domain.terms.text_key import text_key
from tracker.domain.terms.vocabulary import Act, Attribution, Priority
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


class ListedWords(NamedTuple):
    """What a row says, as far as a `Listing` asks."""

    speaker: str | None
    act: Act | None
    tags: Sequence[str] = ()
    priority: Priority | None = None
    red_line: bool | None = None
    conditions: Sequence[str] = ()
    reasons: Sequence[str] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Which rows an answer lists, by what they say; an empty filter lets everything through.

    Of several values of one filter any will do. A speaker, a condition, a reason and a note are named by words in a
    row, a tag by all of it; texts are compared as names are. What an answer concludes does not depend on it: what a
    statement changed, what answered it and what is in force is judged among all statements.
    """

    speakers: tuple[str, ...] = ()
    acts: frozenset[Act] = frozenset()
    tags: tuple[str, ...] = ()
    priorities: frozenset[Priority] = frozenset()
    red_line: bool = False
    conditions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def shows(self, said: ListedWords) -> bool:
        """Return whether a row is listed."""
        return (
            _any_holds((said.speaker or "",), self.speakers)
            and (not self.acts or said.act in self.acts)
            and (not self.tags or not set(map(text_key, self.tags)).isdisjoint(map(text_key, said.tags)))
            and (not self.priorities or said.priority in self.priorities)
            and (not self.red_line or said.red_line is True)
            and _any_holds(said.conditions, self.conditions)
            and _any_holds(said.reasons, self.reasons)
            and _any_holds((said.note or "",), self.notes)
        )

    @property
    def data(self) -> dict[str, Any]:
        """The filters that leave anything out, as they stand in the data of a report."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value if value is True else sorted(value) for name, value in found.items() if value}

    def __bool__(self) -> bool:
        """Return whether it leaves anything out."""
        return self != WHOLE_LIST


def _any_holds(texts: Iterable[str], wanted: Sequence[str]) -> bool:
    """Return whether any text holds the words of any wanted one in a row; with none wanted, all do."""
    found = [f" {text_key(text)} " for text in texts] if wanted else ()
    return not wanted or any(f" {text_key(words)} " in text for words in wanted for text in found)


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


def read_moment(text: str, today: date) -> KnownAt:
    """Read a moment of recording as people type it: `@N`, an instant, or a day in any of its forms. Raises BadValue."""
    with suppress(BadValue):
        return parse_known_at(text)
    try:
        return parse_known_at(read_day(text, today).isoformat())
    except BadValue as error:
        others = "an instant with its zone (2019-12-10T17:21:00Z) or a log position (@120)"
        raise BadValue(f"{error.message} A moment of recording may also be {others}.") from None


def parse_position(text: str) -> int | None:
    """Return the log position that `@N` names; None for any other text."""
    return int(text[1:]) if re.fullmatch(r"@\d{1,99}", text, re.ASCII) else None


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Limits of the record for a query: entries up to a position, statements public by a day (both inclusive)."""

    known_at: int | None = None
    published_by: date | None = None


NO_CUTOFFS = Cutoffs()


@dataclass(frozen=True, slots=True)
class Query:
    """The filters of a query, and its cut-offs on the recorded and the published clock."""

    scope: Scope = field(default_factory=Scope)
    known_at: KnownAt | None = None
    published_by: date | None = None


EVERYTHING = Query()
