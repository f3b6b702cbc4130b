"""The state on a day as data: DESIGN section 7."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Act, Attribution, Outcome, Stance, Standing
from tracker.domain.timeline.statement import Said


class Closing(NamedTuple):
    """How and when an issue was closed."""

    on: date
    outcome: Outcome


class StateRow(NamedTuple):
    """One pair that has a stance, or has withdrawn it, on a day.

    `since` and `last_stated` are effective days, `stated_on` is the date as
    recorded; `event_id` and `position` are those of the entry in effect.
    """

    party: str
    issue: str
    stance: Stance | None
    since: date
    last_stated: date
    statements: int
    stated_on: str
    summary: str
    conditions: tuple[str, ...]
    act: Act | None
    standing: Standing | None
    speaker: str | None
    attribution: Attribution
    source: str | None
    event_id: str
    position: int
    contested: bool
    closed: Closing | None


def contests(other: Said, speaker: str | None) -> bool:
    """Whether another stance of the last days contests one: not if the same named person took both (section 6)."""
    return speaker is None or other.speaker != speaker


class Cell(NamedTuple):
    """A row of the state, and what people are shown beside it.

    `order` is the place of the step in effect on its timeline; `named_in` the
    statement that names the conditions in force, if one does; `contested_by`
    what contests it, the latest first; `inherited_from` the bloc whose stance a
    member takes.
    """

    row: StateRow
    order: tuple[date, int, int]
    named_in: Said | None
    contested_by: tuple[Said, ...]
    inherited_from: str | None = None

    @property
    def said(self) -> Said:
        """The statement or withdrawal that the stance in effect rests on."""
        row = self.row
        party = self.inherited_from or row.party
        who = (row.speaker, row.attribution, row.standing, row.source)
        return Said(party, row.stance, row.last_stated, *who, row.event_id, row.position)

    @property
    def naming(self) -> Said:
        """The statement that names the conditions in force; without conditions, that of the stance."""
        return self.named_in or self.said


@dataclass(frozen=True, slots=True)
class State:
    """Who stands where on a day, and the log position that this rests on.

    `left_out_undated` is how many statements `published_by` left out because no
    dated source carries them. `inherits` says whether members show their bloc's
    stance where they have none.
    """

    on: date
    known_at: str | None
    published_by: date | None
    scope: Scope
    log: LogHead
    left_out_undated: int
    cells: tuple[Cell, ...]
    inherits: bool = False

    @property
    def rows(self) -> tuple[StateRow, ...]:
        return tuple(cell.row for cell in self.cells)
