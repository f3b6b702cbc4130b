"""Random valid histories: late, corrected, retracted, imprecise and same-day entries, few names, many clashes.

They hold positions of every form, with everything that a statement may say; what these are is in `tests.positions`.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from tests import positions
from tests.positions import FORMED, FORUM, Data, is_of_one_form
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

ALL_PARTIES, ALL_ISSUES = (*PARTIES, FORUM), (*ISSUES, *FORMED)
"""Those of positions of every form too."""

_REGISTRATIONS = ("party.registered.", "issue.opened.", "source.registered.")
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
def histories(draw: st.DrawFn, max_size: int = 30, *, blocs: bool = False, plain: bool = False) -> list[Draft]:
    """The drafts of a log that accepts all of them, registers first; with `blocs`, of many changes of membership.

    A `plain` one has questions alone, answered by stances in the first versions of statements.
    """
    verbs = (*(_VERBS if plain else _VERBS + _MORE_VERBS), *("membership",) * (10 if blocs else 0))
    registers = [*_registers, *(() if plain else positions.REGISTERS)]
    log: list[tuple[str, Data]] = [*registers, *(draw(st.sampled_from(((), _BLOC_IN_BLOC))) if blocs else ())]
    open_targets: dict[int, tuple[str, Data]] = dict(enumerate(log))
    registered = {number: number for number in range(len(registers))}
    for _ in range(draw(st.integers(0, max_size))):
        number = len(log)
        verb = draw(st.sampled_from(verbs))
        if verb == "again":
            entry = open_targets[registered[draw(st.sampled_from(sorted(registered)))]]
        elif verb in _SIMPLE:
            entry = draw(_SIMPLE[verb])
            if verb == "said":
                entry = draw(_answering(entry, open_targets))
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
            told = draw(_CORROBORATING) | ({} if plain else draw(_TRANSLATED))
            entry = positions.stored("statement.corroborated", {"target": _id(target), **told})
            log.append(entry)
            open_targets[number] = entry
        elif action == "retract" and not kind.startswith(_REGISTRATIONS):
            log.append(("entry.retracted.v1", {"target": _id(target), "reason": "no"}))
            del open_targets[target]
        else:
            kind, replacement = draw(_replacement(kind, data, plain=plain))
            log.append(positions.correction(kind, _id(target), replacement))
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


_BAD = {"party": "AAA", "stated_on": "2020-03-01", "summary": "x"}
_LEAVES_NONE = {"leaves_position_of": "NONE"}
_AN_AMOUNT, _A_STANCE = {"issue": "q/goal", "amount": {"at_most": "9"}}, {"issue": "c/way/out", "stance": "opposes"}


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
        ("position.stated.v2", {**_BAD, "issue": "x/one", "amount": {"at_least": "1"}}),
        ("position.stated.v1", {**_BAD, "issue": "q/goal", "stance": "supports"}),
        ("position.stated.v1", {**_BAD, "issue": "c/way", "stance": "supports"}),
        ("position.stated.v2", {**_BAD, "issue": "x/one", "stance": "opposes", "answers": _id(0)}),
        ("position.withdrawn.v2", {"party": "AAA", "issue": "q/goal", "on": "2020", "summary": "-", **_LEAVES_NONE}),
        ("issue.closed.v2", {"issue": "x/one", "on": "2020-03-01", "outcome": "agreed", "option": "x/one/two"}),
        ("issue.closed.v2", {"issue": "c/way", "on": "2020-03-01", "outcome": "agreed", "option": "c/way/no"}),
        ("issue.opened.v2", {"issue": "c/way/far", "title": "t", "question": "?", "form": "choice"}),
        ("entry.corrected.v2", {"target": _id(2**7), "type": "position.stated.v2", "replacement": {}, "reason": "no"}),
        positions.correction("position.stated.v2", _id(draw(st.integers(17, 30))), {**_BAD, **_AN_AMOUNT}),
        positions.correction("position.stated.v1", _id(draw(st.integers(17, 30))), {**_BAD, **_A_STANCE}),
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
        draw(st.frozensets(st.sampled_from(ALL_PARTIES), max_size=2)),
        draw(st.frozensets(st.sampled_from((*ALL_ISSUES, "x", "c/way")), max_size=1)),
        draw(st.frozensets(st.sampled_from(Attribution), max_size=3)),
    )


def _id(number: int) -> str:
    return str(UUID(int=(number * 2654435761) % 2**32 << 96 | number))


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
    positions.some(
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
    positions.some({"sequence": st.integers(-1, 1), **_evidence}),
)
_CORROBORATING = st.builds(
    lambda must, may: must | may,
    st.fixed_dictionaries({"source": st.sampled_from(SOURCES)}),
    positions.some({"quote": st.sampled_from(("other words", {"exact": "nee"})), "locator": st.just("page three")}),
)
_cited = positions.some({"source": st.sampled_from(SOURCES)})
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
    positions.some(
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
_said = positions.said(_stated)
_left = st.builds(
    lambda entry, issue, bloc: positions.left(entry[1] | {"issue": issue}, bloc),
    _withdrawn,
    st.sampled_from(("x/one", "q/goal", "q/goal", *FORMED)),
    st.sampled_from((*PARTIES, FORUM)),
)
_ended = positions.closed(_closed)
_reopened = st.builds(
    lambda issue, on, cited: ("issue.reopened.v1", {"issue": issue, "on": on} | cited),
    st.sampled_from(("x/one", "x/one", "c/way", "c/way", "q/goal", "c/way/out")),
    _day,
    _cited,
)
_succeeded = st.builds(
    lambda named, on, cited: ("party.succeeded.v1", {"party": named[0], "by": named[1:], "on": on} | cited),
    st.lists(st.sampled_from(ALL_PARTIES), min_size=2, max_size=3, unique=True),
    _day,
    _cited,
)
_joined = st.builds(
    lambda entry, bloc, on: positions.stored(entry[0].rpartition(".")[0], entry[1] | {"bloc": bloc, "on": on}),
    _membership,
    st.sampled_from((FORUM, *PARTIES)),
    st.sampled_from(("2020-02", "2020-03", "2019", "2020-03-04")),
)
_TRANSLATED = positions.some({"language": st.just("fr"), "translation": st.just("in our words")})
_SIMPLE = {
    "stated": _stated,
    "withdrawn": _withdrawn,
    "closed": _closed,
    "milestone": _milestone,
    "government": _government,
    "reworded": _reworded,
    "updated": _updated,
    "membership": _membership,
    "said": _said,
    "left": _left,
    "ended": _ended,
    "reopened": _reopened,
    "succeeded": _succeeded,
    "joined": _joined,
}
_VERBS = (
    *("stated",) * 8,
    *("withdrawn", "closed", "milestone", "government", "reworded", "updated", "membership"),
    "again",
    *("target position.",) * 4,
    *("target source.",) * 3,
    "target statement.",
    "target issue.",
    *("target ",) * 2,
)
_MORE_VERBS = (
    *("said",) * 18,
    *("left",) * 2,
    *("ended",) * 2,
    *("reopened", "succeeded", "joined", "membership"),
    *("target position.",) * 3,
)
_ASKING = ("proposes", "demands", "asks", "offers")


@st.composite
def _answering(draw: st.DrawFn, entry: tuple[str, Data], counting: dict[int, tuple[str, Data]]) -> tuple[str, Data]:
    """A statement that may say which ask it answers."""
    asks = [at for at, (_, data) in sorted(counting.items()) if data.get("act") in _ASKING]
    if not asks or draw(st.integers(0, 3)):
        return entry
    return positions.stored("position.stated", entry[1] | {"answers": _id(draw(st.sampled_from(asks)))})


def _without_none(data: Data, **more: str | None) -> Data:
    return {key: value for key, value in (data | more).items() if value is not None}


def _replacement(kind: str, data: Data, *, plain: bool) -> st.SearchStrategy[tuple[str, Data]]:
    """Other data of the same kind, and the type that holds them; ids that a correction cannot change stay."""
    name = kind.rpartition(".")[0]
    if name == "source.registered":
        return st.sampled_from(("2020-03-02", "2020-03-08", None)).map(
            lambda day: (kind, _without_none(data, published_on=day))
        )
    if name == "statement.corroborated":
        return st.sampled_from(SOURCES).map(lambda source: (kind, data | {"source": source}))
    if name == "party.updated":
        return st.sampled_from(NAMES).map(lambda name: (kind, data | {"name": name}))
    if name in ("party.registered", "issue.opened"):
        return st.just((kind, data))
    fresh = [_FRESH[name]] if plain else [_FRESH[name], _MORE_FRESH.get(name, _FRESH[name])]
    alike = st.one_of(fresh).filter(lambda entry: is_of_one_form(data, entry[1]))
    return st.one_of(st.just((kind, data)), alike.map(lambda entry: _typed(kind, entry[1])))


def _typed(kind: str, data: Data) -> tuple[str, Data]:
    return (kind, data) if kind.startswith("milestone.") else positions.stored(kind.rpartition(".")[0], data)


_FRESH: dict[str, st.SearchStrategy[tuple[str, Data]]] = {
    "position.stated": _stated,
    "position.withdrawn": _withdrawn,
    "issue.closed": _closed,
    "issue.reopened": _reopened,
    "milestone.noted": _milestone,
    "issue.reworded": _reworded,
    "membership.started": _membership,
    "membership.ended": _membership,
    "party.succeeded": _succeeded,
}
_MORE_FRESH: dict[str, st.SearchStrategy[tuple[str, Data]]] = {
    "position.stated": _said,
    "position.withdrawn": _left,
    "issue.closed": _ended,
    "membership.started": _joined,
    "membership.ended": _joined,
}
