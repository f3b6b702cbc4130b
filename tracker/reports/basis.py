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
    from tracker.domain.answers.report import Report


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
    return "".join(f"only {text}   " for _, text in filters(scope, listing))


def filters(scope: Scope, listing: Listing = WHOLE_LIST) -> Iterator[tuple[str, str]]:
    """The filters of a query and of a list, each with its name; the parties as they were asked for."""
    parties = dict.fromkeys(scope.asked) if scope.parties == set(scope.asked) else sorted(scope.parties)
    found = (("issues", scope.issues), ("attribution", scope.attributions))
    others = (*found, ("speakers", listing.speakers), ("acts", listing.acts))
    for label, values in (("parties", parties), *((label, sorted(values)) for label, values in others)):
        if values:
            yield label, ", ".join(values)
