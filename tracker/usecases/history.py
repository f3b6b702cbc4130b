"""List the steps of pairs, and find statements by their words, within one snapshot."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.answers import search
from tracker.domain.answers.changes import Change, all_changes
from tracker.domain.answers.search import SearchHit
from tracker.domain.terms.scope import Query
from tracker.domain.timeline.in_effect import Timelines
from tracker.storage.backends.compiled_query import AnyConnection
from tracker.storage.queries.statement_cache import StatementCache
from tracker.storage.queries.timelines import timelines
from tracker.usecases.cutoffs import cutoffs_of


@dataclass(frozen=True, slots=True)
class History:
    """The changes up to a day, and how many statements `published_by` left out because no dated source carries them."""

    changes: tuple[Change, ...]
    left_out_undated: int


@dataclass(frozen=True, slots=True)
class Search:
    """Search hits, and how many statements `published_by` left out because no dated source carries them."""

    found: tuple[SearchHit, ...]
    left_out_undated: int


def history_up_to(connection: AnyConnection, cache: StatementCache, day: date, query: Query) -> History:
    """The steps of the pairs in scope up to a day (inclusive), each with its effect on the stance."""
    pairs = _timelines(connection, cache, day, query)
    return History(all_changes(pairs.by_pair, after=None, up_to=day), pairs.undated)


def find(connection: AnyConnection, cache: StatementCache, text: str, day: date, query: Query) -> Search:
    """The counting statements and withdrawals up to a day whose words hold a text, whatever its case."""
    pairs = _timelines(connection, cache, day, query)
    return Search(search.find(pairs, text), pairs.undated)


def _timelines(connection: AnyConnection, cache: StatementCache, day: date, query: Query) -> Timelines:
    cutoffs, _ = cutoffs_of(connection, query)
    return timelines(connection, cache, query.scope, cutoffs, up_to=day)
