"""Bring a database up to this release: a backup first, then its schema and its projections in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tracker.domain.terms.rules import RULES
from tracker.storage.backends.backend import WAIT_SECONDS, Backend
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.backends.transactions import Origin
from tracker.storage.log.event_log import head
from tracker.storage.log.reader import Progress
from tracker.storage.maintenance.migrate import upgrade_database
from tracker.storage.schema import REVISION
from tracker.usecases.backup import back_up

PER_SECOND = 20_000
"""Entries from which projections are derived in a second, about: the slowest that docs/performance.md measured."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an upgrade is about to do: from which schema and rules, for how many entries, after which backup."""

    made: Origin
    entries: int
    backup: Path | None

    @property
    def seconds(self) -> int:
        """About how long it takes."""
        return self.entries // PER_SECOND + 1


def upgrade(
    url: str,
    *,
    backup: Path | None = None,
    without_backup: bool = False,
    wait_seconds: float = WAIT_SECONDS,
    announce: Callable[[Plan], None] = lambda _: None,
    progress: Progress = lambda _: None,
) -> Plan | None:
    """Upgrade a database, and say with `announce` what is to be done. Returns what was done; None if there is nothing.

    The backup goes beside a SQLite database, and into the current folder as an export of a PostgreSQL one, unless a
    file is named. Raises as `upgrade_database`, and FileUnavailable before anything is changed.
    """
    plans: list[Plan] = []

    def prepare(begun: Transaction, backend: Backend, made: Origin) -> None:
        entries = head(begun).position
        file = None if without_backup or not entries else backup or _beside(backend)
        if file is not None:
            back_up(begun, backend, file)
        plans.append(Plan(made, entries, file))
        announce(plans[0])

    made = upgrade_database(url, wait_seconds=wait_seconds, before=prepare, progress=progress)
    return None if made == (REVISION, RULES) else plans[0]


def _beside(backend: Backend) -> Path:
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    if backend.file is None:
        return Path(f"tracker-before-upgrade-{moment}.jsonl")
    return backend.file.with_name(f"{backend.file.name}.before-upgrade-{moment}")
