"""Find statements by their words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from tracker.domain.terms.text_key import search_key
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.timeline.in_effect import Timelines, in_order
from tracker.domain.timeline.statement import Statement, Value


class SearchHit(NamedTuple):
    """A counting statement or withdrawal with the search text, as it is shown; `on` is its effective day."""

    party: str
    issue: str
    on: date
    stated_on: str
    value: Value
    event_id: str
    summary: str
    quote: str | None
    source: str | None
    speaker: str | None
    attribution: Attribution
    position: int


@dataclass(frozen=True, slots=True)
class Search:
    """Search hits, and how many statements `published_by` left out because no dated source carries them."""

    found: tuple[SearchHit, ...]
    left_out_undated: int


def find(pairs: Timelines, text: str) -> Search:
    """Return the statements, by day, whose summary, quote, conditions, speaker or locator hold a text.

    Case, diacritics and what else `search_key` folds do not matter.
    """
    wanted = search_key(text)
    statements = (statement for timeline in pairs.by_pair.values() for statement in timeline)
    holding = (one for one in statements if any(wanted in search_key(words) for words in _words(one)))
    return Search(tuple(SearchHit._make(_COLUMNS(statement)) for statement in in_order(holding)), pairs.undated)


def _words(statement: Statement) -> Iterator[str]:
    texts = (statement.summary, statement.quote, statement.speaker, statement.speaker_role, statement.locator)
    yield from (words for words in (*texts, *(statement.conditions or ())) if words)


_COLUMNS = attrgetter(*SearchHit._fields)
