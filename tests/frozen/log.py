"""A log that is made up by chance: its words, its registers, and which of its entries count.

Nothing of the tracker is imported, so that a change in it cannot change what it is asked about.
"""

from datetime import date, timedelta
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


class Log:
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
            self.entries.append(("entry.retracted.v1", {"target": id_of(last), "reason": reason}))
            return
        self.counting[first] = len(self.entries), kind, replacement
        corrected = {"target": id_of(last), "replacement": replacement, "reason": reason}
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


def id_of(number: int) -> str:
    """An id whose order is not that of the log, with a start of its own."""
    return str(UUID(int=(number * 2654435761) % 2**32 << 96 | 7 << 76 | 2 << 62 | number))
