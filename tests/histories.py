"""Random valid histories: late, corrected, retracted, imprecise and same-day entries, few names, many clashes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tracker.domain.log.entries import Draft
from tracker.domain.log.kind_registry import Role, kind_of
from tracker.domain.log.parsing import parse_event, parse_written
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import Attribution, Stance

PARTIES = ("AAA", "BBB", "ÖÄÜ")
ISSUES = ("x/one", "x/one/two", "ж/три")
SOURCES = ("dated", "later", "undated")
FIRST = date(2020, 3, 1)
DATES = (*(f"2020-03-{day:02}" for day in range(1, 13)), "2020-03-05?", "2020-02", "2020-03~", "2020", "2019")
RECORDED_FROM = (datetime(2021, 1, 1, tzinfo=UTC), *(datetime(2020, 3, 11, tzinfo=UTC),) * 2)
"""When histories begin to be recorded: long after their days, or so that some days are still to come."""
DAYS = st.integers(-3, 16).map(lambda days: FIRST + timedelta(days))
LAST_DAY = datetime(2020, 3, 17, tzinfo=UTC)
SPEAKERS = (None, "Ann Ö", "Bob", " ANN  O\u0308", "B\u00adob")
"""Two speakers, each spelled in two ways that look the same whatever the case."""
NAMES = ("Alpha", "Beta")

Data = dict[str, Any]
_REGISTRATIONS = ("party.registered.v1", "issue.opened.v1", "source.registered.v1")
_registers: list[tuple[str, Data]] = [
    *(("party.registered.v1", {"party": party, "name": f"Party {party}", "kind": "state"}) for party in PARTIES),
    *(("issue.opened.v1", {"issue": issue, "title": issue, "question": "Should it?"}) for issue in ISSUES),
    ("source.registered.v1", {"source": "dated", "title": "t", "publisher": "p", "published_on": "2020-03-04"}),
    ("source.registered.v1", {"source": "later", "title": "t", "publisher": "p", "published_on": "2020-03-09"}),
    ("source.registered.v1", {"source": "undated", "title": "t", "publisher": "p"}),
]
_BLOC_IN_BLOC: tuple[tuple[str, Data], ...] = (
    ("membership.started.v1", {"party": PARTIES[2], "bloc": PARTIES[1], "on": "2020-03-01"}),
    ("membership.started.v1", {"party": PARTIES[1], "bloc": PARTIES[0], "on": "2020-03-02"}),
)
"""The bloc in which another one is states most."""


@st.composite
def histories(draw: st.DrawFn, max_size: int = 30, *, blocs: bool = False) -> list[Draft]:
    """The drafts of a log that accepts all of them, registers first; with `blocs`, of many changes of membership."""
    verbs = (*_VERBS, *("membership",) * 10) if blocs else _VERBS
    log: list[tuple[str, Data]] = [*_registers, *(draw(st.sampled_from(((), _BLOC_IN_BLOC))) if blocs else ())]
    open_targets: dict[int, tuple[str, Data]] = dict(enumerate(log))
    registered = {number: number for number in range(len(_registers))}
    for _ in range(draw(st.integers(0, max_size))):
        number = len(log)
        verb = draw(st.sampled_from(verbs))
        if verb == "again":
            entry = open_targets[registered[draw(st.sampled_from(sorted(registered)))]]
        elif verb in _SIMPLE:
            entry = draw(_SIMPLE[verb])
        if not verb.startswith("target"):
            log.append(entry)
            open_targets[number] = entry
            continue
        about = verb.removeprefix("target ")
        targets = [at for at, (kind, _) in sorted(open_targets.items()) if kind.startswith(about)]
        if not targets:
            continue
        target = draw(st.sampled_from(targets))
        kind, data = open_targets[target]
        action = draw(st.sampled_from(("correct", "retract", "corroborate")))
        if action == "corroborate" and kind_of(kind).role is Role.STATEMENT:
            entry = ("statement.corroborated.v1", {"target": _id(target), **draw(_CORROBORATING)})
            log.append(entry)
            open_targets[number] = entry
        elif action == "retract" and kind not in _REGISTRATIONS:
            log.append(("entry.retracted.v1", {"target": _id(target), "reason": "no"}))
            del open_targets[target]
        else:
            replacement = draw(_replacement(kind, data))
            log.append(("entry.corrected.v1", {"target": _id(target), "replacement": replacement, "reason": "no"}))
            del open_targets[target]
            open_targets[number] = (kind, replacement)
            registered = {first: number if now == target else now for first, now in registered.items()}
    gaps = draw(st.lists(st.integers(0, 3), min_size=len(log), max_size=len(log)))
    recorded = draw(st.sampled_from(RECORDED_FROM))
    pace = 8 if recorded > LAST_DAY else 1
    drafts = []
    for number, ((type_name, data), gap) in enumerate(zip(log, gaps, strict=True)):
        recorded += timedelta(hours=pace * gap)
        event, written = parse_written(type_name, data)
        drafts.append(Draft(event, _id(number), "analyst", recorded, written=written))
    return drafts


@st.composite
def disorders(draw: st.DrawFn) -> list[Draft]:
    """The drafts of a history with some that a log refuses, or has already, among them."""
    good = draw(histories(max_size=20))
    bad: tuple[tuple[str, Data], ...] = (
        ("position.withdrawn.v1", {"party": "NONE", "issue": "x/one", "on": "2020", "summary": "x"}),
        ("position.withdrawn.v1", {"party": "AAA", "issue": "x/one", "on": "2099", "summary": "x"}),
        ("milestone.noted.v1", {"title": "x", "on": "2020-03-01", "parties": ["AAA", "NONE"], "source": "none"}),
        ("party.registered.v1", {"party": "CCC", "name": "C", "kind": "state", "aliases": ["Alpha"]}),
        ("party.registered.v1", {"party": "DDD", "name": "D", "kind": "state", "aliases": ["Party AAA"]}),
        ("party.registered.v1", {"party": "AAA", "name": "Other", "kind": "state"}),
        ("issue.opened.v1", {"issue": "x/one", "title": "x/one", "question": "Should it?"}),
        ("entry.retracted.v1", {"target": _id(draw(st.integers(0, len(good)))), "reason": "no"}),
        ("entry.retracted.v1", {"target": _id(0), "reason": "no"}),
        ("entry.corrected.v1", {"target": _id(draw(st.integers(9, 20))), "replacement": {"on": "x"}, "reason": "no"}),
        ("statement.corroborated.v1", {"target": _id(draw(st.integers(9, 20))), "source": "dated"}),
    )
    mixed = list(good)
    for number in range(draw(st.integers(1, 6))):
        type_name, data = draw(st.sampled_from(bad))
        place = draw(st.integers(0, len(mixed)))
        event_id = draw(st.sampled_from((_id(1000 + number), mixed[min(place, len(mixed) - 1)].id)))
        mixed.insert(place, Draft(parse_event(type_name, data), event_id, "analyst"))
    return mixed


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    return Scope(
        draw(st.frozensets(st.sampled_from(PARTIES), max_size=2)),
        draw(st.frozensets(st.sampled_from((*ISSUES, "x")), max_size=1)),
        draw(st.frozensets(st.sampled_from(Attribution), max_size=3)),
    )


def _id(number: int) -> str:
    return str(UUID(int=(number * 2654435761) % 2**32 << 96 | number))


def _some(strategies: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries({}, optional=strategies)


_day = DAYS.map(date.isoformat)
_party = st.sampled_from((PARTIES[0],) * 4 + PARTIES)
_issue = st.sampled_from((ISSUES[0],) * 4 + ISSUES)
_evidence = {
    "source": st.sampled_from(SOURCES),
    "quote": st.sampled_from(("words", "=1+1", {"exact": "words", "prefix": "so"})),
    "locator": st.just("page two"),
    "speaker": st.sampled_from(SPEAKERS[1:]),
    "attribution": st.sampled_from([word.value for word in Attribution]),
}
_stated = st.builds(
    lambda must, may: ("position.stated.v1", must | may),
    st.fixed_dictionaries(
        {
            "party": _party,
            "issue": _issue,
            "stance": st.sampled_from([stance.value for stance in Stance]),
            "stated_on": st.sampled_from(DATES),
            "summary": st.sampled_from(("yes", "née — ✓")),
        }
    ),
    _some(
        {
            "conditions": st.lists(st.sampled_from(("a", "b")), max_size=2),
            "sequence": st.integers(-1, 1),
            "standing": st.sampled_from(("formal", "remark")),
            "act": st.sampled_from(("asks", "demands", "denies")),
            "addressed_to": st.lists(_party, max_size=2, unique=True),
            "on_behalf_of": st.lists(_party, max_size=1),
            "ascribed_by": _party,
            **_evidence,
        }
    ),
)
_withdrawn = st.builds(
    lambda must, may: ("position.withdrawn.v1", must | may),
    st.fixed_dictionaries(
        {
            "party": _party,
            "issue": _issue,
            "on": st.sampled_from(DATES),
            "summary": st.just("gone"),
        }
    ),
    _some({"sequence": st.integers(-1, 1), **_evidence}),
)
_CORROBORATING = st.builds(
    lambda must, may: must | may,
    st.fixed_dictionaries({"source": st.sampled_from(SOURCES)}),
    _some({"quote": st.sampled_from(("other words", {"exact": "nee"})), "locator": st.just("page three")}),
)
_cited = _some({"source": st.sampled_from(SOURCES)})
_closed = st.builds(
    lambda issue, on, outcome, cited: ("issue.closed.v1", {"issue": issue, "on": on, "outcome": outcome} | cited),
    st.sampled_from(ISSUES),
    _day,
    st.sampled_from(("agreed", "expired")),
    _cited,
)
_milestone = st.builds(
    lambda on, kind, about: (f"milestone.noted.{kind[0]}", {"on": on, "title": "Summit"} | kind[1] | about),
    _day,
    st.sampled_from((("v1", {}), ("v2", {"category": "government"}), ("v2", {"category": "other"}), ("v2", {}))),
    _some(
        {
            "parties": st.lists(st.sampled_from(PARTIES), min_size=1, max_size=1),
            "issues": st.lists(st.sampled_from(ISSUES), min_size=1, max_size=1),
            "source": st.sampled_from(SOURCES),
        }
    ),
)
_reworded = st.builds(
    lambda issue, on, what: ("issue.reworded.v1", {"issue": issue, "on": on} | what),
    st.sampled_from((ISSUES[0],) * 2 + ISSUES),
    _day,
    st.sampled_from(({"title": "Other"}, {"question": "Should it?"}, {"question": "Why?"}, {"question": "When?"})),
)
_membership = st.builds(
    lambda verb, party, bloc, on, cited: (f"membership.{verb}.v1", {"party": party, "bloc": bloc, "on": on} | cited),
    st.sampled_from(("started", "started", "ended")),
    st.sampled_from(PARTIES),
    st.sampled_from(PARTIES),
    _day,
    _cited,
)
_government = st.builds(
    lambda on, party: (
        "milestone.noted.v2",
        {"on": on, "title": "Election", "category": "government", "parties": [party]},
    ),
    _day,
    _party,
)
_updated = st.builds(
    lambda party, name: ("party.updated.v1", {"party": party, "name": name}),
    st.sampled_from(PARTIES),
    st.sampled_from(NAMES),
)
_SIMPLE = {
    "stated": _stated,
    "withdrawn": _withdrawn,
    "closed": _closed,
    "milestone": _milestone,
    "government": _government,
    "reworded": _reworded,
    "updated": _updated,
    "membership": _membership,
}
_VERBS = (
    *("stated",) * 8,
    *(verb for verb in _SIMPLE if verb != "stated"),
    "again",
    *("target position.",) * 4,
    *("target source.",) * 3,
    "target statement.",
    "target issue.",
    *("target ",) * 2,
)


def _without_none(data: Data, **more: str | None) -> Data:
    return {key: value for key, value in (data | more).items() if value is not None}


def _replacement(kind: str, data: Data) -> st.SearchStrategy[Data]:
    """Other data of the same kind; ids that a correction cannot change stay."""
    if kind == "source.registered.v1":
        return st.sampled_from(("2020-03-02", "2020-03-08", None)).map(
            lambda day: _without_none(data, published_on=day)
        )
    if kind == "statement.corroborated.v1":
        return st.sampled_from(SOURCES).map(lambda source: data | {"source": source})
    if kind == "party.updated.v1":
        return st.sampled_from(NAMES).map(lambda name: data | {"name": name})
    if kind in ("party.registered.v1", "issue.opened.v1"):
        return st.just(data)
    fresh = {
        "position.stated.v1": _stated,
        "position.withdrawn.v1": _withdrawn,
        "issue.closed.v1": _closed,
        "milestone.noted.v1": _milestone,
        "milestone.noted.v2": _milestone,
        "issue.reworded.v1": _reworded,
        "membership.started.v1": _membership,
        "membership.ended.v1": _membership,
    }[kind]
    return st.one_of(st.just(data), fresh.map(lambda entry: entry[1]))
