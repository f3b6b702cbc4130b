"""Which statements look alike, so that the same one may have been recorded twice (DESIGN section 9).

Recording refuses a statement that looks like one on record (`usecases/on_record.py`), a load notes it. Withdrawals are
not compared. `storage/queries/look_alikes.py` finds statements by this rule.
"""

from datetime import date

from tracker.domain.timeline.statement import Pair, Statement, Value

Likeness = tuple[Pair, date, Value, date, str | None]
"""What statements that look alike share: pair, effective day, value, first possible day and speaker."""


def likeness(one: Statement) -> Likeness:
    """Return what statements that look alike share."""
    return one.pair, one.on, one.value, one.first_day, one.speaker_key
