"""Who could agree, over plain lines: DESIGN section 16.

Everything is worked out from nothing for one day, by the words of the design and with no eye to time.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Any

from tests.oracle.holdings import (
    Ends,
    Held,
    Holdings,
    Value,
    choice_of,
    closed_on,
    expanded,
    form,
    holdings,
    members_on,
    registered,
    shares,
    span,
)
from tests.oracle.replay import Log, Question, Row, up_to


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
