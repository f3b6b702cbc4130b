"""New entries as they come: whoever waits gets each once, and the database is looked at once for all of them."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request
from starlette.testclient import TestClient

from tests.web.growing import record
from tracker.errors import BadValue, DatabaseUnavailable, PositionAhead
from tracker.presenting.log_list import EntryFilter
from tracker.questions.entries import StoredLine
from tracker.web.app import make_app
from tracker.web.asking.database import Database
from tracker.web.log import watch as module
from tracker.web.log.events import event_stream, last_event
from tracker.web.log.listing import Listing
from tracker.web.log.watch import LogWatch, TooManyWait, WaitOver

PATIENCE = 30.0
QUICK = 0.01


class Counted(Database):
    """A database that counts its snapshots."""

    snapshots = 0
    fails = False

    def snapshot(self) -> Any:
        self.snapshots += 1
        if self.fails:
            raise DatabaseUnavailable("x.db", "is gone", "Wait.")
        return super().snapshot()


@pytest.fixture
def database(growing: tuple[Path, TestClient]) -> Iterator[Counted]:
    found = Counted(str(growing[0]))
    yield found
    found.close()


@pytest.fixture
def add(growing: tuple[Path, TestClient]) -> Callable[..., Awaitable[None]]:
    async def one(summary: str = "France wants it.", **how: str) -> None:
        await asyncio.to_thread(record, growing[0], summary, **how)

    return one


async def numbers(new: Sequence[StoredLine]) -> list[str]:
    return [f"entry\n{one.line.position}" for one in new]


def found(new: Sequence[StoredLine]) -> list[int]:
    return [one.line.position for one in new]


def test_those_who_wait_share_one_look_at_the_log(database: Counted, add: Callable[..., Awaitable[None]]) -> None:
    async def scenario() -> None:
        watch = LogWatch(database, pause_seconds=QUICK)
        with watch.waiting() as one, watch.waiting() as another, watch.waiting() as behind:
            ahead = [asyncio.create_task(who.after(641, PATIENCE)) for who in (one, another)]
            assert found(await behind.after(638, PATIENCE)) == [639, 640, 641]
            await add()
            assert [found(await task) for task in ahead] == [[642], [642]]
            # What each was given before is not read again for them.
            database.snapshots = 0
            assert await one.after(642, 20 * QUICK) == ()
            assert 2 <= database.snapshots <= 25
        await asyncio.sleep(10 * QUICK)
        database.snapshots = 0
        await asyncio.sleep(10 * QUICK)
        assert database.snapshots == 0

    asyncio.run(scenario())


def test_many_new_entries_are_given_in_parts_and_none_is_missed(
    database: Counted, add: Callable[..., Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 4)

    async def scenario() -> None:
        watch = LogWatch(database, pause_seconds=QUICK)
        seen = list[int]()
        with watch.waiting() as one:
            assert found(await one.after(630, PATIENCE)) == [631, 632, 633, 634]
            await add()
            while not seen or seen[-1] < 642:
                seen += found(await one.after(seen[-1] if seen else 634, PATIENCE))
        assert seen == list(range(635, 643))

    asyncio.run(scenario())


def test_a_database_that_is_gone_for_a_while_is_looked_at_again(
    database: Counted, add: Callable[..., Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TROUBLE_SECONDS", QUICK)

    async def scenario() -> None:
        watch = LogWatch(database, pause_seconds=QUICK)
        with watch.waiting() as one:
            database.fails = True
            assert await one.after(641, 5 * QUICK) == ()
            await add()
            database.fails = False
            assert found(await one.after(641, PATIENCE)) == [642]

    asyncio.run(scenario())


def test_a_wait_ends_where_another_log_took_the_place_of_this_one(
    database: Counted, growing: tuple[Path, TestClient], tmp_path: Path
) -> None:
    """Its length tells nothing: the other one is longer."""
    path, other = growing[0], tmp_path / "other.db"
    shutil.copy(path, other)
    for summary in ("France wants it.", "France wants it much."):
        record(other, summary)

    async def scenario() -> None:
        watch = LogWatch(database, pause_seconds=QUICK)
        with watch.waiting() as one:
            await asyncio.to_thread(record, path, "France is for it.")
            assert found(await one.after(641, PATIENCE)) == [642]
            for part in ("-wal", "-shm"):
                path.with_name(path.name + part).unlink(missing_ok=True)
            other.replace(path)
            with pytest.raises(WaitOver):
                await one.after(642, PATIENCE)

    asyncio.run(scenario())


def test_a_wait_ends_with_the_server_and_with_the_log(database: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        watch = LogWatch(database, pause_seconds=QUICK)
        with watch.waiting() as one:
            assert await one.after(640, PATIENCE)
            monkeypatch.setattr(watch, "_head", 700)  # as if the log had been longer
            with pytest.raises(WaitOver):
                await one.after(700, PATIENCE)
            with watch.waiting() as another:
                waits = asyncio.create_task(another.after(641, PATIENCE))
                await asyncio.sleep(QUICK)
                watch.stop()
                with pytest.raises(WaitOver):
                    await waits

    asyncio.run(scenario())


def test_only_so_many_may_wait(
    database: Counted, growing: tuple[Path, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 1)

    async def scenario() -> None:
        watch = LogWatch(database)
        with watch.waiting(), pytest.raises(TooManyWait), watch.waiting():
            pass
        with watch.waiting():
            pass

    asyncio.run(scenario())
    monkeypatch.setattr(module, "MOST_WAITING", 0)
    client = TestClient(make_app(database), base_url="http://localhost")
    for address in ("/log/events", "/api/entries/events", "/api/entries?after=641&wait=30"):
        refused = client.get(address)
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "30"
        assert "As many readers wait for new entries as may." in refused.text


def test_an_event_stream_has_each_entry_once_with_its_position_as_the_id(
    database: Counted, add: Callable[..., Awaitable[None]]
) -> None:
    async def scenario() -> None:
        watch = LogWatch(database, pause_seconds=QUICK)
        stream = await event_stream(database, watch, Listing(EntryFilter(recorded_by="one"), after=640), numbers)
        parts = stream.body_iterator.__aiter__()
        assert await anext(parts) == "retry: 2000\nid: 640\n\n"
        assert await anext(parts) == "id: 641\n\n"  # it is another's: no event, and yet seen
        await add(by="one")
        assert await anext(parts) == "id: 642\nevent: entry\ndata: entry\ndata: 642\n\nid: 642\n\n"
        gone = asyncio.create_task(_served(stream))
        await asyncio.sleep(QUICK)
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        assert watch._waiting == 0

    asyncio.run(scenario())


async def _served(stream: Any) -> None:
    async def receive() -> Any:
        await asyncio.sleep(PATIENCE)

    async def send(message: Any) -> None:
        pass

    await stream({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send)


def test_a_stream_without_entries_gives_signs_of_life(database: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.web.log.events.BEAT_SECONDS", QUICK)

    async def scenario() -> None:
        stream = await event_stream(database, LogWatch(database), Listing(EntryFilter()), numbers)
        parts = stream.body_iterator.__aiter__()
        assert [await anext(parts) for _ in range(3)] == ["retry: 2000\nid: 641\n\n", "id: 641\n\n", "id: 641\n\n"]
        stream._place.close()

    asyncio.run(scenario())


def test_a_stream_cannot_begin_after_the_end_of_the_log_or_at_no_position(database: Counted) -> None:
    with pytest.raises(PositionAhead):
        asyncio.run(event_stream(database, LogWatch(database), Listing(EntryFilter(), after=700), numbers))
    request = Request({"type": "http", "headers": [(b"last-event-id", b"12; DROP")]})
    with pytest.raises(BadValue, match="is not a log position"):
        last_event(request)
    assert last_event(Request({"type": "http", "headers": [(b"last-event-id", b"12")]})) == 12
    assert last_event(Request({"type": "http", "headers": []})) is None


def test_an_answer_that_waits_comes_with_the_entry(
    growing: tuple[Path, TestClient], add: Callable[..., Awaitable[None]]
) -> None:
    async def scenario() -> None:
        waits = asyncio.create_task(asyncio.to_thread(growing[1].get, "/api/entries?after=641&wait=30&by=two"))
        await add(by="one")
        await add(by="two")
        assert [row["position"] for row in (await waits).json()] == [643]

    asyncio.run(scenario())
