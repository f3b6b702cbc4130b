"""What contests a stance: differing statements of the last days by other speakers (DESIGN section 6)."""

from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from tracker.domain.terms.amounts import Amount, shared_range
from tracker.domain.terms.dates import days_before
from tracker.domain.timeline.statement import Statement, Withdrawn

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

    It does if it states another stance, or an amount that is apart, or one of the two names no figure, unless the same
    named speaker made both (DESIGN sections 6 and 15).
    """
    one, another = other.value, last.value
    if isinstance(one, Amount) and isinstance(another, Amount):
        differs = shared_range(one, another) is None
    else:
        differs = not isinstance(one, Withdrawn) and one != another
    return differs and (last.speaker_key is None or other.speaker_key != last.speaker_key)
