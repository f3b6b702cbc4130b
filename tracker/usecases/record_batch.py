"""Record a batch of statements, with every problem at its place in the file."""

from collections.abc import Callable, Sequence

from tracker.adapters.batch import Batch, BatchRow, statements
from tracker.domain.log.events import Event
from tracker.domain.timeline.registers import Registers
from tracker.errors import BadData, BadEvent, RefusedEntries
from tracker.usecases.record import RecordResult


def record_batch(
    batch: Batch, names: Registers, record: Callable[[Sequence[Event], bool], list[RecordResult]]
) -> list[RecordResult]:
    """Record the statements of a batch, all or none. Raises BadData with every finding, each with file and line.

    `record` is called once, with the events and whether they are only to be checked because others are in error.
    """
    events: list[Event] = []
    places: list[BatchRow] = []
    findings = list(batch.findings)
    for row in batch.rows:
        try:
            stated = statements(row.fields, names)
        except BadEvent as refusal:
            findings += row.findings(refusal)
            continue
        events += stated
        places += [row] * len(stated)
    recorded: list[RecordResult] = []
    try:
        recorded = record(events, bool(findings))
    except RefusedEntries as refused:
        for index, problem in refused.refusals:
            findings += places[index].findings(problem)
    if findings:
        raise BadData(sorted(findings, key=lambda finding: finding.line or 0))
    return recorded
