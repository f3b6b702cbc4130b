"""Every step of the pairs in scope."""

from tracker.domain.answers.changes import History, all_changes
from tracker.questions.reading import Question
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.timelines import timelines


def history_up_to(asked: Question, *, inherit: bool = False) -> History:
    """Answer `Queries.history`."""
    if inherit:
        from tracker.questions.large_answers import history_rows

        found = history_rows(asked, inherit=True)
        return History(asked.day, asked.head, tuple(found.rows), found.left_out_undated, inherits=True)
    log, cache, day, query, cutoffs, head = asked
    pairs = timelines(log, cache, query.scope, cutoffs, up_to=day)
    around = circumstances_on(log, cutoffs, day)
    return History(day, head, all_changes(pairs.by_pair, after=None, up_to=day, around=around), pairs.undated)
