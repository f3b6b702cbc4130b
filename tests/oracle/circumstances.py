"""What holds on a day beside positions: forms of issues, closings, wordings, memberships (DESIGN sections 4, 6, 15)."""

from tests.oracle.replay import Log, Question, Version, counting, effective_day, source_day


def day_of(fact: Version) -> str:
    """The day of a fact; a membership may begin or end in a month or a year, and does so on its last day."""
    return effective_day(fact.data["on"])


def is_public_fact(log: Log, fact: Version, by: str | None) -> bool:
    """Whether a fact with a day was public: from that day, or its source's if later; a milestone from its source's."""
    on, source = day_of(fact), source_day(log, fact.data.get("source"))
    if fact.kind != "milestone.noted" and source is not None:
        source = max(on, source)
    return by is None or (source or on) <= by


def facts(log: Log, question: Question, on: str, *kinds: str) -> list[Version]:
    """The facts of these kinds up to a day that were public, in order."""
    found = [v for v in counting(log) if v.kind in kinds and day_of(v) <= on]
    found = [v for v in found if is_public_fact(log, v, question.published_by)]
    return sorted(found, key=lambda v: (day_of(v), v.rank))


def closings(log: Log, question: Question, on: str) -> dict[str, dict[str, str]]:
    """How each closed issue was closed: by its last closing up to a day, unless it was opened again.

    The closing of a choice closes its options: the one named with the outcome, the others as superseded. Where it names
    none, they share its outcome. A choice that is opened again has its options open.
    """
    found: dict[str, dict[str, str]] = {}
    for fact in facts(log, question, on, "issue.closed", "issue.reopened"):
        issue, options = fact.data["issue"], options_of(log, fact.data["issue"])
        if fact.kind == "issue.reopened":
            for one in (issue, *options):
                found.pop(one, None)
            continue
        outcome, chosen = fact.data["outcome"], fact.data.get("option")
        found[issue] = {"on": fact.data["on"], "outcome": outcome}
        for one in options:
            found[one] = {"on": fact.data["on"], "outcome": outcome if chosen in (one, None) else "superseded"}
    return found


def governments(log: Log, question: Question, party: str, on: str) -> list[str]:
    """The days on which a party got a new government."""
    noted = facts(log, question, on, "milestone.noted")
    return [
        v.data["on"] for v in noted if v.data.get("category") == "government" and party in v.data.get("parties", [])
    ]


def question_on(log: Log, question: Question, issue: str, on: str) -> str | None:
    """An issue's question as worded on a day."""
    opened = [v for v in counting(log) if v.kind == "issue.opened" and v.data["issue"] == issue]
    wording = min(opened, key=lambda v: v.rank).data["question"] if opened else None
    for version in facts(log, question, on, "issue.reworded"):
        if version.data["issue"] == issue:
            wording = version.data.get("question", wording)
    return wording


def worded(log: Log, question: Question, on: str) -> dict[str, tuple[str, str]]:
    """Every issue's title and question as worded on a day."""
    opened = sorted((v for v in counting(log) if v.kind == "issue.opened"), key=lambda v: v.rank)
    found: dict[str, tuple[str, str]] = {}
    for version in (*opened, *facts(log, question, on, "issue.reworded")):
        data = version.data
        if version.kind == "issue.opened":
            found.setdefault(data["issue"], (data["title"], data["question"]))
        elif data["issue"] in found:
            title, asked = found[data["issue"]]
            found[data["issue"]] = (data.get("title", title), data.get("question", asked))
    return found


def reworded(log: Log, question: Question, issue: str, then: str, on: str) -> bool:
    """Whether the question that was answered on one day is another than that of a later day.

    DESIGN 6 binds a statement to the wording in force on its effective day and marks an answer to an earlier wording.
    If the question was changed and changed back, the statement answered today's wording, word for word.
    """
    return question_on(log, question, issue, then) != question_on(log, question, issue, on)


def memberships(log: Log, question: Question, on: str) -> dict[str, dict[str, str]]:
    """The blocs of each member on a day, each with the day of joining; who joins again has been in it already."""
    joined: dict[str, dict[str, str]] = {}
    for version in facts(log, question, on, "membership.started", "membership.ended"):
        blocs, bloc = joined.setdefault(version.data["party"], {}), version.data["bloc"]
        if version.kind == "membership.ended":
            blocs.pop(bloc, None)
        elif bloc not in blocs:
            blocs[bloc] = day_of(version)
    return joined


# --- forms, as known at the cut-off ---------------------------------------------------------------


def openings(log: Log) -> dict[str, dict[str, object]]:
    """What the first counting opening of every issue says."""
    found: dict[str, dict[str, object]] = {}
    for opened in sorted((v for v in counting(log) if v.kind == "issue.opened"), key=lambda v: v.rank):
        found.setdefault(opened.data["issue"], opened.data)
    return found


def form_of(log: Log, issue: str) -> str:
    return str(openings(log).get(issue, {}).get("form", "question"))


def is_own(log: Log, issue: str) -> bool:
    """Whether each party answers for itself on an issue: no relation, zone or inheritance."""
    return bool(openings(log).get(issue, {}).get("own"))


def options_of(log: Log, issue: str) -> list[str]:
    """The issues directly below a choice; every other issue has no options."""
    if form_of(log, issue) != "choice":
        return []
    return sorted(one for one in openings(log) if one.rpartition("/")[0] == issue)


def options_beside(log: Log, issue: str) -> list[str]:
    """The other options of the choice that an issue is an option of."""
    return [one for one in options_of(log, issue.rpartition("/")[0]) if one != issue]


def forums(log: Log) -> set[str]:
    """The parties of kind forum, which pass nothing on."""
    kinds: dict[str, str] = {}
    for party in sorted((v for v in counting(log) if v.kind == "party.registered"), key=lambda v: v.rank):
        kinds.setdefault(party.data["party"], party.data["kind"])
    return {party for party, kind in kinds.items() if kind == "forum"}
