"""The change report as data (DESIGN sections 7 and 8), from the plain lines."""

import hashlib
import json
from itertools import combinations

from tests.oracle.answers import history, lasts
from tests.oracle.learned import context_learned_since, learned_since
from tests.oracle.occurrences import context, context_corrections, revision
from tests.oracle.replay import (
    STATEMENT,
    Log,
    Question,
    Row,
    attribution,
    effective,
    is_public,
    left_out_undated,
    reworded,
    stance,
    standing,
    up_to,
    versions,
)


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
        }
    )


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
            "from_stance": stance(then.get(pair)),
            "to_stance": stance(last),
            "from_attribution": attribution(then[pair].data) if pair in then else None,
            "to_attribution": attribution(last.data),
            "from_reworded": pair in then and reworded(known, question, pair[0], effective(then[pair]), until),
            "reworded": reworded(known, question, pair[0], effective(last), until),
            "from_standing": standing(then[pair]) if pair in then else None,
            "to_standing": standing(last),
        }
        for pair, last in now.items()
        if stance(then.get(pair)) != stance(last)
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
                "from_stance": stance(old),
                "to_party": new.data["party"] if new else None,
                "to_issue": new.data["issue"] if new else None,
                "to_on": effective(new) if new else None,
                "to_stance": stance(new),
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
    """Two parties, both with a stance on both days, that stand otherwise to each other on the second."""
    everybody, known = question.of_everybody(), up_to(log, question.known_at)
    then, now = lasts(log, everybody, after), lasts(log, everybody, until)
    rows = []
    for issue in sorted({issue for issue, _ in now}):
        present = sorted(p for i, p in now if i == issue and stance(now[i, p]) and stance(then.get((i, p))))
        for one, other in combinations(present, 2):
            before, after_it = ([held[issue, one], held[issue, other]] for held in (then, now))
            words = [relation(*map(stance, both)) for both in (before, after_it)]
            if words[0] != words[1] and (question.party(one) or question.party(other)):
                row = {
                    "issue": issue,
                    "parties": [one, other],
                    "from_relation": words[0],
                    "to_relation": words[1],
                    "from_attributions": [attribution(held.data) for held in before],
                    "to_attributions": [attribution(held.data) for held in after_it],
                    "reworded": any(
                        reworded(known, question, issue, effective(held), until) for held in (*before, *after_it)
                    ),
                    "from_standings": [standing(held) for held in before],
                    "to_standings": [standing(held) for held in after_it],
                }
                rows.append(row)
    return rows


def relation(one: str | None, other: str | None) -> str:
    both = {one, other}
    if "neutral" in both:
        return "open"
    against = both & {"opposes", "sceptical"}
    if against and both - against:
        return "opposed"
    return "agree_if" if "conditional" in both else "agree"
