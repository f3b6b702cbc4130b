"""What questions look for in an entry: the outline of what it says, which follows from its data alone."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from tracker.domain.terms.dates import days_before, stated_day
from tracker.domain.terms.vocabulary import ASKING, DEGREES, Standing, attribution_of
from tracker.domain.timeline.replay import CONTEST_DAYS, STATED, WITHDRAWN, Pair


class StepOutline(NamedTuple):
    """A statement or withdrawal: its pair, its place on the timeline, and what it states.

    Days are as ISO 8601 writes them: the one on which it takes effect, and the first on which another statement can
    contest it. `stance` is the degree, None for a withdrawal.
    """

    issue: str
    party: str
    effective_on: str
    sequence: int
    stance: int | None
    states_conditions: bool
    asks: bool
    contests_from: str
    standing: str | None
    attribution: str
    source: str | None

    @property
    def pair(self) -> Pair:
        return self.issue, self.party


class FactOutline(NamedTuple):
    """Any other entry that can count: its type without the version, the id that it is about, and its day."""

    family: str
    key: str
    day: str | None


Outline = StepOutline | FactOutline


def outline_of(type_name: str, data: Mapping[str, Any]) -> Outline | None:
    """The outline of an entry from its data, in any version; None for what is about another entry."""
    if is_step(type_name):
        return step_outline(type_name, data)
    return fact_outline(type_name, data) if _fact(type_name) else None


def step_outline(type_name: str, data: Mapping[str, Any]) -> StepOutline:
    """The outline of a statement or withdrawal, from its data in the newest version."""
    find = data.get
    if type_name == STATED:
        effective_on, contests_from = days_of(data["stated_on"])
        stance, standing, conditions = DEGREES[data["stance"]], find("standing", _OFFICIAL), "conditions" in data
        asks = find("act") in ASKING and bool(find("addressed_to"))
    else:
        effective_on, contests_from = days_of(data["on"])
        stance, standing, conditions, asks = None, None, False, False
    return StepOutline(
        data["issue"],
        data["party"],
        effective_on,
        find("sequence", 0),
        stance,
        conditions,
        asks,
        contests_from,
        standing,
        attribution_of(find("attribution"), find("quote")),
        find("source"),
    )


def fact_outline(type_name: str, data: Mapping[str, Any]) -> FactOutline:
    """The outline of an entry that neither states a position nor is about another entry."""
    found = _fact(type_name)
    assert found is not None
    family, key, day = found
    return FactOutline(family, data[key] if key else "", data.get(day) if day else None)


def is_step(type_name: str) -> bool:
    """Whether entries of a type have a place on a timeline."""
    return type_name in (STATED, WITHDRAWN)


_OFFICIAL = Standing.OFFICIAL.value
_FACTS: Mapping[str, tuple[str | None, str | None]] = {
    "party.registered": ("party", None),
    "party.updated": ("party", None),
    "membership.started": ("party", "on"),
    "membership.ended": ("party", "on"),
    "issue.opened": ("issue", None),
    "issue.reworded": ("issue", "on"),
    "issue.closed": ("issue", "on"),
    "source.registered": ("source", "published_on"),
    "milestone.noted": (None, "on"),
}
"""Where an entry of each other kind has the id that it is about, and its day."""


@cache
def _fact(type_name: str) -> tuple[str, str | None, str | None] | None:
    family = type_name.rpartition(".")[0]
    return (family, *_FACTS[family]) if family in _FACTS else None


@lru_cache(maxsize=65_536)
def days_of(text: str) -> tuple[str, str]:
    """The day on which a statement of a day takes effect, and that from which it can be contested."""
    first, effective = stated_day(text)
    return effective.isoformat(), days_before(first, CONTEST_DAYS).isoformat()
