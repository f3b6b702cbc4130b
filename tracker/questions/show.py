"""Show one entry with its chain of corrections and its evidence, within one snapshot."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.log.events import EntryRetracted, IssueOpened, PositionEvent, SourceRegistered
from tracker.domain.log.kind_registry import Register, register_kinds
from tracker.domain.log.log_view import LocatedEntry
from tracker.domain.registers.registers import registers
from tracker.domain.terms.scope import Cutoffs
from tracker.errors import NotYetOnRecord
from tracker.questions.public_entry import public_part
from tracker.storage.log import entry_names, event_log
from tracker.storage.queries import versions


def entry_detail(connection: Connection, name: str, cutoffs: Cutoffs) -> EntryDetail:
    """Answer `Queries.show`."""
    known_at, event_id = cutoffs.known_at, entry_names.resolve_entry_id(connection, name)
    located = versions.locate_entry(connection, event_id, known_at=known_at)
    if known_at is not None and located.position > known_at:
        raise NotYetOnRecord(name=f"@{located.position}", what="entry", cutoff=f"known_at @{known_at}")
    source, question, unit = _cited_by(connection, located, cutoffs)
    found = EntryDetail(
        entry=located.entry,
        says=located.event,
        hash=event_log.head(connection, at=located.position).hash,
        ended_by=located.ended_by,
        versions=tuple(versions.chain(connection, located, known_at=known_at)),
        source=source,
        corroborations=tuple(versions.counting_corroborations(connection, located, known_at=known_at)),
        question=question,
        positions=event_log.positions(connection, _named_by(located)),
        unit=unit,
    )
    if cutoffs.published_by is None:
        return found
    if isinstance(located.entry.event, EntryRetracted):  # it is public as far as what it retracts is
        entry_detail(connection, located.entry.event.target, cutoffs)
    return public_part(connection, found, located.first_type, cutoffs)


def _named_by(located: LocatedEntry) -> Iterator[str]:
    """The ids of the entries that an entry, or what it says, targets, and of the one by which it was ended."""
    if located.ended_by:
        yield located.ended_by[0]
    for event in (located.entry.event, located.event):
        for field in ("target", "answers"):
            if (named := getattr(event, field, None)) is not None:
                yield named


def _cited_by(
    connection: Connection, located: LocatedEntry, cutoffs: Cutoffs
) -> tuple[SourceRegistered | None, str | None, str | None]:
    """The source that an entry cites, its issue's question as on the day that a position takes effect, and its unit."""
    source, issue = (getattr(located.event, field, None) for field in ("source", "issue"))
    at = cutoffs.known_at
    found = [
        version
        for register, key in ((Register.SOURCE, source), (Register.ISSUE, issue))
        for version in (
            versions.counting_facts(connection, register_kinds(register), key=key, known_at=at) if key else ()
        )
    ]
    known = registers(
        found,
        on=located.event.day.effective if isinstance(located.event, PositionEvent) else date.max,
        published_by=cutoffs.published_by,
    )
    question = known.issues[issue].question if issue and issue in known.issues else None
    units = (version.event.unit for version in found if isinstance(version.event, IssueOpened))
    return known.sources.get(source) if source else None, question, next(units, None)
