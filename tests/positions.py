"""Random positions of every form, with everything that a statement may say besides (DESIGN section 15)."""

from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]
FORUM = "FOR"
QUANTITIES = ("q/goal", "q/own")
OPTIONS = ("c/way/out", "c/way/down")
OWN_QUESTION = "c/own"
FORMED = (*QUANTITIES, *OPTIONS, OWN_QUESTION)
"""Issues on which more than plain questions depends."""
INTERVALS = ("2020-03-02/2020-03-06", "2020-03-04/2020-03-05", "2020-02-28/2020-03-08")

REGISTERS: tuple[tuple[str, Data], ...] = (
    ("party.registered.v2", {"party": FORUM, "name": "The Forum", "kind": "forum"}),
    ("issue.opened.v2", {"issue": "q/goal", "title": "t", "question": "How?", "form": "quantity", "unit": "bn"}),
    (
        "issue.opened.v2",
        {"issue": "q/own", "title": "t", "question": "How?", "form": "quantity", "unit": "t", "own": True},
    ),
    ("issue.opened.v2", {"issue": "c/way", "title": "t", "question": "Which?", "form": "choice"}),
    *(("issue.opened.v1", {"issue": issue, "title": issue, "question": "Should it?"}) for issue in OPTIONS),
    ("issue.opened.v2", {"issue": OWN_QUESTION, "title": "t", "question": "Will you?", "own": True}),
    ("source.registered.v2", {"source": "memo", "title": "t", "publisher": "p", "dated_on": "2020-03-02"}),
)

_NUMBERS = ("-7", "-0.5", "0", "0.000000000001", "9", "10", "100", "100.5", "300", "123456789012345678.000000000001")
_V1_ACTS = ("asks", "demands", "denies", "accepts")
_NO_FIGURE_ACTS = ("declines", "rejects", "abstains", "reserves")
_NEW_ACTS = ("votes", "cosponsors", "dissociates", "abstains", "reserves", "declines")


def some(strategies: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Data]:
    """Any of these fields."""
    return st.fixed_dictionaries({}, optional=strategies)


def _range(number: int, other: int, shape: str) -> Data:
    least, most = _NUMBERS[min(number, other)], _NUMBERS[max(number, other)]
    if shape == "range":
        return {"at_least": least, "at_most": most}
    return {"at_least": least} if shape == "floor" else {"at_most": most} if shape == "ceiling" else _exactly(least)


def _exactly(number: str) -> Data:
    return {"at_least": number, "at_most": number}


_number = st.integers(0, len(_NUMBERS) - 1)
amounts = st.one_of(
    st.sampled_from(("100", "300")).map(_exactly),
    st.builds(_range, _number, _number, st.sampled_from(("range", "floor", "ceiling", "exact"))),
)
"""Amounts of every shape, in the order of their numbers, not of their texts; some more often than others."""
MORE: dict[str, st.SearchStrategy[Any]] = {
    "priority": st.sampled_from(("low", "medium", "high")),
    "red_line": st.booleans(),
    "reasons": st.lists(st.sampled_from(("our coast", "née")), max_size=2),
    "provision": st.just("Art. 4"),
    "note": st.just("heard twice"),
    "tags": st.lists(st.sampled_from(("night", "draft")), max_size=2),
    "language": st.sampled_from(("fr", "de-AT")),
    "translation": st.just("in our words"),
}
"""What any statement may say besides its position, half of it at a time."""
_more: st.SearchStrategy[Data] = some(dict(list(MORE.items())[:4])) | some(dict(list(MORE.items())[4:])) | st.just({})


@st.composite
def said(draw: st.DrawFn, stated: st.SearchStrategy[tuple[str, Data]]) -> tuple[str, Data]:
    """A statement on an issue of any form; its party, days, words and evidence are those of a plain one."""
    _, base = draw(stated)
    issue = draw(st.sampled_from(("q/goal",) * 5 + OPTIONS * 2 + FORMED + (base["issue"],) * 4))
    data = base | draw(_more) | {"issue": issue}
    if draw(st.integers(0, 5)) == 0:
        data["stated_on"] = draw(st.sampled_from(INTERVALS))
    if draw(st.integers(0, 3)) == 0:
        data["act"] = draw(st.sampled_from(_NEW_ACTS + _V1_ACTS))
    if draw(st.integers(0, 9)) == 0:
        data["joint_with"] = [data["party"], FORUM]
    if issue in QUANTITIES:
        del data["stance"]
        if draw(st.integers(0, 5)) == 0:
            return stored("position.stated", data | {"act": draw(st.sampled_from(_NO_FIGURE_ACTS))})
        data["amount"] = draw(amounts)
        if draw(st.booleans()):
            data["could_accept"] = draw(st.sampled_from(_wider(data["amount"])))
        if draw(st.integers(0, 3)) == 0:
            data["stated_as"] = "a lot"
    return stored("position.stated", data)


def _wider(amount: Data) -> list[Data]:
    """Ranges that contain an amount: itself, and what leaves one of its ends open."""
    return [amount, *({end: number} for end, number in amount.items())]


def left(base: Data, bloc: str) -> tuple[str, Data]:
    """A withdrawal that leaves the position of a bloc as well."""
    return stored("position.withdrawn", base | {"leaves_position_of": bloc})


_agreed_amount = some({"amount": amounts})
_agreed_option = some({"option": st.sampled_from(OPTIONS)})


@st.composite
def closed(draw: st.DrawFn, plain: st.SearchStrategy[tuple[str, Data]]) -> tuple[str, Data]:
    """A closing of an issue of any form, perhaps with what was agreed."""
    _, base = draw(plain)
    issue = draw(st.sampled_from((*FORMED, "c/way", "c/way")))
    data = base | {"issue": issue}
    if issue in QUANTITIES:
        data |= draw(_agreed_amount)
    elif issue == "c/way":
        data |= draw(_agreed_option)
    return stored("issue.closed", data)


def is_of_one_form(one: Data, other: Data) -> bool:
    """Whether a correction may put one statement's data in the place of another's."""
    return "stated_on" not in one or ("stance" in one) == ("stance" in other)


# --- the version in which an entry is stored ------------------------------------------------------

_ADDED = {
    "position.stated": {*MORE, "amount", "could_accept", "stated_as", "joint_with", "answers"},
    "position.withdrawn": {"leaves_position_of", "language", "translation"},
    "statement.corroborated": {"language", "translation"},
    "issue.closed": {"amount", "option"},
    "source.registered": {"dated_on"},
    "issue.opened": {"form", "own"},
}


def stored(kind: str, data: Data) -> tuple[str, Data]:
    """An entry in the oldest version that can say it."""
    newer = (
        not _ADDED.get(kind, set()).isdisjoint(data)
        or (kind == "position.stated" and "stance" not in data)
        or "/" in data.get("stated_on", "")
        or data.get("act") in _NEW_ACTS
        or (kind.startswith("membership.") and len(data["on"]) < len("2020-03-01"))
        or data.get("kind") == "forum"
    )
    return f"{kind}.v{2 if newer else 1}", data


def correction(kind: str, target: str, data: Data) -> tuple[str, Data]:
    """The correction of an entry; it names the type of what it holds where that is no first version."""
    corrected = {"target": target, "replacement": data, "reason": "no"}
    if kind.endswith(".v1") or kind.startswith("milestone."):
        return "entry.corrected.v1", corrected
    return "entry.corrected.v2", corrected | {"type": kind}
