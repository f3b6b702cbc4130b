"""Who could agree, over plain lines: DESIGN section 16, and what it needs of sections 6 and 15.

Everything is worked out from nothing for one day, by the words of the design and with no eye to time.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
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


# --- section 16 -----------------------------------------------------------------------------------


def consensus(
    log: Log, question: Question, on: str, *, of: frozenset[str] = frozenset(), inherit: bool = False, at: str = ""
) -> list[Row]:
    """The rows of a question: of these parties or, of one that has members on that day, of its members."""
    known = up_to(log, question.known_at)
    issues = registered(known, "issue.opened", "issue")
    wanted = frozenset(choice_of(issues, issue) or issue for issue in question.issues)
    asked = replace(question, issues=wanted)
    rows = [issue for issue in sorted(issues) if choice_of(issues, issue) is None and asked.issue(issue)]
    everything = holdings(log, question, on, inherit=inherit)
    within = {pair: one for pair, one in everything.items() if asked.issue(pair[0])}
    members = members_on(known, question, on)
    of_blocs = [expanded(one, members) for one in of if any(one in blocs for blocs in members.values())]
    if of:
        parties = of_blocs[0] if len(of) == 1 and of_blocs else set(of)
    else:
        kinds = registered(known, "party.registered", "party")
        parties = {party for _, party in within if kinds[party]["kind"] not in ("forum", "other")}
    day = Day(issues, within, sorted(parties), closed_on(known, question, on, issues))
    return [day.row(issue, at) for issue in rows]


@dataclass(frozen=True)
class Day:
    issues: dict[str, Any]
    held: Holdings
    parties: list[str]
    closed: dict[str, Row]

    def of(self, issue: str) -> dict[str, Held]:
        return {party: self.held[issue, party] for party in self.parties if (issue, party) in self.held}

    def row(self, issue: str, at: str) -> Row:
        match form(self.issues, issue):
            case "choice":
                return self.choice(issue)
            case "quantity":
                return self.quantity(issue, at)
            case _:
                return self.question(issue)

    def head(self, issue: str, verdict: str | None, *, conditional: bool) -> Row:
        return {
            "issue": issue,
            "form": form(self.issues, issue),
            "closed": self.closed.get(issue),
            "verdict": verdict,
            "under_conditions": conditional,
            "parties": len(self.parties),
        }

    def classes(self, issue: str, names: tuple[str, ...]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {name: [] for name in names}
        for party in self.parties:
            found[class_of(self.of(issue).get(party))].append(party)
        return found

    def rest(self, issue: str) -> Row:
        of_issue = self.of(issue)
        name = "amount" if form(self.issues, issue) == "quantity" else "stance"
        return {
            "conditions": [
                {"party": party, "conditions": one.conditions, name: shown(one.value)}
                for party, one in of_issue.items()
                if one.conditions
            ],
            "red_lines": [party for party, one in of_issue.items() if one.red_line],
            "through": {party: one.through for party, one in of_issue.items() if one.through},
        }

    def under_conditions(self, issue: str, objecting: list[str]) -> bool:
        others = [one for party, one in self.of(issue).items() if party not in objecting]
        return any(one.value == "conditional" or one.conditions for one in others)

    def question(self, issue: str) -> Row:
        names = ("supports", "conditional", "can_accept", "undecided", "sceptical", "opposes")
        classes = self.classes(issue, (*names, "contested", "dissociated", "silent"))
        if classes["opposes"]:
            verdict = "objected"
        elif classes["sceptical"] or classes["contested"] or classes["dissociated"]:
            verdict = "doubted"
        elif self.parties and classes["supports"] == self.parties:
            verdict = "all_support"
        elif classes["supports"] or classes["conditional"]:
            verdict = "no_objection"
        else:
            verdict = "none"
        conditional = self.under_conditions(issue, classes["opposes"])
        return self.head(issue, verdict, conditional=conditional) | classes | self.rest(issue)

    def quantity(self, issue: str, at: str) -> Row:
        classes = self.classes(issue, ("stated", "no_figure", "contested", "dissociated", "silent"))
        of_issue = self.of(issue)
        amounts: dict[str, Any] = {party: of_issue[party].value for party in classes["stated"]}
        wider = {party: of_issue[party].could_accept or amounts[party] for party in amounts}
        missing = any(classes[name] for name in ("no_figure", "contested", "dissociated", "silent"))
        own = bool(self.issues[issue].get("own"))
        common = None if own else shared(list(amounts.values()))
        if own:
            verdict = None
        elif not amounts:
            verdict = "none"
        elif common is None:
            verdict = "apart"
        elif not missing and len(set(amounts.values())) == 1:
            verdict = "agreed"
        elif not missing and None not in common:
            verdict = "zone"
        else:
            verdict = "open"
        lists: Row = classes | {"stated": [{"party": one, "amount": shown(amounts[one])} for one in classes["stated"]]}
        ground = {
            "zone": shown(common),
            "reach": None if own else shown(shared(list(wider.values()))),
            "overlapping": [] if own else overlapping(amounts),
            **gap({} if own or common else amounts),
        }
        row = self.head(issue, verdict, conditional=self.under_conditions(issue, [])) | ground | lists
        return row | self.rest(issue) | ({"at": self.at(Decimal(at), amounts, of_issue, classes)} if at else {})

    def at(self, figure: Decimal, amounts: dict[str, Any], of_issue: dict[str, Held], classes: Row) -> Row:
        def off(amount: Ends) -> Decimal:
            low, high = span(amount)
            return max(low - figure, figure - high, Decimal(0))

        holds = [party for party, amount in amounts.items() if off(amount) == 0]
        could = {party: of_issue[party].could_accept for party in amounts if party not in holds}
        accepting = [party for party, wider in could.items() if wider is not None and off(wider) == 0]
        short = [
            {
                "party": party,
                "by": f"{off(amounts[party]):f}",
                "could_accept_by": None if wider is None else f"{off(wider):f}",
            }
            for party, wider in could.items()
            if party not in accepting
        ]
        none = [party for party in self.parties if party not in amounts and party not in classes["contested"]]
        return {
            "figure": f"{figure:f}",
            "holds": holds,
            "could_accept": accepting,
            "short": short,
            "contested": classes["contested"],
            "named_none": none,
        }

    def choice(self, issue: str) -> Row:
        options = [self.question(one) for one in sorted(self.issues) if choice_of(self.issues, one) == issue]
        unopposed = []
        for option in options:
            ready = {
                party
                for party, one in self.of(option["issue"]).items()
                if class_of(replace(one, contested=False)) in ("supports", "conditional", "can_accept")
            }
            rivals = {
                party
                for other in options
                if other is not option
                for party, one in self.of(other["issue"]).items()
                if one.red_line and one.value in ("supports", "conditional") and party not in ready
            }
            option["rival_red_lines"] = sorted(rivals)
            against = option["opposes"] or option["sceptical"] or option["contested"] or rivals
            if option["supports"] and not against:
                unopposed.append(option["issue"])
        head = self.head(issue, None, conditional=any(option["under_conditions"] for option in options))
        return head | {"options": options, "unopposed": unopposed}


def class_of(one: Held | None) -> str:
    if one is None:
        return "silent"
    if one.contested:
        return "contested"
    if one.value is None:
        return "dissociated" if one.left else "silent"
    if isinstance(one.value, tuple):
        return "stated"
    if one.value == "neutral":
        return "can_accept" if one.act == "accepts" else "undecided"
    return one.value.replace(" ", "_")


def shown(amount: Value) -> Any:
    """A value as data: a stance as its word, an amount as its ends, else nothing."""
    if not isinstance(amount, tuple):
        return None if amount == "no figure" else amount
    low, high = amount
    return ({"at_least": f"{low:f}"} if low is not None else {}) | (
        {"at_most": f"{high:f}"} if high is not None else {}
    )


def shared(amounts: list[Ends]) -> Ends | None:
    if not amounts or not shares(amounts):
        return None
    low, high = max(span(one)[0] for one in amounts), min(span(one)[1] for one in amounts)
    return (low if low.is_finite() else None), (high if high.is_finite() else None)


def overlapping(amounts: dict[str, Ends]) -> list[list[str]]:
    """The sets of parties that share a number and cannot be enlarged, by trying all."""
    sets = [
        set(some)
        for size in range(1, len(amounts) + 1)
        for some in combinations(sorted(amounts), size)
        if shares([amounts[party] for party in some])
    ]
    largest = [sorted(some) for some in sets if not any(some < other for other in sets)]
    return sorted(largest, key=lambda some: (-len(some), some))[:20]


def gap(amounts: dict[str, Ends]) -> Row:
    """The gap of amounts that share no number, and whose it is."""
    if not amounts or shares(list(amounts.values())):
        return {"gap": None, "gap_between": None}
    low = max(one[0] for one in amounts.values() if one[0] is not None)
    high = min(one[1] for one in amounts.values() if one[1] is not None)
    between = {
        "at_least": sorted(party for party, one in amounts.items() if one[0] == low),
        "at_most": sorted(party for party, one in amounts.items() if one[1] == high),
    }
    return {"gap": f"{low - high:f}", "gap_between": between}


# --- over time ------------------------------------------------------------------------------------

QUESTION_CLASSES = ("supports", "conditional", "can_accept", "undecided", "sceptical", "opposes")


def series(days: list[tuple[str, list[Row]]]) -> list[Row]:
    """The series of what consensus says on consecutive days: the first, and each on which anything changed."""
    found = []
    for at in range(len(days[0][1])):
        before = None
        for on, rows in days:
            if rows[at] != before:
                found.append({"on": on, **summary(rows[at], on)})
            before = rows[at]
    return found


def summary(row: Row, on: str) -> Row:
    head = {name: row[name] for name in ("issue", "form", "closed", "verdict", "under_conditions", "parties")}
    if row["form"] == "choice":
        options = [{"on": on, **summary(option, on)} for option in row["options"]]
        return head | {"options": options, "unopposed": row["unopposed"]}
    more = ("contested", "dissociated", "silent")
    names = (*QUESTION_CLASSES, *more) if row["form"] == "question" else ("stated", "no_figure", *more)
    counts = {"counts": {name: len(row[name]) for name in names}}
    ground = ("zone", "reach", "gap", "gap_between") if row["form"] == "quantity" else ()
    return head | counts | {name: row[name] for name in (*ground, *names)}
