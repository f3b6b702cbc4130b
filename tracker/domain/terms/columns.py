"""The columns of a row of an answer: what data hold of it, by which name and in which order.

A row is a named tuple. Without more its fields are its columns, but for those marked `ForPeople`; one that holds
statements names its columns with `columns`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import compress
from operator import attrgetter
from typing import Annotated, Any, NamedTuple, TypeVar, get_origin

from tracker.domain.terms.amounts import NO_FIGURE, Amount
from tracker.domain.terms.vocabulary import Stance

T = TypeVar("T")
RowType = TypeVar("RowType", bound=type[Any])

ForPeople = Annotated[T, "for people"]
"""A field that is no column: data hold it under another name or in another form, or can do without it."""


def columns(names: str) -> Callable[[RowType], RowType]:
    """Name the columns of a row, separated by white space.

    `position` is an attribute of the row, `statement.position` that of its statement, `answered_on=answer.on` a column
    under another name. A column is null where what it is an attribute of is None.
    """

    def set_columns(row_type: RowType) -> RowType:
        _COLUMNS[row_type] = tuple(names.split())
        return row_type

    return set_columns


_COLUMNS: dict[type[Any], Sequence[str]] = {}


def row_data(row: Any) -> dict[str, Any]:
    """Return a row of an answer as columns: a day becomes its text, an amount its ends.

    A value becomes its stance or None, with two columns more behind all others: its amount or None, and whether it is
    no figure.
    """
    row_type: Any = type(row)
    names, read, of_values, to_convert = _data_of(row_type)
    data = dict(zip(names, read(row) if read else row))  # noqa: B905 (slower; as many by design)
    for column in to_convert:
        if convert := _CONVERT.get(type(value := data[column])):
            data[column] = convert(value)
    for column, amount_column, no_figure_column in of_values:
        value = data[column]
        data[amount_column], data[no_figure_column] = None, value is NO_FIGURE
        if not isinstance(value, Stance):
            data[column] = None
            if isinstance(value, Amount):
                data[amount_column] = value.data
    return data


_CONVERT: Mapping[type, Callable[[Any], Any]] = {date: date.isoformat, Amount: attrgetter("data")}


def columns_of(row_type: Any) -> tuple[str, ...]:
    """Return the columns of `row_data`."""
    found = _data_of(row_type)
    return (*found.names, *(name for _, *more in found.of_values for name in more))


def column_values(row: Any) -> Iterable[Any]:
    """Return the values of the columns of a row as they are, without what is for people alone."""
    row_type: Any = type(row)
    read = _data_of(row_type).read
    return read(row) if read else row


class _RowData(NamedTuple):
    """The columns of a row type, how they are read (None: they are its fields), and those with values.

    Each with a value comes with the names of the two more that it brings. `to_convert` are those that may hold a day or
    an amount.
    """

    names: tuple[str, ...]
    read: Callable[[Any], Iterable[Any]] | None
    of_values: tuple[tuple[str, str, str], ...]
    to_convert: tuple[str, ...]


@cache
def _data_of(row_type: Any) -> _RowData:
    if row_type in _COLUMNS:
        named = [(name, path or name) for name, _, path in (one.partition("=") for one in _COLUMNS[row_type])]
        readers = [_reader(path) for _, path in named]
        names = tuple(_stance_of(name.rpartition(".")[2]) for name, _ in named)
        of_values = _values_among(names)
        to_convert = tuple(name for name in names if name not in {stance for stance, *_ in of_values})
        return _RowData(names, lambda row: [read(row) for read in readers], of_values, to_convert)
    types = row_type.__annotations__
    is_column = tuple(get_origin(types[name]) is not Annotated for name in row_type._fields)
    names = tuple(map(_stance_of, compress(row_type._fields, is_column)))
    read = None if all(is_column) else lambda row: compress(row, is_column)
    to_convert = tuple(name for name in names if types.get(name) in (date, date | None, Amount | None))
    return _RowData(names, read, _values_among(names), to_convert)


def _stance_of(field: str) -> str:
    """Return the column of a field: of a value it is called a stance."""
    return field.removesuffix("value") + "stance" if field.endswith("value") else field


def _values_among(names: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    found = (name.removesuffix("stance") for name in names if name == "stance" or name.endswith("_stance"))
    return tuple((f"{of}stance", f"{of}amount", f"{of}no_figure") for of in found)


def _reader(path: str) -> Callable[[Any], Any]:
    holder, _, name = path.rpartition(".")
    if not holder:
        return attrgetter(name)
    find = attrgetter(holder)
    return lambda row: None if (found := find(row)) is None else getattr(found, name)
