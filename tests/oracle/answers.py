"""The answers as data: state, history, change report, asks (DESIGN sections 7 and 8), from the plain lines."""

import hashlib
import json
from itertools import combinations
from typing import Any

from tests.oracle.replay import (
    DEGREES,
    EVIDENCE,
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
    governments,
    in_public,
    is_public,
    is_public_fact,
    is_public_source,
    left_out_undated,
    memberships,
    order,
    reworded,
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
    known = up_to(log, question.known_at)
    return [state_row(timeline, known, question, on) for timeline in timelines(log, question, on).values()]


def state_row(timeline: Timeline, known: Log, question: Question, on: str) -> Row:
    last, data = timeline[-1], timeline[-1].data
    government = max(governments(known, question, data["party"], on), default="")
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
        "closed": closings(known, question, on).get(data["issue"]),
        "reworded": reworded(known, question, data["issue"], effective(last), on),
        "government_since": government if government > effective(last) else None,
        "on_behalf_of": data.get("on_behalf_of", []),
        "ascribed_by": data.get("ascribed_by"),
    }


def inherited_state(log: Log, question: Question, on: str) -> list[Row]:
    """The same, where a member without a stance of its own shows that of its nearest bloc that stated last."""
    known = up_to(log, question.known_at)
    members = memberships(known, question, on)
    everybody = timelines(log, question.of_everybody(), on)
    rows = {
        pair: state_row(timeline, known, question, on) | {"inherited_from": None}
        for pair, timeline in everybody.items()
    }
    own = dict(rows)
    for issue in {issue for issue, _ in everybody}:
        for member in members:
            ways = ways_up(member, members)
            able = [bloc for bloc in ways if stance_of(own, (issue, bloc)) is not None]
            nearest = min((ways[bloc][0] for bloc in able), default=0)
            joined = {bloc: since for bloc, (steps, since) in ways.items()}
            holding = [bloc for bloc in able if ways[bloc][0] == nearest]
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


def ways_up(member: str, members: dict[str, dict[str, str]]) -> dict[str, tuple[int, str]]:
    """Every bloc that a member belongs to, through others too: in how many steps, and since when on those ways."""
    found: dict[str, tuple[int, str]] = {}

    def climb(party: str, steps: int, since: str, way: tuple[str, ...]) -> None:
        for bloc, day in members.get(party, {}).items():
            if bloc not in way:
                here = (steps, max(since, day))
                found[bloc] = min(found.get(bloc, here), here)
                climb(bloc, steps + 1, here[1], (*way, bloc))

    climb(member, 1, "", (member,))
    return found


def stance_of(rows: dict[Pair, Row], pair: Pair) -> str | None:
    return rows[pair]["stance"] if pair in rows else None


# --- what changed ---------------------------------------------------------------------------------


def history(log: Log, question: Question, on: str) -> list[Row]:
    """Every step up to a day, by issue and party, with what it did to the stance."""
    known = up_to(log, question.known_at)
    return [
        change(timeline[: place + 1], known, question, on)
        for timeline in timelines(log, question, on).values()
        for place in range(len(timeline))
    ]


def change(timeline: Timeline, known: Log, question: Question, on: str) -> Row:
    """What the last step of a timeline did, as an answer up to a day shows it."""
    last, data = timeline[-1], timeline[-1].data
    before = timeline[-2] if len(timeline) > 1 else None
    return {
        "party": data["party"],
        "issue": data["issue"],
        "on": effective(last),
        "stated_on": stated(data),
        "kind": kind_of_change(timeline),
        "from_stance": stance(before),
        "to_stance": stance(last),
        "event_id": last.id,
        "summary": data["summary"],
        "quote": words(data),
        "source": data.get("source"),
        "speaker": data.get("speaker"),
        "standing": standing(last),
        "attribution": attribution(data),
        "from_attribution": attribution(before.data) if before else None,
        "from_reworded": before is not None
        and reworded(known, question, data["issue"], effective(before), effective(last)),
        "on_behalf_of": data.get("on_behalf_of", []),
        "ascribed_by": data.get("ascribed_by"),
        "from_standing": standing(before) if before else None,
        "reworded": reworded(known, question, data["issue"], effective(last), on),
    }


def kind_of_change(timeline: Timeline) -> str:
    before, last = timeline[:-1], timeline[-1]
    in_force = conditions_in_force(before) if before else []
    return kind_of_movement(
        stance(before[-1]) if before else None, stance(last), in_force, last.data.get("conditions", in_force)
    )


def kind_of_movement(then: str | None, now: str | None, in_force: list[str], conditions: list[str]) -> str:
    """What a stance with its conditions did to the one before it and those that were in force."""
    if now is None:
        return "withdrawn"
    if then is None:
        return "new"
    if then == now:
        return "amended" if set(conditions) != set(in_force) else "reaffirmed"
    if (then == "supports" and DEGREES[now] < 0) or (DEGREES[then] < 0 and now == "supports"):
        return "reversed"
    return "towards" if DEGREES[now] > DEGREES[then] else "away"


