"""Show one entry with its chain of corrections and its evidence, within one snapshot."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.log.events import IssueOpened, PositionEvent, SourceRegistered
from tracker.domain.log.kind_registry import Register, register_kinds
from tracker.domain.log.log_view import LocatedEntry
from tracker.domain.registers.registers import registers
from tracker.storage.log import entry_names, event_log
from tracker.storage.queries import versions


def entry_detail(connection: Connection, name: str) -> EntryDetail:
    """Answer `Queries.show`."""
    located = versions.locate_entry(connection, entry_names.resolve_entry_id(connection, name))
    chain = tuple(versions.chain(connection, located))
    source, question, unit = _cited_by(connection, located)
    return EntryDetail(
        entry=located.entry,
        says=located.event,
        hash=event_log.head(connection, at=located.position).hash,
        ended_by=located.ended_by,
        versions=chain,
        source=source,
        corroborations=tuple(versions.counting_corroborations(connection, located)),
        question=question,
        positions=event_log.positions(connection, _named_by(located)),
        unit=unit,
    )


def _named_by(located: LocatedEntry) -> Iterator[str]:
    """The ids of the entries that an entry, or what it says, targets, and of the one by which it was ended."""
    if located.ended_by:
        yield located.ended_by[0]
    for event in (located.entry.event, located.event):
        for field in ("target", "answers"):
            if (named := getattr(event, field, None)) is not None:
                yield named


def _cited_by(connection: Connection, located: LocatedEntry) -> tuple[SourceRegistered | None, str | None, str | None]:
    """The source that an entry cites, its issue's question as on the day that a position takes effect, and its unit."""
    source, issue = (getattr(located.event, field, None) for field in ("source", "issue"))
    found = [
        version
        for register, key in ((Register.SOURCE, source), (Register.ISSUE, issue))
        for version in (versions.counting_facts(connection, register_kinds(register), key=key) if key else ())
    ]
    known = registers(
        found,
        on=located.event.day.effective if isinstance(located.event, PositionEvent) else date.max,
    )
    question = known.issues[issue].question if issue and issue in known.issues else None
    units = (version.event.unit for version in found if isinstance(version.event, IssueOpened))
    return known.sources.get(source) if source else None, question, next(units, None)
