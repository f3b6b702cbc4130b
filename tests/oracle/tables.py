"""The rows of the projections that a log comes to, from exported lines: what they say, not how they are kept up."""

import json
from typing import Any

from tests.oracle.replay import (
    STATEMENT,
    Log,
    Question,
    Version,
    attribution,
    days_before,
    effective,
    effective_day,
    first_day,
    public_on,
    run,
    standing,
    stated,
    timelines,
    value,
    versions,
)
from tests.oracle.values import text_of

Rows = list[tuple[Any, ...]]

COLUMNS = {
    "pair": "id issue party",
    "statement": "position pair effective_on sequence rank value states_conditions lasts asks addressed_to answers "
    "first_on contests_from standing attribution source public_on evidence_at ended_at",
    "run": "position pair effective_on sequence rank value statements last_on last_position",
    "corroboration": "position statement_rank source rank ended_at",
    "fact": "position family key day form rank ended_at",
}
KEYS = {
    "party": ("party.registered", "party.updated", "membership.started", "membership.ended", "party.succeeded"),
    "issue": ("issue.opened", "issue.reworded", "issue.closed", "issue.reopened"),
    "source": ("source.registered",),
}
"""The field that names what an entry of a kind is about."""

LASTING = {"could_accept", "priority", "red_line", "leaves_position_of"}
"""The fields beside conditions that stay in force after a statement."""


def is_opening(version: Version) -> bool:
    return version.kind == "issue.opened"


def value_text(version: Version) -> str:
    """A position as the tables hold it: an amount as it is typed, so that equal text is an equal amount."""
    held = value(version)
    if not isinstance(held, tuple):
        return held or "withdrawn"
    at_least, at_most = (text_of(end) for end in held)
    if at_least is None or at_most is None:
        return f"<={at_most}" if at_least is None else f">={at_least}"
    return at_least if at_least == at_most else f"{at_least}..{at_most}"


def tables(log: Log) -> dict[str, Rows]:
    """Every projection's rows, by the columns above, in the order of the first."""
    said = versions(log)
    ended = {entry.target: entry.position for entry in log if entry.target is not None}
    pairs = _pairs(said)
    rows: dict[str, Rows] = {name: [] for name in COLUMNS}
    rows["pair"] = [(number, *pair) for pair, number in pairs.items()]
    for version in said.values():
        position, end, data = version.entry.position, ended.get(version.id), version.data
        if version.kind in STATEMENT:
            pair = pairs[data["issue"], data["party"]]
            rows["statement"].append(_statement(log, version, pair, end))
        elif version.kind == "statement.corroborated":
            rank = said[data["target"]].rank
            rows["corroboration"].append((position, rank, data["source"], version.rank, end))
        else:
            key = next((data[field] for field, kinds in KEYS.items() if version.kind in kinds), "")
            if version.kind == "milestone.noted":
                key = data.get("category", "other")
            day = data.get("published_on") if version.kind == "source.registered" else data.get("on")
            form = data.get("form", "own" if data.get("own") else "question") if is_opening(version) else None
            rows["fact"].append((position, version.kind, key, day and effective_day(day), form, version.rank, end))
    rows["run"] = sorted(_runs(log, pairs))
    return rows


def _pairs(said: dict[str, Version]) -> dict[tuple[str, str], int]:
    """Every pair that anything was ever stated about, by the position of the first entry that did."""
    found: dict[tuple[str, str], int] = {}
    for version in said.values():
        if version.kind in STATEMENT:
            found.setdefault((version.data["issue"], version.data["party"]), version.entry.position)
    return found


def _statement(log: Log, version: Version, pair: int, end: int | None) -> tuple[Any, ...]:
    data, asking = version.data, ("proposes", "demands", "asks", "offers")
    while_it_counted = log if end is None else log[: end - 1]
    touches = [at for at in _touches(log, version) if version.entry.position < at <= len(while_it_counted)]
    return (
        version.entry.position,
        pair,
        effective(version),
        data.get("sequence", 0),
        version.rank,
        value_text(version),
        "conditions" in data,
        not data.keys().isdisjoint(LASTING),
        data.get("act") in asking and bool(data.get("addressed_to")),
        json.dumps(data["addressed_to"]) if data.get("addressed_to") else None,
        data.get("answers"),
        first_day(stated(data)),
        days_before(first_day(stated(data)), 3),
        standing(version),
        attribution(data),
        data.get("source"),
        public_on(while_it_counted, version),
        max(touches, default=None),
        end,
    )


def _touches(log: Log, statement: Version) -> list[int]:
    """The positions at which an entry touched a statement's evidence: what corroborates it, and its sources' dates."""
    said, found = versions(log), []
    sources = {(statement.data.get("source"), 0)}
    for entry in log:
        at = [said[key] for key in (entry.target, entry.id) if key in said]
        if at[0].kind == "statement.corroborated" and said[at[0].data["target"]].rank == statement.rank:
            found.append(entry.position)
            sources |= {(version.data["source"], version.entry.position) for version in at}
        revised = at[0].kind == "source.registered" and entry.target is not None
        if revised and any(at[0].data["source"] == source for source, since in sources if since < entry.position):
            found.append(entry.position)
    return found


def _runs(log: Log, pairs: dict[tuple[str, str], int]) -> Rows:
    """Every unbroken row of equal values among what counts today, by its first step and its last."""
    found: Rows = []
    for pair, timeline in timelines(log, Question(), "9999-12-31").items():
        left = timeline
        while left:
            steps = run(left)
            left = left[: -len(steps)]
            first, last = steps[0], steps[-1]
            place = (effective(first), first.data.get("sequence", 0), first.rank)
            ends = (len(steps), effective(last), last.entry.position)
            found.append((first.entry.position, pairs[pair], *place, value_text(first), *ends))
    return found
