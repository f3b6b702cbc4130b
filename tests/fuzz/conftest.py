"""A desk that input from outside is thrown at, and what must hold whatever it was."""

import io
import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import event, settings

from tests import ledger
from tests.databases import Databases
from tracker.cli import cli
from tracker.domain.terms.safe_text import plain
from tracker.tracker import Tracker

CASES = int(os.environ.get("TRACKER_FUZZ_CASES", "40"))
"""How many cases the fuzz tests try in all, on both back ends together; `make test-fuzz` tries many more."""

ON_RECORD = """
    source dw 2019-12-11
    party RUS name=Russia aliases=Moscow
    party USA name="United States"
    issue arms/start
    said: stated RUS arms/start supports 2019-12-10 speaker=Lavrov source=dw
    """


@dataclass
class Desk:
    """A database with something on record, and the command line in front of it."""

    url: str
    tracker: Tracker
    copies: Databases
    folder: Path

    def run(self, *args: str, stdin: bytes = b"") -> Result:
        """Run a command in this process; whatever it was given, it ends in one of the exit codes, with a reason."""
        before = self.tracker.checkpoint()
        done = CliRunner().invoke(cli, ["--db", self.url, "--by", "analyst", *args], input=stdin, color=True)
        assert isinstance(done.exception, SystemExit | None), "".join(traceback.format_exception(done.exception))
        assert done.exit_code in (0, 1, 2)
        said = done.stdout + done.stderr
        assert plain(said, keep="\n") == said
        if done.exit_code:
            assert done.stderr.strip()
            if "--keep-going" not in args:
                assert self.tracker.checkpoint() == before
        return done

    def holds(self) -> None:
        """The log verifies, and its export loads again to the same bytes."""
        assert self.tracker.verify().sound
        exported = self.export()
        (self.folder / "exported.jsonl").write_bytes(exported)
        with self.copies.empty() as url, Tracker.open(url) as copy:
            copy.load([self.folder / "exported.jsonl"])
            again = io.BytesIO()
            copy.export(again)
        assert again.getvalue() == exported

    def export(self) -> bytes:
        out = io.BytesIO()
        self.tracker.export(out)
        return out.getvalue()


@pytest.fixture
def new_desk(new_tracker: Callable[..., Any], databases: Databases, tmp_path: Path) -> Callable[..., Any]:
    """A context manager that opens a desk, by default with a few entries on record."""

    @contextmanager
    def opened(text: str = ON_RECORD) -> Iterator[Desk]:
        with databases.empty() as url, Tracker.open(url) as tracker:
            drafts = ledger.drafts(text)
            tracker.record([draft.event for draft in drafts], by="analyst", event_ids=[draft.id for draft in drafts])
            yield Desk(url, tracker, databases, tmp_path)

    return opened


@dataclass
class Tally:
    """How many cases came to what, so that a test shows that it reaches both sides."""

    share: float
    backend: str
    ends: Counter[str] = field(default_factory=Counter)

    @property
    def settings(self) -> settings:
        """As many examples as this test's share of the cases, a tenth of them on PostgreSQL."""
        part = 0.1 if self.backend == "postgresql" else 0.9
        return settings(max_examples=max(5, round(CASES * self.share * part)))

    def add(self, end: str) -> None:
        event(end)
        self.ends[end] += 1

    def reached(self, *ends: str) -> None:
        """Each of these came up, and in at least one of twenty cases once there are enough to tell."""
        total = self.ends.total()
        least = total / 20 if total >= 100 else 1
        print(
            f"\nfuzz {self.backend}: " + ", ".join(f"{end} {number / total:.0%}" for end, number in self.ends.items())
        )
        assert all(self.ends[end] >= least for end in ends), self.ends


@pytest.fixture
def tally(backend: str) -> Callable[[float], Tally]:
    return lambda share: Tally(share, backend)
