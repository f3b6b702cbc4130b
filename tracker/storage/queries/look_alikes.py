"""Find statements that look alike, for recording and for loads: `domain/timeline/look_alikes.py` says which do.

Candidates are those of a pair, day and value; for recording, `storage/projections/runs.py` has found them with the
neighbours of the new statement.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import and_, select

from tracker.domain.timeline.look_alikes import Likeness, likeness
from tracker.domain.timeline.statement import WITHDRAWN, Statement
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, in_list, parameter
from tracker.storage.projections.counting import counts, stored_lines
from tracker.storage.queries.statement_cache import read_statement
from tracker.storage.schema import statement


def find_by_likeness(connection: AnyConnection, positions: Iterable[int]) -> dict[Likeness, list[Statement]]:
    """Return the counting statements at these positions, in log order, by what those that look alike share."""
    known: dict[Likeness, list[Statement]] = {}
    for row in _AT.rows_in(connection, "positions", sorted(positions)):
        known.setdefault(likeness(one := read_statement(*row)), []).append(one)
    return known


def find_new_look_alikes(connection: AnyConnection, *, after: int, older: int) -> Iterator[tuple[Statement, Statement]]:
    """Yield the counting statements after a position that look like a counting one up to an `older` position.

    Each comes with the first that it looks like. Every line is read once, however many statements a pair has on a day.
    """
    values = {"after": after, "older": older}
    new = _NEW_ALIKE.rows(connection, values)
    known: dict[Likeness, Statement] = {}
    for one in (read_statement(*row) for row in (_OLDER_ALIKE.rows(connection, values) if new else ())):
        known.setdefault(likeness(one), one)
    for one in (read_statement(*row) for row in new):
        if (found := known.get(likeness(one))) is not None:
            yield one, found


_counting = stored_lines(statement).add_columns(statement.c.position).where(counts(statement))
_AT = CompiledQuery(_counting.where(in_list(statement.c.position, name="positions")).order_by(statement.c.position))
_ALIKE = (statement.c.pair, statement.c.effective_on, statement.c.value)
"""What a statement that looks like another has in common with it, as far as an index has it."""
_is_new = and_(
    statement.c.position > parameter(statement.c.position, "after"),
    statement.c.rank == statement.c.position,
    statement.c.value != str(WITHDRAWN),
    counts(statement),
)
_other = statement.alias("other")
_is_older = and_(_other.c.position <= parameter(_other.c.position, "older"), counts(_other))
_same_as_other = and_(*(column == _other.c[column.key] for column in _ALIKE))
_NEW_ALIKE = CompiledQuery(
    _counting.where(
        _is_new, select(_other.c.position).where(_same_as_other, _is_older).correlate(statement).exists()
    ).order_by(statement.c.position)
)
_new = select(*_ALIKE).where(_is_new).distinct().cte("new").prefix_with("MATERIALIZED")
_older = select(_other.c.position).join_from(
    _new, _other, and_(*(_new.c[one.key] == _other.c[one.key] for one in _ALIKE))
)
_OLDER_ALIKE = CompiledQuery(
    _counting.where(statement.c.position.in_(_older.where(_is_older))).order_by(statement.c.position)
)
