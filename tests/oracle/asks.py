"""What parties put to each other, and what answers it (DESIGN section 7), from the plain lines."""

from tests.oracle.answers import left_blocs, passing_on, ways_up, without
from tests.oracle.circumstances import closings, governments, is_own, memberships, reworded
from tests.oracle.replay import (
    Log,
    Pair,
    Question,
    Row,
    Timeline,
    Version,
    attribution,
    effective,
    order,
    position_columns,
    standing,
    stated,
    timelines,
    up_to,
    value,
    versions,
    words,
)

ASKING = ("proposes", "demands", "asks", "offers")


def asks(log: Log, question: Question, on: str, *, inherit: bool = False) -> list[Row]:
    """What parties put to each other up to a day, each with the first answer."""
    known = up_to(log, question.known_at)
    closed = closings(known, question, on)
    everybody = timelines(
        log, Question(question.known_at, question.published_by, attributions=question.attributions), on
    )
    steps = sorted((version for timeline in everybody.values() for version in timeline), key=order)
    ranks = {event_id: version.rank for event_id, version in versions(log).items()}
    rows = []
    for ask in steps:
        data = ask.data
        if data.get("act") not in ASKING or not question.issue(data["issue"]):
            continue
        for to in dict.fromkeys(data.get("addressed_to", ())):
            if not (question.party(data["party"]) or question.party(to)):
                continue
            speaking = [v for v in steps if value(v) is not None]
            speaking = [v for v in speaking if speaks_for(known, question, everybody, to, v, inherit=inherit)]
            below = Question(issues=frozenset({data["issue"]}))
            later = [v for v in speaking if order(v) > order(ask) and below.includes(v.data)]
            own = [v for v in steps if (v.data["issue"], v.data["party"]) == (data["issue"], data["party"])]
            gone = next((v for v in own if order(v) > order(ask) and value(v) is None), None)
            in_time = [v for v in later if gone is None or order(v) < order(gone)]
            claimed = [v for v in speaking if "answers" in v.data and ranks[v.data["answers"]] == ask.rank]
            answer = next(iter([*claimed, *(v for v in in_time if answers(v, data))]), None)
            government = max(governments(known, question, data["party"], on), default="")
            since = later[0] if later and answer is None else None
            last = {(v.data["issue"], v.data["party"]): v for v in later} if answer is None else {}
            rows.append(
                {
                    "party": data["party"],
                    "to": to,
                    "issue": data["issue"],
                    "act": data["act"],
                    "open_since": effective(ask),
                    "stated_on": stated(data),
                    **position_columns("", ask),
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
                    **position_columns("answer_", answer),
                    "closed": ended_by(closed.get(data["issue"]), effective(ask)),
                    "answer_attribution": attribution(answer.data) if answer else None,
                    "said_since_by": since.id if since else None,
                    "said_since_on": effective(since) if since else None,
                    "said_since_issue": since.data["issue"] if since else None,
                    **position_columns("said_since_", since),
                    "said_since_attribution": attribution(since.data) if since else None,
                    "reworded": reworded(known, question, data["issue"], effective(ask), on),
                    "answer_party": answer.data["party"] if answer else None,
                    "said_since_party": since.data["party"] if since else None,
                    "withdrawn_by": gone.id if gone else None,
                    "withdrawn_on": effective(gone) if gone else None,
                    "on_behalf_of": data.get("on_behalf_of", []),
                    "ascribed_by": data.get("ascribed_by"),
                    "government_since": government if government > effective(ask) else None,
                    "answer": later_position(answer) if answer else None,
                    "said_since": [
                        later_position(last[pair])
                        for pair in sorted(last, key=lambda one: (one[0] != data["issue"], one))
                    ],
                }
            )
    return sorted(rows, key=lambda row: (row["issue"], row["party"], row["to"]))


def later_position(version: Version) -> Row:
    """A position that was stated after an ask."""
    data = version.data
    return {
        "party": data["party"],
        "issue": data["issue"],
        **position_columns("", version),
        "on": effective(version),
        "stated_on": stated(data),
        "summary": data["summary"],
        "conditions": data.get("conditions"),
        "speaker": data.get("speaker"),
        "standing": standing(version),
        "attribution": attribution(data),
        "addressed_to": data.get("addressed_to", []),
        "on_behalf_of": data.get("on_behalf_of", []),
        "ascribed_by": data.get("ascribed_by"),
        "source": data.get("source"),
        "event_id": version.id,
        "position": version.entry.position,
    }


def ended_by(closing: dict[str, str] | None, asked_on: str) -> dict[str, str] | None:
    """The closing of an issue, unless the ask was made after it."""
    return closing if closing is not None and closing["on"] >= asked_on else None


def speaks_for(
    known: Log, question: Question, said: dict[Pair, Timeline], party: str, position: Version, *, inherit: bool
) -> bool:
    """Whether a position is a party's own or, if asked for, that of a bloc to which it belonged on that day.

    A member speaks for itself alone: what it says, be it on behalf of its bloc, is not the bloc's (DESIGN 3 and 6). A
    bloc does not speak for a member that had left its position on the issue, nor where each party answers for itself.
    """
    issue = position.data["issue"]
    if position.data["party"] == party:
        return True
    if not inherit or is_own(known, issue):
        return False
    before = [one for one in said.get((issue, party), []) if order(one) < order(position)]
    blocs = passing_on(known, memberships(known, question, effective(position)))
    return position.data["party"] in ways_up(party, without(blocs, left_blocs(before)))


def answers(position: Version, ask: Row) -> bool:
    """Whether what is stated later at or below an ask's issue answers it, or was only said since."""
    told = position.data["issue"] == ask["issue"] or ask["party"] in position.data.get("addressed_to", [])
    return told and attribution(position.data) != "inferred"
