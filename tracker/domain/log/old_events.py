"""The models of old versions of events, which `upcasting` brings up to date."""

from typing import Literal

from tracker.domain.log.events import EvidenceFields
from tracker.domain.log.fields import Day, IssuePath, PartyCode, Text


class MilestoneNotedV1(EvidenceFields):
    """A milestone before it said of what kind it is."""

    type: Literal["milestone.noted.v1"] = "milestone.noted.v1"
    on: Day
    title: Text
    parties: tuple[PartyCode, ...] = ()
    issues: tuple[IssuePath, ...] = ()
