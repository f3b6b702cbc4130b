"""What members take from their blocs, and how parties stand to each other, on issues of every form (DESIGN 6, 8, 15).

From the plain lines, as naively as possible. An amount is a pair of ends as decimals, None where one was not stated.
"""

from decimal import Decimal
from itertools import combinations
from typing import Any, NamedTuple

from tests.oracle.answers import ways_up
from tests.oracle.asks import answers
from tests.oracle.circumstances import memberships
from tests.oracle.replay import (
    Log,
    Pair,
    Question,
    Timeline,
    Version,
    conditions_in_force,
    counting,
    days_before,
    effective,
    first_day,
    order,
    stated,
    timelines,
    up_to,
    versions,
)

Ends = tuple[Decimal | None, Decimal | None]
NO_FIGURE, WITHDRAWN = "no figure", "withdrawn"


class Shown(NamedTuple):
    """What the state shows of a pair."""

    value: Any
    event_id: str
    since: str
    contested: bool
    inherited_from: str | None
    left: list[str]


def value(version: Version) -> Any:
    """A stance, two ends, that no figure was named, or that it was withdrawn."""
    if version.kind == "position.withdrawn":
        return WITHDRAWN
    if "stance" in version.data:
        return version.data["stance"]
    return ends(version.data["amount"]) if "amount" in version.data else NO_FIGURE


def ends(amount: dict[str, str]) -> Ends:
    least, most = (Decimal(amount[end]) if end in amount else None for end in ("at_least", "at_most"))
    return least, most


def run(timeline: Timeline) -> Timeline:
    found: Timeline = []
    for version in reversed(timeline):
        if value(version) != value(timeline[-1]):
            break
        found.insert(0, version)
    return found


def are_apart(one: Ends, other: Ends) -> bool:
    return gap([one, other]) is not None


def gap(amounts: list[Ends]) -> Decimal | None:
    """How far the highest lower end lies above the lowest upper end, if it does."""
    lower, upper = [low for low, _ in amounts if low is not None], [high for _, high in amounts if high is not None]
    return max(lower) - min(upper) if lower and upper and max(lower) > min(upper) else None


def differ(one: Any, other: Any) -> bool:
    """Whether two positions contest each other: amounts only if they are apart."""
    return are_apart(one, other) if isinstance(one, tuple) and isinstance(other, tuple) else one != other


def contested(timeline: Timeline) -> bool:
    """Whether another position was stated no more than three days before the one in effect; nobody is named here."""
    last = timeline[-1]
    since = days_before(first_day(stated(last.data)), 3)
    return any(
        value(other) != WITHDRAWN and differ(value(other), value(last)) and effective(other) >= since
        for other in timeline[:-1]
    )


class Forms:
    """What was opened as known at a cut-off: forms of issues and kinds of parties."""

    def __init__(self, known: Log) -> None:
        opened = [v.data for v in counting(known) if v.kind == "issue.opened"]
        self.choices = {data["issue"] for data in opened if data.get("form") == "choice"}
        self.own = {data["issue"] for data in opened if data.get("own")}
        registered = [v.data for v in counting(known) if v.kind == "party.registered"]
        self.forums = {data["party"] for data in registered if data["kind"] == "forum"}

    def options_beside(self, issue: str, issues: set[str]) -> set[str]:
        """The other options of the same choice."""
        above = issue.rpartition("/")[0]
        return {one for one in issues if one.rpartition("/")[0] == above} - {issue} if above in self.choices else set()


def left_blocs(timeline: Timeline) -> list[str]:
    """The blocs whose positions a party's withdrawals left since its last statement."""
    found: list[str] = []
    for version in timeline:
        if version.kind == "position.stated":
            found = []
        elif "leaves_position_of" in version.data:
            found.append(version.data["leaves_position_of"])
    return found


def state(log: Log, question: Question, on: str) -> dict[Pair, Shown]:
    """What every party holds on a day, of its own."""
    found = timelines(log, question, on)
    return {
        pair: Shown(
            value(told[-1]), told[-1].id, effective(run(told)[0]), contested(told), None, sorted({*left_blocs(told)})
        )
        for pair, told in found.items()
    }


