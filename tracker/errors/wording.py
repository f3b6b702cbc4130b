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
        f" --{'condition' if name == 'conditions' else name.replace('_', '-')} {shlex.quote(_words(one))}"
        for name, value in fields.items()
        if value is not None
        for one in (value if isinstance(value, list) else [value])
    )


def _words(value: Any) -> str:
    return str(value["exact"] if isinstance(value, dict) else value)
