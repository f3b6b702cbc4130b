"""Show one entry with its chain of corrections and its evidence, within one snapshot."""

from sqlalchemy import Connection

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.storage.log import event_log
from tracker.storage.queries import versions
from tracker.usecases.registers import cited_by


def entry_detail(connection: Connection, name: str) -> EntryDetail:
    """One entry, by an unambiguous prefix of its id or `@N`, its position. Raises UnknownEntry or AmbiguousName."""
    located = versions.locate_entry(connection, event_log.resolve_entry_id(connection, name))
    chain = tuple(versions.chain(connection, located))
    source, question = cited_by(connection, located)
    return EntryDetail(
        entry=located.entry,
        says=located.event,
        hash=event_log.head(connection, at=located.position).hash,
        ended_by=located.ended_by,
        versions=chain,
        source=source,
        corroborations=tuple(versions.counting_corroborations(connection, located)),
        question=question,
    )
