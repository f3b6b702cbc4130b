"""Rules that judge what people record, beyond what the log needs to be sound (DESIGN sections 5 and 6).

They came later than the log: what was accepted once comes back with a note, in a restore or a load into an empty log.
"""

from collections.abc import Iterator
from datetime import date

from tracker.domain.log.events import Event, PartyRegistered
from tracker.domain.log.membership_rules import MembershipEvent, MembershipView, judge_kind, judge_membership
from tracker.errors import TrackerError


def judge(event: Event, *, last_day: date, log: MembershipView, correcting: bool) -> Iterator[TrackerError]:
    """Yield a refusal for every rule that an event breaks by itself.

    `last_day` is the last day that something recorded now may have happened on. What entries about a membership say
    together is judged at the end of their transaction (`MembershipReview`).
    """
    if isinstance(event, MembershipEvent):
        yield from judge_membership(event, last_day=last_day, log=log)
    elif isinstance(event, PartyRegistered) and correcting:
        yield from judge_kind(event, log=log)
