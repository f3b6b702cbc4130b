"""What happened around positions, and what revisions say of themselves, from the plain lines."""

from tests.oracle.circumstances import day_of, is_public_fact
from tests.oracle.replay import (
    EVIDENCE,
    Entry,
    Log,
    Question,
    Row,
    Version,
    counting,
    days_before,
    is_public_source,
    versions,
)

HAPPENED = {
    "milestone.noted": ("milestone", "milestone"),
    "issue.closed": ("closed", "closing"),
    "issue.reopened": ("reopened", "reopening"),
    "issue.reworded": ("reworded", "rewording"),
    "membership.started": ("joined", "membership"),
    "membership.ended": ("left", "membership"),
    "party.succeeded": ("succeeded", "succession"),
}
"""For every kind of occurrence that reports show as context: what happened, and the word for the entry about it."""


def context(known: Log, question: Question, after: str, until: str) -> list[Row]:
    """What happened between two days that concerns the question: no positions, but what stands around them."""
    found = [v for v in counting(known) if v.kind in HAPPENED]
    found = [v for v in found if after < day_of(v) <= until and question.concerns(*about(v))]
    found = [v for v in found if is_public_fact(known, v, question.published_by)]
    rows = []
    for version in sorted(found, key=lambda v: (day_of(v), v.rank)):
        row = {"on": day_of(version), "kind": HAPPENED[version.kind][0], "source": None}
        source = version.data.get("source")
        source = source if is_public_source(known, source, question.published_by) else None
        foreseen = days_before(day_of(version), 1) > version.entry.recorded_at[:10]
        rows.append(row | happening(version) | {"source": source, "event_id": version.id, "foreseen": foreseen})
    return rows


def context_corrections(known: Log, question: Question, after: str, until: str) -> list[Row]:
    """The same of what is no position: milestones, closings, rewordings, memberships."""
    said, rows, by = versions(known), [], question.published_by
    for entry in known:
        sides = [said[key] for key in (entry.target, entry.id) if key in said] if entry.target else []
        if not sides or sides[0].kind not in HAPPENED:
            continue
        public = any(is_public_fact(known, side, by) for side in sides)
        in_window = any(after < day_of(side) <= until for side in sides)
        if public and in_window and any(question.concerns(*about(side)) for side in sides):
            row = {"event_id": entry.id, "kind": word_of(entry), "of": HAPPENED[sides[0].kind][1]}
            row |= {"on": day_of(sides[-1])} | happening(sides[-1])
            rows.append(row | {"difference": difference(known, entry, by)} | revision(entry))
    return rows


def about(version: Version) -> tuple[list[str], list[str]]:
    """The parties and issues that an occurrence names."""
    data = version.data
    if version.kind.startswith("membership."):
        return [data["party"], data["bloc"]], []
    if version.kind == "party.succeeded":
        return [data["party"], *data["by"]], []
    return data.get("parties", []), [data["issue"]] if version.kind.startswith("issue.") else data.get("issues", [])


def happening(version: Version) -> Row:
    data, (parties, issues) = version.data, about(version)
    outcome = None
    if version.kind == "milestone.noted":
        title = data["title"]
    elif version.kind.startswith("membership."):
        title = f"{data['party']} {HAPPENED[version.kind][0]} {data['bloc']}"
    elif version.kind == "party.succeeded":
        title = f"{data['party']} was succeeded by {', '.join(data['by'])}"
    elif version.kind == "issue.reopened":
        title = f"{data['issue']} is open again"
    elif version.kind == "issue.reworded":
        new = [f"the {name} is now “{data[name]}”" for name in ("question", "title") if name in data]
        title = f"{data['issue']}: {', '.join(new)}"
    else:
        outcome = data["outcome"]
        title = data.get("note") or f"{data['issue']}: {outcome}"
    agreed = {"amount": data.get("amount"), "option": data.get("option")}
    return {"title": title, "parties": parties, "issues": issues, "outcome": outcome} | agreed


def word_of(entry: Entry) -> str:
    return {
        "entry.corrected": "corrected",
        "entry.retracted": "retracted",
        "statement.corroborated": "corroborated",
        "position.stated": "stated",
        "position.withdrawn": "withdrawn",
        "milestone.noted": "noted",
        "issue.closed": "closed",
        "issue.reopened": "noted",
        "issue.reworded": "noted",
        "membership.started": "noted",
        "membership.ended": "noted",
        "party.succeeded": "noted",
    }[entry.kind]


def revision(entry: Entry) -> Row:
    reason = entry.data.get("reason")
    return {"reason": reason, "recorded_by": entry.recorded_by, "recorded_at": entry.recorded_at}


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
