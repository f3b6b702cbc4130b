"""Who stands where on a day: the state, whole or in part."""

from collections.abc import Iterable
from dataclasses import replace

from tracker.domain.timeline.state import Cell, State, closed_without_rows, first_issues
from tracker.questions.reading import Question
from tracker.storage.queries import stances
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import undated


def state_on(asked: Question, *, inherit: bool = False, at_most: int | None = None) -> State:
    """Answer `Queries.state`."""
    log, cache, day, _, cutoffs, _ = asked
    scope = asked.scope
    if inherit:
        from tracker.domain.timeline.inheritance import inherit_stances
        from tracker.domain.timeline.memberships import blocs_of
        from tracker.questions.registers import memberships_on

        members = memberships_on(log, cutoffs, day)
        blocs = {bloc for party in scope.parties for near in blocs_of(party, members) for bloc in near}
        scope = replace(scope, parties=scope.parties | blocs)
    left_out = undated(log, scope, cutoffs, day)
    around = circumstances_on(log, cutoffs, day)
    cells: Iterable[Cell]
    if at_most is None or inherit:
        cells = stances.cells(log, cache, scope, cutoffs, day, around)
    else:
        cells = stances.each_cell(log, scope, cutoffs, day, around)
    if inherit:
        own = inherit_stances(list(cells), members)
        cells = (cell for cell in own if asked.scope.includes_party(cell.row.party))
    shown, is_cut = (tuple(cells), False) if at_most is None else first_issues(cells, at_most)
    closed = closed_without_rows(around.closings, shown, asked.scope)
    return State(
        on=day,
        known_at=asked.known_at,
        published_by=asked.query.published_by,
        scope=asked.scope,
        log=asked.head,
        left_out_undated=left_out,
        cells=shown,
        inherits=inherit,
        is_cut=is_cut,
        closed={issue: closing for issue, closing in closed.items() if not is_cut or issue <= shown[-1].row.issue},
    )
