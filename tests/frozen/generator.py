"""Generate histories that use everything a log can hold, as lines of an events file; the same from the same seed.

Nothing of the tracker is imported, so that a change in it cannot change what it is asked about.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from tests.frozen.log import (
    ACTS,
    AMOUNTS,
    ATTRIBUTIONS,
    BLOCS,
    CATEGORIES,
    IMPRECISE,
    ISSUES,
    OPTIONS,
    PARTIES,
    QUANTITIES,
    RECORDERS,
    SOURCES,
    Data,
    Log,
    id_of,
)
from tests.frozen.sayings import (
    SAYINGS,
    TOGETHER,
    amount,
    answering,
    closing,
    leaving,
    membership,
    milestone,
    rewording,
    said,
    statement,
    update,
    withdrawal,
)

START = datetime(2021, 1, 1, 8, tzinfo=UTC)

_EVEN = {
    **{"stated": 24, "withdrawn": 5, "corroborated": 6, "milestone": 4, "closed": 2, "reworded": 2, "membership": 4},
    **{"updated": 1, "again": 2, "correct": 14, "retract": 4, "correct source": 2},
}
HISTORIES: dict[str, Data] = {
    "everything": {"seed": 1, "size": 170, "verbs": _EVEN},
    "corrections": {"seed": 2, "size": 150, "verbs": {**_EVEN, "correct": 40, "retract": 10, "corroborated": 12}},
    "evidence": {"seed": 3, "size": 140, "verbs": {**_EVEN, "corroborated": 20, "correct source": 10, "again": 6}},
    "blocs": {"seed": 4, "size": 130, "verbs": {**_EVEN, "membership": 16}, "parties": (*PARTIES, *BLOCS, *BLOCS)},
    "asks": {"seed": 5, "size": 140, "verbs": {**_EVEN, "closed": 5, "reworded": 6}, "acts": ACTS[:6], "address": 0.8},
    "dates": {"seed": 6, "size": 150, "verbs": {**_EVEN, "withdrawn": 9}, "dates": IMPRECISE, "issues": ISSUES[:2]},
    "positions": {
        **{"seed": 7, "size": 190, "positions": True},
        "verbs": {**_EVEN, "amount": 24, "said": 14, "left": 4, "ended": 6, "translated": 4, "registered": 3},
    },
}
"""How each history is made: its seed, its number of entries, how often each verb comes, and what is drawn from."""


def lines(name: str) -> Iterator[str]:
    """The lines of a history, in one spelling of the events file format."""
    how = HISTORIES[name]
    log = Log(Random(how["seed"]), how)
    log.begin()
    while len(log.entries) < how["size"]:
        verb = log.random.choices(list(how["verbs"]), list(how["verbs"].values()))[0]
        _VERBS[verb](log)
    recorded = START
    for number, (type_name, data) in enumerate(log.entries):
        recorded += timedelta(seconds=log.random.choice((0, 0, 1, 5400, 40000)), microseconds=number % 7)
        line = {
            "specversion": "1.0",
            "source": "tracker",
            "id": id_of(number),
            "type": type_name,
            "time": recorded.isoformat(),
            "recordedby": log.random.choice(RECORDERS),
            "data": data,
        }
        if log.random.random() < 0.1:
            line["origintime"] = (recorded - timedelta(30)).isoformat()
        yield json.dumps(line)


def _add_milestone(log: Log) -> None:
    if log.random.random() < 0.5:
        log.add("milestone.noted.v1", milestone(log))
    else:
        log.add("milestone.noted.v2", {**milestone(log), **log.maybe(0.8, category=log.random.choice(CATEGORIES))})


def _add_membership(log: Log) -> None:
    verb = log.random.choice(("started", "started", "ended"))
    log.add(f"membership.{verb}.v1", membership(log))


def _add_leaving(log: Log) -> None:
    said = leaving(log)
    log.add("position.withdrawn.v2", said)


def _end(log: Log) -> None:
    """Close an issue with a figure or an option, open it again, let a party be succeeded."""
    on = {"on": log.day()}
    log.add(
        *log.random.choice(
            (
                ("issue.closed.v2", {"issue": "q/goal", "outcome": "agreed", "amount": AMOUNTS[0], **on}),
                ("issue.closed.v2", {"issue": "c/way", "outcome": "agreed", "option": OPTIONS[1], **on}),
                ("issue.reopened.v1", {"issue": log.random.choice(("c/way", "q/goal", ISSUES[0])), **on}),
                ("party.succeeded.v1", {"party": PARTIES[3], "by": [PARTIES[0]], **on, **log.evidence()}),
            )
        )
    )


def _translate(log: Log) -> None:
    first = log.some("position.")
    if first is not None:
        said = {"target": id_of(log.counting[first][0]), "source": log.random.choice(SOURCES), "quote": log.text()}
        log.add("statement.corroborated.v2", {**said, "language": "zh-Hans", "translation": log.text()})


def _join_in_a_month(log: Log) -> None:
    verb = log.random.choice(("started", "ended"))
    log.add(f"membership.{verb}.v2", {"party": log.random.choice(PARTIES), "bloc": "FORUM", "on": "2020-02"})


def _corroborate(log: Log) -> None:
    first = log.some("position.")
    if first is not None:
        target = id_of(log.counting[first][0])
        said = log.maybe(0.5, quote=log.text(), locator="p. 9", attribution=log.random.choice(ATTRIBUTIONS), note="né")
        log.add("statement.corroborated.v1", {"target": target, "source": log.random.choice(SOURCES), **said})


def _register_again(log: Log) -> None:
    """The same registration a second time, as it stands after corrections; the source's fields are as they were."""
    first = log.some("party.registered", "issue.opened", "source.registered")
    assert first is not None
    _, kind, data = log.counting[first]
    key = next(name for name in ("party", "issue", "source") if name in data)
    holding = min(at for at, (_, of, said) in log.counting.items() if of == kind and said[key] == data[key])
    log.add(kind, log.counting[holding][2])


