"""Full disks and quotas: one clear sentence, the log as it was, and work goes on when there is room."""

import resource
from functools import partial
from pathlib import Path

import pytest

from tests.databases import postgresql_server
from tests.reliability.faults import (
    RECORD,
    as_root,
    assert_refused,
    assert_works,
    head,
    remount,
    small_disk,
    tracker,
)
from tests.reliability.processes import Unit, events_file, register, said
from tracker.errors import DatabaseUnavailable
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker


def fill(path: Path) -> Path:
    """Take all the room that is left on a disk."""
    filler = path / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1 << 8, 1):
            while True:
                try:
                    file.write(bytes(size))
                except OSError:
                    break
    return filler


@as_root
def test_a_load_that_fills_the_disk_leaves_nothing_of_it(folder: Path) -> None:
    big, small = (events_file(Unit(f"{size}", "load", size), folder) for size in (3000, 50))
    with small_disk(folder / "disk", "1500k") as disk:
        url = disk / "tracker.db"
        create_database(str(url))
        register(str(url))
        assert tracker(url, "load", small).code == 0
        before = head(url)
        assert_refused(tracker(url, "load", big), f"The database {url} has no space left", "make room")
        assert head(url) == before
        with Tracker.open(str(url)) as opened:
            for _ in range(2):
                with pytest.raises(DatabaseUnavailable, match="no space left"):
                    opened.load([big])
            assert opened.checkpoint().position == before
        assert_works(url, entries=before)
        remount(disk, "size=40m")
        assert tracker(url, "load", big).code == 0
        assert_works(url, entries=before + 1 + 3000)


@as_root
def test_records_that_fill_the_disk_are_kept_up_to_the_last_acknowledged(folder: Path) -> None:
    with small_disk(folder / "disk", "1500k") as disk:
        url = disk / "tracker.db"
        create_database(str(url))
        register(str(url))
        acknowledged = 7
        with Tracker.open(str(url)) as opened:
            with pytest.raises(DatabaseUnavailable, match="no space left"):  # noqa: PT012 - which of them fills it is open
                for number in range(100_000):
                    done = opened.record(said(Unit(f"{number}", "record", 5)), by="analyst")
                    acknowledged = done[-1].receipt.entry.position
            assert acknowledged > 100
            assert opened.checkpoint().position == acknowledged
            assert opened.verify().sound
        fill(disk)
        asked = tracker(url, "state")
        assert asked.code == 0 or "space" in asked.err
        assert_refused(tracker(url, *RECORD), "space")
        (disk / "filler").unlink()
        remount(disk, "size=20m")
        assert_works(url, entries=acknowledged)


@as_root
def test_a_database_on_a_full_disk_is_made_whole_or_not_at_all(folder: Path) -> None:
    codes = []
    for kilobytes in range(48, 568, 80):
        with small_disk(folder / f"disk {kilobytes}", f"{kilobytes}k") as disk:
            ran = tracker(disk / "new.db", "init")
            codes.append(ran.code)
            if ran.code != 0:
                assert_refused(ran, str(disk / "new.db"))
                assert list(disk.iterdir()) == []
            else:
                remount(disk, "size=10m")
                with Tracker.open(str(disk / "new.db")) as opened:
                    assert opened.verify().sound
    assert codes == sorted(codes, reverse=True)
    assert set(codes) == {0, 1}


def test_a_file_size_limit_leaves_nothing_of_what_it_stopped(folder: Path) -> None:
    url = folder / "tracker.db"
    create_database(str(url))
    register(str(url))
    big = events_file(Unit("big", "load", 3000), folder)
    for limit, command in ((0, RECORD), (1 << 15, RECORD), (1 << 17, ("load", big)), (1 << 20, ("load", big))):
        limited = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
        assert_refused(tracker(url, *command, first=limited), f"The database {url} cannot be", "disk")
        assert head(url) == 7
    assert_works(url, entries=7)


@as_root
def test_a_server_whose_disk_is_full_says_so_and_goes_on_when_there_is_room(folder: Path) -> None:
    files = [events_file(Unit(f"{size}", "load", size), folder) for size in (20, 3000)]
    with small_disk(folder / "disk", "120m") as disk, postgresql_server(our_own=True, folder=disk / "data") as server:
        url = server
        create_database(url)
        register(url)
        with Tracker.open(url) as opened:
            acknowledged = 7
            filler = fill(disk)
            with pytest.raises(DatabaseUnavailable, match="no space left on its disk"):  # noqa: PT012 - as above
                for number in range(100_000):
                    done = opened.record(said(Unit(f"{number}", "record", 40)), by="analyst")
                    acknowledged = done[-1].receipt.entry.position
            for file in files:
                assert_refused(tracker(url, "load", file), "no space left on its disk", "make room")
            assert opened.checkpoint().position == acknowledged
            filler.unlink()
            assert_works(url, entries=acknowledged)
            assert opened.load(files).appended == 3020
        assert_works(url, entries=acknowledged + 1 + 3020)
