"""Hold the log to its hashes and a checkpoint and, if it is sound, the projections to the log."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.log.chain import LogHead
from tracker.errors import DatabaseDamaged
from tracker.storage.log import event_log
from tracker.storage.log.event_log import EventLog
from tracker.storage.log.reader import Progress
from tracker.storage.maintenance.verify import Damage, verify_log, verify_projections


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """The last entry of a sound log, the damage to the log and to the projections, and notes on what is no damage."""

    head: LogHead | None
    log: tuple[Damage, ...]
    projections: tuple[Damage, ...]
    notes: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return not self.log and not self.projections


def verify(log: EventLog, checkpoint: LogHead | None, *, now: datetime, progress: Progress) -> VerifyResult:
    """Check every entry twice, by its line and hash and by its projections; `progress` counts both."""
    damage: list[Damage] = []
    try:
        with log.reading(damaged=True) as begun:
            connection = begun.core
            damage.extend(verify_log(connection, log.backend, checkpoint, progress=progress))
            if not damage:
                projections = tuple(verify_projections(connection, progress=progress))
                ahead = event_log.stamp_ahead(connection, now)
                notes = (str(ahead),) if ahead else ()
                return VerifyResult(event_log.head(connection), (), projections, notes)
    except DatabaseDamaged as damaged:  # so badly that not all of it can be read
        damage.append(Damage(0, f"the database {damaged.why}"))
    return VerifyResult(None, tuple(damage), ())
