"""The front page: issues by parties on a day, on three clocks.

Rows and columns are those of the whole record in scope, so that nothing moves but the stances as the day does.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from tracker.domain.terms.scope import WHOLE_LIST, Listing, Query, parse_known_at
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.state import StateRow
from tracker.errors import BadValue
from tracker.reports.names import Names
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.positions.values import unit_heading, value_class
from tracker.reports.wording import day_text
from tracker.web.matrix.cells import Drawing, StateByPair, link_of

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

MOST_CELLS = 20_000
"""How many cells a page has at most; the filters narrow it."""


class Clock(StrEnum):
    """By which clock the matrix is read."""

    STATED = "stated"
    """What we know now of what was stated by the day."""
    PUBLIC = "public"
    """What was public by the day."""
    KNOWN = "known"
    """What we had recorded by the day."""


CLOCKS = {Clock.STATED: "as stated", Clock.PUBLIC: "as public then", Clock.KNOWN: "as we knew it then"}


class MatrixQuestion(NamedTuple):
    """What the matrix is asked: its query, which rows it lists, and whether members show their blocs' stances."""

    query: Query
    listing: Listing = WHOLE_LIST
    inherit: bool = False


class Row(NamedTuple):
    """An issue with its cells in the order of the columns. `option_of` is the choice of which it is an option."""

    issue: str
    title: str
    unit: str
    option_of: str | None
    cells: Markup
    closed: str
    """The day and the outcome of its closing; empty while it is open."""


class Table(NamedTuple):
    """The issues below one first segment of their paths, and their parties: those with most issues first."""

    name: str
    heading: Markup
    width: int
    """How many columns it has below its heading."""
    rows: Sequence[Row]


class Matrix(NamedTuple):
    """The matrix on a day. `differing` is how many cells differ from the plain answer on another clock."""

    on: date
    clock: Clock
    link: str
    """The day and the cut-offs, as the addresses of what it leads to keep them."""
    tables: Sequence[Table]
    parties: Collection[tuple[str, str]]
    """Codes and names of all in it."""
    pairs: Collection[tuple[str, str]]
    """The issue and party of everything that is held, or withdrawn, on the day."""
    differing: int
    values: Sequence[str]
    marks: str
    cut: str


def read_clock(text: str | None) -> Clock:
    """Read the clock of an address. Raises BadValue."""
    try:
        return Clock(text or Clock.STATED)
    except ValueError:
        raise BadValue(f"clock: {text!r} is none of {', '.join(Clock)}.") from None


def on_clock(query: Query, clock: Clock, on: date) -> Query:
    """The query as the clock asks it on a day. Raises BadValue where it has that cut-off already."""
    if clock is Clock.STATED:
        return query
    cut = "known_at" if clock is Clock.KNOWN else "published_by"
    if getattr(query, cut) is not None:
        raise BadValue(f"clock: {clock} moves {cut} with the day. Leave {cut} out.")
    if clock is Clock.KNOWN:
        return Query(query.scope, parse_known_at(on.isoformat()), query.published_by)
    return Query(query.scope, query.known_at, on)


def matrix_on(
    snapshot: "Snapshot",
    question: MatrixQuestion,
    on: date,
    clock: Clock,
    *,
    stale_after: int,
    kept: Sequence[tuple[str, str]],
) -> Matrix:
    """The matrix of a question on a day; the addresses of its cells keep the cut-offs among `kept`.

    Raises TrackerError.
    """
    query = question.query
    asked = on_clock(query, clock, on)
    rows = state_by_pair(snapshot, question._replace(query=asked), on)
    plain_rows = rows if clock is Clock.STATED else state_by_pair(snapshot, question, on)
    differing = differing_pairs(rows, plain_rows)
    pairs = snapshot.pairs_on_record(query)
    known_at = None if query.known_at is None else snapshot.head_at(query.known_at).position
    registers = snapshot.names(on, known_at=known_at, published_by=asked.published_by)
    link = link_of(kept, asked, on)
    drawing = Drawing(rows, differing, registers, on, stale_after, link)
    shown, cut = pairs[:MOST_CELLS], ""
    if len(pairs) > MOST_CELLS:
        cut = (
            f"Only the first {MOST_CELLS:,} of {len(pairs):,} positions are shown. Narrow the matrix by party or issue."
        )
    return Matrix(
        on,
        clock,
        link,
        [_table(name, list(group), drawing) for name, group in groupby(shown, key=lambda one: one[0].split("/")[0])],
        [(party, drawing.registers.parties[party].name) for party in sorted({party for _, party in shown})],
        rows.keys(),
        len(differing),
        list(dict.fromkeys(value_class(row.value) for row in rows.values())),
        drawing.marks_shown,
        cut,
    )


def state_by_pair(snapshot: "Snapshot", question: MatrixQuestion, on: date) -> StateByPair:
    """The rows of the state on a day by issue and party. Raises TrackerError.

    They are those of whole cells, whose statements stay at hand from one answer to the next.
    """
    cells = snapshot.state(on, question.query, inherit=question.inherit, listing=question.listing).cells
    return {(cell.row.issue, cell.row.party): cell.row for cell in cells}


def differing_pairs(one: StateByPair, other: StateByPair) -> frozenset[tuple[str, str]]:
    """The pairs that two states do not show alike."""
    return frozenset(
        pair
        for pair in {*one, *other}
        if (left := one.get(pair)) is not (right := other.get(pair))
        and (left is None or right is None or _held(left) != _held(right))
    )


def _held(row: StateRow) -> tuple[object, ...]:
    """What two clocks may see otherwise in a cell."""
    return row.value, row.position, row.contested, row.conditions, row.red_line


def _table(name: str, pairs: Sequence[tuple[str, str]], drawing: Drawing) -> Table:
    often = Counter(party for _, party in pairs)
    parties = sorted(often, key=lambda party: (-often[party], party))
    names = Names(drawing.registers)
    rows = [_row(issue, parties, drawing, names) for issue in _in_order({issue for issue, _ in pairs})]
    return Table(name, drawing.heading(parties, names), len(parties) + 1, rows)


def _in_order(issues: Iterable[str]) -> list[str]:
    return sorted(issues, key=lambda issue: issue.split("/"))


def _row(issue: str, parties: Sequence[str], drawing: Drawing, names: Names) -> Row:
    registered = drawing.registers.issues.get(issue)
    above = drawing.registers.issues.get(issue.rpartition("/")[0])
    return Row(
        issue,
        names.title(issue),
        unit_heading(registered.unit) if registered else "",
        names.title(above.issue) if above is not None and above.form is IssueForm.CHOICE else None,
        drawing.cells(issue, parties),
        _closing(issue, drawing, names),
    )


def _closing(issue: str, drawing: Drawing, names: Names) -> str:
    found = drawing.closings.get(issue)
    return "" if found is None else f"closed {day_text(found.on)}: {outcome_words(found, names)}"
