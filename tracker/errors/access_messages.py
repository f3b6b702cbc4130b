"""Refused access: tokens of those who record over the network."""

from collections.abc import Sequence

from tracker.errors.base import TrackerError
from tracker.errors.shared_parts import did_you_mean, named


class HoldsAToken(TrackerError):
    """A second token for a name that holds one."""

    name: str

    def __str__(self) -> str:
        return (
            f"{named(self.name)} holds a token already, and each name holds one. "
            "If it is lost or known to others, end it with `tracker token revoke`, then add another."
        )


class HoldsNoToken(TrackerError):
    """A token to be revoked of a name that holds none; near names that hold one are offered."""

    name: str
    nearest: Sequence[str] = ()

    def __str__(self) -> str:
        hint = did_you_mean(self.nearest) or " `tracker token list` shows who does."
        return f"{named(self.name)} holds no token.{hint}"
