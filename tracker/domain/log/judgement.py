"""Rules that judge what people record, beyond what the log needs to be sound (DESIGN sections 5 and 6).

They came later than the log: what was accepted once comes back with a note, in a restore or a load into an empty log.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tracker.domain.log.events import Event, MembershipStarted, PositionEvent, StatementCorroborated
from tracker.errors import AddsNoEvidence, JoinsItself, TrackerError

if TYPE_CHECKING:
    from tracker.domain.log.admission import LocatedEntry, LogView


def judge(event: Event, log: "LogView", *, corrects: "LocatedEntry | None" = None) -> Iterator[TrackerError]:
    """Yield a refusal for every rule that an event, or the replacement of an entry that it corrects, breaks."""
    if isinstance(event, MembershipStarted) and event.party == event.bloc:
        yield JoinsItself(event.party)
    if isinstance(event, StatementCorroborated):
        yield from _judge_corroboration(event, log, corrects)


def _judge_corroboration(
    event: StatementCorroborated, log: "LogView", corrects: "LocatedEntry | None"
) -> Iterator[TrackerError]:
    """A source adds evidence once, and again only with another quote or from another place in it."""
    target = _last_version(event.target, log)
    if target is None or not isinstance(target.event, PositionEvent):
        return
    if not adds_evidence(event, target.event):
        yield AddsNoEvidence(event.source, target.position, own=True)
    for rank, other in log.find_corroborations(target.rank):
        if (corrects is None or rank != corrects.rank) and not adds_evidence(event, other):
            yield AddsNoEvidence(event.source, target.position, own=False)
            return


def _last_version(event_id: str, log: "LogView") -> "LocatedEntry | None":
    found = log.locate(event_id)
    while found is not None and found.ended_by is not None:
        found = log.locate(found.ended_by[0])
    return found


def adds_evidence(new: PositionEvent | StatementCorroborated, other: PositionEvent | StatementCorroborated) -> bool:
    """Return whether evidence names another source, or a quote or a locator that the other evidence lacks."""
    return (
        new.source != other.source or new.quote not in (None, other.quote) or new.locator not in (None, other.locator)
    )