def report(log: Log, question: Question, after: str, until: str, known_from: int | None = None) -> Row:
    """The change report from one day to another; with the cut of an earlier one also what was learned since."""
    known = up_to(log, question.known_at)
    learned = {} if known_from is None else {
        "known_from": known_from,
        "learned": learned_since(log, question, (after, until), known_from),
        "learned_context": context_learned_since(known, question, after, known_from),
    }  # fmt: skip
    return learned | {
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
        "left_out_undated": left_out_undated(log, question, until),
        "changes": [row for row in history(log, question, until) if row["on"] > after],
        "net": net(log, question, after, until),
        "corrections": corrections(known, question, after, until),
        "context_corrections": context_corrections(known, question, after, until),
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


def lasts(log: Log, question: Question, on: str) -> dict[Pair, Version]:
    return {pair: timeline[-1] for pair, timeline in timelines(log, question, on).items()}


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
            }
            rows.append(row | revision(entry))
    return rows


def context_corrections(known: Log, question: Question, after: str, until: str) -> list[Row]:
    """The same of what is no position: milestones, closings, rewordings, memberships."""
    said, rows, by = versions(known), [], question.published_by
    for entry in known:
        sides = [said[key] for key in (entry.target, entry.id) if key in said] if entry.target else []
        if not sides or sides[0].kind not in HAPPENED:
            continue
        public = any(is_public_fact(known, side, by) for side in sides)
        in_window = any(after < side.data["on"] <= until for side in sides)
        if public and in_window and any(question.concerns(*about(side)) for side in sides):
            row = {"event_id": entry.id, "kind": word_of(entry), "of": HAPPENED[sides[0].kind][1]}
            row |= {"on": sides[-1].data["on"]} | happening(sides[-1])
            rows.append(row | {"difference": difference(known, entry, by)} | revision(entry))
    return rows


def revision(entry: Entry) -> Row:
    reason = entry.data.get("reason")
    return {"reason": reason, "recorded_by": entry.recorded_by, "recorded_at": entry.recorded_at}


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


def context(known: Log, question: Question, after: str, until: str) -> list[Row]:
    """What happened between two days that concerns the question: no positions, but what stands around them."""
    found = [v for v in counting(known) if v.kind in HAPPENED]
    found = [v for v in found if after < v.data["on"] <= until and question.concerns(*about(v))]
    found = [v for v in found if is_public_fact(known, v, question.published_by)]
    rows = []
    for version in sorted(found, key=lambda v: (v.data["on"], v.rank)):
        row = {"on": version.data["on"], "kind": HAPPENED[version.kind][0], "source": None}
        source = version.data.get("source")
        source = source if is_public_source(known, source, question.published_by) else None
        rows.append(row | happening(version) | {"source": source, "event_id": version.id})
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


def learned_since(whole: Log, question: Question, days: tuple[str, str], known_from: int) -> list[Row]:
    """What was recorded since that bears on a statement of the earlier report's days, a row for each pair."""
    known, (day, until) = up_to(whole, question.known_at), days
    then = lasts(known[:known_from], Question(None, question.published_by, attributions=question.attributions), day)
    now = lasts(whole, question.of_everybody(), day)
    rows = []
    for entry in known[known_from:]:
        by = question.published_by
        of, source, touched = bears_on(known, entry, by)
        touched = [v for v in touched if any(is_on_public_record(part, v, by) for part in (known[:known_from], known))]
        source = source if is_public_source(known, source, by) else None
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
                "source": in_public(known, version, by).data.get("source") if of == "statement" else source,
                "speaker": version.data.get("speaker"),
                "difference": difference(known, entry, by),
                "from_stance": stance(then.get(pair)),
                "to_stance": stance(now.get(pair)),
                "on_behalf_of": version.data.get("on_behalf_of", []),
                "ascribed_by": version.data.get("ascribed_by"),
            }
            for side, held in (("from", then.get(pair)), ("to", now.get(pair))):
                row[f"{side}_attribution"] = attribution(held.data) if held else None
                row[f"{side}_standing"] = standing(held) if held else None
                earlier = held is not None and reworded(known, question, pair[0], effective(held), until)
                row["from_reworded" if side == "from" else "reworded"] = earlier
            rows.append(row | revision(entry))
    return rows


def is_on_public_record(log: Log, statement: Version, by: str | None) -> bool:
    """Whether a statement, as it was corrected up to then, was public by a day."""
    return by is None or any(v.rank == statement.rank and is_public(log, v, by) for v in counting(log))


