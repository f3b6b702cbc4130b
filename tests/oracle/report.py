"""The change report as data (DESIGN sections 7 and 8), from the plain lines."""

import hashlib
import json
from collections.abc import Callable
from itertools import combinations, groupby
from typing import Any

from tests.oracle.answers import history, lasts, state
from tests.oracle.circumstances import form_of, is_own, reworded
from tests.oracle.learned import context_learned_since, learned_since
from tests.oracle.occurrences import context, context_corrections, revision
from tests.oracle.replay import (
    STATEMENT,
    Log,
    Question,
    Row,
    Timeline,
    Version,
    attribution,
    conditions_in_force,
    effective,
    is_public,
    left_out_undated,
    order,
    position_columns,
    standing,
    timelines,
    up_to,
    value,
    versions,
)
from tests.oracle.values import NO_FIGURE, Gap, ends_of, gap_of, gap_text, infinite, relation


def report(log: Log, question: Question, after: str, until: str, known_from: int | None = None) -> Row:
    """The change report from one day to another; with the cut of an earlier one also what was learned since."""
    known = up_to(log, question.known_at)
    learned = {} if known_from is None else {
        "known_from": known_from,
        "learned": learned_since(log, question, (after, until), known_from),
        "learned_context": context_learned_since(known, question, after, known_from),
    }  # fmt: skip
    return (
        heading(known, question, after, until)
        | learned
        | {
            "left_out_undated": left_out_undated(log, question, until),
            "changes": [row for row in history(log, question, until) if row["on"] > after],
            "net": net(log, question, after, until),
            "corrections": corrections(known, question, after, until),
            "context_corrections": context_corrections(known, question, after, until),
            "relations": relations(log, question, after, until),
            "context": context(known, question, after, until),
            "outcomes": outcomes(known, question, after, until, lambda on: state(log, question, on)),
        }
    )


def outcomes(known: Log, question: Question, after: str, until: str, held_on: Callable[[str], list[Row]]) -> list[Row]:
    """What parties held on the day of a closing that names an amount or an option, and how far that lay from it."""
    rows = []
    for closing in context(known, question, after, until):
        about = closing["option"] or (closing["issues"][0] if closing["amount"] else None)
        if closing["kind"] != "closed" or about is None:
            continue
        for row in held_on(closing["on"]):
            if row["issue"] == about and not row["withdrawn"]:
                taken = {name: closing[name] for name in ("on", "outcome", "amount", "option")}
                taken |= {f"held_{name}": row[name] for name in ("stance", "amount", "no_figure")}
                taken |= {"issue": closing["issues"][0], "party": row["party"], "event_id": row["event_id"]}
                taken |= {"distance": distance(closing["amount"], row["amount"]), "closed_by": closing["event_id"]}
                bloc = {"inherited_from": row["inherited_from"]} if "inherited_from" in row else {}
                rows.append(taken | bloc)
    return rows


def distance(agreed: Row | None, held: Row | None) -> str | None:
    """How far an amount lies from the outcome: 0 if they share a number, below zero if it lies below."""
    if agreed is None or held is None:
        return None
    outcome, amount = ends_of(agreed), ends_of(held)
    size = gap_text(outcome, amount)
    return "0" if size is None else f"-{size}" if infinite(amount)[1] < infinite(outcome)[0] else size


def heading(known: Log, question: Question, after: str, until: str) -> Row:
    """What a report says of itself: what it was asked for, and the log that it rests on."""
    return {
        "rules": 2,
        "from": after,
        "to": until,
        "known_at": question.known_at,
        "published_by": question.published_by,
        "filters": {
            "parties": sorted(question.parties),
            "issues": sorted(question.issues),
            "attributions": sorted(question.attributions),
        },
        "log": {"position": len(known), "hash": chain_hash(known)},
    }


