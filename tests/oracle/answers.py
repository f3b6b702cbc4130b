"""The answers as data: state, history, change report, asks (DESIGN sections 7 and 8), from the plain lines."""

import hashlib
import json
from itertools import combinations
from typing import Any

from tests.oracle.replay import (
    DEGREES,
    STATEMENT,
    Entry,
    Log,
    Pair,
    Question,
    Timeline,
    Version,
    attribution,
    closings,
    conditions_in_force,
    contested,
    counting,
    effective,
    left_out_undated,
    memberships,
    order,
    run,
    source_day,
    stance,
    standing,
    stated,
    timelines,
    up_to,
    versions,
    words,
)

Row = dict[str, Any]
HAPPENED = {
    "milestone.noted": ("milestone", "milestone"),
    "issue.closed": ("closed", "closing"),
    "issue.reworded": ("reworded", "rewording"),
    "membership.started": ("joined", "membership"),
    "membership.ended": ("left", "membership"),
}
"""For every kind of occurrence that reports show as context: what happened, and the word for the entry about it."""
ASKING = ("proposes", "demands", "asks", "offers")


# --- the state ------------------------------------------------------------------------------------


def state(log: Log, question: Question, on: str) -> list[Row]:
    """Who stands where on a day."""
    closed = closings(up_to(log, question.known_at), on)
    return [state_row(timeline, closed) for timeline in timelines(log, question, on).values()]


def state_row(timeline: Timeline, closed: dict[str, dict[str, str]]) -> Row:
    last, data = timeline[-1], timeline[-1].data
    return {
        "party": data["party"],
        "issue": data["issue"],
        "stance": stance(last),
        "since": effective(run(timeline)[0]),
        "last_stated": effective(last),
        "statements": len(run(timeline)),
        "stated_on": stated(data),
        "summary": data["summary"],
        "conditions": conditions_in_force(timeline),
        "act": data.get("act"),
        "standing": standing(last),
        "speaker": data.get("speaker"),
        "attribution": attribution(data),
        "source": data.get("source"),
        "event_id": last.id,
        "position": last.entry.position,
        "contested": contested(timeline),
        "closed": closed.get(data["issue"]),
    }


def inherited_state(log: Log, question: Question, on: str) -> list[Row]:
    """The same, where a member without a stance of its own shows that of the bloc that stated last, one level up."""
    known = up_to(log, question.known_at)
    closed, members = closings(known, on), memberships(known, on)
    everybody = timelines(log, question.of_everybody(), on)
    rows = {pair: state_row(timeline, closed) | {"inherited_from": None} for pair, timeline in everybody.items()}
    own = dict(rows)
    for issue in {issue for issue, _ in everybody}:
        for member, joined in members.items():
            holding = [bloc for bloc in joined if stance_of(own, (issue, bloc)) is not None]
            if stance_of(own, (issue, member)) is None and holding:
                bloc = max(holding, key=lambda bloc: order(everybody[issue, bloc][-1]))
                row = own[issue, bloc]
                differ = len({own[issue, bloc]["stance"] for bloc in holding}) > 1
                rows[issue, member] = row | {
                    "party": member,
                    "since": max(row["since"], joined[bloc]),
                    "contested": row["contested"] or differ,
                    "inherited_from": bloc,
                }
    return [rows[pair] for pair in sorted(rows) if question.party(pair[1])]


def stance_of(rows: dict[Pair, Row], pair: Pair) -> str | None:
    return rows[pair]["stance"] if pair in rows else None


# --- what changed ---------------------------------------------------------------------------------


def history(log: Log, question: Question, on: str) -> list[Row]:
    """Every step up to a day, by issue and party, with what it did to the stance."""
    return [
        change(timeline[: place + 1])
        for timeline in timelines(log, question, on).values()
        for place in range(len(timeline))
    ]


