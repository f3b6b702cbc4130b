"""The form of a question on its page: its days in front, and all else that the command line takes behind "Narrow"."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from tracker.presenting.parameters import Kind, Parameter
from tracker.web.asking.address import ARGUMENTS, ASKED, Address, address_name


class Field(NamedTuple):
    """An input of a form. `options` names the list that completes it, if there is one."""

    name: str
    label: str
    type: str
    value: str
    explained: str
    is_set: bool = False
    options: str = ""


class QuestionForm(NamedTuple):
    """The inputs of a question: `days` in front, `more` behind, and what is `kept` of values given several times."""

    days: Sequence[Field]
    more: Sequence[Field]
    kept: Sequence[tuple[str, str]]


def form_of(address: Address, shown: dict[str, date]) -> QuestionForm:
    """The form of the question that an address asks, filled with what it holds and the days that are `shown`."""
    fields = list(_fields(address, shown))
    repeated = {address_name(one) for one in ASKED[address.question] if one.repeated}
    kept = [pair for pair in address.given if pair[0] in repeated]
    return QuestionForm(
        [field for field in fields if field.type == "date"],
        sorted((field for field in fields if field.type != "date"), key=lambda field: field.name not in _MOST_USED),
        kept,
    )


_IN_FRONT = ("on", "from", "to")
_MOST_USED = ("text", "party", "issue", "of", "attribution", "known_at", "published_by")
_OPTIONS = {"party": "parties", "of": "parties", "issue": "issues"}


def _fields(address: Address, shown: dict[str, date]) -> Iterator[Field]:
    given = dict(address.given)
    for parameter in (*ARGUMENTS.get(address.question, ()), *ASKED[address.question]):
        name = address_name(parameter)
        value = shown[name].isoformat() if name in shown else given.get(name, "")
        yield Field(
            name,
            name.replace("_", " "),
            _type(parameter),
            "" if parameter.repeated else value,
            parameter.explained,
            bool(address.values.get(parameter.passed_as)) if parameter.kind is Kind.FLAG else False,
            _OPTIONS.get(name, ""),
        )


def _type(parameter: Parameter) -> str:
    if parameter.kind is Kind.FLAG:
        return "checkbox"
    if parameter.kind is Kind.DAY and parameter.name in _IN_FRONT:
        return "date"
    return "number" if parameter.kind is Kind.NUMBER else "text"
