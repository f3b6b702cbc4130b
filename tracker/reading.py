"""Parts of answers that several questions need, each read within the snapshot of one connection."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from tracker.domain.chain import LogHead
from tracker.domain.groups import Memberships, memberships
from tracker.domain.learned import Earlier, Learned, learned, lessons
from tracker.domain.relations import Related, Stood, relation_changes
from tracker.domain.scope import Cutoffs, KnownAt, Query, Scope
from tracker.storage import event_log, log_parts, matrix, probes, versions
from tracker.storage.prepared import Asked

_MEMBERSHIPS = ("membership.started", "membership.ended")


def cutoffs_of(connection: Asked, query: Query) -> tuple[Cutoffs, LogHead]:
    """The cut-offs as a log position and a day, and the log's last entry at the cut."""
    position = position_of(connection, query.known_at) if query.known_at else None
    return Cutoffs(position, query.published_by), event_log.head(connection, at=position)


def position_of(connection: Asked, asked: KnownAt) -> int:
    """The log position of a cut-off on the recorded clock."""
    if asked.position is not None:
        return asked.position
    assert asked.instant is not None
    return event_log.position_at(connection, asked.instant)


def standings(
    connection: Connection, asked: Iterable[tuple[str, str, date]]
) -> dict[tuple[str, str, date], Stood | None]:
    """Where pairs (issue, party) stand on days, as on record now."""
    found = {}
    for issue, party, day in asked:
        stood = matrix.standing(connection, Scope(frozenset({party})), Cutoffs(), day, issues=[issue])
        found[issue, party, day] = stood.get((issue, party))
    return found


def members_on(connection: Asked, cutoffs: Cutoffs, on: date) -> Memberships:
    """Who belongs to which bloc on a day (inclusive)."""
    return memberships(versions.counting_facts(connection, _MEMBERSHIPS, known_at=cutoffs.known_at, up_to=on), on)


def relations_between(
    connection: Connection, scope: Scope, cutoffs: Cutoffs, after: date, up_to: date
) -> tuple[Related, ...]:
    """Where relations changed, among all parties: on the issues in scope on which anybody moved."""
    everybody = replace(scope, parties=frozenset())
    moved = probes.moved(connection, everybody, cutoffs, after=after, up_to=up_to)
    issues = sorted({issue for issue, _ in moved})
    now = matrix.standing(connection, everybody, cutoffs, up_to, issues=issues)
    then = {pair: stood for pair, stood in now.items() if pair not in moved}
    then |= matrix.standing(connection, everybody, cutoffs, after, pairs=sorted(moved.values()))
    return relation_changes(then, now, scope)


def what_was_learned(
    connection: Connection, scope: Scope, cutoffs: Cutoffs, earlier: Earlier, head: int
) -> tuple[Learned, ...]:
    """What was recorded since an earlier report that bears on its days, up to a log position."""
    ranks = log_parts.ranks_learned(connection, scope, cutoffs, earlier)
    found = lessons(log_parts.part_of_log(connection, statements=ranks, up_to=head), scope, cutoffs, earlier)
    issues = sorted({lesson.event.issue for lesson in found})
    about = Scope(frozenset(lesson.event.party for lesson in found), attributions=scope.attributions)
    before = Cutoffs(earlier.known_at, earlier.published_by)
    then, now = (matrix.standing(connection, about, at, earlier.up_to, issues=issues) for at in (before, cutoffs))
    return learned(found, then, now)
