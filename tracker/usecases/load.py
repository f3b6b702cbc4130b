"""Append the entries of events files in one transaction, for `load` and for `restore` from an export."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tracker.adapters.files import name_of
from tracker.adapters.jsonl import Block, FileEntry, findings_of, parse_block, read_blocks
from tracker.domain.timeline.statement import Statement
from tracker.errors import BadData, Finding, TrackerError
from tracker.storage.log.prepared_entry import PreparedEntry, prepare
from tracker.storage.log.reader import Progress
from tracker.storage.log.writer import Writer
from tracker.storage.queries.look_alikes import find_new_look_alikes
from tracker.workers import map_ordered

_HOPELESS = 1_000_000
"""After so many problems the rest of a load is not read, unless it is to keep going."""


class PlacedEntry(NamedTuple):
    """An entry of an events file, ready to append, and the line that it stood on."""

    file: str
    line: int
    prepared: PreparedEntry


Batch = list[PlacedEntry | Finding]


@dataclass(frozen=True, slots=True)
class LoadResult:
    """How many entries a load appended, found there already or left out, with the first findings on the last.

    `notes` are on entries that were appended, the first of `noted`.
    """

    appended: int
    already_there: int
    left_out: int
    findings: tuple[Finding, ...]
    noted: int = 0
    notes: tuple[Finding, ...] = ()


def load_into(
    log: Writer, files: Sequence[Path], *, keep_going: bool = False, progress: Progress = lambda _: None
) -> LoadResult:
    """Append the entries of events files, in file order. Raises BadData, unless `keep_going`."""
    older = log.position
    appended = already_there = found = 0
    findings: list[Finding] = []
    notes = _Notes()
    place = _place(files)
    lines: dict[str, PlacedEntry] = {}
    with closing(read_batches(files)) as batches:
        for batch in batches:
            new = [item for item in batch if isinstance(item, Finding)]
            placed = [item for item in batch if isinstance(item, PlacedEntry)]
            after, at = log.position, dict[int, PlacedEntry]()
            results = log.append_each([item.prepared for item in placed], alone=keep_going)
            for item, result in zip(placed, results, strict=True):
                if item.prepared.row is None:
                    lines[item.prepared.id] = item
                if isinstance(result, TrackerError):
                    new += findings_of(result, item.file, item.line)
                elif result.appended:
                    at[log.position] = item
                    notes.add(item, result.notes)
                else:
                    already_there += 1
            appended += len(at)
            for loaded, known in find_new_look_alikes(log.transaction, after=after, older=older) if older else ():
                notes.add(at[loaded.position], [_alike(loaded, known)])
            found += len(new)
            findings += sorted(new, key=place)[: max(0, BadData.SHOWN - len(findings))]
            if found > _HOPELESS and not keep_going:
                break  # no events file, perhaps one without an end
            progress(len({(item.file, item.line) for item in batch}))
    refused = _settle_memberships(log, lines, notes)
    found, findings = found + len(refused), [*findings, *refused][: BadData.SHOWN]
    if findings and not keep_going:
        raise BadData(findings, found)
    return LoadResult(appended, already_there, found, tuple(findings), notes.number, tuple(notes.first))


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
    return PlacedEntry(entry.file, entry.line, prepare(entry.draft, keeps_event=False))


class _Notes:
    """The number of a load's notes, and the first of them."""

    def __init__(self) -> None:
        self.number = 0
        self.first: list[Finding] = []

    def add(self, item: PlacedEntry, notes: Sequence[str]) -> None:
        self.number += len(notes)
        if notes and len(self.first) < BadData.SHOWN:
            self.first += [Finding(item.file, item.line, None, note) for note in notes]


def _alike(loaded: Statement, known: Statement) -> str:
    holds = "amount" if loaded.stance is None else "stance"
    return (
        f"{loaded.party} {loaded.issue} {loaded.value} on {loaded.stated_on}, now @{loaded.position}, looks like "
        f"@{known.position} (same party, issue, day, speaker and {holds}). If they are one statement, "
        f"retract @{loaded.position}, and corroborate @{known.position} if its source is another."
    )


def _settle_memberships(log: Writer, lines: Mapping[str, PlacedEntry], notes: _Notes) -> list[Finding]:
    """Return the findings on memberships that break a rule together, each on its entry's line, and add the notes."""
    refused: list[Finding] = []
    for broken in log.settle_memberships():
        at = lines[broken.event_id]
        if broken.judged:
            refused += findings_of(broken.refusal, at.file, at.line)
        else:
            notes.add(at, [str(broken.refusal)])
    return refused


def _place(files: Sequence[Path]) -> Callable[[Finding], tuple[int, int]]:
    order = {name_of(path): index for index, path in enumerate(files)}
    return lambda finding: (order[finding.file], finding.line or 0)
