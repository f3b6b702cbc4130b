"""What parties held over time with inheritance, from the plain lines: every point of time is worked out from nothing.

A point is a statement in the order of a pair, or a change of membership, all of which come first on their day.
"""

from itertools import combinations
from typing import Any

from tests.oracle.answers import (
    Members,
    change,
    government,
    inherited_state,
    left_blocs,
    passing_on,
    way_through,
    ways_up,
    without,
)
from tests.oracle.circumstances import day_of, facts, is_own, options_beside, reworded
from tests.oracle.learned import context_learned_since, learned_since
from tests.oracle.occurrences import HAPPENED, context, context_corrections
from tests.oracle.replay import (
    Log,
    Question,
    Row,
    Timeline,
    Version,
    attribution,
    days_before,
    effective,
    is_public_source,
    left_out_undated,
    order,
    position_columns,
    standing,
    terms_in_force,
    timelines,
    up_to,
    value,
)
from tests.oracle.report import corrections, heading, outcomes, related, relation_of_days
from tests.oracle.values import kind_of_movement

Point = tuple[str, int, int, int]


class World:
    """Everything that bears on what parties held up to a day, for a question without its filter by party."""

    def __init__(self, log: Log, question: Question, until: str) -> None:
        self.known = up_to(log, question.known_at)
        self.question = question
        self.until = until
        everything = Question(question.known_at, question.published_by, attributions=question.attributions)
        self.timelines = timelines(log, everything, until)
        changes = facts(self.known, question, until, "membership.started", "membership.ended")
        self.changes = [one for one in changes if passing_on(self.known, {"": {one.data["bloc"]: ""}})[""]]

    def parties(self) -> list[str]:
        return sorted({party for _, party in self.timelines} | {one.data["party"] for one in self.changes})

    def issues(self) -> list[str]:
        return sorted({issue for issue, _ in self.timelines if self.question.issue(issue)})

    def blocs(self, at: Point) -> Members:
        """Who belongs to what at a point."""
        joined: Members = {}
        for one in self.changes:
            if (day_of(one), 0, 0, one.rank) > at:
                continue
            mine, bloc = joined.setdefault(one.data["party"], {}), one.data["bloc"]
            if one.kind == "membership.ended":
                mine.pop(bloc, None)
            else:
                mine.setdefault(bloc, day_of(one))
        return joined

    def blocs_of(self, issue: str, party: str, at: Point, *, said_at: Point | None = None) -> Members:
        """Who belongs to what at a point, but for the blocs whose positions a party had left by then."""
        return without(self.blocs(at), left_blocs(self.said(issue, party, said_at or at)))

    def said(self, issue: str, party: str, at: Point) -> Timeline:
        """What a party had said at a point."""
        return [one for one in self.timelines.get((issue, party), []) if point(one) <= at]

    def held(self, issue: str, party: str, at: Point) -> Timeline:
        """The timeline that ends with what a party held: a position, its own or a bloc's, or its withdrawal."""
        own = self.said(issue, party, at)
        if is_own(self.known, issue) or any(
            has_value(self.said(one, party, at)) for one in (issue, *options_beside(self.known, issue))
        ):
            return own
        ways = ways_up(party, self.blocs_of(issue, party, at))
        theirs = {bloc: self.said(issue, bloc, at) for bloc in ways}
        able = {bloc: said for bloc, said in theirs.items() if has_value(said)}
        nearest = min((ways[bloc][0] for bloc in able), default=0)
        return max((said for bloc, said in able.items() if ways[bloc][0] == nearest), key=last_order, default=own)

    def points(self, issue: str, party: str) -> list[tuple[Point, Version]]:
        """The points at which what a party held on an issue may have changed."""
        beside = [(one, party) for one in options_beside(self.known, issue)]
        said = [
            one for pair, timeline in self.timelines.items() if pair[0] == issue or pair in beside for one in timeline
        ]
        found = [(point(one), one) for one in said]
        found += [((day_of(one), 0, 0, one.rank), one) for one in self.changes]
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


def has_value(timeline: Timeline) -> bool:
    """Whether a timeline ends with a position."""
    return bool(timeline) and value(timeline[-1]) is not None


def is_same(one: Timeline, other: Timeline) -> bool:
    """Whether two timelines end in one position, or both in none."""
    ends = [(held[-1].id if has_value(held) else None) for held in (one, other)]
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
    points = world.points(issue, party)
    for number, (at, one) in enumerate(points):
        now = world.held(issue, party, at)
        if one.kind.startswith("membership."):
            following = points[number + 1][0] if number + 1 < len(points) else end_of(at[0])
            if following[:2] == at[:2]:
                continue  # the last change of a day tells what all of them did
            after = world.held(issue, party, begin_of(at[0]))
            if not is_same(before, after):
                rows.append(taken(world, issue, party, at, before, after, cause(world, issue, party, at[0])))
            before = after
            continue
        if one.data["issue"] != issue:
            if not is_same(before, now):
                why = "withdrawn" if value(one) is None else "stated"
                rows.append(taken(world, issue, party, at, before, now if has_value(now) else [], (why, one)))
            before = now
            continue
        if one.data["party"] == party:
            own = world.said(issue, party, at)
            rows.append(taken(world, issue, party, at, before, own, ("stated", one)))
            before = own
        if not is_same(before, now):
            took = now if has_value(now) else world.said(issue, one.data["party"], at)
            because = "stated" if took[-1] is one else "withdrawn"
            rows.append(taken(world, issue, party, at, before, took, (because, one)))
        before = now
    if rows and before:
        rows[-1]["government_since"] = government(world.known, world.question, before[-1], world.until)
    return rows


