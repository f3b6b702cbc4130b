"""What is registered: parties, issues, sources and memberships."""

from collections.abc import Iterable
from datetime import date

from tracker.domain.log.kind_registry import MEMBERSHIP_KINDS, Register, register_kinds
from tracker.domain.registers.registers import Registers, registers
from tracker.domain.terms.scope import Cutoffs
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.memberships import Membership, Memberships, all_memberships, memberships
from tracker.questions.reading import Reading
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.log import event_log
from tracker.storage.queries.versions import counting_facts, public


def registers_on(
    reading: Reading,
    which: Iterable[Register],
    on: date | None,
    *,
    known_at: int | None = None,
    published_by: date | None = None,
) -> Registers:
    """Answer `Queries.registers`, of some registers alone."""
    if known_at is not None:
        event_log.head(reading.log, at=known_at)
    facts = counting_facts(reading.log, register_kinds(*which), known_at=known_at)
    return registers(facts, on=on or reading.today, published_by=published_by)


def register_facts(log: Transaction, register: Register, *, known_at: int | None = None) -> list[Version]:
    """Return what counts of one register, today or at a log position."""
    return counting_facts(log, register_kinds(register), known_at=known_at)


def memberships_on(log: Transaction, cutoffs: Cutoffs, on: date) -> Memberships:
    """Return the blocs of each member on a day (inclusive), as known and public at the cut-offs."""
    facts = counting_facts(log, MEMBERSHIP_KINDS, known_at=cutoffs.known_at, up_to=on)
    return memberships(public(log, facts, cutoffs), on)


def all_memberships_up_to(log: Transaction, cutoffs: Cutoffs, on: date) -> list[Membership]:
    """Return the memberships up to a day (inclusive), ended ones too, as known and public at the cut-offs."""
    facts = counting_facts(log, MEMBERSHIP_KINDS, known_at=cutoffs.known_at, up_to=on)
    return all_memberships(public(log, facts, cutoffs), on)
