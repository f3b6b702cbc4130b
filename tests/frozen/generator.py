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
    "positions": {
        **{"seed": 7, "size": 190, "positions": True},
        "verbs": {**_EVEN, "amount": 24, "said": 14, "left": 4, "ended": 6, "translated": 4, "registered": 3},
    },
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
        if kind.endswith(".v1") or kind.startswith("milestone"):
            self.entries.append(("entry.corrected.v1", corrected))
        else:
            self.entries.append(("entry.corrected.v2", corrected | {"type": kind}))

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
        if self.how.get("positions"):
            for type_name, data in _OPENED:
                self.add(type_name, data)
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

QUANTITIES = ("q/goal", "q/goal", "q/own", "q/by")
OPTIONS = ("c/way/out", "c/way/down")
AMOUNTS = (
    *({"at_least": "100", "at_most": "100"}, {"at_least": "1300"}, {"at_most": "200"}),
    *({"at_least": "200", "at_most": "300"}, {"at_least": "-0.5", "at_most": "0.25"}, {"at_least": "2030"}),
)
_OPENED: tuple[tuple[str, Data], ...] = (
    (
        "issue.opened.v2",
        {"issue": "q/goal", "title": "Goal", "question": "How much?", "form": "quantity", "unit": "USD bn a year"},
    ),
    (
        "issue.opened.v2",
        {"issue": "q/own", "title": "Own", "question": "How much?", "form": "quantity", "unit": "°C", "own": True},
    ),
    ("issue.opened.v2", {"issue": "q/by", "title": "By", "question": "When?", "form": "quantity", "unit": "year"}),
    ("issue.opened.v2", {"issue": "c/way", "title": "Way", "question": "Which way?", "form": "choice"}),
    *(("issue.opened.v1", {"issue": path, "title": path[6:], "question": "Should it be that?"}) for path in OPTIONS),
    ("party.registered.v2", {"party": "FORUM", "name": "The Forum", "kind": "forum"}),
    ("source.registered.v2", {"source": "memo", "title": "Memo", "publisher": "P", "dated_on": "2020-03-03"}),
)

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


def _amount(log: _Log) -> Data:
    """A statement on a quantity: an amount, or none by an act that names none."""
    said = {name: value for name, value in _statement(log).items() if name != "stance"}
    said |= {"issue": log.random.choice(QUANTITIES)} | _more(log)
    if log.random.random() < 0.15:
        return said | {"act": log.random.choice(("declines", "rejects", "abstains", "reserves"))}
    amount = log.random.choice(AMOUNTS)
    wider = {"at_least": "-100000"} if "at_least" in amount else {"at_most": "99999"}
    return said | {"amount": amount} | log.maybe(0.3, could_accept=wider, stated_as="un *peu*")


def _more(log: _Log) -> Data:
    """What a statement may say besides its position."""
    said = log.maybe(
        0.3,
        priority=log.random.choice(("low", "medium", "high")),
        red_line=log.random.random() < 0.7,
        reasons=[log.text()],
        provision="Art. 4 | (b)",
        note=log.text(),
        tags=["*night*", "a/b"],
        language="fr",
        translation=log.text(),
    )
    if log.random.random() < 0.2:
        said["stated_on"] = log.random.choice(("2020-03-02/2020-03-05", "2020-03-01/2020-03-12"))
    return said


def _answering(log: _Log) -> Data:
    """The ask that a statement answers, and the suggestion that it accepts."""
    asks = [last for last, _, data in log.counting.values() if data.get("act") in ACTS[:4]]
    answers = {"answers": _id(log.random.choice(asks))} if asks and log.random.random() < 0.4 else {}
    return answers | log.maybe(0.1, suggestion=_id(10**6))


def _said(log: _Log) -> Data:
    """A statement on a question, or an option of a choice, with all that it may say."""
    said = _statement(log) | _more(log)
    if log.random.random() < 0.6:
        said["issue"] = log.random.choice(OPTIONS)
    if log.random.random() < 0.3:
        said |= {"joint_with": [said["party"], *(party for party in PARTIES[:2] if party != said["party"])]}
    return said | log.maybe(0.3, act=log.random.choice(("votes", "abstains", "cosponsors", "dissociates")))


def _leaving(log: _Log) -> Data:
    issue = log.maybe(0.6, issue=log.random.choice((*OPTIONS, *QUANTITIES)))
    return {**_withdrawal(log), **issue, **log.maybe(0.8, leaves_position_of=log.random.choice(BLOCS), language="de")}


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


_TOGETHER = ("issue", "amount", "could_accept", "stated_as")
"""Fields that no correction of positions of every form draws alone: they go with each other."""

_SAYINGS: dict[str, Callable[[_Log], Data]] = {
    "position.stated.v2": _said,
    "position.withdrawn.v2": _leaving,
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


def _add_leaving(log: _Log) -> None:
    said = _leaving(log)
    log.add("position.withdrawn.v2", said)


def _end(log: _Log) -> None:
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


def _translate(log: _Log) -> None:
    first = log.some("position.")
    if first is not None:
        said = {"target": _id(log.counting[first][0]), "source": log.random.choice(SOURCES), "quote": log.text()}
        log.add("statement.corroborated.v2", {**said, "language": "zh-Hans", "translation": log.text()})


def _join_in_a_month(log: _Log) -> None:
    verb = log.random.choice(("started", "ended"))
    log.add(f"membership.{verb}.v2", {"party": log.random.choice(PARTIES), "bloc": "FORUM", "on": "2020-02"})


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
        is_amount = "stated_on" in data and data["issue"] in QUANTITIES
        anew = (_amount if is_amount else _SAYINGS.get(kind) or _SAYINGS[kind[:-3]])(log)
        if log.random.random() < 0.5:  # one field moves, the rest stays
            kept = _TOGETHER if log.how.get("positions") else ()
            name = log.random.choice([one for one in sorted(anew) if one not in kept])
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
    "amount": lambda log: log.add("position.stated.v2", _amount(log) | _answering(log)),
    "said": lambda log: log.add("position.stated.v2", _said(log) | _answering(log)),
    "left": _add_leaving,
    "ended": _end,
    "translated": _translate,
    "registered": _join_in_a_month,
    "again": _register_again,
    "correct": _correct,
    "correct source": _correct_register,
    "retract": _retract,
}


def _id(number: int) -> str:
    """An id whose order is not that of the log, with a start of its own."""
    return str(UUID(int=(number * 2654435761) % 2**32 << 96 | 7 << 76 | 2 << 62 | number))
