"""Append the entries of events files in one transaction, for `load` and for `restore` from an export."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tracker.adapters.files import name_of
from tracker.adapters.jsonl import findings_of
from tracker.errors import BadData, Finding, TrackerError
from tracker.storage.log.reader import Progress
from tracker.storage.log.writer import Writer
from tracker.usecases.event_files import PlacedEntry, read_batches

_HOPELESS = 1_000_000
"""After so many problems the rest of a load is not read, unless it is to keep going."""


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
    appended = already_there = found = 0
    findings: list[Finding] = []
    noted = 0
    notes: list[Finding] = []
    place = _place(files)
    lines: dict[str, PlacedEntry] = {}
    with closing(read_batches(files)) as batches:
        for batch in batches:
            new = [item for item in batch if isinstance(item, Finding)]
            placed = [item for item in batch if isinstance(item, PlacedEntry)]
            results = log.append_each([item.prepared for item in placed], alone=keep_going)
            for item, result in zip(placed, results, strict=True):
                if item.prepared.row is None:
                    lines[item.prepared.id] = item
                if isinstance(result, TrackerError):
                    new += findings_of(result, item.file, item.line)
                elif result.appended:
                    appended += 1
                    noted += len(result.notes)
                    if len(notes) < BadData.SHOWN:
                        notes += [Finding(item.file, item.line, None, note) for note in result.notes]
                else:
                    already_there += 1
            found += len(new)
            findings += sorted(new, key=place)[: max(0, BadData.SHOWN - len(findings))]
            if found > _HOPELESS and not keep_going:
                break  # no events file, perhaps one without an end
            progress(len({(item.file, item.line) for item in batch}))
    refused, noted_late = _settle_memberships(log, lines)
    found, noted = found + len(refused), noted + len(noted_late)
    findings, notes = [*findings, *refused][: BadData.SHOWN], [*notes, *noted_late][: BadData.SHOWN]
    if findings and not keep_going:
        raise BadData(findings, found)
    return LoadResult(appended, already_there, found, tuple(findings), noted, tuple(notes))


def _settle_memberships(log: Writer, lines: Mapping[str, PlacedEntry]) -> tuple[list[Finding], list[Finding]]:
    """Return the findings and the notes on memberships that break a rule together, each on its entry's line."""
    refused: list[Finding] = []
    notes: list[Finding] = []
    for broken in log.settle_memberships():
        at = lines[broken.event_id]
        if broken.judged:
            refused += findings_of(broken.refusal, at.file, at.line)
        else:
            notes.append(Finding(at.file, at.line, None, str(broken.refusal)))
    return refused, notes


def _place(files: Sequence[Path]) -> Callable[[Finding], tuple[int, int]]:
    order = {name_of(path): index for index, path in enumerate(files)}
    return lambda finding: (order[finding.file], finding.line or 0)
