"""Name the entry that another one is about as people do: by its log position."""

from sqlalchemy import Connection

from tracker.domain.log.events import Event
from tracker.storage.log.event_log import positions


def position_of_target(connection: Connection, event: Event) -> int | None:
    """Return the log position of the entry that an event targets; None for an event that targets none."""
    if not event.event_kind.role.targets:
        return None
    target: str = getattr(event, event.event_kind.key or "")
    return positions(connection, [target])[target]