def _correct(log: Log) -> None:
    first = log.some(
        "position.", "position.stated", "milestone", "issue.closed", "issue.reworded", "membership", "party.u"
    )
    if first is not None:
        _, kind, data = log.counting[first]
        is_amount = "stated_on" in data and data["issue"] in QUANTITIES
        anew = (amount if is_amount else SAYINGS.get(kind) or SAYINGS[kind[:-3]])(log)
        if log.random.random() < 0.5:  # one field moves, the rest stays
            kept = TOGETHER if log.how.get("positions") else ()
            name = log.random.choice([one for one in sorted(anew) if one not in kept])
            anew = data | {name: anew[name]}
        log.revise(first, anew)


def _correct_register(log: Log) -> None:
    first = log.some("source.registered", "party.registered", "issue.opened", "statement.corroborated")
    assert first is not None
    _, kind, data = log.counting[first]
    if kind.startswith("source"):
        data = {name: value for name, value in data.items() if name != "published_on"}
        log.revise(first, data | log.maybe(0.7, published_on=log.day()))
    elif kind.startswith("statement"):
        log.revise(first, data | {"source": log.random.choice(SOURCES), "note": log.text()})
    else:
        log.revise(first, data | {"name" if "name" in data else "title": f"Corrected {len(log.entries)}"})


def _retract(log: Log) -> None:
    first = log.some("position.", "milestone", "issue.closed", "issue.reworded", "membership", "party.u", "statement")
    if first is not None:
        log.revise(first, None)


_VERBS: dict[str, Callable[[Log], None]] = {
    "stated": lambda log: log.add("position.stated.v1", statement(log)),
    "withdrawn": lambda log: log.add("position.withdrawn.v1", withdrawal(log)),
    "closed": lambda log: log.add("issue.closed.v1", closing(log)),
    "reworded": lambda log: log.add("issue.reworded.v1", rewording(log)),
    "updated": lambda log: log.add("party.updated.v1", update(log)),
    "milestone": _add_milestone,
    "membership": _add_membership,
    "corroborated": _corroborate,
    "amount": lambda log: log.add("position.stated.v2", amount(log) | answering(log)),
    "said": lambda log: log.add("position.stated.v2", said(log) | answering(log)),
    "left": _add_leaving,
    "ended": _end,
    "translated": _translate,
    "registered": _join_in_a_month,
    "again": _register_again,
    "correct": _correct,
    "correct source": _correct_register,
    "retract": _retract,
}
