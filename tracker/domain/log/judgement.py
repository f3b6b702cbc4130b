"""Rules that judge what people record, beyond what the log needs to be sound (DESIGN sections 5 and 6).

They came later than the log: what was accepted once comes back with a note, in a restore or a load into an empty log.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from tracker.domain.log.events import Event, PartyRegistered, PartyUpdated, texts_of
from tracker.domain.log.membership_rules import MembershipEvent, judge_kind, judge_membership
from tracker.domain.terms.text_key import is_blank
from tracker.errors import BlankText, NameInUse, TrackerError

if TYPE_CHECKING:
    from tracker.domain.log.admission import LogView


def judge(event: Event, *, last_day: date, log: "LogView", corrects: str | None = None) -> Iterator[TrackerError]:
    """Yield a refusal for every rule that an event breaks by itself in the log as it stands.

    `last_day` is the last day that something recorded now may have happened on. A correction's replacement is judged
    as if the entry with the id `corrects` had not been. What entries about a membership say together is judged at the
    end of their transaction (`MembershipReview`).
    """
    yield from blank_texts(event)
    yield from _names_in_use(event, log, corrects)
    if isinstance(event, MembershipEvent):
        yield from judge_membership(event, last_day=last_day, log=log)
    elif isinstance(event, PartyRegistered) and corrects is not None:
        yield from judge_kind(event, log=log)


def blank_texts(event: Event) -> Iterator[BlankText]:
    """Yield a refusal for every text in which nothing can be seen."""
    return (BlankText(field) for field, text in texts_of(event) if is_blank(text))


def _names_in_use(event: Event, log: "LogView", corrects: str | None) -> Iterator[NameInUse]:
    """Yield a refusal for every name that would mean two parties; what the party goes by already is no new name."""
    if not isinstance(event, PartyRegistered | PartyUpdated):
        return
    for field, name in texts_of(event):
        if field in _NAMES and event.party not in log.find_holders(name):
            for holder in sorted(log.find_holders(name, without=corrects))[:1]:
                yield NameInUse(name, event.party, holder, field=field)


_NAMES = ("party", "name", "aliases", "aliases_added")