def cause(world: World, issue: str, party: str, day: str) -> tuple[str, Version]:
    """The last change of membership on a day that changed what a party held, and what it was."""
    found = None
    of_day = [one for one in world.changes if day_of(one) == day]
    held = world.held(issue, party, (day, 0, 0, 0))
    for one in of_day:
        now = world.held(issue, party, (day, 0, 0, one.rank))
        if not is_same(held, now):
            found = one
        held = now
    assert found is not None
    return {"membership.started": "joined", "membership.ended": "left"}[found.kind], found


def taken(
    world: World, issue: str, party: str, at: Point, before: Timeline, after: Timeline, why: tuple[str, Version]
) -> Row:
    """The step at a point from what was held before it; what was taken is empty where a bloc's position was lost."""
    because, of = why
    last, on = before[-1] if before else None, at[0]
    known, question = world.known, world.question
    gone = not (has_value(after) or (after and because == "stated"))
    if gone:
        source = of.data.get("source")
        if of.kind in HAPPENED:
            what = f"{of.data['party']} {HAPPENED[of.kind][0]} {of.data['bloc']}"
        else:
            what = f"{party} stated a position of its own on {of.data['issue']}"
        row: Row = {
            "stated_on": on,
            "kind": "lost",
            **position_columns("to_", None),
            "event_id": of.id,
            "summary": what,
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
        row["kind"] = kind_of_movement(value(last), value(after[-1]), terms_in_force(before), terms_in_force(after))
    bloc = None if gone or after[-1].data["party"] == party else after[-1].data["party"]
    since, until = days_in(world, issue, party, bloc, at) if bloc else (None, None)
    now = world.blocs_of(issue, party, begin_of(on), said_at=at)
    return row | {
        "party": party,
        "issue": issue,
        "on": on,
        **position_columns("from_", last),
        "from_attribution": attribution(last.data) if last else None,
        "from_standing": standing(last) if last else None,
        "from_reworded": last is not None and reworded(known, question, issue, effective(last), on),
        "from_government_since": government(known, question, last, on),
        "inherited_from": bloc,
        "from_inherited_from": whose(party, last),
        "because": because,
        "because_of": of.id,
        "member_since": since,
        "member_until": until,
        "through": way_through(party, bloc, now) if bloc else None,
    }


def whose(party: str, held: Version | None) -> str | None:
    """The bloc whose position a party holds."""
    return held.data["party"] if held and value(held) is not None and held.data["party"] != party else None


def days_in(world: World, issue: str, party: str, bloc: str, at: Point) -> tuple[str, str | None]:
    """Since when a party belongs to a bloc on a day, and the last day of that."""

    def ways_on(day: str) -> dict[str, tuple[int, str]]:
        return ways_up(party, world.blocs_of(issue, party, begin_of(day), said_at=at))

    later = sorted({day_of(one) for one in world.changes if day_of(one) > at[0]})
    left = [day for day in later if bloc not in ways_on(day)]
    return ways_on(at[0])[bloc][1], days_before(left[0], 1) if left else None


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
        "outcomes": outcomes(known, wide, after, until, lambda on: inherited_state(log, question, on)),
    }


def ever_above(world: World, party: str) -> set[str]:
    """The blocs to which a party ever belonged."""
    return {bloc for one in world.changes for bloc in ways_up(party, world.blocs((day_of(one), 0, 0, one.rank)))}


def net(world: World, after: str, until: str) -> list[Row]:
    rows = []
    for issue in world.issues():
        for party in world.parties():
            then, now = (last(world.held(issue, party, end_of(day))) for day in (after, until))
            if value(then) != value(now) and world.question.party(party):
                rows.append(
                    {
                        "issue": issue,
                        "party": party,
                        **position_columns("from_", then),
                        **position_columns("to_", now),
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
    """Two parties with a position on both days, not the same statements, that stand otherwise to each other."""
    rows = []
    for issue in world.issues():
        if is_own(world.known, issue):
            continue
        held = {party: [world.held(issue, party, end_of(day)) for day in (after, until)] for party in world.parties()}
        present = sorted(party for party, both in held.items() if all(map(related, both)))
        for one, other in combinations(present, 2):
            if [timeline[-1].id for timeline in held[one]] == [timeline[-1].id for timeline in held[other]]:
                continue
            if not (world.question.party(one) or world.question.party(other)):
                continue
            both = [list(of_day) for of_day in zip(held[one], held[other], strict=True)]
            row = relation_of_days(world.known, world.question, both, until)
            if row["from_relation"] != row["to_relation"]:
                blocs = [[whose(one, of_one[-1]), whose(other, of_other[-1])] for of_one, of_other in both]
                row |= {"from_inherited_from": blocs[0], "to_inherited_from": blocs[1]}
                rows.append({"issue": issue, "parties": [one, other]} | row)
    return rows