def inherited_state(log: Log, question: Question, on: str) -> dict[Pair, Shown]:
    """The same, where members without a position of their own show that of their nearest blocs."""
    known = up_to(log, question.known_at)
    forms, members = Forms(known), memberships(known, question, on)
    everything = Question(question.known_at, question.published_by, attributions=question.attributions)
    own, told = state(log, everything, on), timelines(log, everything, on)
    issues = {issue for issue, _ in own}
    passing = {
        party: {bloc: since for bloc, since in blocs.items() if bloc not in forms.forums}
        for party, blocs in members.items()
    }
    shown = dict(own)

    def holds(issue: str, party: str) -> bool:
        return (issue, party) in own and own[issue, party].value != WITHDRAWN

    for issue in issues - forms.own:
        for member in members:
            if any(holds(one, member) for one in {issue} | forms.options_beside(issue, issues)):
                continue
            left = {*left_blocs(told.get((issue, member), []))}
            graph = {
                party: {bloc: since for bloc, since in blocs.items() if bloc not in left}
                for party, blocs in passing.items()
            }
            ways = ways_up(member, graph)
            able = [bloc for bloc in ways if holds(issue, bloc)]
            nearest = min((ways[bloc][0] for bloc in able), default=0)
            holding = [bloc for bloc in able if ways[bloc][0] == nearest]
            if holding:
                bloc = max(holding, key=lambda one: order(told[issue, one][-1]))
                theirs = own[issue, bloc]
                shown[issue, member] = Shown(
                    theirs.value,
                    theirs.event_id,
                    max(theirs.since, ways[bloc][1]),
                    theirs.contested or any(differ(own[issue, one].value, theirs.value) for one in holding),
                    bloc,
                    sorted(left),
                )
    return {pair: shown[pair] for pair in sorted(shown) if question.party(pair[1]) and question.issue(pair[0])}


Relation = tuple[str, str | None]


