"""What parties held over time with inheritance, from the plain lines: every point of time is worked out from nothing.

A point is a statement in the order of a pair, or a change of membership, all of which come first on their day.
"""

from itertools import combinations
from typing import Any

from tests.oracle.answers import change, government, kind_of_movement, way_through, ways_up
from tests.oracle.learned import context_learned_since, learned_since
from tests.oracle.occurrences import HAPPENED, context, context_corrections
from tests.oracle.replay import (
    Log,
    Question,
    Row,
    Timeline,
    Version,
    attribution,
    conditions_in_force,
    days_before,
    effective,
    facts,
    is_public_source,
    left_out_undated,
    order,
    reworded,
    stance,
    standing,
    timelines,
    up_to,
)
from tests.oracle.report import corrections, heading, relation

Point = tuple[str, int, int, int]
Blocs = dict[str, dict[str, str]]


class World:
    """Everything that bears on what parties held up to a day, for a question without its filter by party."""

    def __init__(self, log: Log, question: Question, until: str) -> None:
        self.known = up_to(log, question.known_at)
        self.question = question
        self.until = until
        self.timelines = timelines(log, question.of_everybody(), until)
        self.changes = facts(self.known, question, until, "membership.started", "membership.ended")

    def parties(self) -> list[str]:
        return sorted({party for _, party in self.timelines} | {one.data["party"] for one in self.changes})

    def issues(self) -> list[str]:
        return sorted({issue for issue, _ in self.timelines})

    def blocs(self, at: Point) -> Blocs:
        """Who belongs to what at a point."""
        joined: Blocs = {}
        for one in self.changes:
            if (one.data["on"], 0, 0, one.rank) > at:
                continue
            mine, bloc = joined.setdefault(one.data["party"], {}), one.data["bloc"]
            if one.kind == "membership.ended":
                mine.pop(bloc, None)
            else:
                mine.setdefault(bloc, one.data["on"])
        return joined

    def said(self, issue: str, party: str, at: Point) -> Timeline:
        """What a party had said at a point."""
        return [one for one in self.timelines.get((issue, party), []) if point(one) <= at]

    def held(self, issue: str, party: str, at: Point) -> Timeline:
        """The timeline that ends with what a party held: with a stance, its own or a bloc's, or with its withdrawal."""
        own = self.said(issue, party, at)
        if own and stance(own[-1]):
            return own
        ways = ways_up(party, self.blocs(at))
        theirs = {bloc: self.said(issue, bloc, at) for bloc in ways}
        able = {bloc: said for bloc, said in theirs.items() if said and stance(said[-1])}
        nearest = min((ways[bloc][0] for bloc in able), default=0)
        return max((said for bloc, said in able.items() if ways[bloc][0] == nearest), key=last_order, default=own)

    def points(self, issue: str) -> list[tuple[Point, Version]]:
        said = [one for (about, _), timeline in self.timelines.items() if about == issue for one in timeline]
        found = [(point(one), one) for one in said]
        found += [((one.data["on"], 0, 0, one.rank), one) for one in self.changes]
        return sorted(found, key=lambda one: one[0])


def point(said: Version) -> Point:
    day, sequence, rank = order(said)
    return day, 1, sequence, rank


def last_order(timeline: Timeline) -> Any:
    return order(timeline[-1])


def end_of(day: str) -> Point:
    return day, 2, 0, 0


def begin_of(day: str) -> Point:
    """After all changes of membership on a day, before all statements."""
    return day, 1, -(10**9), 0


def is_same(one: Timeline, other: Timeline) -> bool:
    """Whether two timelines end in one stance, or both in none."""
    ends = [(held[-1].id if held and stance(held[-1]) else None) for held in (one, other)]
    return ends[0] == ends[1]


# --- the history ----------------------------------------------------------------------------------


def inherited_history(log: Log, question: Question, on: str) -> list[Row]:
    """Every step up to a day, by issue and party: of its own, and those that it took with its blocs."""
    world = World(log, question, on)
    return [
        row
        for issue in world.issues()
        for party in world.parties()
        if question.party(party)
        for row in steps(world, issue, party)
    ]


