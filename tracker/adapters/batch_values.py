"""Values of a batch's row as an event has them: codes and paths for names, days, amounts, flags, lists.

What cannot be read is a problem under the row's name of the field, and something stands in for it, so that it is named
once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from tracker.domain.registers.names import resolve_issue, resolve_party, split_parties
from tracker.domain.registers.registers import Registers
from tracker.domain.terms.amount_advice import thousands_note
from tracker.domain.terms.amounts import WAYS_TO_WRITE_AN_AMOUNT, Amount
from tracker.domain.terms.safe_text import label, shown
from tracker.domain.terms.typed_amounts import read_amount, read_decimal
from tracker.errors import BadValue, TrackerError

Problems = list[tuple[str | None, str]]
"""What is wrong, each with the field of a batch."""

AMOUNTS = ("amount", "could_accept")
"""The fields that hold an amount."""


def read_code(written: Any, field: str, names: Registers, problems: Problems) -> str | None:
    """Return the code of the one party that a field takes; a stand-in for a name that is unknown."""
    found = read_codes(written, field, names, problems)
    if len(found) > 1:
        problems.append((field, "names several parties; it takes one."))
    return next(iter(found), "-" if written != [] else None)


def read_codes(written: Any, field: str, names: Registers, problems: Problems) -> list[str]:
    """Return the codes of parties, each once, written as a list or separated by commas."""
    found: list[str] = []
    wrong = 0
    for name in _names(written if isinstance(written, list) else [written], names):
        try:
            if not isinstance(name, str):
                raise BadValue(f"{shown(name)} is not the name of a party.")
            found.append(resolve_party(name, names.parties))
        except TrackerError as error:
            problems.append((field, str(error) if name != "" else "is missing."))
            wrong += 1
            if wrong == _WRONG_NAMES:
                break
    return once_each(found)


_WRONG_NAMES = 20
"""After so many unknown names in one field the rest is not looked up: it is not a list of parties."""


def _names(written: Iterable[Any], names: Registers) -> Iterator[Any]:
    """The names in a list of them; one text of it may name several parties."""
    for item in written:
        yield from split_parties(item, names.parties) if isinstance(item, str) else (item,)


def read_path(written: Any, field: str, names: Registers, problems: Problems) -> Any:
    """Return the path of an issue."""
    return read_text(written, field, lambda text: resolve_issue(text.strip(), names.issues), problems, otherwise="-")


def read_text(written: Any, field: str, read: Callable[[str], Any], problems: Problems, *, otherwise: str) -> Any:
    """Return what a text means; what is no text is left to the event's own check."""
    if not isinstance(written, str):
        return written
    try:
        return read(written)
    except TrackerError as error:
        problems.append((field, str(error)))
        return otherwise


def read_amount_data(written: Any, field: str, problems: Problems) -> dict[str, str] | None:
    """Return an amount as it is stored; None for one that cannot be read.

    It is written as people type it, as a whole number, or with its ends: `{at_least: 200, at_most: 300}`.
    """
    try:
        return _amount(written).data
    except BadValue as error:
        problems.append((field, error.message))
        return None


def _amount(written: Any) -> Amount:
    match written:
        case str():
            return read_amount(written)
        case [_, _, *_] if all(isinstance(one, str) for one in written):  # [1,300], which has two items
            return read_amount(",".join(written))
        case Mapping() if written and written.keys() <= {"at_least", "at_most"}:
            ends = (written.get(end) for end in ("at_least", "at_most"))
            return Amount(*(None if end is None else _number(end) for end in ends))
        case Mapping():
            raise BadValue(f"{shown(written)} is not an amount. Its ends are at_least and at_most.")
        case _:
            number = _number(written)
            return Amount(number, number)


def _number(written: Any) -> Decimal:
    if isinstance(written, str):
        return read_decimal(written)
    if isinstance(written, Decimal | int) and not isinstance(written, bool):
        return read_decimal(f"{written:f}" if isinstance(written, Decimal) else str(written))
    raise BadValue(f"{shown(written)} is not an amount. Write {WAYS_TO_WRITE_AN_AMOUNT}, in quotes.")


def amount_notes(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield a note for each amount among fields as they were written that may be meant as thousands."""
    for key in AMOUNTS:
        written = fields.get(key)
        for typed in written.values() if isinstance(written, Mapping) else (written,):
            if isinstance(typed, str | Decimal) and (note := thousands_note(f"{typed}")) is not None:
                yield note


def read_flag(written: Any, field: str, problems: Problems) -> bool | None:
    """Return whether something holds, written as true, yes, false or no."""
    found = _FLAGS.get(written.strip().lower()) if isinstance(written, str) else written
    if not isinstance(found, bool):
        problems.append((field, f"{shown(written)} is neither true nor false."))
        return None
    return found


_OPTION = "ID=STANCE, as in phase-down=supports"
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def read_options(written: Any, field: str, problems: Problems) -> list[tuple[str, Any]]:
    """Return options with their stances, written as a mapping or as `ID=STANCE`, several joined by commas."""
    if not written:
        problems.append((field, f"names no option. Write {_OPTION}."))
        return []
    if isinstance(written, Mapping):
        return [(str(option), _lowered(stance)) for option, stance in written.items()]
    found: list[tuple[str, Any]] = []
    texts = [part for text in _listed(written) for part in str(text).split(",")]
    for text in texts:
        option, sign, stance = (part.strip() for part in text.partition("="))
        if not (option and sign and stance):
            problems.append((field, f"{shown(text)} is not an option with a stance. Write {_OPTION}."))
        elif option in dict(found):
            problems.append((field, f"{label(option)} stands twice. Keep one."))
        else:
            found.append((option, stance.lower()))
    return found


def read_option_names(written: Any, field: str, problems: Problems) -> list[str]:
    """Return the names of options that a withdrawal concerns, written as a list or separated by commas."""
    stated = written if isinstance(written, Mapping) else {}
    texts = [*stated, *(part for text in _listed(written) if not stated for part in str(text).split(","))]
    ids = list(dict.fromkeys(str(text).partition("=")[0].strip() for text in texts))
    if stated or any("=" in str(text) for text in texts):
        said = "A withdrawal ends the stances on its options and states none"
        problems.append((field, f"{said}: write {label(', '.join(ids))} without a stance."))
    elif not any(ids):
        problems.append((field, "names no option. Write the ids of those whose stances are withdrawn."))
    return [one for one in ids if one]


def once_each(items: list[Any]) -> list[Any]:
    """Return the items of a list, each that is a text once."""
    return [one for place, one in enumerate(items) if not isinstance(one, str) or one not in items[:place]]


def _listed(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [written]


def _lowered(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
