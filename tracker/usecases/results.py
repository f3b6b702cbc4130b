"""What the tracker's verbs return beyond the domain's own answers."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tracker.domain.answers.asks import Ask
from tracker.domain.answers.changes import Change
from tracker.domain.answers.search import SearchHit
from tracker.domain.log.chain import LogHead
from tracker.domain.log.entries import Entry
from tracker.domain.timeline.statement import Statement
from tracker.errors import Finding

if TYPE_CHECKING:
    from tracker.storage.log.writer import Receipt
    from tracker.storage.maintenance.verify import Damage


@dataclass(frozen=True, slots=True)
class RecordResult:
    """An entry that was recorded and, for a statement or withdrawal, what it did to the pair's stance.

    `change` is the statement in its place on the timeline; `now` is the one in
    effect on the day of recording, which a late entry may leave as it was.
    """

    receipt: "Receipt"
    change: Change | None = None
    now: Statement | None = None


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did: entries appended, entries already there, problems left out, and the first findings on those."""

    appended: int
    already_there: int
    left_out: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class History:
    """Every statement up to a day, and how many `published_by` left out because no dated source carries them."""

    changes: tuple[Change, ...]
    left_out_undated: int


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, and how many statements `published_by` left out because no dated source carries them."""

    found: tuple[SearchHit, ...]
    left_out_undated: int


@dataclass(frozen=True, slots=True)
class Asks:
    """What was asked up to a day, the log position that this rests on, and what `published_by` left out."""

    on: date
    log: LogHead
    asks: tuple[Ask, ...]
    left_out_undated: int


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What `verify` found: the last entry of a sound log, and the damage to the log and to the projections."""

    head: LogHead | None
    log: "tuple[Damage, ...]"
    projections: "tuple[Damage, ...]"

    @property
    def sound(self) -> bool:
        return not self.log and not self.projections


class LogRow(NamedTuple):
    """An entry and its chain hash."""

    entry: Entry
    hash: bytes
