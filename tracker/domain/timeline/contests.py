"""What contests a stance: differing statements of the last days by other speakers (DESIGN section 6)."""

from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from tracker.domain.terms.amounts import Amount, shared_range
from tracker.domain.terms.dates import days_before
from tracker.domain.timeline.statement import Statement, Value, Withdrawn

CONTEST_DAYS = 3
"""A differing statement contests a later one up to this many days before its first possible day."""


def contested_from(first_day: date) -> date:
    """Return the first day from which a statement can contest one whose first possible day is given."""
    return days_before(first_day, CONTEST_DAYS)


def contesting(earlier: Sequence[Statement], last: Statement) -> tuple[Statement, ...]:
    """Return which statements before the one in effect contest it, the latest first."""
    since = contested_from(last.first_day)
    recent = takewhile(lambda statement: statement.on >= since, reversed(earlier))
    return tuple(statement for statement in recent if contests(statement, last))


def contests(other: Statement, last: Statement) -> bool:
    """Return whether an earlier statement of the last days contests the one in effect.

    It does if the two differ, unless it is a withdrawal or the same named speaker made both.
    """
    differs = not isinstance(other.value, Withdrawn) and differ(other.value, last.value)
    return differs and (last.speaker_key is None or other.speaker_key != last.speaker_key)


def differ(one: Value, other: Value) -> bool:
    """Return whether two positions cannot both be held: amounts only if they are apart (DESIGN section 15)."""
    if isinstance(one, Amount) and isinstance(other, Amount):
        return shared_range(one, other) is None
    return one != other
