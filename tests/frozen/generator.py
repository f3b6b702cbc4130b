"""Generate histories that use everything a log can hold, as lines of an events file; the same from the same seed.

Nothing of the tracker is imported, so that a change in it cannot change what it is asked about.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

Data = dict[str, Any]
PARTIES = ("AAA", "BBB", "ÖÄÜ", "Ж1")
BLOCS = ("BLOC", "Ω-8")
ISSUES = ("x/one", "x/one/two", "x/three", "ж/four", "solo")
SOURCES = ("early", "late", "undated", "ß-1 of the day")
DATES = (*(f"2020-03-{day:02}" for day in range(1, 15)), *("2020-03-05?", "2020-03-08~", "2020-02", "2020-03~"))
IMPRECISE = ("2019", "2019?", "2020~", "2020-01", "2020-02?", "2020-03", "2020-03~", "2020-03-07~", "2020-03-07")
TEXTS = (
    "Yes, at once.",
    "Non — pas « encore » ; naïve café 交渉 שלום ✓ 🕊",
    "*Bold* _low_ `code` [link](http://x.example) | pipe | # head <b>html</b> & \\ ~strike~",
    "1. first\n2. second\r\n\n- third\ttabbed",
    "\x1b[31mred\x1b[0m bell\x07 back\x08 hidden\u200b turned\u202eabc\u202c nbsp\u00a0end",
    "=1+1",
    "@cmd, +2, -3; \"quoted\" and 'single', a,b;c",
    "e\u0301 combined, ﬁ ligature, ٣ digit, \U0001f1e9\U0001f1ea flag, \ue000 private",
    "A sentence that is much longer than a column of a table is wide, so that it has to be wrapped or cut " * 3
    + "end.",
)
ATTRIBUTIONS = ("direct", "reported", "ascribed", "inferred")
ACTS = (
    *("proposes", "demands", "asks", "offers", "accepts", "agrees", "rejects", "reaffirms", "denies", "warns"),
    *("threatens", "welcomes", "criticises", "suspends", "leaves"),
)
STANCES = ("opposes", "sceptical", "neutral", "conditional", "supports")
CATEGORIES = ("summit", "talks", "treaty", "government", "deadline", "other")
OUTCOMES = ("agreed", "expired", "terminated", "abandoned", "superseded")
RECORDERS = ("analyst", "Zoë", "desk | two")
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
}
"""How each history is made: its seed, its number of entries, how often each verb comes, and what is drawn from."""


def lines(name: str) -> Iterator[str]:
    """The lines of a history, in one spelling of the events file format."""
    how = HISTORIES[name]
    log = _Log(Random(how["seed"]), how)
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
            "id": _id(number),
            "type": type_name,
            "time": recorded.isoformat(),
            "recordedby": log.random.choice(RECORDERS),
            "data": data,
        }
        if log.random.random() < 0.1:
            line["origintime"] = (recorded - timedelta(30)).isoformat()
        yield json.dumps(line)


class _Log:
    """The entries so far, and which of them count: by the first entry of a chain, its last one and what that says."""

    def __init__(self, random: Random, how: Data) -> None:
        self.random, self.how = random, how
        self.entries: list[tuple[str, Data]] = []
        self.counting: dict[int, tuple[int, str, Data]] = {}

    def add(self, type_name: str, data: Data) -> None:
        self.counting[len(self.entries)] = len(self.entries), type_name, data
        self.entries.append((type_name, data))

    def revise(self, first: int, replacement: Data | None) -> None:
        """Correct what a chain says, or retract it."""
        last, kind, _ = self.counting.pop(first)
        reason = self.text()
        if replacement is None:
            self.entries.append(("entry.retracted.v1", {"target": _id(last), "reason": reason}))
            return
        self.counting[first] = len(self.entries), kind, replacement
        corrected = {"target": _id(last), "replacement": replacement, "reason": reason}
        self.entries.append(("entry.corrected.v1", corrected))

    def some(self, *starts: str) -> int | None:
        """The first entry of some chain that counts, of these types."""
        found = [first for first, (_, kind, _) in sorted(self.counting.items()) if kind.startswith(starts)]
        return self.random.choice(found) if found else None

    def begin(self) -> None:
        """Register everything, and say once what chance alone may leave out."""
        for party in PARTIES:
            named = {"party": party, "name": f"Party {party} of *the* East", "kind": self.random.choice(_KINDS)}
            self.add("party.registered.v1", named | {"aliases": [f"Old {party}", f"{party.title()}|land"]})
        for party in BLOCS:
            self.add("party.registered.v1", {"party": party, "name": f"Bloc {party}", "kind": "bloc"})
        for issue in ISSUES:
            self.add(
                "issue.opened.v1", {"issue": issue, "title": f"Title {issue}", "question": f"Should _{issue}_ be?"}
            )
        for source, day in zip(SOURCES, ("2020-03-04", "2020-03-09", None, "2020-03-06"), strict=True):
            dated = (
                {"published_on": day, "language": "fr", "sha256": "ab" * 32}
                if day
                else {"url": "https://x.example/a_b?c=1&d"}
            )
            self.add(
                "source.registered.v1", {"source": source, "title": f"On {source}", "publisher": "Press | Co"} | dated
            )
        for type_name, data in _PASSING:
            self.add(type_name, data)
            self.revise(len(self.entries) - 1, None)
            self.add(type_name, data | ({"name": "Anew"} if "name" in data else {"title": "Anew"}))
        for category in ({}, {"category": "other"}, {"category": "treaty"}):
            talks = {"on": "2020-03-03", "title": "Talks"}
            self.add("milestone.noted.v2" if category else "milestone.noted.v1", talks | category)

    def text(self) -> str:
        return self.random.choice(TEXTS)

    def date(self) -> str:
        return str(self.random.choice(self.how.get("dates", DATES)))

    def day(self) -> str:
        return (date(2020, 3, 1) + timedelta(self.random.randrange(-3, 16))).isoformat()

    def pair(self) -> Data:
        """A party and an issue; the first of each come most, so that statements clash."""
        parties, issues = self.how.get("parties", PARTIES + BLOCS[:1]), self.how.get("issues", ISSUES)
        return {
            "party": self.random.choice((*parties[:1] * 3, *parties)),
            "issue": self.random.choice((*issues[:1] * 3, *issues)),
        }

    def evidence(self) -> Data:
        words = self.text()
        quote = words if self.random.random() < 0.7 else {"exact": words, "prefix": "He said: ", "suffix": " (sic)"}
        if isinstance(quote, dict) and self.random.random() < 0.3:
            del quote["suffix"]
        return self.maybe(
            0.45,
            source=self.random.choice(SOURCES),
            quote=quote,
            locator=self.random.choice(("p. 3", "¶ 7 | b")),
            speaker=self.random.choice(("Ann", "Bob O'Neil", "Цой *")),
            speaker_role="Minister",
            attribution=self.random.choice(ATTRIBUTIONS),
            ascribed_by=self.random.choice(PARTIES),
        )

    def maybe(self, chance: float, **fields: Any) -> Data:
        return {name: value for name, value in fields.items() if self.random.random() < chance}

    def parties(self) -> list[str]:
        return self.random.sample(PARTIES + BLOCS, self.random.randrange(3))


_KINDS = ("state", "organisation", "delegation", "other")
_PASSING: tuple[tuple[str, Data], ...] = (
    ("party.registered.v1", {"party": "TMP", "name": "Passing", "kind": "other"}),
    ("issue.opened.v1", {"issue": "x/passing", "title": "Passing", "question": "Should it pass?"}),
    ("source.registered.v1", {"source": "passing", "title": "Passing", "publisher": "P", "published_on": "2020-03-02"}),
)
"""What is registered, retracted and registered anew."""


# --- what an entry says ---------------------------------------------------------------------------


def _statement(log: _Log) -> Data:
    conditions = log.random.choice(([], ["it is *verified*"], ["mutual", "née — ✓ | first"], [log.text()]))
    address = log.how.get("address", 0.25)
    return {
        **log.pair(),
        "stance": log.random.choice(STANCES),
        "stated_on": log.date(),
        "summary": log.text(),
        **log.maybe(
            0.35,
            act=log.random.choice(log.how.get("acts", ACTS)),
            standing=log.random.choice(("formal", "official", "remark")),
            conditions=conditions,
            on_behalf_of=log.parties(),
            sequence=log.random.randrange(-2, 3),
        ),
        **log.maybe(address, addressed_to=log.parties()),
        **log.evidence(),
    }


def _withdrawal(log: _Log) -> Data:
    return {**log.pair(), "on": log.date(), "summary": log.text(), **log.maybe(0.3, sequence=1), **log.evidence()}


def _milestone(log: _Log) -> Data:
    about = log.maybe(0.5, parties=log.parties(), issues=log.random.sample(ISSUES, 2))
    return {"on": log.day(), "title": log.text(), **about, **log.evidence()}


def _closing(log: _Log) -> Data:
    said = log.maybe(0.5, parties=log.parties(), note=log.text())
    about = {"issue": log.pair()["issue"], "on": log.day(), "outcome": log.random.choice(OUTCOMES)}
    return {**about, **said, **log.evidence()}


def _rewording(log: _Log) -> Data:
    return {"issue": log.pair()["issue"], "on": log.day(), **log.maybe(0.7, title=log.text(), question=log.text())}


def _membership(log: _Log) -> Data:
    return {"party": log.random.choice(PARTIES), "bloc": log.random.choice(BLOCS), "on": log.day(), **log.evidence()}


def _update(log: _Log) -> Data:
    alias = f"Alias {len(log.entries)} *é*"
    return {"party": log.random.choice(PARTIES), **log.maybe(0.6, name=f"New {alias}", aliases_added=[alias])}


_SAYINGS: dict[str, Callable[[_Log], Data]] = {
    "position.stated": _statement,
    "position.withdrawn": _withdrawal,
    "milestone.noted": _milestone,
    "issue.closed": _closing,
    "issue.reworded": _rewording,
    "membership.started": _membership,
    "membership.ended": _membership,
    "party.updated": _update,
}


# --- verbs ----------------------------------------------------------------------------------------


def _add_milestone(log: _Log) -> None:
    if log.random.random() < 0.5:
        log.add("milestone.noted.v1", _milestone(log))
    else:
        log.add("milestone.noted.v2", {**_milestone(log), **log.maybe(0.8, category=log.random.choice(CATEGORIES))})


def _add_membership(log: _Log) -> None:
    verb = log.random.choice(("started", "started", "ended"))
    log.add(f"membership.{verb}.v1", _membership(log))


def _corroborate(log: _Log) -> None:
    first = log.some("position.")
    if first is not None:
        target = _id(log.counting[first][0])
        said = log.maybe(0.5, quote=log.text(), locator="p. 9", attribution=log.random.choice(ATTRIBUTIONS), note="né")
        log.add("statement.corroborated.v1", {"target": target, "source": log.random.choice(SOURCES), **said})


def _register_again(log: _Log) -> None:
    """The same registration a second time, as it stands after corrections; the source's fields are as they were."""
    first = log.some("party.registered", "issue.opened", "source.registered")
    assert first is not None
    _, kind, data = log.counting[first]
    key = next(name for name in ("party", "issue", "source") if name in data)
    holding = min(at for at, (_, of, said) in log.counting.items() if of == kind and said[key] == data[key])
    log.add(kind, log.counting[holding][2])


