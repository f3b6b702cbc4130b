"""Who stands where on a day: the state, whole or in part."""

from collections.abc import Iterable

from tracker.domain.terms.scope import WHOLE_LIST, Listing
from tracker.domain.timeline.listed import shows_cell
from tracker.domain.timeline.state import Cell, State, closed_without_rows, first_issues
from tracker.questions.reading import Question
from tracker.storage.queries import stances
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import undated


def state_on(
    asked: Question, listing: Listing = WHOLE_LIST, *, inherit: bool = False, at_most: int | None = None
) -> State:
    """Answer `Queries.state`."""
    log, cache, day, _, cutoffs, _ = asked
    scope, around = asked.scope, circumstances_on(log, cutoffs, day)
    cells: Iterable[Cell]
    if inherit:
        from tracker.questions.inheritance import inherited_cells

        cells, scope = inherited_cells(asked, around)
    elif at_most is None:
        cells = stances.cells(log, cache, scope, cutoffs, day, around)
    else:
        cells = stances.each_cell(log, scope, cutoffs, day, around)
    if listing:
        cells = (cell for cell in cells if shows_cell(listing, cell))
    left_out = undated(log, scope, cutoffs, day)
    shown, is_cut = (tuple(cells), False) if at_most is None else first_issues(cells, at_most)
    closed = {} if listing else closed_without_rows(around.closings, shown, asked.scope)
    return State(
        on=day,
        **asked.basis(left_out),
        cells=shown,
        inherits=inherit,
        is_cut=is_cut,
        listing=listing,
        closed={issue: closing for issue, closing in closed.items() if not is_cut or issue <= shown[-1].row.issue},
    )