def change(timeline: Timeline) -> Row:
    """What the last step of a timeline did."""
    last, data = timeline[-1], timeline[-1].data
    return {
        "party": data["party"],
        "issue": data["issue"],
        "on": effective(last),
        "stated_on": stated(data),
        "kind": kind_of_change(timeline),
        "from_stance": stance(timeline[-2]) if len(timeline) > 1 else None,
        "to_stance": stance(last),
        "event_id": last.id,
        "summary": data["summary"],
        "quote": words(data),
        "source": data.get("source"),
        "speaker": data.get("speaker"),
        "standing": standing(last),
        "attribution": attribution(data),
    }


def kind_of_change(timeline: Timeline) -> str:
    before, last = timeline[:-1], timeline[-1]
    then, now = stance(before[-1]) if before else None, stance(last)
    if now is None:
        return "withdrawn"
    if then is None:
        return "new"
    if then == now:
        said = last.data.get("conditions")
        return "amended" if said is not None and set(said) != set(conditions_in_force(before)) else "reaffirmed"
    if (DEGREES[then] > 0 > DEGREES[now]) or (DEGREES[then] < 0 < DEGREES[now]):
        return "reversed"
    return "towards" if DEGREES[now] > DEGREES[then] else "away"


def report(log: Log, question: Question, after: str, until: str, known_from: int | None = None) -> Row:
    """The change report from one day to another; with the cut of an earlier one also what was learned since."""
    known = up_to(log, question.known_at)
    learned = {} if known_from is None else {
        "known_from": known_from,
        "learned": learned_since(log, question, after, known_from),
        "learned_context": context_learned_since(known, question, after, known_from),
    }  # fmt: skip
    return learned | {
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
        "left_out_undated": left_out_undated(log, question, until),
        "changes": [row for row in history(log, question, until) if row["on"] > after],
        "net": net(log, question, after, until),
        "corrections": corrections(known, question, after, until),
        "relations": relations(log, question, after, until),
        "context": context(known, question, after, until),
    }


def chain_hash(log: Log) -> str:
    found = bytes(32)
    for entry in log:
        line = json.dumps(
            entry.line | {"position": entry.position}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        found = hashlib.sha256(found + line.encode()).digest()
    return found.hex()


def stances(log: Log, question: Question, on: str) -> dict[Pair, str | None]:
    return {pair: stance(timeline[-1]) for pair, timeline in timelines(log, question, on).items()}


def net(log: Log, question: Question, after: str, until: str) -> list[Row]:
    then, now = stances(log, question, after), stances(log, question, until)
    return [
        {"issue": issue, "party": party, "from_stance": then.get((issue, party)), "to_stance": to_stance}
        for (issue, party), to_stance in now.items()
        if then.get((issue, party)) != to_stance
    ]


def corrections(known: Log, question: Question, after: str, until: str) -> list[Row]:
    """What we corrected or retracted of what took effect between two days, on either side of the correction."""
    said, rows = versions(known), []
    for entry in known:
        old, new = said.get(entry.target or ""), said.get(entry.id)
        if old is None or old.kind not in STATEMENT:
            continue
        sides = [side for side in (old, new) if side is not None]
        if any(after < effective(side) <= until for side in sides) and any(question.includes(s.data) for s in sides):
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
            }
            rows.append(row | revision(entry))
    return rows


def revision(entry: Entry) -> Row:
    reason = entry.data.get("reason")
    return {"reason": reason, "recorded_by": entry.recorded_by, "recorded_at": entry.recorded_at}


def relations(log: Log, question: Question, after: str, until: str) -> list[Row]:
    """Two parties, both with a stance on both days, that stand otherwise to each other on the second."""
    everybody = question.of_everybody()
    then, now = stances(log, everybody, after), stances(log, everybody, until)
    rows = []
    for issue in sorted({issue for issue, _ in now}):
        present = sorted(p for i, p in now if i == issue and now[i, p] and then.get((i, p)))
        for one, other in combinations(present, 2):
            before = relation(then[issue, one], then[issue, other])
            after_it = relation(now[issue, one], now[issue, other])
            if before != after_it and (question.party(one) or question.party(other)):
                rows.append({"issue": issue, "parties": [one, other], "from_relation": before, "to_relation": after_it})
    return rows


