"""What entries say, as it is stored, and the projection row that follows: nothing is checked a second time."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Table

from tracker.domain.log.admission import LocatedEntry
from tracker.domain.log.parsing import parse_in_any_form
from tracker.domain.log.upcasting import is_versioned
from tracker.domain.timeline.replay import Pair
from tracker.storage.projections.outlines import FactOutline, StepOutline, fact_outline, is_step, step_outline
from tracker.storage.schema import corroboration, fact, statement

CORRECTED, RETRACTED, CORROBORATED = "entry.corrected.v1", "entry.retracted.v1", "statement.corroborated.v1"
REGISTERED_SOURCE = "source.registered"


class Saying(NamedTuple):
    """What one entry says, in its place.

    `type` is that of the first entry in its chain of corrections, `rank` that
    one's position. `data` are the entry's own or, for a correction, what it puts
    in place, in the newest version of the type; None for a retraction.
    `ended_at` is the position of the entry that corrected or retracted it, as
    far as it is known.
    """

    position: int
    rank: int
    type: str
    data: Mapping[str, Any] | None
    ended_at: int | None = None

    @property
    def is_position(self) -> bool:
        return is_step(self.type)

    @property
    def pair(self) -> Pair:
        """The pair that a statement or withdrawal is about."""
        assert self.data is not None
        return self.data["issue"], self.data["party"]


Row = tuple[Table, tuple[Any, ...]]
"""A projection row before it is written: its table, and the values of the table's columns in their order."""


def row_of(says: Saying, *, belongs_to: int = 0, public_on: str | None = None) -> Row:
    """The projection row of an entry that says something.

    `belongs_to` is the pair's id for a statement or withdrawal, and the
    statement's rank for a corroboration. `public_on` is the day of the
    statement's own source; what corroborates it comes later.
    """
    assert says.data is not None
    if says.is_position:
        return statement, step_row(step_outline(says.type, says.data), says.position, says.rank, belongs_to, public_on)
    if says.type == CORROBORATED:
        return corroboration, (says.position, belongs_to, says.data["source"], says.rank, None)
    return fact, fact_row(fact_outline(says.type, says.data), says.position, says.rank)


def step_row(outline: StepOutline, position: int, rank: int, pair: int, public_on: str | None) -> tuple[Any, ...]:
    """The row of a statement or withdrawal."""
    _, _, effective_on, sequence, *states = outline
    return (position, pair, effective_on, sequence, rank, *states, public_on, None, None)


def fact_row(outline: FactOutline, position: int, rank: int) -> tuple[Any, ...]:
    """The row of an entry that neither states a position nor corroborates one."""
    return (position, *outline, rank, None)


def newest(type_name: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Data in the newest version of their type."""
    return parse_in_any_form(type_name, data).event.data() if is_versioned(type_name) else data


def saying_of(located: LocatedEntry) -> Saying:
    """What an entry says that was located."""
    event = located.event
    return Saying(located.position, located.rank, located.first_type, event.data() if event else None)
