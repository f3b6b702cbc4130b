"""The models of old event versions, which `upcasting` converts to the newest one."""

from typing import Literal

from tracker.domain.log.events import EvidenceFields
from tracker.domain.log.field_types import Day, IssuePath, PartyCode, Text


class MilestoneNotedV1(EvidenceFields):
    """A milestone without a category."""

    type: Literal["milestone.noted.v1"] = "milestone.noted.v1"
    on: Day
    title: Text
    parties: tuple[PartyCode, ...] = ()
    issues: tuple[IssuePath, ...] = ()
