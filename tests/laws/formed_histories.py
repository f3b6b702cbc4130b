"""Random histories on issues of every form: amounts, options of choices, forums, and members that leave positions."""

from datetime import date, timedelta
from random import Random
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
_STANCES = ("opposes", "sceptical", "neutral", "conditional", "supports")
_ISSUES = (("q",), ("q", "pledge"), OPTIONS, OPTIONS, (*OPTIONS, "q"), ("c/a", "c/b", "c-d"), ("pledge", "z"))
_VERBS = (*("stated",) * 6, *("withdrawn",) * 3, *("membership",) * 3, *("correct",) * 2, "retract")
_SIZES = (6, 12, 24, 32)


class _Writer:
    """Writes a history by chance, dense enough for its entries to bear on each other: few issues, many memberships."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._issues = chance.choice(_ISSUES)
        self._counting: dict[int, tuple[str, Data]] = {}
        self.log = list(_REGISTERS)

    def write(self) -> None:
        for _ in range(self._chance.choice((2, 4))):
            self._add(self._membership("started"))
        for _ in range(self._chance.choice(_SIZES)):
            verb = self._chance.choice(_VERBS)
            if verb in ("correct", "retract"):
                self._revise(verb)
            else:
                self._add({"stated": self._statement, "withdrawn": self._withdrawal}.get(verb, self._membership)())

    def _add(self, entry: tuple[str, Data]) -> None:
        self._counting[len(self.log)] = entry
        self.log.append(entry)

    def _revise(self, verb: str) -> None:
        if not self._counting:
            return
        target = self._chance.choice(sorted(self._counting))
        kind, data = self._counting.pop(target)
        if verb == "retract":
            self.log.append(("entry.retracted.v1", {"target": _id(target), "reason": "no"}))
            return
        data = data | {"stated_on" if kind.startswith("position.stated") else "on": self._day()}
        if "amount" in data:
            data |= {"amount": self._chance.choice(_AMOUNTS)}
        self._counting[len(self.log)] = kind, data
        replaced = {"target": _id(target), "type": kind, "replacement": data, "reason": "no"}
        self.log.append(("entry.corrected.v2", replaced))

    def _membership(self, verb: str = "") -> tuple[str, Data]:
        verb = verb or self._chance.choice(("started", "started", "ended"))
        data = {"party": self._party(), "bloc": self._chance.choice(("BBB", *PARTIES[1:])), "on": self._day()}
        return f"membership.{verb}.v2", data

    def _statement(self) -> tuple[str, Data]:
        issue = self._chance.choice(self._issues)
        data: Data = {"party": self._party(), "issue": issue, "stated_on": self._date(), "summary": "So."}
        if issue not in QUANTITIES:
            data["stance"] = self._chance.choice(_STANCES)
        elif self._maybe(5):
            data["act"] = "declines"
        else:
            data["amount"] = self._chance.choice(_AMOUNTS)
        if self._maybe(3) and "act" not in data:
            data["act"] = self._chance.choice(("demands", "asks", "welcomes"))
            data["addressed_to"] = sorted({self._party(), self._party()})
        if self._maybe(3):
            data["conditions"] = self._chance.choice(([], ["a"], ["b"]))
        asks = [at for at, (_, ask) in sorted(self._counting.items()) if ask.get("act") in ("demands", "asks")]
        if asks and self._maybe(4):
            data["answers"] = _id(self._chance.choice(asks))
        if self._maybe(4):
            data["attribution"] = "inferred"
        return "position.stated.v2", self._some(data)

    def _withdrawal(self) -> tuple[str, Data]:
        data = {"party": self._party(), "issue": self._chance.choice(self._issues), "on": self._date(), "summary": "-"}
        if self._maybe(2):
            data["leaves_position_of"] = self._chance.choice(("BBB", "BBB", "CCC", "DDD"))
        return "position.withdrawn.v2", self._some(data)

    def _some(self, data: Data) -> Data:
        if self._maybe(4):
            data["sequence"] = self._chance.choice((-1, 1))
        if self._maybe(2):
            data["source"] = self._chance.choice(SOURCES)
        return data

    def _party(self) -> str:
        return self._chance.choice(("AAA", "AAA", *PARTIES))

    def _day(self) -> str:
        return (FIRST + timedelta(self._chance.randint(-1, 10))).isoformat()

    def _date(self) -> str:
        return self._chance.choice(("2020-02", "2020-03", "2019", *(self._day() for _ in range(9))))

    def _maybe(self, one_in: int) -> bool:
        return self._chance.randrange(one_in) == 0


def formed_histories() -> st.SearchStrategy[list[Draft]]:
    """The drafts of a log that accepts all of them, registers first. Their number and kinds are random, not shrunk."""
    return st.integers(0, 2**32).map(_drafts)


def _drafts(seed: int) -> list[Draft]:
    writer = _Writer(Random(seed))
    writer.write()
    recorded, drafts = RECORDED_FROM[0], []
    for number, (type_name, data) in enumerate(writer.log):
        recorded += timedelta(hours=8)
        drafts.append(Draft(parse_event(type_name, data), _id(number), "analyst", recorded))
    return drafts
