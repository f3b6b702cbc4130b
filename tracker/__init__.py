"""An event-sourced tracker of negotiation positions."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.tracker import Tracker

__all__ = ["Tracker"]


def __getattr__(name: str) -> object:
    """Import `Tracker` when it is asked for: the command line starts without it."""
    if name != "Tracker":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tracker.tracker import Tracker  # noqa: PLC0415

    return Tracker