def steps(world: World, issue: str, party: str) -> list[Row]:
    rows: list[Row] = []
    before: Timeline = []
    points = world.points(issue)
    for number, (at, one) in enumerate(points):
        now = world.held(issue, party, at)
        if one.kind.startswith("membership."):
            following = points[number + 1][0] if number + 1 < len(points) else end_of(at[0])
            if following[:2] == at[:2]:
                continue  # the last change of a day tells what all of them did
            after = world.held(issue, party, begin_of(at[0]))
            if not is_same(before, after):
                rows.append(taken(world, issue, party, at[0], before, after, cause(world, issue, party, at[0])))
            before = after
            continue
        if one.data["party"] == party:
            own = world.said(issue, party, at)
            rows.append(taken(world, issue, party, at[0], before, own, ("stated", one)))
            before = own
        if not is_same(before, now):
            took = now if now and stance(now[-1]) else world.said(issue, one.data["party"], at)
            because = "stated" if took[-1] is one else "withdrawn"
            rows.append(taken(world, issue, party, at[0], before, took, (because, one)))
        before = now
    if rows and before:
        rows[-1]["government_since"] = government(world.known, world.question, before[-1], world.until)
    return rows


def cause(world: World, issue: str, party: str, day: str) -> tuple[str, Version]:
    """The last change of membership on a day that changed what a party held, and what it was."""
    found = None
    of_day = [one for one in world.changes if one.data["on"] == day]
    held = world.held(issue, party, (day, 0, 0, 0))
    for one in of_day:
        now = world.held(issue, party, (day, 0, 0, one.rank))
        if not is_same(held, now):
            found = one
        held = now
    assert found is not None
    return {"membership.started": "joined", "membership.ended": "left"}[found.kind], found


def taken(
    world: World, issue: str, party: str, on: str, before: Timeline, after: Timeline, why: tuple[str, Version]
) -> Row:
    because, of = why
    last = before[-1] if before else None
    known, question = world.known, world.question
    gone = not (after and (stance(after[-1]) or because == "stated"))
    if gone:
        source = of.data.get("source")
        row: Row = {
            "stated_on": on,
            "kind": "lost",
            "to_stance": None,
            "event_id": of.id,
            "summary": f"{of.data['party']} {HAPPENED[of.kind][0]} {of.data['bloc']}",
            "quote": None,
            "source": source if is_public_source(known, source, question.published_by) else None,
            "speaker": None,
            "standing": None,
            "attribution": None,
            "on_behalf_of": [],
            "ascribed_by": None,
            "reworded": False,
            "government_since": None,
        }
    else:
        row = change(after, known, question, world.until)
        row["kind"] = kind_of_movement(
            stance(last), stance(after[-1]), conditions_in_force(before) if before else [], conditions_in_force(after)
        )
    bloc = None if gone or after[-1].data["party"] == party else after[-1].data["party"]
    first, until = days_in(world, party, bloc, on) if bloc else (None, None)
    return row | {
        "party": party,
        "issue": issue,
        "on": on,
        "from_stance": stance(last),
        "from_attribution": attribution(last.data) if last else None,
        "from_standing": standing(last) if last else None,
        "from_reworded": last is not None and reworded(known, question, issue, effective(last), on),
        "from_government_since": government(known, question, last, on),
        "inherited_from": bloc,
        "from_inherited_from": whose(party, last),
        "because": because,
        "because_of": of.id,
        "member_since": first,
        "member_until": until,
        "through": way_through(party, bloc, world.blocs(begin_of(on))) if bloc else None,
    }


def whose(party: str, held: Version | None) -> str | None:
    """The bloc whose stance a party holds."""
    return held.data["party"] if held and stance(held) and held.data["party"] != party else None


def days_in(world: World, party: str, bloc: str, on: str) -> tuple[str, str | None]:
    """Since when a party belongs to a bloc on a day, and the last day of that."""
    since = ways_up(party, world.blocs(begin_of(on)))[bloc][1]
    later = sorted({one.data["on"] for one in world.changes if one.data["on"] > on})
    left = [day for day in later if bloc not in ways_up(party, world.blocs(begin_of(day)))]
    return since, days_before(left[0], 1) if left else None


