"""Rules that judge what people record, beyond what the log needs to be sound (DESIGN sections 5 and 6).

They came later than the log: what was accepted once comes back with a note, in a restore or a load into an empty log.
"""

from collections.abc import Iterator

from tracker.domain.log.events import Event, MembershipStarted
from tracker.errors import JoinsItself, TrackerError


def judge(event: Event) -> Iterator[TrackerError]:
    """Yield a refusal for every rule that an event breaks."""
    if isinstance(event, MembershipStarted) and event.party == event.bloc:
        yield JoinsItself(event.party)
