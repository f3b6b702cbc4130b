"""Parts that the sentences of refusals share: names, near names, and a command's options."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any


def named(name: str) -> str:
    """A name that somebody wrote, in quotation marks and cut short."""
    return repr(name if len(name) <= 300 else f"{name[:300]}...")


def did_you_mean(nearest: Sequence[str]) -> str:
    """The question that offers near names; nothing without any."""
    return f" Did you mean {', '.join(nearest)}?" if nearest else ""


def options(fields: Mapping[str, Any]) -> str:
    """Fields, by their names in a batch, as options of a command; a list is an option for each of its items."""
    none = " --no-conditions" if fields.get("conditions") == [] else ""
    return none + "".join(
        _option(_OF_ITEMS.get(name) or name.replace("_", "-"), one)
        for name, value in fields.items()
        if value is not None
        for one in (value if isinstance(value, list) else [value])
    )


def _option(name: str, value: Any) -> str:
    """A value as an option of a command; a flag has a name for either value."""
    if isinstance(value, bool):
        return f" --{name if value else f'no-{name}'}"
    return f" --{name} {shlex.quote(_words(value))}"


def correction(at: str, changes: Mapping[str, Any]) -> str:
    """The command that corrects an entry to these values, by the names of a batch; None for a field to leave out."""
    unset = "".join(f" --unset {name.replace('_', '-')}" for name, value in changes.items() if value is None)
    return f"tracker correct {at}{options(changes)}{unset} --reason TEXT"


_OF_ITEMS = {"conditions": "condition", "aliases": "alias", "tags": "tag"}
"""The options for items of lists that are not named as the list is."""


def _words(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    return str(value["exact"]) if "exact" in value else _amount_typed(**value)


def _amount_typed(at_least: str | None = None, at_most: str | None = None) -> str:
    """An amount of an entry's data, as people type it."""
    if at_least is None or at_most is None:
        return f"<={at_most}" if at_least is None else f">={at_least}"
    return at_least if at_least == at_most else f"{at_least}..{at_most}"
