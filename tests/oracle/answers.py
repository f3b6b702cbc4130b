"""The answers of a day as data: state and history (DESIGN sections 7 and 8), from the plain lines."""

from tests.oracle.circumstances import (
    closings,
    form_of,
    forums,
    governments,
    is_own,
    memberships,
    options_beside,
    reworded,
)
from tests.oracle.replay import (
    Log,
    Pair,
    Question,
    Row,
    Timeline,
    Version,
    attribution,
    conditions_in_force,
    contested,
    effective,
    last_named,
    order,
    position_columns,
    run,
    standing,
    stated,
    terms_in_force,
    timelines,
    up_to,
    value,
    words,
)
from tests.oracle.values import differ, kind_of_movement

Members = dict[str, dict[str, str]]
"""The blocs of each member, each with the day of joining."""


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
        **position_columns("", last),
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
        "could_accept": last_named(run(timeline), "could_accept"),
        "priority": last_named(timeline, "priority"),
        "red_line": bool(last_named(run(timeline), "red_line")),
        "reasons": data.get("reasons", []),
        "form": form_of(known, data["issue"]),
        "withdrawn": last.kind == "position.withdrawn",
    }


def inherited_state(log: Log, question: Question, on: str) -> list[Row]:
    """The same, where a member without a position of its own shows that of its nearest bloc that stated last."""
    known = up_to(log, question.known_at)
    members = passing_on(known, memberships(known, question, on))
    everything = Question(question.known_at, question.published_by, attributions=question.attributions)
    everybody = timelines(log, everything, on)
    rows = {
        pair: state_row(timeline, known, question, on) | {"inherited_from": None, "through": None}
        for pair, timeline in everybody.items()
    }
    own = dict(rows)
    for issue in {issue for issue, _ in everybody}:
        for member in members:
            if is_own(known, issue) or any(
                holds(everybody, (one, member)) for one in (issue, *options_beside(known, issue))
            ):
                continue
            its_blocs = without(members, left_blocs(everybody.get((issue, member), [])))
            ways = ways_up(member, its_blocs)
            able = [bloc for bloc in ways if holds(everybody, (issue, bloc))]
            nearest = min((ways[bloc][0] for bloc in able), default=0)
            holding = [bloc for bloc in able if ways[bloc][0] == nearest]
            if holding:
                bloc = max(holding, key=lambda bloc: order(everybody[issue, bloc][-1]))
                row, held = own[issue, bloc], value(everybody[issue, bloc][-1])
                rows[issue, member] = row | {
                    "party": member,
                    "since": max(row["since"], ways[bloc][1]),
                    "contested": row["contested"]
                    or any(differ(value(everybody[issue, one][-1]), held) for one in holding),
                    "inherited_from": bloc,
                    "through": way_through(member, bloc, its_blocs),
                }
    return [rows[pair] for pair in sorted(rows) if question.party(pair[1]) and question.issue(pair[0])]


def holds(held: dict[Pair, Timeline], pair: Pair) -> bool:
    """Whether a pair has a position: a stance, an amount, or no figure."""
    return pair in held and value(held[pair][-1]) is not None


def left_blocs(timeline: Timeline) -> set[str]:
    """The blocs whose positions a party's withdrawals left since it last stated a position on the issue."""
    found: set[str] = set()
    for version in timeline:
        found = set() if value(version) is not None else found | {version.data.get("leaves_position_of", "")}
    return found - {""}


def passing_on(known: Log, members: Members) -> Members:
    """The memberships by which positions pass: a forum passes nothing on."""
    return without(members, forums(known))


def without(members: Members, blocs: set[str]) -> Members:
    return {member: {bloc: day for bloc, day in its.items() if bloc not in blocs} for member, its in members.items()}


def ways_up(member: str, members: Members) -> dict[str, tuple[int, str]]:
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


def way_through(member: str, bloc: str, members: Members) -> str | None:
    """The last bloc on the way to a farther one: of the shortest ways, on that of the longest membership."""
    ways = ways_up(member, members)
    steps, since = ways[bloc]
    if steps == 1:
        return None
    before = [one for one in ways if ways[one][0] == steps - 1 and bloc in members.get(one, {})]
    return min(one for one in before if max(ways[one][1], members[one][bloc]) == since)


def history(log: Log, question: Question, on: str) -> list[Row]:
    """Every step up to a day, by issue and party, with what it did to the stance."""
    known = up_to(log, question.known_at)
    rows = []
    for timeline in timelines(log, question, on).values():
        rows += [change(timeline[: place + 1], known, question, on) for place in range(len(timeline))]
        rows[-1]["government_since"] = government(known, question, timeline[-1], on)
    return rows


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
        **position_columns("from_", before),
        **position_columns("to_", last),
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
        "government_since": None,
        "from_government_since": government(known, question, before, effective(last)),
    }


def government(known: Log, question: Question, held: Version | None, on: str) -> str | None:
    """The last new government, up to a day, of the party that stated a position, if it came later than that."""
    if held is None or value(held) is None:
        return None
    since = [day for day in governments(known, question, held.data["party"], on) if day > effective(held)]
    return max(since, default=None)


def kind_of_change(timeline: Timeline) -> str:
    before = timeline[:-1]
    then = value(before[-1]) if before else None
    return kind_of_movement(then, value(timeline[-1]), terms_in_force(before), terms_in_force(timeline))


def lasts(log: Log, question: Question, on: str) -> dict[Pair, Version]:
    return {pair: timeline[-1] for pair, timeline in timelines(log, question, on).items()}
