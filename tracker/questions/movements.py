"""The newest movements, by the entries that brought them about."""

from collections.abc import Iterator
from datetime import date

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import PositionEvent
from tracker.domain.report.context import context
from tracker.domain.report.context_revisions import context_corrections
from tracker.domain.report.corrections import Correction, corrections
from tracker.domain.report.movements import Movement, step_of
from tracker.domain.terms.scope import Listing
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.listed import shows_statement
from tracker.questions.reading import Question
from tracker.storage.queries import log_parts, versions
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
    parts: dict[tuple[str, str], list[Entry]] = {}
    for entry in log_parts.entries_at(asked.log.core, moving.stated):
        event = entry.event
        assert isinstance(event, PositionEvent)
        pair = (event.issue, event.party)
        if pair not in parts:
            ranks = log_parts.find_ranks_of_pair(asked.log.core, *pair)
            parts[pair] = log_parts.read_log_part(asked.log.core, statements=ranks, up_to=asked.head.position)
        by = asked.query.published_by
        step = step_of(entry, pair, parts[pair], asked.scope, around=around, published_by=by)
        if step is not None:
            yield Movement(entry, step)


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
