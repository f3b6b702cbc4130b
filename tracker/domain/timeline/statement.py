"""One statement or withdrawal, read from an entry or from a stored line alike.

Every conclusion from statements (order, runs, the state, changes, relations, asks) takes this record. A new column of
the state that the stored line holds needs a field here and one in `state.py`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from sys import intern
from typing import Any, NamedTuple

from tracker.domain.log.kind_registry import POSITION_STATED, POSITION_WITHDRAWN
from tracker.domain.terms.amounts import NO_FIGURE, Amount, NoFigure, amount_of
from tracker.domain.terms.columns import columns
from tracker.domain.terms.dates import stated_day
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.text_key import text_key
from tracker.domain.terms.typed_amounts import read_amount
from tracker.domain.terms.vocabulary import (
    ASKING,
    NAMING_NO_FIGURE,
    Act,
    Attribution,
    Priority,
    Stance,
    Standing,
    attribution_of,
)


class Withdrawn(Enum):
    """The value of a withdrawal: the party holds no stance any more. In data it is null."""

    WITHDRAWN = None

    def __str__(self) -> str:
        return "withdrawn"


WITHDRAWN = Withdrawn.WITHDRAWN
Value = Stance | Withdrawn | Amount | NoFigure
"""A party's value on an issue once it has stated one. Where a value is optional, None is nothing on record."""

_WORDS: Mapping[str, Value] = {str(value): value for value in (*Stance, WITHDRAWN, NO_FIGURE)}


def value_of(text: str) -> Value:
    """Return the value of its text: projections hold values as text, so that equal text is an equal value."""
    return _WORDS.get(text) or read_amount(text)


EVIDENCE_FIELDS = frozenset({"source", "quote", "locator", "language", "translation"})
"""The fields that say where the words stand and what they are."""

Pair = tuple[str, str]
"""An issue and a party, in the order in which answers are sorted."""


class Details(NamedTuple):
    """What a statement may say besides its position (DESIGN section 15).

    `could_accept` is the wider range that the party could live with, `stated_as` its own words for the figure; None
    and empty where it says nothing of it. `leaves_position_of` is a bloc whose position a withdrawal leaves too.
    """

    could_accept: Amount | None = None
    stated_as: str | None = None
    priority: Priority | None = None
    red_line: bool | None = None
    reasons: tuple[str, ...] = ()
    joint_with: tuple[str, ...] = ()
    provision: str | None = None
    answers: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    suggestion: str | None = None
    language: str | None = None
    translation: str | None = None
    leaves_position_of: str | None = None

    @property
    def lasts(self) -> bool:
        """Whether it says something that stays in force after the statement."""
        said = (self.could_accept, self.priority, self.red_line, self.leaves_position_of)
        return said != (None, None, None, None)


NO_DETAILS = Details()


class InForce(NamedTuple):
    """What the statements of a run say that holds until a later one of them says otherwise."""

    conditions: tuple[str, ...] = ()
    could_accept: Amount | None = None
    red_line: bool = False

    def after(self, statement: "Statement") -> "InForce":
        """Return what is in force after one statement more of the same run."""
        conditions, details = statement.conditions, statement.details
        if conditions is None and not details.lasts:
            return self
        return InForce(
            self.conditions if conditions is None else conditions,
            self.could_accept if details.could_accept is None else details.could_accept,
            self.red_line if details.red_line is None else details.red_line,
        )

    def lapsed_by(self, statement: "Statement") -> "InForce":
        """Return what of it another position ends without a word on it; nothing for a withdrawal, which ends all."""
        conditions, details = statement.conditions, statement.details
        if statement.value is WITHDRAWN:
            return NOTHING_IN_FORCE
        return InForce(
            self.conditions if conditions is None else (),
            self.could_accept if details.could_accept is None else None,
            self.red_line and details.red_line is None,
        )

    def differs(self, other: "InForce") -> bool:
        """Return whether other terms are in force, whatever the order of the conditions."""
        return set(self.conditions) != set(other.conditions) or self[1:] != other[1:]


NOTHING_IN_FORCE = InForce()


