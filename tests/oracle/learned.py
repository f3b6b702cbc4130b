"""What a report says was learned since an earlier one, from the plain lines."""

from tests.oracle.answers import lasts
from tests.oracle.circumstances import day_of, is_public_fact, reworded
from tests.oracle.occurrences import HAPPENED, about, difference, happening, revision, word_of
from tests.oracle.replay import (
    STATEMENT,
    Entry,
    Log,
    Question,
    Row,
    Version,
    attribution,
    counting,
    effective,
    in_public,
    is_public,
    is_public_source,
    position_columns,
    source_day,
    standing,
    up_to,
    versions,
)


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
                **position_columns("from_", then.get(pair)),
                **position_columns("to_", now.get(pair)),
                "on_behalf_of": version.data.get("on_behalf_of", []),
                "ascribed_by": version.data.get("ascribed_by"),
            }
            for side, held, log in (("from", then.get(pair), known[:known_from]), ("to", now.get(pair), known)):
                row[f"{side}_attribution"] = attribution(held.data) if held else None
                row[f"{side}_standing"] = standing(held) if held else None
                earlier = held is not None and reworded(log, question, pair[0], effective(held), until)
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


def context_learned_since(known: Log, question: Question, day: str, known_from: int) -> list[Row]:
    """What happened in the earlier report's days and was recorded or revised since."""
    said, rows, before, by = versions(known), [], known[:known_from], question.published_by
    left_out = {v.id for v in counting(known) if v.kind in HAPPENED and not is_public_fact(before, v, by)}
    for entry in known:
        late = entry.position > known_from
        sides = [said[key] for key in (entry.target if late else None, entry.id) if key in said]
        sides = [side for side in sides if side.kind in HAPPENED and (late or side.id in left_out)]
        sides = [side for side in sides if is_public_fact(known, side, question.published_by)]
        if any(day_of(side) <= day and question.concerns(*about(side)) for side in sides):
            of = HAPPENED[sides[0].kind][1]
            word = word_of(entry) if late else "left out"
            row = {"event_id": entry.id, "kind": word, "of": of, "on": day_of(sides[-1])}
            row |= happening(sides[-1]) | {"difference": difference(known, entry, by) if late else []}
            rows.append(row | revision(entry) | ({} if late else {"reason": None}))
    return rows