def relation(one: str | None, other: str | None) -> str:
    assert one is not None
    assert other is not None
    sides = {(DEGREES[it] > 0) - (DEGREES[it] < 0) for it in (one, other)}
    if 0 in sides:
        return "open"
    return "agree" if len(sides) == 1 else "opposed"


def context(known: Log, question: Question, after: str, until: str) -> list[Row]:
    """What happened between two days that concerns the question: no positions, but what stands around them."""
    found = [v for v in counting(known) if v.kind in HAPPENED]
    found = [v for v in found if after < v.data["on"] <= until and question.concerns(*about(v))]
    rows = []
    for version in sorted(found, key=lambda v: (v.data["on"], v.rank)):
        row = {"on": version.data["on"], "kind": HAPPENED[version.kind][0], "source": None}
        rows.append(row | happening(version) | {"source": version.data.get("source"), "event_id": version.id})
    return rows


def about(version: Version) -> tuple[list[str], list[str]]:
    """The parties and issues that an occurrence names."""
    data = version.data
    if version.kind.startswith("membership."):
        return [data["party"], data["bloc"]], []
    return data.get("parties", []), [data["issue"]] if version.kind.startswith("issue.") else data.get("issues", [])


def happening(version: Version) -> Row:
    data, (parties, issues) = version.data, about(version)
    outcome = None
    if version.kind == "milestone.noted":
        title = data["title"]
    elif version.kind.startswith("membership."):
        title = f"{data['party']} {HAPPENED[version.kind][0]} {data['bloc']}"
    elif version.kind == "issue.reworded":
        new = [f"the {name} is now “{data[name]}”" for name in ("question", "title") if name in data]
        title = f"{data['issue']}: {', '.join(new)}"
    else:
        outcome = data["outcome"]
        title = data.get("note") or f"{data['issue']}: {outcome}"
    return {"title": title, "parties": parties, "issues": issues, "outcome": outcome}


# --- what was learned since an earlier report -----------------------------------------------------


def learned_since(whole: Log, question: Question, day: str, known_from: int) -> list[Row]:
    """What was recorded since that bears on a statement of the earlier report's days, a row for each pair."""
    known = up_to(whole, question.known_at)
    then = stances(known[:known_from], Question(None, question.published_by, attributions=question.attributions), day)
    now = stances(whole, question.of_everybody(), day)
    rows = []
    for entry in known[known_from:]:
        of, source, touched = bears_on(known, entry)
        asked = [v for v in touched if effective(v) <= day and question.includes(v.data)]
        by_pair = {(v.data["issue"], v.data["party"]): v for v in asked}
        for pair in sorted(by_pair):
            version = by_pair[pair]
            row = {
                "event_id": entry.id,
                "kind": word_of(entry),
                "of": of,
                "party": pair[1],
                "issue": pair[0],
                "on": effective(version),
                "summary": version.data["summary"],
                "source": source or version.data.get("source"),
                "speaker": version.data.get("speaker"),
                "difference": difference(known, entry),
                "from_stance": then.get(pair),
                "to_stance": now.get(pair),
            }
            rows.append(row | revision(entry))
    return rows


def bears_on(known: Log, entry: Entry) -> tuple[str, str | None, list[Version]]:
    """What an entry is about, its source if that is not the statement's own, and the statements it bears on."""
    said = versions(known)
    sides = [said[key] for key in (entry.target, entry.id) if key in said]
    first, last = sides[0], sides[-1]
    if first.kind in STATEMENT:
        return "statement", None, sides
    there = [v for v in counting(known) if v.kind in STATEMENT]
    if first.kind == "statement.corroborated":
        rank = said[first.data["target"]].rank
        return "corroboration", last.data["source"], [v for v in there if v.rank == rank]
    if first.kind == "source.registered" and entry.target is not None:
        source = first.data["source"]
        before, after = known[: entry.position - 1], known[: entry.position]
        if source_day(before, source) != source_day(after, source):
            citing = {
                said[v.data["target"]].rank
                for v in counting(known)
                if v.kind == "statement.corroborated" and v.data["source"] == source
            }
            return "source", source, [v for v in there if v.rank in citing or v.data.get("source") == source]
    return "nothing", None, []


