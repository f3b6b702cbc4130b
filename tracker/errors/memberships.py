"""Refused memberships: of a party in itself, in no bloc, twice, in a circle, or ahead of the day."""

from collections.abc import Sequence
from datetime import date

from tracker.errors.base import TrackerError


class JoinsItself(TrackerError):
    """A membership of a party in itself."""

    party: str
    field = "bloc"

    sentence = "{party} cannot be a member of itself. Name the bloc that it joins."


class NotABloc(TrackerError):
    """A membership of a party that has no members."""

    bloc: str
    kind: str
    field = "bloc"

    sentence = (
        "{bloc} is of the kind {kind}, but only a bloc, an organisation or a delegation has members. "
        "Check the code, or correct the kind of that party."
    )


class StillHasMembers(TrackerError):
    """A correction of a party's kind to one without members, while it has some."""

    bloc: str
    kind: str
    member: str
    field = "kind"

    sentence = (
        "{bloc} cannot be of the kind {kind}: {member} is on record as its member. Retract its memberships first."
    )


class JoinsTwice(TrackerError):
    """A party that joins a bloc in which it is already."""

    party: str
    bloc: str
    on: date
    since: date
    field = "on"

    sentence = (
        "{party} would join {bloc} on {since} and again on {on} without having left. "
        "If it left in between, record that together with this, in one file; else correct the day on record."
    )


class RepeatsMembership(TrackerError):
    """An entry about a membership that says the same as another one: a note, since it changes nothing."""

    party: str
    verb: str
    bloc: str
    on: date
    first: int
    field = "on"

    sentence = "@{first} says the same: {party} {verb} {bloc} on {on}. This entry changes nothing."


class LeavesUnjoined(TrackerError):
    """A party that leaves a bloc in which it is not; `left` is the day on which it left before, by the entry `at`."""

    party: str
    bloc: str
    on: date
    left: date | None = None
    at: int | None = None
    field = "on"

    def __str__(self) -> str:
        would = f"{self.party} would leave {self.bloc} on {self.on}"
        if self.left is not None:
            return (
                f"{would}, but it left on {self.left}, @{self.at}. If that day is wrong, correct it; if it joined "
                "again in between, record that first."
            )
        return (
            f"{would} without being a member. Check the day and the bloc; if it was one, record first "
            f"`tracker party join {self.party} {self.bloc} --on DAY`."
        )


class JoinsInACircle(TrackerError):
    """Blocs that would belong to each other; the way leads from a party back to itself."""

    way: Sequence[str]
    field = "bloc"

    def __str__(self) -> str:
        way = " -> ".join(self.way)
        return f"{self.way[0]} would belong to itself: {way}. Check which of them is the member, and on which days."


class MembershipAhead(TrackerError):
    """A membership that begins or ends later than tomorrow."""

    on: date
    last_day: date
    field = "on"

    sentence = (
        "{on} is later than {last_day}, the day after recording: a membership is recorded once it begins or ends. "
        "Check the day, or note a milestone for what is planned."
    )
