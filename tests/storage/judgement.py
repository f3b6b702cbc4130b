"""What judged events are recorded on: parties with memberships, and the refusals that they meet."""

from typing import Any

from tracker.domain.log.events import MembershipEnded, MembershipStarted
from tracker.errors import RefusedEntries, TrackerError
from tracker.tracker import Tracker

DESK = """
    party FRA
    party GBR
    bloc: party EUN kind=bloc
    party NATO kind=organisation
    party G77 kind=delegation
    joined: started GBR EUN 1973-01-01
    left: ended GBR EUN 2020-02-01
    other: started FRA EUN 1958-01-01
"""

Join, Leave = MembershipStarted, MembershipEnded


def refusals(tracker: Tracker, *events: Any) -> list[type[TrackerError]]:
    """The classes of the refusals of events that are recorded together; the log stays as it was if there are any."""
    before = tracker.checkpoint()
    try:
        tracker.record(events, by="me")
    except RefusedEntries as refused:
        assert tracker.checkpoint() == before
        return [type(refusal) for _, refusal in refused.refusals]
    return []
