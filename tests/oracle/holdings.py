"""What parties hold on a day on issues of every form, over plain lines: DESIGN sections 6 and 15.

Everything is worked out from nothing for one day, by the words of the design and with no eye to time.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tests.oracle.circumstances import is_public_fact
from tests.oracle.replay import (
    Log,
    Question,
    Row,
    Timeline,
    Version,
    counting,
    days_before,
    effective,
    first_day,
    order,
    seen,
    stated,
    timelines,
    up_to,
)

Ends = tuple[Decimal | None, Decimal | None]
Value = str | Ends | None
"""A stance or `no figure`, the two ends of an amount, or None for a withdrawal."""
INFINITY = Decimal("Infinity")


# --- sections 6 and 15: what a party holds --------------------------------------------------------


def ends(data: dict[str, str]) -> Ends:
    at_least, at_most = data.get("at_least"), data.get("at_most")
    return Decimal(at_least) if at_least else None, Decimal(at_most) if at_most else None


def value(version: Version) -> Value:
    if version.kind == "position.withdrawn":
        return None
    if "stance" in version.data:
        return str(version.data["stance"])
    return ends(version.data["amount"]) if "amount" in version.data else "no figure"


def span(amount: Ends) -> tuple[Decimal, Decimal]:
    low, high = amount
    return -INFINITY if low is None else low, INFINITY if high is None else high


def shares(amounts: list[Ends]) -> bool:
    return max(span(one)[0] for one in amounts) <= min(span(one)[1] for one in amounts)


def differ(one: Value, other: Value) -> bool:
    """Whether two positions contest each other: amounts do if they share no number."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return not shares([one, other])
    return one != other


@dataclass(frozen=True)
class Held:
    value: Value
    act: str | None
    conditions: list[str]
    could_accept: Ends | None
    red_line: bool
    contested: bool
    left: frozenset[str]
    order: Any
    through: str | None = None


def held(timeline: Timeline) -> Held:
    last = timeline[-1]
    run: Timeline = []
    for version in reversed(timeline):
        if value(version) != value(last):
            break
        run.insert(0, version)

    def in_force(name: str, otherwise: Any) -> Any:
        return next((one.data[name] for one in reversed(run) if name in one.data), otherwise)

    since, speaker = days_before(first_day(stated(last.data)), 3), seen(last.data.get("speaker", ""))
    contested = any(
        value(other) is not None
        and differ(value(other), value(last))
        and (not speaker or seen(other.data.get("speaker", "")) != speaker)
        and effective(other) >= since
        for other in timeline[:-1]
    )
    wider = in_force("could_accept", None)
    left = {one.data["leaves_position_of"] for one in run if "leaves_position_of" in one.data}
    return Held(
        value(last),
        last.data.get("act"),
        in_force("conditions", []),
        None if wider is None else ends(wider),
        in_force("red_line", False),
        contested,
        frozenset(left) if value(last) is None else frozenset(),
        order(last),
    )


# --- what is registered ---------------------------------------------------------------------------


def registered(known: Log, kind: str, key: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for version in sorted((one for one in counting(known) if one.kind == kind), key=lambda one: one.rank):
        found.setdefault(version.data[key], version.data)
    return found


def form(issues: dict[str, Any], issue: str) -> str:
    return str(issues.get(issue, {}).get("form", "question"))


def choice_of(issues: dict[str, Any], issue: str) -> str | None:
    above = issue.rpartition("/")[0]
    return above if form(issues, above) == "choice" else None


def happened(known: Log, question: Question, on: str, *kinds: str) -> list[Version]:
    found = [one for one in counting(known) if one.kind in kinds and one.data["on"] <= on]
    public = [one for one in found if is_public_fact(known, one, question.published_by)]
    return sorted(public, key=lambda one: (one.data["on"], one.rank))


def members_on(known: Log, question: Question, on: str) -> dict[str, dict[str, str]]:
    """The blocs of each member on a day, forums too."""
    joined: dict[str, dict[str, str]] = {}
    for one in happened(known, question, on, "membership.started", "membership.ended"):
        blocs = joined.setdefault(one.data["party"], {})
        if one.kind == "membership.ended":
            blocs.pop(one.data["bloc"], None)
        else:
            blocs.setdefault(one.data["bloc"], one.data["on"])
    return joined


def closed_on(known: Log, question: Question, on: str, issues: dict[str, Any]) -> dict[str, Row]:
    closed: dict[str, Row] = {}
    for one in happened(known, question, on, "issue.closed", "issue.reopened"):
        issue, option = one.data["issue"], one.data.get("option")
        touched = [issue, *(other for other in issues if choice_of(issues, other) == issue)]
        for each in touched:
            closed.pop(each, None)
            if one.kind == "issue.closed":
                fallen = option is not None and each not in (issue, option)
                closed[each] = {"on": one.data["on"], "outcome": "superseded" if fallen else one.data["outcome"]}
    return closed


# --- who holds what on a day ----------------------------------------------------------------------

Holdings = dict[tuple[str, str], Held]


def holdings(log: Log, question: Question, on: str, *, inherit: bool) -> Holdings:
    """What everybody holds on every issue."""
    everything = replace(question, parties=frozenset(), issues=frozenset())
    own = {pair: held(timeline) for pair, timeline in timelines(log, everything, on).items()}
    return inherited(log, question, on, own) if inherit else own


def inherited(log: Log, question: Question, on: str, own: Holdings) -> Holdings:
    known = up_to(log, question.known_at)
    issues, parties = registered(known, "issue.opened", "issue"), registered(known, "party.registered", "party")
    members = members_on(known, question, on)
    found = dict(own)

    def states(issue: str, party: str) -> bool:
        return (issue, party) in own and own[issue, party].value is not None

    for issue, data in issues.items():
        choice = choice_of(issues, issue)
        for member in members:
            elsewhere = [one for one in issues if choice is not None and choice_of(issues, one) == choice]
            if data.get("own") or states(issue, member) or any(states(one, member) for one in elsewhere):
                continue
            left = own[issue, member].left if (issue, member) in own else frozenset()
            met, reached = {member}, {member}
            while reached:
                near = {bloc for one in reached for bloc in members.get(one, {})} - met - left
                reached = {bloc for bloc in near if parties.get(bloc, {}).get("kind") != "forum"}
                met |= reached
                holding = [bloc for bloc in reached if states(issue, bloc)]
                if holding:
                    bloc = max(holding, key=lambda one: own[issue, one].order)
                    theirs = own[issue, bloc]
                    differing = any(differ(own[issue, one].value, theirs.value) for one in holding)
                    contested = theirs.contested or differing
                    found[issue, member] = replace(theirs, contested=contested, through=bloc)
                    break
    return found


def expanded(bloc: str, members: dict[str, dict[str, str]]) -> set[str]:
    """The members of a bloc, those that have members replaced by them; a bloc once met is not followed again."""
    found: set[str] = set()
    met = {bloc}
    waiting = [party for party, blocs in members.items() if bloc in blocs]
    while waiting:
        party = waiting.pop()
        if party in met:
            continue
        met.add(party)
        below = [one for one, blocs in members.items() if party in blocs]
        if below:
            waiting += below
        else:
            found.add(party)
    return found
