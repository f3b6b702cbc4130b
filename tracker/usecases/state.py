"""The state on a day, within one snapshot; without inheritance it needs no event models."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tracker.domain.terms.scope import Query
from tracker.domain.timeline.state import State
from tracker.storage.backends.compiled_query import AnyConnection
from tracker.storage.queries import stances
from tracker.storage.queries.filters import undated
from tracker.storage.queries.statement_cache import StatementCache
from tracker.usecases.cutoffs import cutoffs_of

if TYPE_CHECKING:
    from tracker.domain.timeline.memberships import Memberships


def state_on(connection: AnyConnection, cache: StatementCache, day: date, query: Query, *, inherit: bool) -> State:
    """The stances in effect on a day (inclusive); with `inherit`, members without one show their bloc's."""
    scope = query.scope
    members: Memberships = {}
    cutoffs, head = cutoffs_of(connection, query)
    if inherit:
        from tracker.usecases.registers import members_on

        members = members_on(connection, cutoffs, day)
    if scope.parties:
        blocs = {bloc for member in scope.parties for bloc in members.get(member, ())}
        scope = replace(scope, parties=scope.parties | blocs)
    closed = stances.closed_issues(connection, cutoffs, day)
    cells = stances.cells(connection, cache, scope, cutoffs, day, closed)
    left_out = undated(connection, scope, cutoffs, day)
    if inherit:
        from tracker.domain.timeline.memberships import inherit_stances

        cells = [cell for cell in inherit_stances(cells, members) if query.scope.includes_party(cell.row.party)]
    return State(
        on=day,
        known_at=query.known_at.text if query.known_at else None,
        published_by=query.published_by,
        scope=query.scope,
        log=head,
        left_out_undated=left_out,
        cells=tuple(cells),
        inherits=inherit,
    )
