"""Addresses: a question with its parameters as the query of an address, and back.

The names are the command line's, with underscores: `?on=2019-12-10&published_by=2020-01-01&party=RUS&party=USA`. An
address that a form made may hold empty values, which count as left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

from tracker.domain.terms.dates import read_day
from tracker.domain.terms.safe_text import shown
from tracker.domain.terms.scope import WHOLE_LIST, Listing, read_moment
from tracker.domain.terms.typed_amounts import checked_decimal
from tracker.domain.terms.typed_values import read_number, read_words
from tracker.domain.terms.vocabulary import Act, Attribution, Priority
from tracker.errors import BadValue
from tracker.presenting.filters import Filters, take_filters, take_listing
from tracker.presenting.parameters import CUTS, ISSUE, LISTING, PARTY, QUESTIONS, THE_DAY, TITLES, Kind, Parameter

PAIR = (
    Parameter("party", "The party.", Kind.NAME, metavar="PARTY"),
    Parameter("issue", "The issue.", Kind.NAME, metavar="ISSUE"),
)
COMPARISON = (
    Parameter("from", "The day on the left; that on the right by default.", Kind.DAY, "after"),
    Parameter("to", "The day on the right; today by default.", Kind.DAY, "up_to"),
    Parameter("known-from", "What was on record for the left side: a day, an instant, @N.", Kind.MOMENT),
)
SUBJECTS: Mapping[str, tuple[Parameter, ...]] = {
    "issue": (*QUESTIONS["explain"], PARTY),
    "party": (*QUESTIONS["explain"], ISSUE),
    "entry": (THE_DAY, *CUTS),
}
"""What the page of one issue, party or entry takes; its name is in the path."""
ASKED: Mapping[str, tuple[Parameter, ...]] = {
    **QUESTIONS,
    "compare": (*COMPARISON, PARTY, ISSUE, *CUTS),
    **SUBJECTS,
}
"""The questions of the command line, and the page's own: subjects, and two days or two clocks beside each other."""
ARGUMENTS: Mapping[str, tuple[Parameter, ...]] = {
    "explain": PAIR,
    "find": (Parameter("text", "The words to look for."),),
}
"""What the command line takes without a name."""
HASH = Parameter("hash", "The hash of the log's last entry there, or its start: another log is refused.")
OF_ADDRESSES = (
    TITLES,
    Parameter("format", "The format of the answer: json, csv, md, html.", metavar="FORMAT"),
    Parameter("page", "Which part of a long answer, from 1.", Kind.NUMBER, metavar="N", default=1, least=1, most=10**9),
    HASH,
)
"""What every address may hold beside its question's own parameters."""


@dataclass(frozen=True, slots=True)
class Address:
    """A question as an address holds it, with the values of its parameters by keyword."""

    question: str
    filters: Filters
    listing: Listing
    values: Mapping[str, Any]
    """Those of the question itself: its day, its flags."""
    given: tuple[tuple[str, str], ...]
    """The names and values as they were written, without empty ones."""
    titles: bool | None = None
    form: str | None = None
    page: int = 1
    hash: str | None = None


def parameters_of(question: str) -> tuple[Parameter, ...]:
    """All that an address of a question may hold."""
    return (*ARGUMENTS.get(question, ()), *ASKED[question], *OF_ADDRESSES)


def address_name(parameter: Parameter) -> str:
    """The name of a parameter in an address."""
    return parameter.name.replace("-", "_")


def read_address(question: str, pairs: Iterable[tuple[str, str]], today: date) -> Address:
    """Read the query of an address; days that depend on the present one are as of `today`.

    Raises BadValue with a sentence for each thing that is wrong.
    """
    given = tuple((name, value) for name, value in pairs if value.strip())
    return _address(question, given, read_values(parameters_of(question), given, today))


def read_values(parameters: Iterable[Parameter], given: Iterable[tuple[str, str]], today: date) -> dict[str, Any]:
    """Read the values of parameters, by keyword; days that depend on the present one are as of `today`.

    Empty values count as left out. Raises BadValue with a sentence for each thing that is wrong.
    """
    given = [(name, value) for name, value in given if value.strip()]
    known = {address_name(parameter): parameter for parameter in parameters}
    problems = [_unknown(name, known) for name in dict.fromkeys(name for name, _ in given) if name not in known]
    values: dict[str, Any] = {}
    for name, parameter in known.items():
        texts = [value for key, value in given if key == name]
        try:
            values[parameter.passed_as] = _read(parameter, texts, today)
        except BadValue as wrong:
            problems.append(f"{name}: {wrong.message}")
    if problems:
        raise BadValue(" ".join(problems))
    return values


def _address(question: str, given: tuple[tuple[str, str], ...], values: dict[str, Any]) -> Address:
    own = {name: values.pop(name) for name in ("titles", "format", "page", "hash")}
    argument = {one.passed_as: values.pop(one.passed_as) for one in ARGUMENTS.get(question, ())}
    lists = LISTING[0] in ASKED[question]
    listing = take_listing(values) if lists else WHOLE_LIST
    filters = take_filters(values)
    return Address(
        question,
        filters,
        listing,
        {**values, **argument},
        given,
        titles=own["titles"],
        form=own["format"],
        page=own["page"],
        hash=own["hash"],
    )


def query_text(pairs: Iterable[tuple[str, str]]) -> str:
    """The query of an address, as short as it may be: characters that need no escape in a query keep their form."""
    return urlencode([*pairs], safe="/@:,")


def _unknown(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name.replace("-", "_").lower(), [*known], n=1)
    hint = f" Did you mean {near[0]}?" if near else f" The names here are {', '.join(known)}."
    return f"No parameter is named {shown(name)}.{hint}"


def _read(parameter: Parameter, texts: Sequence[str], today: date) -> Any:
    if parameter.repeated:
        return tuple(texts)
    if len(texts) > 1:
        raise BadValue("it is given twice, and takes one value. Keep one.")
    if parameter is TITLES:
        return _flag(texts[0]) if texts else None
    if not texts:
        return False if parameter.kind is Kind.FLAG else parameter.default
    if parameter.kind is Kind.NUMBER:
        return read_number(texts[0], least=parameter.least, most=parameter.most)
    return _READERS[parameter.kind](texts[0], today)


def _flag(text: str) -> bool:
    word = text.strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off"):
        return False
    raise BadValue(f"{shown(text)} is neither yes nor no. Write 1 or 0.")


_READERS: Mapping[Kind, Callable[[str, date], Any]] = {
    Kind.FLAG: lambda text, _: _flag(text),
    Kind.TEXT: lambda text, _: text,
    Kind.NAME: lambda text, _: text,
    Kind.DAY: read_day,
    Kind.MOMENT: read_moment,
    Kind.FIGURE: lambda text, _: checked_decimal(text),
    Kind.ATTRIBUTIONS: lambda text, _: read_words(text, Attribution),
    Kind.ACTS: lambda text, _: read_words(text, Act),
    Kind.PRIORITIES: lambda text, _: read_words(text, Priority),
}


def filter_pairs(address: Address) -> Iterator[tuple[str, str]]:
    """The filters and cut-offs among what an address holds: what leaves something out."""
    argument = {address_name(one) for one in ARGUMENTS.get(address.question, ())}
    yield from (pair for pair in address.given if pair[0] in _FILTERS - argument)


_FILTERS = frozenset(address_name(one) for one in (*LISTING, PARTY, ISSUE, *CUTS))