def bears_on(known: Log, entry: Entry, by: str | None) -> tuple[str, str | None, list[Version]]:
    """What an entry is about, its source if that is not the statement's own, and the statements it bears on.

    A source that was not public by a day bears on nothing.
    """
    said = versions(known)
    sides = [said[key] for key in (entry.target, entry.id) if key in said]
    first, last = sides[0], sides[-1]
    if first.kind in STATEMENT:
        return "statement", None, sides
    there = [v for v in counting(known) if v.kind in STATEMENT]
    if first.kind == "statement.corroborated":
        rank = said[first.data["target"]].rank
        if not any(is_public_source(known, side.data["source"], by) for side in sides):
            return "nothing", None, []
        return "corroboration", last.data["source"], [v for v in there if v.rank == rank]
    if first.kind == "source.registered" and entry.target is not None:
        source = first.data["source"]
        before, after = known[: entry.position - 1], known[: entry.position]
        days = [source_day(before, source), source_day(after, source)]
        if days[0] != days[1] and (by is None or any(day is not None and day <= by for day in days)):
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


def difference(known: Log, entry: Entry, by: str | None) -> list[Row]:
    """The fields that a correction changes, by name; the category of a milestone, which versions differ in, aside.

    A side whose source was not public shows none of its evidence.
    """
    if entry.kind != "entry.corrected":
        return []
    said = versions(known)
    before, after = (dict(said[key].data) for key in (entry.data["target"], entry.id))
    for side in (before, after):
        for name in () if is_public_source(known, side.get("source"), by) else EVIDENCE:
            side.pop(name, None)
    return [
        {"field": name, "before": before.get(name), "after": after.get(name)}
        for name in sorted({*before, *after} - {"category"})
        if before.get(name) != after.get(name)
    ]


def context_learned_since(known: Log, question: Question, day: str, known_from: int) -> list[Row]:
    """What happened in the earlier report's days and was recorded or revised since."""
    said, rows, before, by = versions(known), [], known[:known_from], question.published_by
    left_out = {v.id for v in counting(known) if v.kind in HAPPENED and not is_public_fact(before, v, by)}
    for entry in known:
        late = entry.position > known_from
        sides = [said[key] for key in (entry.target if late else None, entry.id) if key in said]
        sides = [side for side in sides if side.kind in HAPPENED and (late or side.id in left_out)]
        sides = [side for side in sides if is_public_fact(known, side, question.published_by)]
        if any(side.data["on"] <= day and question.concerns(*about(side)) for side in sides):
            of = HAPPENED[sides[0].kind][1]
            word = word_of(entry) if late else "left out"
            row = {"event_id": entry.id, "kind": word, "of": of, "on": sides[-1].data["on"]}
            row |= happening(sides[-1]) | {"difference": difference(known, entry, by) if late else []}
            rows.append(row | revision(entry) | ({} if late else {"reason": None}))
    return rows


# --- what was asked -------------------------------------------------------------------------------


def ended_by(closing: dict[str, str] | None, asked_on: str) -> dict[str, str] | None:
    """The closing of an issue, unless the ask was made after it."""
    return closing if closing is not None and closing["on"] >= asked_on else None


def asks(log: Log, question: Question, on: str, *, inherit: bool = False) -> list[Row]:
    """What parties put to each other up to a day, each with the first answer."""
    known = up_to(log, question.known_at)
    closed = closings(known, question, on)
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
            blocs = ways_up(to, memberships(known, question, on)) if inherit else {}
            below = Question(parties=frozenset({to, *blocs}), issues=frozenset({data["issue"]}))
            later = [v for v in later if below.includes(v.data)]
            own = [v for v in steps if (v.data["issue"], v.data["party"]) == (data["issue"], data["party"])]
            gone = next((v for v in own if order(v) > order(ask) and stance(v) is None), None)
            in_time = [v for v in later if gone is None or order(v) < order(gone)]
            answer = next((v for v in in_time if answers(v, data)), None)
            government = max(governments(known, question, data["party"], on), default="")
            since = later[0] if later and answer is None else None
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
                    "closed": ended_by(closed.get(data["issue"]), effective(ask)),
                    "answer_attribution": attribution(answer.data) if answer else None,
                    "said_since_by": since.id if since else None,
                    "said_since_on": effective(since) if since else None,
                    "said_since_issue": since.data["issue"] if since else None,
                    "said_since_stance": stance(since),
                    "said_since_attribution": attribution(since.data) if since else None,
                    "reworded": reworded(known, question, data["issue"], effective(ask), on),
                    "answer_party": answer.data["party"] if answer else None,
                    "said_since_party": since.data["party"] if since else None,
                    "withdrawn_by": gone.id if gone else None,
                    "withdrawn_on": effective(gone) if gone else None,
                    "on_behalf_of": data.get("on_behalf_of", []),
                    "ascribed_by": data.get("ascribed_by"),
                    "government_since": government if government > effective(ask) else None,
                }
            )
    return sorted(rows, key=lambda row: (row["issue"], row["party"], row["to"]))


def answers(position: Version, ask: Row) -> bool:
    """Whether what is stated later at or below an ask's issue answers it, or was only said since."""
    told = position.data["issue"] == ask["issue"] or ask["party"] in position.data.get("addressed_to", [])
    return told and attribution(position.data) != "inferred"
