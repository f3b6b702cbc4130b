"""The answers of a day as data: state and history (DESIGN sections 7 and 8), from the plain lines."""

from tests.oracle.replay import (
    DEGREES,
    Log,
    Pair,
    Question,
    Row,
    Timeline,
    Version,
    attribution,
    closings,
    conditions_in_force,
    contested,
    effective,
    governments,
    memberships,
    order,
    reworded,
    run,
    stance,
    standing,
    stated,
    timelines,
    up_to,
    words,
)


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
        pair: state_row(timeline, known, question, on) | {"inherited_from": None, "through": None}
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
                    "through": way_through(member, bloc, members),
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


def way_through(member: str, bloc: str, members: dict[str, dict[str, str]]) -> str | None:
    """The last bloc on the way to a farther one: of the shortest ways, on that of the longest membership."""
    ways = ways_up(member, members)
    steps, since = ways[bloc]
    if steps == 1:
        return None
    before = [one for one in ways if ways[one][0] == steps - 1 and bloc in members.get(one, {})]
    return min(one for one in before if max(ways[one][1], members[one][bloc]) == since)


def stance_of(rows: dict[Pair, Row], pair: Pair) -> str | None:
    return rows[pair]["stance"] if pair in rows else None


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
        "government_since": None,
        "from_government_since": government(known, question, before, effective(last)),
    }


def government(known: Log, question: Question, held: Version | None, on: str) -> str | None:
    """The last new government, up to a day, of the party that stated a stance, if it came later than that."""
    if stance(held) is None or held is None:
        return None
    since = [day for day in governments(known, question, held.data["party"], on) if day > effective(held)]
    return max(since, default=None)


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


def lasts(log: Log, question: Question, on: str) -> dict[Pair, Version]:
    return {pair: timeline[-1] for pair, timeline in timelines(log, question, on).items()}