def _correct(log: _Log) -> None:
    first = log.some(
        "position.", "position.stated", "milestone", "issue.closed", "issue.reworded", "membership", "party.u"
    )
    if first is not None:
        _, kind, data = log.counting[first]
        anew = _SAYINGS[kind.rpartition(".")[0]](log)
        if log.random.random() < 0.5:  # one field moves, the rest stays
            name = log.random.choice(sorted(anew))
            anew = data | {name: anew[name]}
        log.revise(first, anew)


def _correct_register(log: _Log) -> None:
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


def _retract(log: _Log) -> None:
    first = log.some("position.", "milestone", "issue.closed", "issue.reworded", "membership", "party.u", "statement")
    if first is not None:
        log.revise(first, None)


_VERBS: dict[str, Callable[[_Log], None]] = {
    "stated": lambda log: log.add("position.stated.v1", _statement(log)),
    "withdrawn": lambda log: log.add("position.withdrawn.v1", _withdrawal(log)),
    "closed": lambda log: log.add("issue.closed.v1", _closing(log)),
    "reworded": lambda log: log.add("issue.reworded.v1", _rewording(log)),
    "updated": lambda log: log.add("party.updated.v1", _update(log)),
    "milestone": _add_milestone,
    "membership": _add_membership,
    "corroborated": _corroborate,
    "again": _register_again,
    "correct": _correct,
    "correct source": _correct_register,
    "retract": _retract,
}


def _id(number: int) -> str:
    """An id whose order is not that of the log, with a start of its own."""
    return str(UUID(int=(number * 2654435761) % 2**32 << 96 | 7 << 76 | 2 << 62 | number))
