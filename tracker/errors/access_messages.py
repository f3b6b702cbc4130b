"""Refused access: tokens of those who record over the network, and requests that may not be theirs."""

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


class NotSignedIn(TrackerError):
    """Something that needs a token, without one that holds."""

    sentence = "Recording needs a token, and this one is missing, false or revoked. `tracker token add` makes one."


class SignInIsOver(TrackerError):
    """A form of somebody who is no longer signed in, or was sent from a page of another sign-in."""

    sentence = "Your sign-in is over, so that nothing was recorded. Sign in again, then send the form again."


class TooOpenForTokens(TrackerError):
    """A token over a connection on which others could read it."""

    sentence = (
        "Tokens are taken over loopback, and over TLS that ends at a proxy which --proxy names; this request came by "
        "neither. Ask whoever runs this server (docs/serving.md)."
    )


class FromAnotherSite(TrackerError):
    """A form that another site may have sent."""

    sentence = "The form was not sent from a page of this server, so that nothing was recorded. Open the page itself."
