"""Commands that meet a fault, and what must hold of the log afterwards; disks that are small, full or read-only."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import within_this_process
from tests.conftest import Ran
from tests.forked import ForkedCommand
from tests.reliability.processes import Unit, said
from tracker.tracker import Tracker

RECORD = ("record", "AAA", "a/a", "opposes", "--on", "2019-12-10", "--summary", "No.", "--anyway")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")


def tracker(url: str | Path, *args: str | Path, first: Callable[[], object] | None = None) -> Ran:
    """Run a command in a process of its own; whatever happens, it ends without a traceback."""
    with ForkedCommand("--db", url, *args, first=first) as command:
        out, err = command.communicate()
    assert "Traceback" not in err, err
    assert command.returncode is not None
    return Ran(command.returncode, out, err)


def here(url: str, *args: str | Path) -> Ran:
    """The same within this process, where it is not the process that meets the fault."""
    ran: Ran = within_this_process()("--db", url, *map(str, args))
    return ran


def assert_refused(ran: Ran, *says: str) -> None:
    """One sentence or two in one line on standard error, which say what, where and what to do."""
    assert (ran.code, ran.out) == (1, ""), ran
    assert len(ran.err.splitlines()) == 1, ran.err
    assert ran.err.startswith("Error: "), ran.err
    for text_said in says:
        assert text_said in ran.err


def head(url: str | Path) -> int:
    with Tracker.open(str(url)) as opened:
        return opened.checkpoint().position


def assert_works(url: str | Path, *, entries: int) -> None:
    """The log is sound and as long as it was, and takes an entry without repair."""
    with Tracker.open(str(url)) as opened:
        verified = opened.verify()
        assert verified.head is not None
        assert (verified.log, verified.projections, verified.head.position) == ((), (), entries)
        unit = Unit(f"after {entries} {os.urandom(4).hex()}", "record", 1)
        assert opened.record(said(unit), by="analyst")[0].receipt.entry.position == entries + 1


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[Path]:
    """A disk of so many bytes, mounted at a folder."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


def remount(path: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(path)], check=True)