def chain_hash(log: Log) -> str:
    found = bytes(32)
    for entry in log:
        line = json.dumps(
            entry.line | {"position": entry.position}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        found = hashlib.sha256(found + line.encode()).digest()
    return found.hex()


def net(log: Log, question: Question, after: str, until: str) -> list[Row]:
    known = up_to(log, question.known_at)
    then, now = lasts(log, question, after), lasts(log, question, until)
    return [
        {
            "issue": pair[0],
            "party": pair[1],
            **position_columns("from_", then.get(pair)),
            **position_columns("to_", last),
            "from_attribution": attribution(then[pair].data) if pair in then else None,
            "to_attribution": attribution(last.data),
            "from_reworded": pair in then and reworded(known, question, pair[0], effective(then[pair]), until),
            "reworded": reworded(known, question, pair[0], effective(last), until),
            "from_standing": standing(then[pair]) if pair in then else None,
            "to_standing": standing(last),
        }
        for pair, last in now.items()
        if value(then.get(pair)) != value(last)
    ]


def corrections(known: Log, question: Question, after: str, until: str) -> list[Row]:
    """What we corrected or retracted of what took effect between two days, on either side of the correction."""
    said, rows = versions(known), []
    for entry in known:
        old, new = said.get(entry.target or ""), said.get(entry.id)
        if old is None or old.kind not in STATEMENT:
            continue
        sides = [side for side in (old, new) if side is not None]
        public = any(is_public(known, side, question.published_by) for side in sides)
        shown = any(after < effective(side) <= until for side in sides) and any(
            question.includes(s.data) for s in sides
        )
        if public and shown:
            row = {
                "event_id": entry.id,
                "target": entry.target,
                "kind": "corrected" if new else "retracted",
                "party": old.data["party"],
                "issue": old.data["issue"],
                "on": effective(old),
                **position_columns("from_", old),
                "to_party": new.data["party"] if new else None,
                "to_issue": new.data["issue"] if new else None,
                "to_on": effective(new) if new else None,
                **position_columns("to_", new),
                "from_attribution": attribution(old.data),
                "to_attribution": attribution(new.data) if new else None,
                "from_standing": standing(old),
                "to_standing": standing(new) if new else None,
                "from_reworded": reworded(known, question, old.data["issue"], effective(old), until),
                "reworded": new is not None and reworded(known, question, new.data["issue"], effective(new), until),
            }
            rows.append(row | revision(entry))
    return rows


def relations(log: Log, question: Question, after: str, until: str) -> list[Row]:
    """Two parties, both with a position on both days, that stand otherwise to each other on the second."""
    everybody, known = question.of_everybody(), up_to(log, question.known_at)
    then, now = timelines(log, everybody, after), timelines(log, everybody, until)
    rows = []
    for issue in sorted({issue for issue, _ in now if not is_own(known, issue)}):
        present = sorted(p for i, p in now if i == issue and related(now[i, p]) and related(then.get((i, p), [])))
        for one, other in combinations(present, 2):
            both = [[held[issue, one], held[issue, other]] for held in (then, now)]
            row = {"issue": issue, "parties": [one, other]} | relation_of_days(known, question, both, until)
            if row["from_relation"] != row["to_relation"] and (question.party(one) or question.party(other)):
                rows.append(row)
    return rows


def related(timeline: Timeline) -> bool:
    """Whether what is in effect at the end of a timeline has relations: a stance or an amount."""
    return bool(timeline) and value(timeline[-1]) not in (None, NO_FIGURE)


def relation_of_days(known: Log, question: Question, both: list[list[Timeline]], until: str) -> Row:
    """How two parties relate on two days, by the timelines of what both hold on either."""
    row: Row = {}
    for side, held in zip(("from", "to"), both, strict=True):
        last = [timeline[-1] for timeline in held]
        one, other = map(value, last)
        row[f"{side}_relation"] = relation(one, other, under_conditions=any(map(conditions_in_force, held)))
        row[f"{side}_gap"] = gap_text(one, other)
        row[f"{side}_attributions"] = [attribution(version.data) for version in last]
        row[f"{side}_standings"] = [standing(version) for version in last]
    steps: list[Version] = [timeline[-1] for held in both for timeline in held]
    earlier = (reworded(known, question, one.data["issue"], effective(one), until) for one in steps)
    return row | {"reworded": any(earlier)}


def made_together(step: Any) -> Any:
    """What the statements of parties that made one together have in common; the id of any other."""
    parties = step.data.get("joint_with", [])
    return (value(step), step.data["stated_on"], tuple(parties)) if len(parties) > 1 else step.id


def gaps(log: Log, question: Question, after: str, until: str) -> dict[str, tuple[Gap, Gap]]:
    """What each statement between two days did to the gap of all amounts on its issue, by its id.

    What parties stated together moved it as one.
    """
    known = up_to(log, question.known_at)
    steps = sorted((one for said in timelines(log, question, until).values() for one in said), key=order)
    moved: dict[str, tuple[Gap, Gap]] = {}
    for issue in {step.data["issue"] for step in steps}:
        if form_of(known, issue) != "quantity" or is_own(known, issue):
            continue
        held: dict[str, Any] = {}
        for _, some in groupby((step for step in steps if step.data["issue"] == issue), key=made_together):
            made, before = list(some), gap_of(held.values())
            held |= {step.data["party"]: value(step) for step in made}
            moved |= {step.id: (before, gap_of(held.values())) for step in made if effective(step) > after}
    return moved
