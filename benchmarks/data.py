"""The histories and databases to measure on: made once, kept in a folder, and copied for what writes."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.history import write_history
from benchmarks.shape import Shape
from benchmarks.votes import Votes, write_votes
from tracker.storage.maintenance.migrate import create_database
from tracker.storage.schema import REVISION, metadata
from tracker.tracker import Tracker


class Data:
    """What measures work on, in a folder; `say` tells what takes a while."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.folder = folder
        self._say = say

    def history(self, shape: Shape) -> Path:
        """The events file of a history."""
        return self.made(f"history-{_history(shape)}.jsonl", lambda path: self._write(path, shape))

    def empty(self) -> Path:
        """An empty tracker's database, not to be written to."""
        return self.made(f"empty-{_schema()}.db", lambda path: create_database(str(path)))

    def database(self, shape: Shape) -> Path:
        """The database of a history, not to be written to."""
        return self.made(f"tracker-{_history(shape)}-{_schema()}.db", lambda path: self._load(path, shape))

    def votes(self, votes: Votes) -> Path:
        """The events file of a log in the shape of the General Assembly's votes."""
        return self.made(f"votes-{_votes(votes)}.jsonl", lambda path: write_votes(path, votes))

    def votes_database(self, votes: Votes) -> Path:
        """The database of such a log, not to be written to."""
        return self.made(f"votes-{_votes(votes)}-{_schema()}.db", lambda path: self._fill(path, self.votes(votes)))

    @contextmanager
    def copy(self, original: Path) -> Iterator[Path]:
        """A copy of a database that nobody has open, to write to."""
        with self.scratch() as folder:
            yield Path(shutil.copyfile(original, folder / "copy.db"))

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty folder beside the data, for as long as it is needed."""
        with TemporaryDirectory(dir=self.folder, prefix="scratch-") as folder:
            yield Path(folder)

    def made(self, name: str, make: Callable[[Path], object]) -> Path:
        """A file of the folder, made now if it is not there; half a file never gets its name."""
        path = self.folder / name
        if not path.exists():
            half = path.with_name(f"half-{name}")
            for left_over in self.folder.glob(f"{half.name}*"):
                left_over.unlink()
            make(half)
            half.rename(path)
        return path

    def _write(self, path: Path, shape: Shape) -> None:
        self._say(f"writing a history of {shape.entries:,} entries")
        write_history(path, shape)

    def _load(self, path: Path, shape: Shape) -> None:
        self._fill(path, self.history(shape))

    def _fill(self, path: Path, history: Path) -> None:
        self._say(f"loading {history.name}")
        create_database(str(path))
        with Tracker.open(str(path)) as tracker:
            tracker.load([history])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _history(shape: Shape) -> str:
    """What tells a history from others, also from those of another version of the generator."""
    made_by = (Path(__file__).with_name(name).read_text() for name in ("history.py", "shape.py"))
    return _digest("".join((repr(shape), *made_by)))


def _votes(votes: Votes) -> str:
    return _digest(repr(votes) + Path(__file__).with_name("votes.py").read_text())


def _schema() -> str:
    """What tells the tables of this release from those of another one, so that a kept folder never mixes them."""
    tables = [
        (table.name, table.c.keys(), sorted(str(index.name) for index in table.indexes))
        for table in metadata.sorted_tables
    ]
    return _digest(repr((REVISION, tables)))
