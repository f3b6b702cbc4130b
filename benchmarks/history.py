"""Make up a history of a realistic shape, as an events file: the same arguments give the same bytes.

By default 200 parties speak for 75 years. 30 % of what they say is recorded late, 2 % of the entries correct or retract
earlier ones, 3 % are further sources, and a stance is mostly affirmed before it changes. A source appears on the day of
what it carries, or later.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from benchmarks.shape import LAST, Shape, issue_path, party_code, words

_STANCES = ("opposes", "sceptical", "neutral", "conditional", "supports")
_UNIT = "USD bn a year"
_ACTS = ("proposes", "demands", "offers", "rejects", "reaffirms", "warns", "welcomes", "criticises")


def write_history(path: Path, shape: Shape) -> None:
    """Write the events file of a history."""
    with path.open("wb") as out:
        for line in lines(shape):
            out.write(line)


def lines(shape: Shape) -> Iterator[bytes]:
    """The lines of a history's events file, in order."""
    return (
        orjson.dumps(event, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
        for event in _History(shape).events()
    )


class _History:
    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._random = random.Random(shape.seed)
        self._parties = [party_code(number) for number in range(shape.parties)]
        self._issues = [issue_path(number, shape.issues) for number in range(shape.issues)]
        self._numbers = {name: number for names in (self._parties, self._issues) for number, name in enumerate(names)}
        self._began = LAST - timedelta(days=round(shape.years * 365.25))
        self._quantities = frozenset(self._issues[: shape.quantities])
        self._values: dict[tuple[str, str], Any] = {}
        """The stance or the amount that each pair holds."""
        self._sources: list[tuple[str, date]] = []
        self._revised = self._corroborated = 0
        self._open: list[tuple[str, str, dict[str, Any]]] = []
        """Entries that still count, with their types and data, of which some will be corrected or retracted."""

    def events(self) -> Iterator[dict[str, Any]]:
        shape = self._shape
        made = 0
        for type_name, data in self._registers():
            yield self._line(made, type_name, data)
            made += 1
        while made < shape.entries:
            for type_name, data in self._next(made, self._recorded_at(made).date()):
                if made < shape.entries:
                    yield self._line(made, type_name, data)
                    made += 1

    def _registers(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for number, code in enumerate(self._parties):
            yield (
                "party.registered.v1",
                {"party": code, "name": f"Country {number}", "kind": "state", "aliases": [f"Capital {number}"]},
            )
        for number, path in enumerate(self._issues):
            opened = {"issue": path, "title": f"Question {number}", "question": f"Should step {number} be taken?"}
            if path in self._quantities:
                opened |= {"question": f"How much is step {number} worth?", "form": "quantity", "unit": _UNIT}
            yield f"issue.opened.{'v2' if path in self._quantities else 'v1'}", opened

    def _next(self, made: int, today: date) -> Iterator[tuple[str, dict[str, Any]]]:
        """One statement or what else is recorded after so many entries, with the source that it needs."""
        shape, chance = self._shape, self._random.random()
        if self._open and self._revised < made * shape.revised:
            self._revised += 1
            yield self._revision()
        elif self._open and self._corroborated < made * shape.corroborated:
            self._corroborated += 1
            yield from self._source(today, today)
            target = self._random.choice(self._open)[0]
            yield (
                "statement.corroborated.v1",
                {"target": target, "source": self._sources[-1][0], "quote": self._words(8)},
            )
        elif chance < 0.002:
            yield "milestone.noted.v1", {"on": today.isoformat(), "title": f"Summit on {self._words(2)}"}
        else:
            yield from self._statement(today)

    def _statement(self, today: date) -> Iterator[tuple[str, dict[str, Any]]]:
        shape, chance, pick = self._shape, self._random.random, self._random.choice
        stated = today - timedelta(days=int(chance() * 2))
        if chance() < shape.late:
            earliest = max(self._began.date(), today - timedelta(days=2000))
            stated -= timedelta(days=int(chance() ** 2 * max(0, (stated - earliest).days)))
        if not self._sources or chance() < shape.sourced:
            yield from self._source(today, stated)
        recent = self._sources[-40:]
        stated = min(stated, max(published for _, published in recent))
        source = pick([name for name, published in recent if published >= stated])
        party, issue = pick(self._parties), pick(self._issues)
        if chance() < 0.005 and not self._steady(party, issue):
            self._values.pop((party, issue), None)
            yield (
                "position.withdrawn.v1",
                {"party": party, "issue": issue, "on": stated.isoformat(), "summary": self._words(9), "source": source},
            )
            return
        data = self._stated(party, issue, stated, source)
        yield f"position.stated.{'v2' if 'amount' in data else 'v1'}", data

    def _stated(self, party: str, issue: str, stated: date, source: str) -> dict[str, Any]:
        chance, pick = self._random.random, self._random.choice
        value = self._values.get((party, issue))
        if value is None or (chance() >= self._shape.affirmed and not self._steady(party, issue)):
            value = self._values[party, issue] = self._value(issue)
        on = stated.isoformat() if chance() < 0.97 else stated.isoformat()[:7]
        data: dict[str, Any] = {
            "party": party,
            "issue": issue,
            self._field_of(issue): value,
            "stated_on": on,
            "summary": self._words(14),
            "source": source,
        }
        if chance() < 0.8:
            data |= {"speaker": f"Minister {party}-{int(chance() * 4)}", "speaker_role": "Foreign Minister"}
        if chance() < 0.5:
            data |= {"quote": self._words(12), "locator": "paragraph 3"}
        if chance() < 0.6:
            data["act"] = pick(_ACTS)
        if value == "conditional" or chance() < 0.05:
            data["conditions"] = [self._words(6) for _ in range(1 + int(chance() * 2))]
        if chance() < 0.3:
            data["addressed_to"] = [pick(self._parties)]
        if chance() < 0.1:
            data["attribution"] = "inferred"
        return data

    def _field_of(self, issue: str) -> str:
        """The field of what is stated on an issue."""
        return "amount" if issue in self._quantities else "stance"

    def _value(self, issue: str) -> Any:
        """A stance at random, or an amount: exactly one number, a range, or one end."""
        if issue not in self._quantities:
            return self._random.choice(_STANCES)
        least = self._random.randrange(100, 1_300, 10)
        most = least + self._random.choice((0, 0, 50, 200))
        return self._random.choice(({"at_least": str(least), "at_most": str(most)}, {"at_least": str(least)}))

    def _steady(self, party: str, issue: str) -> bool:
        return self._numbers[party] * self._shape.issues + self._numbers[issue] < self._shape.steady

    def _source(self, today: date, stated: date) -> Iterator[tuple[str, dict[str, Any]]]:
        name = f"agency-{today.isoformat()}-{len(self._sources)}"
        published = min(today, stated + timedelta(days=1))
        self._sources.append((name, published))
        data = {
            "source": name,
            "title": self._words(6).capitalize(),
            "publisher": "Agency",
            "url": f"https://example.org/{name}",
        }
        if self._random.random() < 0.95:
            data["published_on"] = published.isoformat()
        yield "source.registered.v1", data

    def _revision(self) -> tuple[str, dict[str, Any]]:
        place = self._random.randrange(len(self._open))
        self._open[place], self._open[-1] = self._open[-1], self._open[place]
        target, _, data = self._open.pop()
        if self._random.random() < 0.3:
            return "entry.retracted.v1", {"target": target, "reason": "Entered by mistake."}
        field = self._field_of(data["issue"])
        replacement = {**data, "summary": self._words(14), field: self._value(data["issue"])}
        if self._steady(data["party"], data["issue"]):
            replacement[field] = data[field]
        corrected = {"target": target, "replacement": replacement, "reason": "Read again."}
        if field == "amount":
            return "entry.corrected.v2", {**corrected, "type": "position.stated.v2"}
        return "entry.corrected.v1", corrected

    def _line(self, number: int, type_name: str, data: dict[str, Any]) -> dict[str, Any]:
        recorded = self._recorded_at(number)
        event_id = self._id(recorded)
        if type_name.startswith("position.stated."):
            self._open.append((event_id, type_name, data))
            if len(self._open) > 20_000:
                del self._open[:10_000]
        return {
            "data": data,
            "datacontenttype": "application/json",
            "id": event_id,
            "recordedby": f"analyst-{number % 7}",
            "source": "tracker",
            "specversion": "1.0",
            "time": recorded.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "type": type_name,
        } | _subject(type_name, data)

    def _recorded_at(self, number: int) -> datetime:
        return self._began + (LAST - self._began) * (number / max(1, self._shape.entries))

    def _id(self, recorded: datetime) -> str:
        """A version 7 UUID of that moment (RFC 9562)."""
        random_bits = self._random.getrandbits(74)
        milliseconds = int(recorded.timestamp() * 1000) & ((1 << 48) - 1)
        value = milliseconds << 80 | 7 << 76 | (random_bits >> 62) << 64 | 2 << 62 | random_bits & ((1 << 62) - 1)
        return str(UUID(int=value))

    def _words(self, number: int) -> str:
        return words(self._random, number)


def _subject(type_name: str, data: dict[str, Any]) -> dict[str, str]:
    if type_name.startswith("position."):
        return {"subject": f"{data['party']}:{data['issue']}"}
    about = next((data[name] for name in ("target", "party", "issue", "source") if name in data), None)
    return {"subject": about} if about else {}