@columns("""
    party issue stance=value on stated_on summary conditions speaker standing attribution addressed_to on_behalf_of
    ascribed_by source event_id position
""")
class Statement(NamedTuple):
    """A statement or withdrawal: its pair, value, days, words, speaker, evidence and place in the log.

    `on` is the effective day and `first_day` the first day that `stated_on` can mean. `rank` is the log position, for a
    correction that of the chain's first entry. `conditions` is None if it mentions none, `quote` holds the words alone.
    A withdrawal has no act and no standing.
    """

    party: str
    issue: str
    value: Value
    stated_on: str
    first_day: date
    on: date
    sequence: int
    rank: int
    position: int
    event_id: str
    summary: str
    conditions: tuple[str, ...] | None
    act: Act | None
    standing: Standing | None
    speaker: str | None
    speaker_role: str | None
    attribution: Attribution
    source: str | None
    quote: str | None
    locator: str | None
    addressed_to: tuple[str, ...]
    on_behalf_of: tuple[str, ...]
    ascribed_by: str | None
    details: Details = NO_DETAILS

    @property
    def stance(self) -> Stance | None:
        """The stance; None for a withdrawal, and on a quantity."""
        return self.value if isinstance(self.value, Stance) else None

    @property
    def amount(self) -> Amount | None:
        """The amount; None where none is stated."""
        return self.value if isinstance(self.value, Amount) else None

    @property
    def pair(self) -> Pair:
        """The issue and the party."""
        return self.issue, self.party

    @property
    def speaker_key(self) -> str | None:
        """The key by which speakers are compared; None if nobody is named."""
        return text_key(self.speaker or "") or None

    @property
    def is_ask(self) -> bool:
        """Whether it calls on named parties for an answer."""
        return self.act in ASKING and bool(self.addressed_to)

    def with_evidence(self, evidence: Mapping[str, Any]) -> "Statement":
        """Return the statement as another source carries it: with `EVIDENCE_FIELDS` from that one's data.

        Who said it, and on what basis, stays as recorded.
        """
        find = evidence.get
        details = self.details
        if (find("language"), find("translation")) != (details.language, details.translation):
            details = details._replace(language=find("language"), translation=find("translation"))
        quote = words_of_quote(find("quote"))
        return self._replace(source=find("source"), quote=quote, locator=find("locator"), details=details)

    def is_in(self, scope: Scope) -> bool:
        """Return whether a scope includes the party, the issue and the attribution."""
        return (
            scope.includes_party(self.party)
            and scope.includes_issue(self.issue)
            and scope.includes_attribution(self.attribution)
        )


def statement_from(
    kind: str, data: Mapping[str, Any], *, rank: int = 0, position: int = 0, event_id: str = ""
) -> Statement:
    """Read a statement or withdrawal from its data, in the newest version of this kind (see `upcasting`).

    The data must have been checked before. Raises KeyError, TypeError, AttributeError or BadValue for damaged data.
    """
    find = data.get
    value, stated_on, standing = _READERS[kind](data)
    first_day, on = stated_day(stated_on)
    quote, conditions = find("quote"), find("conditions")
    return Statement(
        intern(data["party"]),
        intern(data["issue"]),
        value,
        stated_on,
        first_day,
        on,
        find("sequence", 0),
        rank,
        position,
        event_id,
        data["summary"],
        None if conditions is None else tuple(conditions),
        _ACTS[find("act")],
        standing,
        find("speaker"),
        find("speaker_role"),
        _ATTRIBUTIONS[attribution_of(find("attribution"), quote)],
        find("source"),
        words_of_quote(quote),
        find("locator"),
        tuple(find("addressed_to", ())),
        tuple(find("on_behalf_of", ())),
        find("ascribed_by"),
        NO_DETAILS if _DETAILS.isdisjoint(data) else _read_details(data),
    )


def words_of_quote(quote: Any) -> str | None:
    """Return the words of a quote in an entry's data, without those around it."""
    words: str | None = quote if quote is None or isinstance(quote, str) else quote["exact"]
    return words


def _read_details(data: Mapping[str, Any]) -> Details:
    find = data.get
    return Details(
        _read_amount(find("could_accept")),
        find("stated_as"),
        _PRIORITIES[find("priority")],
        find("red_line"),
        tuple(find("reasons", ())),
        tuple(find("joint_with", ())),
        find("provision"),
        find("answers"),
        find("note"),
        tuple(find("tags", ())),
        find("suggestion"),
        find("language"),
        find("translation"),
        find("leaves_position_of"),
    )


def _read_amount(ends: Mapping[str, str] | None) -> Amount | None:
    return None if ends is None else amount_of(ends.get("at_least"), ends.get("at_most"))


def _read_stated(data: Mapping[str, Any]) -> tuple[Value, str, Standing | None]:
    value: Value
    if (stance := data.get("stance")) is not None:
        value = _STANCES[stance]
    elif "amount" not in data and data.get("act") in NAMING_NO_FIGURE:
        value = NO_FIGURE
    else:
        ends = data["amount"]
        value = amount_of(ends.get("at_least"), ends.get("at_most"))
    return value, data["stated_on"], _STANDINGS[data.get("standing", "official")]


def _read_withdrawn(data: Mapping[str, Any]) -> tuple[Value, str, Standing | None]:
    return WITHDRAWN, data["on"], None


_READERS: Mapping[str, Callable[[Mapping[str, Any]], tuple[Value, str, Standing | None]]] = {
    POSITION_STATED: _read_stated,
    POSITION_WITHDRAWN: _read_withdrawn,
}
"""Readers of the value, the date and the standing, by kind."""

_DETAILS = frozenset(Details._fields)
_PRIORITIES: Mapping[str | None, Priority | None] = {None: None, **{one.value: one for one in Priority}}
_STANCES = {stance.value: stance for stance in Stance}
_ACTS: Mapping[str | None, Act | None] = {None: None, **{act.value: act for act in Act}}
_ATTRIBUTIONS = {attribution.value: attribution for attribution in Attribution}
_STANDINGS = {standing.value: standing for standing in Standing}