# --- the report -----------------------------------------------------------------------------------


def inherited_report(log: Log, question: Question, after: str, until: str, known_from: int) -> Row:
    world = World(log, question, until)
    known = world.known
    above = {bloc for one in question.parties for bloc in ever_above(world, one)}
    wide = Question(
        question.known_at,
        question.published_by,
        question.parties | above if question.parties else question.parties,
        question.issues,
        question.attributions,
    )
    return heading(known, question, after, until) | {
        "inherit": True,
        "left_out_undated": left_out_undated(log, wide, until),
        "changes": [row for row in inherited_history(log, question, until) if row["on"] > after],
        "net": net(world, after, until),
        "corrections": corrections(known, wide, after, until),
        "context_corrections": context_corrections(known, wide, after, until),
        "known_from": known_from,
        "learned": learned_since(log, wide, (after, until), known_from),
        "learned_context": context_learned_since(known, wide, after, known_from),
        "relations": relations(world, after, until),
        "context": context(known, wide, after, until),
    }


def ever_above(world: World, party: str) -> set[str]:
    """The blocs to which a party ever belonged."""
    return {bloc for one in world.changes for bloc in ways_up(party, world.blocs((one.data["on"], 0, 0, one.rank)))}


def net(world: World, after: str, until: str) -> list[Row]:
    rows = []
    for issue in world.issues():
        for party in world.parties():
            then, now = (last(world.held(issue, party, end_of(day))) for day in (after, until))
            if stance(then) != stance(now) and world.question.party(party):
                rows.append(
                    {
                        "issue": issue,
                        "party": party,
                        "from_stance": stance(then),
                        "to_stance": stance(now),
                        "from_attribution": attribution(then.data) if then else None,
                        "to_attribution": attribution(now.data) if now else None,
                        "from_reworded": is_reworded(world, issue, then, until),
                        "reworded": is_reworded(world, issue, now, until),
                        "from_standing": standing(then) if then else None,
                        "to_standing": standing(now) if now else None,
                        "from_inherited_from": whose(party, then),
                        "to_inherited_from": whose(party, now),
                    }
                )
    return rows


def last(timeline: Timeline) -> Version | None:
    return timeline[-1] if timeline else None


def is_reworded(world: World, issue: str, held: Version | None, until: str) -> bool:
    return held is not None and reworded(world.known, world.question, issue, effective(held), until)


def relations(world: World, after: str, until: str) -> list[Row]:
    """Two parties with a stance on both days, not the same statements, that stand otherwise to each other."""
    rows = []
    for issue in world.issues():
        both = {
            party: [last(world.held(issue, party, end_of(day))) for day in (after, until)] for party in world.parties()
        }
        present = {party: held for party, held in both.items() if stance(held[0]) and stance(held[1])}
        for one, other in combinations(sorted(present), 2):
            if [v and v.id for v in present[one]] == [v and v.id for v in present[other]]:
                continue
            if not (world.question.party(one) or world.question.party(other)):
                continue
            then, now = zip(present[one], present[other], strict=True)
            words = [relation(*map(stance, held)) for held in (then, now)]
            if words[0] != words[1]:
                rows.append(
                    {
                        "issue": issue,
                        "parties": [one, other],
                        "from_relation": words[0],
                        "to_relation": words[1],
                        "from_attributions": [attribution(held.data) for held in then if held],
                        "to_attributions": [attribution(held.data) for held in now if held],
                        "reworded": any(is_reworded(world, issue, held, until) for held in (*then, *now)),
                        "from_standings": [standing(held) for held in then if held],
                        "to_standings": [standing(held) for held in now if held],
                        "from_inherited_from": [whose(one, then[0]), whose(other, then[1])],
                        "to_inherited_from": [whose(one, now[0]), whose(other, now[1])],
                    }
                )
    return rows
