"""Read, check and prepare the entries of events files, a batch at a time, in worker processes where a file is long."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import NamedTuple

from tracker.adapters.jsonl import Block, FileEntry, parse_block, read_blocks
from tracker.errors import Finding
from tracker.storage.log.prepared_entry import PreparedEntry, prepare
from tracker.workers import map_ordered


class PlacedEntry(NamedTuple):
    """An entry of an events file, ready to append, and the line that it stood on."""

    file: str
    line: int
    prepared: PreparedEntry


Batch = list[PlacedEntry | Finding]


def read_batches(paths: Sequence[Path]) -> Generator[Batch, None, None]:
    """Yield the entries and findings of these files in order; closing the generator ends the workers.

    Raises FileUnavailable.
    """
    return map_ordered(prepare_block, ((block,) for path in paths for block in read_blocks(path)))


def prepare_block(block: Block) -> Batch:
    """Parse the lines of a block and prepare their entries."""
    return [_placed(item) if isinstance(item, FileEntry) else item for item in parse_block(block)]


def _placed(entry: FileEntry) -> PlacedEntry:
    """Prepare an entry without its event: reading that again is faster than handing it to another process."""
    return PlacedEntry(entry.file, entry.line, prepare(entry.draft)._replace(event=None))
