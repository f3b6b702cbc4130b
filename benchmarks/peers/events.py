"""The peer `eventsourcing`: its `Application.save` and its recorder alone, on its SQLite module."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder

from benchmarks.bare import CHUNK


class Pair(Aggregate):
    """A party's positions on an issue, as an aggregate."""

    def __init__(self, party: str, issue: str) -> None:
        self.party = party
        self.issue = issue
        self.latest: dict[str, Any] = {}

    @event("PositionStated")
    def state_position(self, stance: str, stated_on: str, summary: str, more: dict[str, Any]) -> None:
        self.latest = {"stance": stance, "stated_on": stated_on, "summary": summary, **more}


class EventStore:
    """An application whose table holds as many events as the tracker's log, of the same size."""

    def __init__(self, path: Path, history: Path) -> None:
        settings = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
        self._application: Application[UUID] = Application(env=settings)
        self._recorder: Any = self._application.recorder
        assert isinstance(self._recorder, SQLiteApplicationRecorder)
        self._pairs: dict[tuple[str, str], Pair] = {}
        self._fill(history)
        self._require_durable()

    def save(self, data: Mapping[str, Any]) -> float:
        """State a position on a pair at hand and save it: an event, its JSON, one commit. Returns the seconds."""
        pair = self._pair(data["party"], data["issue"])
        start = perf_counter()
        _state(pair, data)
        self._application.save(pair)
        return perf_counter() - start

    def get_and_save(self, data: Mapping[str, Any]) -> float:
        """The same with a pair that is fetched first, so that what is on record is known. Returns the seconds."""
        key = (data["party"], data["issue"])
        number = self._pair(*key).id
        start = perf_counter()
        pair: Pair = self._application.repository.get(number)
        _state(pair, data)
        self._application.save(pair)
        seconds = perf_counter() - start
        self._pairs[key] = pair
        return seconds

    def insert(self, line: str) -> float:
        """Insert one ready event with the recorder alone. Returns the seconds."""
        stored = StoredEvent(uuid4(), 1, _TOPIC, line.encode())
        start = perf_counter()
        self._recorder.insert_events([stored])
        return perf_counter() - start

    def close(self) -> None:
        self._application.close()

    def _pair(self, party: str, issue: str) -> Pair:
        key = (party, issue)
        if key not in self._pairs:
            self._pairs[key] = Pair(party, issue)
            self._application.save(self._pairs[key])
        return self._pairs[key]

    def _fill(self, history: Path) -> None:
        with history.open("rb") as lines:
            while chunk := [StoredEvent(uuid4(), 1, _TOPIC, line) for line in islice(lines, CHUNK)]:
                self._recorder.insert_events(chunk)

    def _require_durable(self) -> None:
        """Stop unless it commits as durably as the tracker: it sets WAL, and leaves `synchronous` as SQLite has it."""
        with self._recorder.datastore.transaction(commit=False) as cursor:
            settings = []
            for name in ("journal_mode", "synchronous"):
                cursor.execute(f"PRAGMA {name}")
                settings.append(cursor.fetchone()[0])
        if settings != ["wal", 2]:
            raise RuntimeError(f"journal_mode and synchronous are {settings}, not WAL and FULL")


def _state(pair: Pair, data: Mapping[str, Any]) -> None:
    more = {name: value for name, value in data.items() if name not in _OWN}
    pair.state_position(data["stance"], data["stated_on"], data["summary"], more)


_OWN = ("party", "issue", "stance", "stated_on", "summary")
_TOPIC = "benchmarks.peers.events:Pair.PositionStated"