def relation(one: Any, other: Any, *, if_met: bool) -> Relation:
    """How two positions relate, and the gap of two amounts that are apart."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        distance = gap([one, other])
        if distance is not None:
            return "apart", f"{distance.normalize():f}"
        is_open = all(low is None for low, _ in (one, other)) or all(high is None for _, high in (one, other))
        return ("open" if is_open else "overlap_if" if if_met else "overlap"), None
    both = {one, other}
    against = both & {"opposes", "sceptical"}
    if "neutral" in both:
        return "open", None
    if against:
        return ("opposed" if both - against else "agree"), None
    return ("agree_if" if "conditional" in both else "agree"), None


RelationRow = tuple[str, tuple[str, str], Relation, Relation]


def relations(log: Log, question: Question, after: str, until: str, *, inherit: bool) -> list[RelationRow]:
    """Two parties with a position on both days, not one and the same, that relate otherwise on the second."""
    known = up_to(log, question.known_at)
    forms, wide = Forms(known), question.of_everybody()
    then, now = (inherited_state(log, wide, day) if inherit else state(log, wide, day) for day in (after, until))
    everything = Question(question.known_at, question.published_by, attributions=question.attributions)
    told = [timelines(log, everything, day) for day in (after, until)]
    rows = []
    for issue in sorted({issue for issue, _ in then} - forms.own):
        present = [
            party
            for party in sorted(party for about, party in then if about == issue)
            if all(
                (issue, party) in held and held[issue, party].value not in (NO_FIGURE, WITHDRAWN)
                for held in (then, now)
            )
        ]
        for one, other in combinations(present, 2):
            if not (question.party(one) or question.party(other)):
                continue
            if all(held[issue, one].event_id == held[issue, other].event_id for held in (then, now)):
                continue
            found = []
            for held, said in zip((then, now), told, strict=True):
                both = held[issue, one], held[issue, other]
                holders = [shown.inherited_from or party for shown, party in zip(both, (one, other), strict=True)]
                if_met = any(conditions_of(said[issue, holder]) for holder in holders)
                found.append(relation(both[0].value, both[1].value, if_met=if_met))
            if found[0][0] != found[1][0]:
                rows.append((issue, (one, other), found[0], found[1]))
    return rows


def conditions_of(timeline: Timeline) -> list[str]:
    """The conditions in force at the end of a timeline."""
    return conditions_in_force(run(timeline))


def gaps(log: Log, question: Question, after: str, until: str) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """What each statement between two days did to the gap of all amounts on its issue, by its id."""
    known = up_to(log, question.known_at)
    forms = Forms(known)
    everything = Question(question.known_at, question.published_by, attributions=question.attributions)
    found = timelines(log, everything, until)
    moved = {}
    steps = sorted((v for timeline in found.values() for v in timeline), key=order)
    for step in steps:
        issue = step.data["issue"]
        is_quantity = any(
            isinstance(value(v), tuple) or value(v) == NO_FIGURE for v in steps if v.data["issue"] == issue
        )
        if effective(step) <= after or not is_quantity or issue in forms.own:
            continue
        held = []
        for known_steps in (
            [v for v in steps if order(v) < order(step)],
            [v for v in steps if order(v) <= order(step)],
        ):
            last = {v.data["party"]: value(v) for v in known_steps if v.data["issue"] == issue}
            held.append(gap([amount for amount in last.values() if isinstance(amount, tuple)]))
        moved[step.id] = (held[0], held[1])
    return moved


class Answer(NamedTuple):
    """An ask to a party and what became of it, by the ids of the entries."""

    issue: str
    party: str
    to: str
    ask: str
    answered_by: str | None
    said_since_by: str | None
    withdrawn_by: str | None


def asks(log: Log, question: Question, on: str, *, inherit: bool) -> list[Answer]:
    """What parties put to each other up to a day: with what answers it, by its own word or else by the rules."""
    known = up_to(log, question.known_at)
    forms = Forms(known)
    everything = Question(question.known_at, question.published_by, attributions=question.attributions)
    told = timelines(log, everything, on)
    steps = sorted((v for timeline in told.values() for v in timeline), key=order)
    ranks = {event_id: version.rank for event_id, version in versions(log).items()}

    def speaks_for(party: str, said: Version) -> bool:
        bloc, issue = said.data["party"], said.data["issue"]
        if bloc == party or not inherit or issue in forms.own:
            return bool(bloc == party)
        before = [one for one in told.get((issue, party), []) if order(one) < order(said)]
        out = forms.forums | {*left_blocs(before)}
        members = memberships(known, question, effective(said))
        return bloc in ways_up(party, {one: _without(blocs, out) for one, blocs in members.items()})

    rows = []
    for ask in steps:
        data = ask.data
        if data.get("act") not in ("demands", "asks") or not question.issue(data["issue"]):
            continue
        for to in dict.fromkeys(data.get("addressed_to", ())):
            if not (question.party(data["party"]) or question.party(to)):
                continue
            stating = [v for v in steps if v.kind == "position.stated" and speaks_for(to, v)]
            claiming = [v for v in stating if "answers" in v.data and ranks[v.data["answers"]] == ask.rank]
            gone = [v for v in told[data["issue"], data["party"]] if v.kind == "position.withdrawn"]
            end = next((v for v in gone if order(v) > order(ask)), None)
            below = Question(issues=frozenset({data["issue"]}))
            later = [v for v in stating if order(v) > order(ask) and below.issue(v.data["issue"])]
            in_time = [v for v in later if end is None or order(v) < order(end)]
            answer = next((v for v in claiming or in_time if claiming or answers(v, data)), None)
            since = later[0] if later and answer is None else None
            rows.append(
                Answer(
                    data["issue"],
                    data["party"],
                    to,
                    ask.id,
                    answer.id if answer else None,
                    since.id if since else None,
                    end.id if end else None,
                )
            )
    return sorted(rows, key=lambda row: (row.issue, row.party, row.to))


def _without(blocs: dict[str, str], out: set[str]) -> dict[str, str]:
    return {bloc: since for bloc, since in blocs.items() if bloc not in out}