def word_of(entry: Entry) -> str:
    return {
        "entry.corrected": "corrected",
        "entry.retracted": "retracted",
        "statement.corroborated": "corroborated",
        "position.stated": "stated",
        "position.withdrawn": "withdrawn",
        "milestone.noted": "noted",
        "issue.closed": "closed",
        "issue.reworded": "noted",
        "membership.started": "noted",
        "membership.ended": "noted",
    }[entry.kind]


def difference(known: Log, entry: Entry) -> list[Row]:
    """The fields that a correction changes, by name; the category of a milestone, which versions differ in, aside."""
    if entry.kind != "entry.corrected":
        return []
    said = versions(known)
    before, after = said[entry.data["target"]].data, said[entry.id].data
    return [
        {"field": name, "before": before.get(name), "after": after.get(name)}
        for name in sorted({*before, *after} - {"category"})
        if before.get(name) != after.get(name)
    ]


def context_learned_since(known: Log, question: Question, day: str, known_from: int) -> list[Row]:
    """What happened in the earlier report's days and was recorded or revised since."""
    said, rows = versions(known), []
    for entry in known[known_from:]:
        sides = [said[key] for key in (entry.target, entry.id) if key in said]
        if sides[0].kind not in HAPPENED:
            continue
        if any(side.data["on"] <= day and question.concerns(*about(side)) for side in sides):
            of = HAPPENED[sides[0].kind][1]
            row = {"event_id": entry.id, "kind": word_of(entry), "of": of, "on": sides[-1].data["on"]}
            row |= happening(sides[-1]) | {"difference": difference(known, entry)}
            rows.append(row | revision(entry))
    return rows


# --- what was asked -------------------------------------------------------------------------------


def asks(log: Log, question: Question, on: str) -> list[Row]:
    """What parties put to each other up to a day, each with the first answer."""
    closed = closings(up_to(log, question.known_at), on)
    everybody = timelines(
        log, Question(question.known_at, question.published_by, attributions=question.attributions), on
    )
    steps = sorted((version for timeline in everybody.values() for version in timeline), key=order)
    rows = []
    for ask in steps:
        data = ask.data
        if data.get("act") not in ASKING or not question.issue(data["issue"]):
            continue
        for to in dict.fromkeys(data.get("addressed_to", ())):
            if not (question.party(data["party"]) or question.party(to)):
                continue
            later = [v for v in steps if order(v) > order(ask) and stance(v) is not None]
            below = Question(parties=frozenset({to}), issues=frozenset({data["issue"]}))
            answer = next((v for v in later if below.includes(v.data)), None)
            rows.append(
                {
                    "party": data["party"],
                    "to": to,
                    "issue": data["issue"],
                    "act": data["act"],
                    "open_since": effective(ask),
                    "stated_on": stated(data),
                    "stance": data["stance"],
                    "summary": data["summary"],
                    "quote": words(data),
                    "conditions": data.get("conditions"),
                    "speaker": data.get("speaker"),
                    "standing": standing(ask),
                    "attribution": attribution(data),
                    "source": data.get("source"),
                    "event_id": ask.id,
                    "position": ask.entry.position,
                    "answered_by": answer.id if answer else None,
                    "answered_on": effective(answer) if answer else None,
                    "answer_issue": answer.data["issue"] if answer else None,
                    "answer_stance": stance(answer),
                    "closed": closed.get(data["issue"]),
                }
            )
    return sorted(rows, key=lambda row: (row["issue"], row["party"], row["to"]))
