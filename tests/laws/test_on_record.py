"""Laws on random histories: the calendar of what is on record and the movements are those of a plain replay."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from tests.histories import histories, scopes
from tests.laws.cuts import Cut, cuts, within
from tests.laws.laws import EXAMPLES, log_of, query
from tests.replayed import circumstances_in
from tracker.domain.answers.changes import Kind, all_changes
from tracker.domain.log.entries import Draft, Entry
from tracker.domain.log.events import IssueClosed, IssueReopened, IssueReworded, PartySucceeded, PositionEvent
from tracker.domain.report.context import context
from tracker.domain.report.context_revisions import context_corrections
from tracker.domain.report.corrections import corrections
from tracker.domain.report.movements import Movement
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.counting import Version, replay
from tracker.domain.timeline.publication import public_facts, source_days
from tracker.domain.timeline.timelines import timelines
from tracker.reports.movements import movement_text
from tracker.reports.names import CODES

pytestmark = pytest.mark.on_both_backends

ENDINGS = ("closed", "reopened")


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_the_calendar_has_the_pairs_and_days_of_the_whole_log(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker, tracker.snapshot() as snapshot:
        log = log_of(tracker)
        for known_at, published_by, *_ in within(cuts, log):
            asked, history = query(scope, known_at, published_by), replay(log, known_at=known_at)
            pairs = timelines(history, scope, up_to=date.max, published_by=published_by).by_pair
            assert snapshot.pairs_on_record(asked) == list(pairs)
            days = Counter(one.on for timeline in pairs.values() for one in timeline)
            assert snapshot.days_of_statements(asked) == sorted(days.items())
            events = (version.event for version in history.counting)
            changing = (IssueClosed, IssueReopened, IssueReworded, PartySucceeded)
            happened = {event.on for event in events if isinstance(event, changing)}
            assert snapshot.days_of_circumstances(asked) == sorted(happened)


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_movements_are_those_that_each_entry_of_the_whole_log_brought_about(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker, tracker.snapshot() as snapshot:
        log = log_of(tracker)
        for known_at, published_by, *_ in within(cuts, log)[::4]:
            found = snapshot.movements(query(scope, known_at, published_by))
            moved = replayed_movements(log[:known_at], scope, published_by)
            assert found == sorted(moved, key=lambda one: -one.entry.position)


@settings(max_examples=EXAMPLES)
@given(histories(), cuts(), scopes())
def test_movements_read_the_same_whatever_is_recorded_later(
    new_tracker: Callable[..., Any], drafts: list[Draft], cuts: list[Cut], scope: Scope
) -> None:
    with new_tracker(drafts=drafts) as tracker, tracker.snapshot() as snapshot:
        told = [(one.entry.position, movement_text(one, CODES)) for one in snapshot.movements(query(scope, None, None))]
        for known_at in {known_at for known_at, *_ in within(cuts, log_of(tracker)) if known_at}:
            then = [movement_text(one, CODES) for one in snapshot.movements(query(scope, known_at, None))]
            assert then == [words for position, words in told if position <= known_at]


def replayed_movements(log: list[Entry], scope: Scope, published_by: date | None) -> Iterator[Movement]:
    """The movements of a log, each entry looked at with all that was recorded before it."""
    history = replay(log)
    around, always = circumstances_in(history, date.max, published_by), {"after": date.min, "up_to": date.max}
    for entry in log:
        if isinstance(entry.event, PositionEvent):
            on = Version(entry, entry.event, entry.position).statement.on
            known = replay(log, known_at=entry.position)
            pairs = timelines(known, scope, up_to=on, published_by=published_by).by_pair
            steps = all_changes(pairs, after=None, up_to=on, around=around)
            yield from (
                Movement(entry, step)
                for step in steps
                if step.event_id == entry.id and step.kind is not Kind.REAFFIRMED
            )
        if isinstance(entry.event, IssueClosed | IssueReopened):
            shown = public_facts([Version(entry, entry.event, entry.position)], source_days(history), published_by)
            yield from (Movement(entry, row) for row in context(shown, scope, **always, around=around))
    for row in corrections(log, scope, **always, around=around, published_by=published_by):
        yield Movement(row.entry, row._replace(from_reworded=False, reworded=False))
    for late in context_corrections(log, scope, **always, around=around, published_by=published_by):
        if late.occurrence.kind in ENDINGS:
            yield Movement(late.entry, late)
