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
        "{bloc} is of the kind {kind}, but only a bloc, an organisation, a delegation or a forum has members. "
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
    """A party that joins a bloc in which it is already.

    If one of the two entries was on record before the other, `on_record` has its position and the other one's day.
    """

    party: str
    bloc: str
    on: date
    since: date
    on_record: tuple[int, date] | None = None
    field = "on"

    def __str__(self) -> str:
        return (
            f"{self.party} would join {self.bloc} {_when(self.since)} and again {_when(self.on)} without having left. "
            f"If it left in between, record that together with this, in one file; {_correction(self.on_record)}."
        )


class RepeatsMembership(TrackerError):
    """An entry about a membership that says the same as another one: a note, since it changes nothing."""

    party: str
    verb: str
    bloc: str
    on: date
    first: int
    field = "on"

    def __str__(self) -> str:
        same = f"{self.party} {self.verb} {self.bloc} {_when(self.on)}"
        return f"@{self.first} says the same: {same}. This entry changes nothing."


class LeavesUnjoined(TrackerError):
    """A party that leaves a bloc in which it is not; `left` is the day on which it left before.

    If one of two such entries was on record before the other, `on_record` has its position and the other one's day.
    """

    party: str
    bloc: str
    on: date
    left: date | None = None
    on_record: tuple[int, date] | None = None
    field = "on"

    def __str__(self) -> str:
        if self.left is not None:
            return (
                f"{self.party} would leave {self.bloc} {_when(self.left)} and again {_when(self.on)} without having "
                "joined again. If it joined in between, record that together with this, in one file; "
                f"{_correction(self.on_record)}."
            )
        return (
            f"{self.party} would leave {self.bloc} {_when(self.on)} without being a member. Check the day and the "
            f"bloc; if it was one, record first `tracker party join {self.party} {self.bloc} --on DAY`."
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


def _when(day: date) -> str:
    """A day with its preposition; of a month or a year that was named for it, that."""
    return f"{'on' if str(day) == day.isoformat() else 'in'} {day}"


def _correction(on_record: tuple[int, date] | None) -> str:
    """The command that gives the entry on record the day of the new one; without any, the advice to keep one."""
    if on_record is None:
        return "else keep one of the two"
    position, day = on_record
    return f"if the day on record is wrong: tracker correct @{position} --on {day} --reason TEXT"
