"""The change report as data (DESIGN section 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.domain.answers.changes import Change, NetChange
from tracker.domain.report.context import ContextRow
from tracker.domain.report.context_revisions import LateContext
from tracker.domain.report.corrections import Correction
from tracker.domain.report.gaps import Gaps
from tracker.domain.report.learned import LateEntry
from tracker.domain.report.options import OptionShift
from tracker.domain.report.outcomes import Holdings
from tracker.domain.report.relations import RelationShift
from tracker.domain.terms.rules import RULES
from tracker.domain.terms.scope import WHOLE_LIST, Listing, Scope
from tracker.domain.timeline.listed import shows_statement
from tracker.domain.timeline.state import Answer


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """The fields of an earlier report that a report since it needs: last day, cut-offs and filters.

    Without the hash it is unknown whether that report was made from this log, without `rules` by which it was made.
    With `inherits`, members moved with their blocs in it; `listing` left rows out of it.
    """

    up_to: date
    position: int
    hash: bytes | None
    published_by: date | None
    scope: Scope
    rules: int | None = None
    inherits: bool = False
    listing: Listing = WHOLE_LIST


@dataclass(frozen=True, slots=True)
class Report(Answer):
    """The changes after one day and up to another, and the log position from which to reproduce them.

    `known_from` is the cut-off of an earlier report as a log position; without one `learned` and `learned_context` are
    None. `conditions` has the conditions that statements state, by event id, without statements that mention none;
    `gaps` what statements did to the gaps on quantities, and `outcomes` what parties held as issues were closed.
    `earlier_rules` are those of the earlier report, if this one continues a report of which they are known. With
    `inherits`, members without a stance of their own move with their blocs. A `listing` leaves steps out, with the net
    changes and relations of pairs without a step that is listed, and what we corrected and learned of other statements.
    `earlier_days` has for people what was corrected on the days reported and concerns earlier ones alone: the section
    on what was learned tells it, in a report that has one.
    """

    from_day: date
    to_day: date
    known_from: int | None
    changes: tuple[Change, ...]
    net: tuple[NetChange, ...]
    corrections: tuple[Correction, ...]
    context_corrections: tuple[LateContext, ...]
    learned: tuple[LateEntry, ...] | None
    learned_context: tuple[LateContext, ...] | None
    relations: Sequence[RelationShift]
    context: tuple[ContextRow, ...]
    conditions: Mapping[str, tuple[str, ...]]
    options: tuple[OptionShift, ...] = ()
    earlier_rules: int | None = None
    rules: int = RULES
    inherits: bool = False
    listing: Listing = WHOLE_LIST
    outcomes: tuple[Holdings, ...] = ()
    gaps: Gaps = field(default_factory=Gaps, compare=False)
    earlier_days: tuple[Correction | LateContext, ...] = ()


def listed_in(report: Report, listing: Listing) -> Report:
    """Return the report without the rows that a listing leaves out.

    Its steps are listed by what their statements say, net changes and relations if a step of the pair is; corrections
    if what was recorded or what replaces it is listed, and what was learned by the statement that it is about.
    """
    changes = tuple(change for change in report.changes if shows_statement(listing, change.statement))
    moved = {(change.issue, change.party) for change in changes}
    return replace(
        report,
        changes=changes,
        net=tuple(net for net in report.net if (net.issue, net.party) in moved),
        relations=tuple(
            shift for shift in report.relations if not moved.isdisjoint((shift.issue, party) for party in shift.parties)
        ),
        corrections=tuple(one for one in report.corrections if _shows_correction(listing, one)),
        earlier_days=tuple(
            one for one in report.earlier_days if isinstance(one, LateContext) or _shows_correction(listing, one)
        ),
        learned=report.learned and tuple(one for one in report.learned if shows_statement(listing, one.statement)),
    )


def _shows_correction(listing: Listing, one: Correction) -> bool:
    return shows_statement(listing, one.before) or shows_statement(listing, one.after)
