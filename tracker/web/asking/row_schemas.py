"""What a row of an answer is in JSON, as OpenAPI describes it: its columns, and what each may hold."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from tracker.domain.terms.columns import columns_of
from tracker.domain.terms.vocabulary import Stance

Schema = dict[str, Any]


def row_schema(row_type: type[Any], *, without: Collection[str] = ()) -> Schema:
    """The schema of the rows of a type; columns that come from elsewhere than a field of the row may hold anything."""
    hints = get_type_hints(row_type)
    names = [name for name in columns_of(row_type) if name not in without]
    return {
        "type": "object",
        "required": names,
        "properties": {name: _of_value(name) or _of_type(hints.get(name)) for name in names},
    }


def _of_value(column: str) -> Schema | None:
    """The schema of one of the three columns in which a row tells a stance or an amount; None for other columns."""
    return next((schema for end, schema in _OF_VALUES.items() if column.endswith(end)), None)


_OF_VALUES: Mapping[str, Schema] = {
    "stance": {"enum": [*(stance.value for stance in Stance), None]},
    "amount": {"type": ["object", "null"], "description": "An amount by its ends."},
    "no_figure": {"type": "boolean", "description": "Whether a position was stated without a figure."},
}


def _of_type(hint: Any) -> Schema:
    if get_origin(hint) in (Union, UnionType):
        return _of_either(get_args(hint))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"type": "string", "enum": [one.value for one in hint]}
    return dict(_OF_TYPES.get(hint, {}))


def _of_either(hints: tuple[Any, ...]) -> Schema:
    """The schema of a value that may be null; one that may be of several types may be anything."""
    (found, *others) = [_of_type(hint) for hint in hints if hint is not NoneType]
    if others or "type" not in found or NoneType not in hints:
        return {}
    values = {"enum": [*found["enum"], None]} if "enum" in found else {}
    return {**found, "type": [found["type"], "null"], **values}


_OF_TYPES: Mapping[Any, Schema] = {
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    int: {"type": "integer"},
    str: {"type": "string"},
}
