"""Make up a log in the shape of the votes in the General Assembly: few statements for each of very many pairs.

Every roll call is an issue of its own below its session (`un/73/0045`), with a source; every party's vote on it is a
statement. By default it is as large as the real votes: 200 parties, 6,203 roll calls, 870,109 entries.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from benchmarks.shape import party_code

ENTRIES = 870_109
ROLL_CALLS = 6_203
PARTIES = 200
FIRST_SESSION, SESSIONS = 1, 75

_VOTES = {"supports": "voted for", "neutral": "abstained on", "opposes": "voted against"}
_SUBJECTS = (
    "nuclear disarmament",
    "nuclear testing",
    "the right of peoples to self-determination",
    "the question of Palestine",
    "the status of refugees",
    "apartheid and racial discrimination",
    "the law of the sea",
    "the peaceful uses of outer space",
    "human rights and extreme poverty",
    "decolonization and trust territories",
    "the budget and scale of assessments",
    "the prohibition of chemical weapons",
    "trade and development",
    "operational activities for development",
    "the effects of atomic radiation",
    "information in the service of humanity",
)
_KINDS = ("Report of the committee on", "Draft resolution on", "Measures concerning", "Implementation of decisions on")
_BEGAN = datetime(1946, 1, 10, 12, tzinfo=UTC)
_DAYS = 27_000
"""How many days the votes are spread over: up to 2019."""


@dataclass(frozen=True, slots=True)
class Votes:
    """How many entries, roll calls and parties there are."""

    entries: int = ENTRIES
    roll_calls: int = ROLL_CALLS
    parties: int = PARTIES
    seed: int = 1

    def scaled(self, entries: int) -> "Votes":
        """The same shape with another number of entries: as many parties, and roll calls in proportion."""
        return Votes(entries, max(1, round(self.roll_calls * entries / self.entries)), self.parties, self.seed)

    def issue(self, roll_call: int) -> str:
        """The path of a roll call: its session, then its number in it."""
        return f"un/{self.session(roll_call)}/{roll_call + 1:04}"

    def session(self, roll_call: int) -> int:
        """The session in which a roll call was taken."""
        return FIRST_SESSION + SESSIONS * roll_call // self.roll_calls


def write_votes(path: Path, votes: Votes) -> None:
    """Write the events file of such a log."""
    with path.open("wb") as out:
        for line in lines(votes):
            out.write(line)


def lines(votes: Votes) -> Iterator[bytes]:
    """The lines of its events file, in order: the same arguments give the same bytes."""
    chance = random.Random(votes.seed)
    for number, (day, type_name, subject, data) in enumerate(_events(votes, chance)):
        event = {
            "data": data,
            "datacontenttype": "application/json",
            "id": _id(number, chance),
            "recordedby": "un-votes",
            "source": "tracker",
            "specversion": "1.0",
            "subject": subject,
            "time": f"{day.isoformat()}T12:00:00.{number % 1_000_000:06}Z",
            "type": type_name,
        }
        yield orjson.dumps(event, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


_Event = tuple[date, str, str, dict[str, Any]]
_RECORDED = date(2026, 1, 1)


def _events(votes: Votes, chance: random.Random) -> Iterator[_Event]:
    """The registers, then each roll call with the votes of parties, as many as are left for it."""
    codes = [party_code(number) for number in range(votes.parties)]
    for number, code in enumerate(codes):
        names = {"party": code, "name": f"Member state {number}", "kind": "state", "aliases": [f"Capital {number}"]}
        yield _RECORDED, "party.registered.v1", code, names
    left = votes.entries - votes.parties
    leanings = [chance.random() for _ in codes]
    for roll_call in range(votes.roll_calls):
        share = left // (votes.roll_calls - roll_call)
        left -= share
        yield from _roll_call(votes, roll_call, chance, list(zip(codes, leanings, strict=True)), share)


def _roll_call(
    votes: Votes, number: int, chance: random.Random, parties: list[tuple[str, float]], share: int
) -> Iterator[_Event]:
    issue, session = votes.issue(number), votes.session(number)
    day = (_BEGAN + timedelta(days=_DAYS * number // votes.roll_calls)).date()
    resolution = f"A/RES/{session}/{number + 1}"
    title = f"{chance.choice(_KINDS)} {chance.choice(_SUBJECTS)}"
    source = f"a-res-{session}-{number + 1}"
    question = f"Should the resolution {resolution} on this be adopted?"
    yield _RECORDED, "issue.opened.v1", issue, {"issue": issue, "title": title, "question": question}
    document = {"source": source, "title": f"{resolution}: {title}", "publisher": "United Nations"}
    address = {"url": f"https://digitallibrary.un.org/record/{source}", "published_on": day.isoformat()}
    yield _RECORDED, "source.registered.v1", source, {**document, **address, "language": "en"}
    popularity = chance.random()
    for code, leaning in chance.sample(parties, min(share - 2, len(parties))):
        stance = _vote(chance.random() * 0.5 + leaning * 0.25 + popularity * 0.25)
        data = {
            "party": code,
            "issue": issue,
            "stance": stance,
            "stated_on": day.isoformat(),
            "summary": f"{code} {_VOTES[stance]} {resolution}, {title.lower()}.",
            "source": source,
            "locator": f"voting record, {code}",
            "standing": "formal",
        }
        yield _RECORDED, "position.stated.v1", f"{code}:{issue}", data


def _vote(weight: float) -> str:
    return "supports" if weight > 0.4 else "neutral" if weight > 0.25 else "opposes"


def _id(number: int, chance: random.Random) -> str:
    """A version 7 UUID (RFC 9562), in the order of the log."""
    random_bits = chance.getrandbits(62)
    value = (1_767_225_600_000 + number) << 80 | 7 << 76 | 2 << 62 | random_bits
    return str(UUID(int=value))
