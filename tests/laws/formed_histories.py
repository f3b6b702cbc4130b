"""Random histories on issues of every form: amounts, options of choices, forums, and members that leave positions."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.histories import RECORDED_FROM, SOURCES, _id
from tracker.domain.log.entries import Draft
from tracker.domain.log.parsing import parse_event

PARTIES = ("AAA", "BBB", "CCC", "DDD", "FFF")
KINDS = dict(zip(PARTIES, ("state", "bloc", "bloc", "organisation", "forum"), strict=True))
QUANTITIES, OPTIONS, QUESTIONS = ("q", "pledge"), ("c/a", "c/b"), ("c/a/x", "c-d", "z")
FIRST = date(2020, 3, 1)
DAYS = st.integers(-1, 10).map(lambda days: (FIRST + timedelta(days)).isoformat())
DATES = st.one_of(DAYS, st.sampled_from(("2020-02", "2020-03", "2019")))

Data = dict[str, Any]
_REGISTERS: list[tuple[str, Data]] = [
    *(("party.registered.v2", {"party": party, "name": party, "kind": kind}) for party, kind in KINDS.items()),
    ("issue.opened.v2", {"issue": "q", "title": "q", "question": "?", "form": "quantity", "unit": "bn"}),
    (
        "issue.opened.v2",
        {"issue": "pledge", "title": "p", "question": "?", "form": "quantity", "unit": "t", "own": True},
    ),
    ("issue.opened.v2", {"issue": "c", "title": "c", "question": "?", "form": "choice"}),
    *(("issue.opened.v1", {"issue": issue, "title": issue, "question": "?"}) for issue in (*OPTIONS, *QUESTIONS)),
    ("source.registered.v1", {"source": "dated", "title": "t", "publisher": "p", "published_on": "2020-03-04"}),
    ("source.registered.v1", {"source": "later", "title": "t", "publisher": "p", "published_on": "2020-03-09"}),
    ("source.registered.v1", {"source": "undated", "title": "t", "publisher": "p"}),
]
_AMOUNTS: list[Data] = [
    *(
        {"at_least": low, "at_most": high}
        for low, high in (("1", "1"), ("1", "2"), ("2", "3.5"), ("3", "3"), ("-1", "0"))
    ),
    *({"at_least": low} for low in ("1", "2.5")),
    *({"at_most": high} for high in ("0.5", "2")),
]
_STANCES = st.sampled_from(("opposes", "sceptical", "neutral", "conditional", "supports"))
_party = st.sampled_from(("AAA", "AAA", *PARTIES))


def _some(strategies: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries({}, optional=strategies)


@st.composite
def statements(draw: st.DrawFn) -> tuple[str, Data]:
    issue = draw(st.sampled_from(("q", "q", "q", *QUANTITIES, *OPTIONS, *OPTIONS, *QUESTIONS)))
    more = draw(
        _some(
            {
                "conditions": st.lists(st.sampled_from(("a", "b")), max_size=1),
                "sequence": st.integers(-1, 1),
                "source": st.sampled_from(SOURCES),
                "attribution": st.sampled_from(("reported", "inferred")),
                "addressed_to": st.lists(_party, min_size=1, max_size=2, unique=True),
            }
        )
    )
    value: Data = {"stance": draw(_STANCES)}
    if issue in QUANTITIES:
        value = draw(st.one_of(*[st.sampled_from(_AMOUNTS).map(lambda amount: {"amount": amount})] * 4, st.just({})))
        value = value or {"act": "declines"}
    if "addressed_to" in more and "act" not in value:
        value |= {"act": draw(st.sampled_from(("demands", "asks", "welcomes")))}
    data = {"party": draw(_party), "issue": issue, "stated_on": draw(DATES), "summary": "So.", **value, **more}
    return "position.stated.v2", data


@st.composite
def withdrawals(draw: st.DrawFn) -> tuple[str, Data]:
    more = draw(_some({"leaves_position_of": st.sampled_from(PARTIES[1:]), "sequence": st.integers(-1, 1)}))
    more |= draw(_some({"source": st.sampled_from(SOURCES)}))
    issue = draw(st.sampled_from(("q", "q", *QUANTITIES, *OPTIONS, *QUESTIONS)))
    return "position.withdrawn.v2", {"party": draw(_party), "issue": issue, "on": draw(DATES), "summary": "-", **more}


_memberships = st.builds(
    lambda verb, party, bloc, on: (f"membership.{verb}.v2", {"party": party, "bloc": bloc, "on": on}),
    st.sampled_from(("started", "started", "started", "ended")),
    st.sampled_from(("AAA", *PARTIES)),
    st.sampled_from(PARTIES[1:]),
    DAYS,
)


@st.composite
def formed_histories(draw: st.DrawFn, max_size: int = 24) -> list[Draft]:
    """The drafts of a log that accepts all of them, registers first."""
    log = list(_REGISTERS)
    counting: dict[int, tuple[str, Data]] = {}
    verbs = (*("stated",) * 6, *("withdrawn",) * 3, *("membership",) * 3, "correct", "correct", "retract")
    for _ in range(draw(st.integers(0, max_size))):
        verb, number = draw(st.sampled_from(verbs)), len(log)
        if verb in ("correct", "retract"):
            if not counting:
                continue
            target = draw(st.sampled_from(sorted(counting)))
            kind, data = counting.pop(target)
            if verb == "retract":
                log.append(("entry.retracted.v1", {"target": _id(target), "reason": "no"}))
                continue
            field = "stated_on" if kind.startswith("position.stated") else "on"
            data = data | {field: draw(DAYS)}
            if "amount" in data:
                data |= {"amount": draw(st.sampled_from(_AMOUNTS))}
            log.append(
                ("entry.corrected.v2", {"target": _id(target), "type": kind, "replacement": data, "reason": "no"})
            )
            counting[number] = kind, data
            continue
        entry = draw({"stated": statements(), "withdrawn": withdrawals(), "membership": _memberships}[verb])
        asks = [at for at, (_, data) in sorted(counting.items()) if data.get("act") in ("demands", "asks")]
        if verb == "stated" and asks and draw(st.integers(0, 3)) == 0:
            entry = entry[0], entry[1] | {"answers": _id(draw(st.sampled_from(asks)))}
        log.append(entry)
        counting[number] = entry
    recorded, drafts = RECORDED_FROM[0], []
    for number, (type_name, data) in enumerate(log):
        recorded += timedelta(hours=8)
        drafts.append(Draft(parse_event(type_name, data), _id(number), "analyst", recorded))
    return drafts
