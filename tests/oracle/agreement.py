"""How often every two parties agree, over plain lines: the paragraph on agreement of DESIGN section 16.

Two parties at a time and issue by issue, by the words of the design and with no eye to time.
"""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

from tests.oracle.holdings import Held, Holdings, choice_of, form, holdings, registered, span
from tests.oracle.replay import Log, Question, Row, up_to

AGAINST, FOR = ("opposes", "sceptical"), ("supports", "conditional")
COUNTED = ("n", "agree", "agree_if", "opposed", "open", "same")


def of_stances(one: str, other: str) -> str:
    """Section 8's relations."""
    both = {one, other}
    if both == {"supports"} or both <= {*AGAINST}:
        return "agree"
    if both <= {*FOR}:
        return "agree_if"
    return "open" if "neutral" in both else "opposed"


def of_amounts(one: Held, other: Held) -> str:
    """Section 15's relations, by the words that they count as."""
    assert isinstance(one.value, tuple)
    assert isinstance(other.value, tuple)
    (low, high), (other_low, other_high) = span(one.value), span(other.value)
    if max(low, other_low) > min(high, other_high):
        return "opposed"
    ends = [[amount[at] for amount in (one.value, other.value) if amount[at] is not None] for at in (0, 1)]
    if not all(ends):
        return "open"
    return "agree_if" if one.conditions or other.conditions else "agree"


def of_choice(one: dict[str, Held], other: dict[str, Held]) -> str:
    shared = one.keys() & other.keys()
    if any(one[option].value == other[option].value == "supports" for option in shared):
        return "agree"
    against = any({one[option].value, other[option].value} == {"supports", "opposes"} for option in shared)
    return "opposed" if against else "open"


def counted(issues: dict[str, Any], held: Holdings, one: str, other: str) -> Row:
    """What two parties come to on one day."""
    counts: Counter[str] = Counter()
    for issue, data in issues.items():
        if form(issues, issue) == "choice":
            options = [option for option in issues if choice_of(issues, option) == issue]
            both = [{option: held[option, who] for option in options if (option, who) in held} for who in (one, other)]
            if all(both):
                values = [{option: each.value for option, each in some.items()} for some in both]
                counts.update(["n", of_choice(*both), *(["same"] if values[0] == values[1] else [])])
        elif choice_of(issues, issue) is None and not data.get("own") and {(issue, one), (issue, other)} <= held.keys():
            first, second = held[issue, one], held[issue, other]
            if form(issues, issue) == "quantity":
                relation = of_amounts(first, second)
            else:
                relation = of_stances(str(first.value), str(second.value))
            counts.update(["n", relation, *(["same"] if first.value == second.value else [])])
    sides = counts["agree"] + counts["opposed"]
    index = (counts["agree"] - counts["opposed"]) / sides if sides else None
    return {**{name: counts[name] for name in COUNTED}, "index": index}


def agreement(log: Log, question: Question, on: str, after: str | None = None) -> list[Row]:
    """The rows of a question about one day, or about two days and the difference."""
    issues = registered(up_to(log, question.known_at), "issue.opened", "issue")
    wanted = frozenset(choice_of(issues, issue) or issue for issue in question.issues)
    asked = replace(question, issues=wanted)
    days = [on] if after is None else [after, on]
    held = [_with_relations(holdings(log, question, day, inherit=False), asked) for day in days]
    parties = sorted({party for of_day in held for _, party in of_day})
    rows = []
    for pair in combinations(parties, 2):
        counts = [counted(issues, of_day, *pair) for of_day in held]
        if any(one["n"] for one in counts) and any(map(question.party, pair)):
            rows.append({"parties": [*pair], **(counts[0] if after is None else _compared(*counts))})
    return rows


def _with_relations(held: Holdings, question: Question) -> Holdings:
    """What is not withdrawn, nor without a figure."""
    return {pair: one for pair, one in held.items() if one.value not in (None, "no figure") and question.issue(pair[0])}


def _compared(before: Row, now: Row) -> Row:
    less = {name: None if before[name] is None or now[name] is None else now[name] - before[name] for name in before}
    days = (("from", before), ("to", now), ("difference", less))
    return {f"{when}_{name}": value for when, of_day in days for name, value in of_day.items()}
