"""The newest movements, by the entries that brought them about."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from tracker.domain.report.context import context
from tracker.domain.report.context_revisions import context_corrections
from tracker.domain.report.corrections import Correction, corrections
from tracker.domain.report.movements import Movement, step_of
from tracker.domain.terms.scope import Cutoffs, Listing
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.listed import shows_statement
from tracker.domain.timeline.order import Timeline
from tracker.domain.timeline.statement import Statement
from tracker.questions.reading import Question
from tracker.storage.queries import log_parts, timelines, versions
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.moving import Moving, find_moving


def newest_movements(asked: Question, listing: Listing, limit: int) -> list[Movement]:
    """Return the newest movements in scope, so many at most, in the order of their entries, the newest first."""
    around = circumstances_on(asked.log, asked.cutoffs, date.max)
    found: list[Movement] = []
    before = asked.head.position + 1
    while len(found) < limit:
        moving = find_moving(asked.log, asked.scope, before=before)
        if not moving.positions:
            break
        before = moving.positions[-1]
        moved = [*_steps(asked, moving, around), *_revisions(asked, moving, around)]
        if not listing:
            moved += _endings(asked, moving, around)
        found += sorted(
            (one for one in moved if _is_listed(one, listing)), key=lambda one: one.entry.position, reverse=True
        )
    return found[:limit]


def _steps(asked: Question, moving: Moving, around: Circumstances) -> Iterator[Movement]:
    for entry in log_parts.entries_at(asked.log.core, moving.stated):
        said = Version(entry, entry.event, entry.position).statement
        step = step_of(entry.id, _timeline(asked, said), on=said.on, around=around) if said.is_in(asked.scope) else None
        if step is not None:
            yield Movement(entry, step)


def _timeline(asked: Question, said: Statement) -> Timeline:
    """The statements of a statement's day as known when it was recorded, and those before that bear on them."""
    scope = replace(asked.scope, parties=frozenset({said.party}), issues=frozenset({said.issue}))
    cutoffs, day = Cutoffs(said.position, asked.query.published_by), said.on
    connection, cache = asked.log, asked.cache
    if day == date.min:
        return timelines.timelines(connection, cache, scope, cutoffs, up_to=day).by_pair.get(said.pair, ())
    found = timelines.window(connection, cache, scope, cutoffs, after=day - timedelta(1), up_to=day)
    return found.get(said.pair, ())


def _revisions(asked: Question, moving: Moving, around: Circumstances) -> Iterator[Movement]:
    part = log_parts.read_log_part(
        asked.log.core,
        statements=moving.revised_statements.values(),
        facts=moving.revised_endings.values(),
        up_to=asked.head.position,
    )
    days = {"after": date.min, "up_to": date.max}
    by = asked.query.published_by
    for row in corrections(part, asked.scope, **days, around=around, published_by=by):
        if row.entry.position in moving.revised_statements:
            yield Movement(row.entry, row._replace(from_reworded=False, reworded=False))  # later rewordings are no part
    for late in context_corrections(part, asked.scope, **days, around=around, published_by=by):
        if late.entry.position in moving.revised_endings:
            yield Movement(late.entry, late)


def _endings(asked: Question, moving: Moving, around: Circumstances) -> Iterator[Movement]:
    entries = {entry.id: entry for entry in log_parts.entries_at(asked.log.core, moving.endings)}
    recorded = [Version(entry, entry.event, entry.position) for entry in entries.values()]
    happened = versions.public(asked.log, recorded, asked.cutoffs)
    for row in context(happened, asked.scope, after=date.min, up_to=date.max, around=around):
        yield Movement(entries[row.event_id], row)


def _is_listed(one: Movement, listing: Listing) -> bool:
    if not listing:
        return True
    what = one.what
    if isinstance(what, Correction):
        return shows_statement(listing, what.before) or shows_statement(listing, what.after)
    statement = getattr(what, "statement", None)
    return statement is not None and shows_statement(listing, statement)
