"""What an answer rests on: its cut-offs, its filters and the log position."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, with the cut-offs and filters that it was asked with, and the log position that it rests on.

    `known_at` is the cut-off on the log as it was asked for. `left_out_undated` is the number of statements that
    `published_by` left out because no dated source carries them.
    """

    known_at: str | None
    published_by: date | None
    scope: Scope
    log: LogHead
    left_out_undated: int
