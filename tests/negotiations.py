"""Random histories of questions, quantities and choices among blocs, a forum and others, few of each: many clashes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tracker.domain.log.entries import Draft
from tracker.domain.log.parsing import parse_event
from tracker.domain.terms.vocabulary import Stance

KINDS = {
    "AAA": "bloc",
    "BBB": "organisation",
    "CCC": "state",
    "DDD": "state",
    "EEE": "state",
    "FFF": "forum",
    "OOO": "other",
}
PARTIES = tuple(KINDS)
QUESTIONS, QUANTITIES, CHOICE = ("q/one", "c", "c/x", "c/x/below", "c/y"), ("n/goal", "n/own"), "c"
ISSUES = (*QUESTIONS, *QUANTITIES)
FIRST = date(2020, 3, 1)
DAYS = st.integers(0, 8).map(lambda days: (FIRST + timedelta(days)).isoformat())

Data = dict[str, Any]
_REGISTRATIONS: tuple[tuple[str, Data], ...] = (
    *(("party.registered", {"party": code, "name": f"Party {code}", "kind": kind}) for code, kind in KINDS.items()),
    ("issue.opened", {"issue": "c", "title": "c", "question": "Which?", "form": "choice"}),
    *(
        ("issue.opened", {"issue": issue, "title": issue, "question": "Should it?"})
        for issue in QUESTIONS
        if issue != CHOICE
    ),
    ("issue.opened", {"issue": "n/goal", "title": "n", "question": "How much?", "form": "quantity", "unit": "bn"}),
    ("issue.opened", {"issue": "n/own", "title": "n", "question": "?", "form": "quantity", "unit": "bn", "own": True}),
    ("source.registered", {"source": "dated", "title": "t", "publisher": "p", "published_on": "2020-03-06"}),
    ("source.registered", {"source": "undated", "title": "t", "publisher": "p"}),
)
_MEMBERS: tuple[tuple[str, Data], ...] = tuple(
    ("membership.started", {"party": party, "bloc": bloc, "on": "2020-03-01"})
    for party, bloc in (("CCC", "AAA"), ("DDD", "AAA"), ("DDD", "BBB"), ("BBB", "AAA"), ("EEE", "FFF"), ("CCC", "FFF"))
)


@st.composite
def negotiations(draw: st.DrawFn, max_size: int = 30) -> list[Draft]:
    """The drafts of a log that accepts all of them: registers first, then perhaps memberships, then what is said."""
    log = [*_REGISTRATIONS, *(draw(st.sampled_from(((), _MEMBERS))))]
    targets: dict[int, tuple[str, Data]] = {}
    for _ in range(draw(st.integers(0, max_size) | st.just(max_size))):
        kind, data = draw(_ENTRY)
        action = draw(st.sampled_from(("say",) * 8 + ("correct", "retract")))
        if action == "say" or not targets:
            targets[len(log)] = (kind, data)
            log.append((kind, data))
            continue
        target = draw(st.sampled_from(sorted(targets)))
        kind, old = targets.pop(target)
        if action == "retract":
            log.append(("entry.retracted", {"target": _id(target), "reason": "no"}))
            continue
        new = draw(_others_like(kind, old))
        targets[len(log)] = (kind, new)
        log.append(("entry.corrected", {"target": _id(target), "of": kind, "replacement": new, "reason": "no"}))
    recorded = datetime(2020, 3, 14, tzinfo=UTC)
    return [_draft(number, kind, data, recorded + timedelta(hours=number)) for number, (kind, data) in enumerate(log)]


def _draft(number: int, kind: str, data: Data, recorded: datetime) -> Draft:
    version = "v1" if kind in ("issue.reopened", "entry.retracted") else "v2"
    if kind == "entry.corrected":
        of = "v1" if data["of"] == "issue.reopened" else "v2"
        data = {name: value for name, value in data.items() if name != "of"} | {"type": f"{data['of']}.{of}"}
    return Draft(parse_event(f"{kind}.{version}", data), _id(number), "analyst", recorded)


def _id(number: int) -> str:
    return str(UUID(int=(number * 2654435761) % 2**32 << 96 | number))


def _some(must: dict[str, st.SearchStrategy[Any]], may: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(must, optional=may)


_party = st.sampled_from((*PARTIES, *("AAA",) * 3, *("CCC",) * 6))
_said = {"party": _party, "summary": st.just("said")}
_details = {
    "conditions": st.lists(st.sampled_from(("a", "b")), max_size=2),
    "red_line": st.booleans(),
    "sequence": st.integers(-1, 1),
    "speaker": st.sampled_from(("Ann", "Bob")),
    "source": st.sampled_from(("dated", "undated")),
    "attribution": st.sampled_from(("direct", "inferred")),
}
_ON_QUESTIONS = tuple(issue for issue in QUESTIONS if issue != CHOICE)
_stance = _some(
    _said
    | {
        "issue": st.sampled_from((*_ON_QUESTIONS, *(_ON_QUESTIONS[0],) * 3)),
        "stance": st.sampled_from([stance.value for stance in Stance]),
        "stated_on": DAYS | st.just("2020-03"),
    },
    _details | {"act": st.sampled_from(("accepts", "accepts", "denies"))},
)
_ends = st.sampled_from(
    [
        *({"at_least": "3"}, {"at_most": "2"}, {"at_most": "-1"}, {"at_least": "1", "at_most": "1"}),
        *({"at_least": low, "at_most": high} for low, high in (("1", "3"), ("2", "4"), ("2.5", "2.5"))),
    ]
)


def _widened(data: Data) -> Data:
    """A statement of an amount that says what its party could accept if it is marked so."""
    if not data.pop("wide", False):
        return data
    wider = {"at_least": {"at_least": "-2"}, "at_most": {"at_most": "5"}}
    ends = {name: end for name in data["amount"] for name, end in wider[name].items()}
    return data | {"could_accept": ends}


_amount = _some(
    _said | {"issue": st.sampled_from(("n/goal", "n/goal", "n/own")), "amount": _ends, "stated_on": DAYS},
    _details | {"wide": st.just(True), "stated_as": st.just("other words")},
).map(_widened)
_no_figure = _some(
    _said | {"issue": st.sampled_from(QUANTITIES), "act": st.just("declines"), "stated_on": DAYS}, _details
)
_withdrawn = _some(
    _said | {"issue": st.sampled_from((*_ON_QUESTIONS, *QUANTITIES, *(_ON_QUESTIONS[0],) * 3)), "on": DAYS},
    {
        "leaves_position_of": st.sampled_from(("AAA", "BBB")),
        "sequence": st.integers(-1, 1),
        "source": st.sampled_from(("dated", "undated")),
    },
)
_membership = _some({"party": _party, "bloc": st.sampled_from(("AAA", "BBB", "FFF")), "on": DAYS}, {})
_closed = _some({"issue": st.sampled_from(ISSUES), "on": DAYS, "outcome": st.sampled_from(("agreed", "abandoned"))}, {})
_closed_with_option = st.builds(
    lambda on, option: {"issue": "c", "on": on, "outcome": "agreed", "option": option},
    DAYS,
    st.sampled_from(("c/x", "c/y")),
)
_reopened = _some({"issue": st.sampled_from(ISSUES), "on": DAYS}, {})


def _entry(kind: str, data: st.SearchStrategy[Data]) -> st.SearchStrategy[tuple[str, Data]]:
    return data.map(lambda found: (kind, found))


_ENTRY = st.one_of(
    *(_entry("position.stated", _stance),) * 4,
    *(_entry("position.stated", _amount),) * 3,
    _entry("position.stated", _no_figure),
    *(_entry("position.withdrawn", _withdrawn),) * 2,
    _entry("membership.started", _membership),
    _entry("membership.ended", _membership),
    _entry("issue.closed", st.one_of(_closed, _closed_with_option)),
    _entry("issue.reopened", _reopened),
)


def _others_like(kind: str, data: Data) -> st.SearchStrategy[Data]:
    """Other data of the same kind and form."""
    if kind == "position.stated":
        return _stance if "stance" in data else st.one_of(_amount, _no_figure)
    return {
        "position.withdrawn": _withdrawn,
        "membership.started": _membership,
        "membership.ended": _membership,
        "issue.closed": _closed,
        "issue.reopened": _reopened,
    }[kind]
