"""Refused serving: an address that cannot be had, a part that is not installed."""

from tracker.errors.base import TrackerError


class AddressUnavailable(TrackerError):
    """An address at which no server can listen."""

    address: str
    why: str
    advice: str

    sentence = "The address {address} {why}. {advice}"


class ExtraMissing(TrackerError):
    """A command whose extra of the package is not installed."""

    command: str
    extra: str

    sentence = (
        "`tracker {command}` needs more than the core. Install it with `pip install 'negotiation-tracker[{extra}]'`."
    )
