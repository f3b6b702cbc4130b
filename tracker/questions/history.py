"""Every step of the pairs in scope."""

from tracker.domain.answers.changes import History, all_changes
from tracker.questions.reading import Question
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.timelines import timelines


def history_up_to(asked: Question) -> History:
    """Answer `Queries.history`."""
    log, cache, day, query, cutoffs, head = asked
    pairs = timelines(log, cache, query.scope, cutoffs, up_to=day)
    around = circumstances_on(log, cutoffs, day)
    return History(day, head, all_changes(pairs.by_pair, after=None, up_to=day, around=around), pairs.undated)
