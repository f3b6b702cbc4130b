"""Hold the log to its hashes and a checkpoint and, if it is sound, the projections to the log."""

from dataclasses import dataclass

from tracker.domain.log.chain import LogHead
from tracker.errors import DatabaseDamaged
from tracker.storage.log import event_log
from tracker.storage.log.event_log import EventLog
from tracker.storage.log.reader import Progress
from tracker.storage.maintenance.verify import Damage, verify_log, verify_projections


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """The last entry of a sound log, and the damage to the log and to the projections."""

    head: LogHead | None
    log: tuple[Damage, ...]
    projections: tuple[Damage, ...]

    @property
    def sound(self) -> bool:
        return not self.log and not self.projections


def verify(log: EventLog, checkpoint: LogHead | None, *, progress: Progress) -> VerifyResult:
    """Check every entry twice, by its line and hash and by its projections; `progress` counts both."""
    damage: list[Damage] = []
    try:
        with log.reading(damaged=True) as begun:
            connection = begun.core
            damage.extend(verify_log(connection, log.backend, checkpoint, progress=progress))
            if not damage:
                projections = tuple(verify_projections(connection, log.backend, progress=progress))
                return VerifyResult(event_log.head(connection), (), projections)
    except DatabaseDamaged as damaged:  # so badly that not all of it can be read
        damage.append(Damage(0, f"the database {damaged.why}"))
    return VerifyResult(None, tuple(damage), ())
