"""Read the registers of parties, issues and sources, and memberships, within one snapshot."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from tracker.domain.log.admission import LocatedEntry
from tracker.domain.log.events import PositionEvent, SourceRegistered
from tracker.domain.log.kinds import MEMBERSHIP_ENDED, MEMBERSHIP_STARTED, Register, register_kinds
from tracker.domain.terms.scope import Cutoffs
from tracker.domain.timeline.memberships import Memberships, memberships
from tracker.domain.timeline.registers import Registers, registers
from tracker.storage.backends.compiled_query import AnyConnection
from tracker.storage.queries.versions import counting_facts


def registers_on(
    connection: AnyConnection, on: date, which: Iterable[Register] = Register, *, known_at: int | None = None
) -> Registers:
    """Registers, with issues worded as on a day, as of today's record or as known at a log position."""
    return registers(counting_facts(connection, register_kinds(*which), known_at=known_at), on=on)


def cited_by(connection: Connection, located: LocatedEntry) -> tuple[SourceRegistered | None, str | None]:
    """The source that an entry cites and its issue's question, worded as on the day that a position takes effect."""
    source, issue = (getattr(located.event, field, None) for field in ("source", "issue"))
    known = registers(
        [
            *(counting_facts(connection, register_kinds(Register.SOURCE), key=source) if source else []),
            *(counting_facts(connection, register_kinds(Register.ISSUE), key=issue) if issue else []),
        ],
        on=located.event.day.effective if isinstance(located.event, PositionEvent) else date.max,
    )
    question = known.issues[issue].question if issue and issue in known.issues else None
    return known.sources.get(source) if source else None, question


def members_on(connection: AnyConnection, cutoffs: Cutoffs, on: date) -> Memberships:
    """The blocs of each member on a day (inclusive)."""
    return memberships(
        counting_facts(connection, (MEMBERSHIP_STARTED, MEMBERSHIP_ENDED), known_at=cutoffs.known_at, up_to=on), on
    )
