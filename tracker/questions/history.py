"""Every step of the pairs in scope, held or read page by page."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from tracker.domain.answers.changes import Change, History, all_changes, changes
from tracker.domain.terms.scope import Listing
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.listed import shows_statement
from tracker.questions.large_answers import Page, RowStream, by_pair
from tracker.questions.reading import Question
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.queries import timelines
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import Shape, shape_and_values, undated


def history_up_to(asked: Question, listing: Listing, *, inherit: bool = False) -> History:
    """Answer `Queries.history`."""
    if inherit:
        found = history_rows(asked, listing, inherit=True)
        return History(asked.day, asked.head, tuple(found.rows), found.left_out_undated, inherits=True)
    log, cache, day, query, cutoffs, head = asked
    pairs = timelines.timelines(log, cache, query.scope, cutoffs, up_to=day)
    around = circumstances_on(log, cutoffs, day)
    steps = all_changes(pairs.by_pair, after=None, up_to=day, around=around)
    if listing:
        steps = tuple(_listed(steps, listing))
    return History(day, head, steps, pairs.undated)


def history_rows(asked: Question, listing: Listing, *, inherit: bool = False) -> RowStream[Change]:
    """Answer `Snapshot.history_rows`."""
    shape, values = shape_and_values(asked.scope, asked.cutoffs, asked.day)
    around = circumstances_on(asked.log, asked.cutoffs, asked.day)
    if inherit:
        from tracker.questions.inheritance import each_inherited_change, members_up_to

        members = members_up_to(asked)
        left_out = undated(asked.log, members.scope, asked.cutoffs, asked.day)
        steps = each_inherited_change(asked, members, around)
        return RowStream(asked.day, asked.head, _listed(steps, listing) if listing else steps, left_out)
    return by_pair(asked, shape, values, partial(_read_steps, shape, values, around, asked.day, listing))


def _listed(steps: Iterable[Change], listing: Listing) -> Iterator[Change]:
    """Return the steps whose statement, of the party or of its bloc, is listed."""
    return (step for step in steps if shows_statement(listing, step.statement))


def _read_steps(
    shape: Shape,
    values: Mapping[str, Any],
    around: Circumstances,
    day: date,
    listing: Listing,
    log: Transaction,
    page: Page,
) -> Iterator[Change]:
    for timeline in timelines.timelines_of_page(log, shape, values, page):
        steps = changes(timeline, after=None, up_to=day, around=around)
        yield from _listed(steps, listing) if listing else steps
