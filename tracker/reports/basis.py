"""What an answer rests on: its day, its filters, its cut-offs and the log position, as a value and in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import WHOLE_LIST, Listing, Query, Scope
from tracker.domain.timeline.state import State
from tracker.reports.wording import day_text

if TYPE_CHECKING:
    from tracker.domain.answers.explanation import Explanation
    from tracker.domain.report.change_report import Report


@dataclass(frozen=True, slots=True)
class Basis:
    """The day of an answer, its cut-offs and filters, and the log position that it rests on."""

    on: date
    known_at: str | None
    published_by: date | None
    scope: Scope
    log: LogHead
    left_out_undated: int = 0
    listing: Listing = WHOLE_LIST


def basis_of(query: Query, on: date, log: LogHead, left_out_undated: int, listing: Listing = WHOLE_LIST) -> Basis:
    """What the answer to a query on a day rests on."""
    known_at = query.known_at.text if query.known_at else None
    return Basis(on, known_at, query.published_by, query.scope, log, left_out_undated, listing)


def basis(answer: "Basis | State | Report | Explanation") -> str:
    """The basis of an answer: its cut-offs and the log position."""
    return "   ".join(basis_parts(answer))


def basis_parts(answer: "Basis | State | Report | Explanation") -> Iterator[str]:
    """The cut-offs of an answer and its log position."""
    if answer.known_at:
        yield f"known at {answer.known_at}"
    if answer.published_by:
        yield f"published by {day_text(answer.published_by)}"
    yield f"log position {answer.log.position}"


def filters_text(scope: Scope, listing: Listing = WHOLE_LIST) -> str:
    """The filters of a query in words; empty if there are none."""
    found = (text if label in _BARE else f"{label}: {text}" for label, text in filters(scope, listing))
    return "".join(f"only {text}   " for text in found)


def filters(scope: Scope, listing: Listing = WHOLE_LIST) -> Iterator[tuple[str, str]]:
    """The filters of a query and of a list, each with its name; the parties as they were asked for."""
    parties = dict.fromkeys(scope.asked) if scope.parties == set(scope.asked) else sorted(scope.parties)
    found = (("parties", parties), ("issues", sorted(scope.issues)), ("attribution", sorted(scope.attributions)))
    listed = ((_LISTED.get(name, name), ["yes"] if values is True else values) for name, values in listing.data.items())
    for label, values in (*found, *listed):
        if values:
            yield label, ", ".join(values)


def nothing_found(none: str, wanted: str, scope: Scope, listing: Listing = WHOLE_LIST) -> str:
    """The sentence for an empty answer: `none`, or where filters may hide something, that nothing `wanted` matches."""
    return f"{wanted} matches what was asked for." if any(filters(scope, listing)) else none


_LISTED = {"red_line": "red lines", "priorities": "priority"}
"""What people read for the name of a filter of a list."""
_BARE = ("parties", "issues", "attribution", "speakers", "acts")
"""Filters that need no name beside their values."""
