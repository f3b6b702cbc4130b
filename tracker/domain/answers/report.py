"""The change report as data (DESIGN section 8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.answers.changes import Change, NetChange
from tracker.domain.answers.context import ContextRow
from tracker.domain.answers.context_revisions import LateContext
from tracker.domain.answers.corrections import Correction
from tracker.domain.answers.gaps import Gaps
from tracker.domain.answers.learned import LateEntry
from tracker.domain.answers.options import OptionShift
from tracker.domain.answers.outcomes import OutcomeRow
from tracker.domain.answers.relations import Relations
from tracker.domain.log.chain import LogHead
from tracker.domain.terms.rules import RULES
from tracker.domain.terms.scope import Scope


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """The fields of an earlier report that a report since it needs: last day, cut-offs and filters.

    Without the hash it is unknown whether that report was made from this log, without `rules` by which it was made.
    With `inherits`, members moved with their blocs in it.
    """

    up_to: date
    position: int
    hash: bytes | None
    published_by: date | None
    scope: Scope
    rules: int | None = None
    inherits: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The changes after one day and up to another, and the log position from which to reproduce them.

    `known_from` is the cut-off of an earlier report as a log position; without one `learned` and `learned_context` are
    None. `conditions` has the conditions that statements state, by event id, without statements that mention none;
    `gaps` what statements did to the gaps on quantities, and `outcomes` what parties held as issues were closed.
    `earlier_rules` are those of the earlier report, if this one continues a report of which they are known. With
    `inherits`, members without a stance of their own move with their blocs.
    """

    from_day: date
    to_day: date
    known_at: str | None
    known_from: int | None
    published_by: date | None
    scope: Scope
    log: LogHead
    left_out_undated: int
    changes: tuple[Change, ...]
    net: tuple[NetChange, ...]
    corrections: tuple[Correction, ...]
    context_corrections: tuple[LateContext, ...]
    learned: tuple[LateEntry, ...] | None
    learned_context: tuple[LateContext, ...] | None
    relations: Relations
    context: tuple[ContextRow, ...]
    conditions: Mapping[str, tuple[str, ...]]
    options: tuple[OptionShift, ...] = ()
    earlier_rules: int | None = None
    rules: int = RULES
    inherits: bool = False
    outcomes: tuple[OutcomeRow, ...] = ()
    gaps: Gaps = field(default_factory=Gaps, compare=False)
