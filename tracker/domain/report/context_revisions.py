"""Entries about occurrences that are no position, late ones and revisions: `learned_context`, `context_corrections`.

Functions of the log, or of any part that is closed under the targets and sources of its entries (DESIGN section 8).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import RevisionEvent
from tracker.domain.log.kind_registry import Revision
from tracker.domain.report.context import ContextRow, context_row
from tracker.domain.report.corrections import FieldChange
from tracker.domain.report.learned import EarlierCut, public_difference
from tracker.domain.terms.columns import columns
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import Replay, replay
from tracker.domain.timeline.publication import PublicEvidence, public_facts, source_days


@columns("""
    event_id=entry.id kind of=occurrence.noun occurrence.on occurrence.title occurrence.parties occurrence.issues
    occurrence.outcome reason difference entry.recorded_by entry.recorded_at entry.position occurrence.amount
    occurrence.option
""")
class LateContext(NamedTuple):
    """An entry about an occurrence (see `context`): a late record of it, or its correction or retraction.

    `difference` has the fields that a correction changed; the occurrence is that after them.
    """

    entry: Entry
    kind: Revision
    occurrence: ContextRow
    difference: tuple[FieldChange, ...]

    @property
    def reason(self) -> str | None:
        """The reason of a correction or retraction."""
        return getattr(self.entry.event, "reason", None) if self.kind is not Revision.LEFT_OUT else None


def late_context(
    entries: Iterable[Entry], scope: Scope, cutoffs: Cutoffs, earlier: EarlierCut, around: Circumstances
) -> tuple[LateContext, ...]:
    """Return, in log order, the occurrences of an earlier report's days recorded or revised since.

    Only what is public now shows, of a correction both sides if either is; what was recorded before, but not public by
    the earlier report's cut-off, too. `around` is what holds on the last day reported.
    """
    log = list(entries)
    then, now = replay(log, known_at=earlier.known_at), replay(log)
    public_then = _public_context(then, earlier.published_by, around)
    public_now = _public_context(now, cutoffs.published_by, around)
    counting, evidence = {version.entry.id for version in now.counting}, PublicEvidence(now, cutoffs.published_by)
    left_out = {key for key in public_now if key in counting and key in then.versions and key not in public_then}
    rows = []
    for entry in log:
        late = entry.position > earlier.known_at
        target = entry.event.target if late and isinstance(entry.event, RevisionEvent) else None
        keys = (target, entry.id) if late or entry.id in left_out else ()
        about = [(key, row) for key in keys if key is not None and (row := public_now.get(key))]
        if any(row.on <= earlier.up_to and scope.concerns(row.parties, row.issues) for _, row in about):
            sides = [version.event.data() for key in keys if (version := now.versions.get(key or ""))]
            changed = public_difference(sides[0], sides[1], evidence) if len(sides) > 1 else ()
            kind = entry.event.event_kind.revision if late else Revision.LEFT_OUT
            rows.append(LateContext(entry, kind, about[-1][1], changed))
    return tuple(rows)


def context_corrections(
    entries: Sequence[Entry],
    scope: Scope,
    *,
    after: date,
    up_to: date,
    around: Circumstances,
    published_by: date | None = None,
) -> tuple[LateContext, ...]:
    """Return, in log order, the corrections and retractions of occurrences with a side in the window and one in scope.

    With `published_by`, only those of which a side was public by then. `around` is what holds on the last day.
    """
    history = replay(entries)
    public, evidence = _public_context(history, published_by, around), PublicEvidence(history, published_by)
    rows = []
    for entry in entries:
        if not isinstance(entry.event, RevisionEvent):
            continue
        keys = (entry.event.target, entry.id)
        versions = [version for key in keys if (version := history.versions.get(key))]
        sides = [row for version in versions if (row := context_row(version, around))]
        in_window = any(after < row.on <= up_to for row in sides)
        if in_window and any(scope.concerns(row.parties, row.issues) for row in sides) and public.keys() & {*keys}:
            data = [version.event.data() for version in versions]
            changed = public_difference(data[0], data[1], evidence) if len(data) > 1 else ()
            rows.append(LateContext(entry, entry.event.event_kind.revision, sides[-1], changed))
    return tuple(rows)


def _public_context(history: Replay, by: date | None, around: Circumstances) -> dict[str, ContextRow]:
    """Return the context rows of all versions that were public by a day, by entry id."""
    rows = ((version, context_row(version, around)) for version in history.versions.values())
    of_context = {version.entry.id: (version, row) for version, row in rows if row is not None}
    public = public_facts((version for version, _ in of_context.values()), source_days(history), by)
    return {version.entry.id: of_context[version.entry.id][1] for version in public}
