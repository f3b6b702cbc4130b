"""Every step of the pairs in scope, whole or in a stream."""

from tracker.domain.answers.changes import Change, History, all_changes, changes
from tracker.questions.reading import Question, RowStream
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import undated
from tracker.storage.queries.timelines import each_timeline, timelines


def history_up_to(asked: Question) -> History:
    """Answer `Queries.history`."""
    log, cache, day, query, cutoffs, head = asked
    pairs = timelines(log, cache, query.scope, cutoffs, up_to=day)
    around = circumstances_on(log, cutoffs, day)
    return History(day, head, all_changes(pairs.by_pair, after=None, up_to=day, around=around), pairs.undated)


def history_rows(asked: Question) -> RowStream[Change]:
    """Answer `Snapshot.history_rows`."""
    log, _, day, query, cutoffs, head = asked
    around = circumstances_on(log, cutoffs, day)
    found = each_timeline(log, query.scope, cutoffs, up_to=day)
    steps = (change for timeline in found for change in changes(timeline, after=None, up_to=day, around=around))
    return RowStream(day, head, steps, undated(log, query.scope, cutoffs, day))
