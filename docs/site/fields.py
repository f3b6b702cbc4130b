"""A griffe extension: the API reference shows the fields of models and rows as a signature, and an enum's words.

Events are pydantic models and rows are named tuples; griffe derives signatures only for dataclasses.
"""

from collections.abc import Iterator
from typing import Any

import griffe

_ROWS = ("NamedTuple", "typing.NamedTuple")
_MODELS = ("EventModel", "BaseModel", "pydantic.BaseModel")
_NO_FIELDS = ("model_config", "type")


class FieldsAsSignature(griffe.Extension):
    """Gives models and named tuples an `__init__` made of their fields, and enums the list of their words."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        for one in _classes(pkg):
            if _is_enum(one):
                _list_words(one)
            elif "__init__" not in one.members and _takes_fields(one):
                _add_signature(one)


def _classes(module: griffe.Module) -> Iterator[griffe.Class]:
    for member in module.members.values():
        if isinstance(member, griffe.Module):
            yield from _classes(member)
        elif isinstance(member, griffe.Class):
            yield member


def _lineage(one: griffe.Class) -> list[griffe.Class]:
    """The class and its bases within the package, the furthest first."""
    return [*reversed(one.mro()), one]


def _takes_fields(one: griffe.Class) -> bool:
    bases = {str(base) for parent in _lineage(one) for base in parent.bases}
    return not bases.isdisjoint((*_ROWS, *_MODELS))


def _is_enum(one: griffe.Class) -> bool:
    return not {str(base) for base in one.bases}.isdisjoint(("StrEnum", "Word"))


def _fields(one: griffe.Class) -> Iterator[griffe.Attribute]:
    for parent in _lineage(one):
        for member in parent.members.values():
            is_field = isinstance(member, griffe.Attribute) and member.annotation and "property" not in member.labels
            if is_field and member.name not in _NO_FIELDS:
                yield member


def _add_signature(one: griffe.Class) -> None:
    kind = griffe.ParameterKind.positional_or_keyword
    found = {
        field.name: griffe.Parameter(field.name, annotation=field.annotation, kind=kind, default=field.value)
        for field in _fields(one)
    }
    ordered = sorted(found.values(), key=lambda parameter: parameter.default is not None)
    parameters = griffe.Parameters(griffe.Parameter("self", kind=kind), *ordered)
    one.set_member("__init__", griffe.Function("__init__", parameters=parameters, parent=one))


def _list_words(one: griffe.Class) -> None:
    members = (member for member in one.members.values() if isinstance(member, griffe.Attribute) and member.value)
    words = ", ".join(f"`{str(member.value).strip(chr(39)).strip(chr(34))}`" for member in members)
    if words:
        text = f"{one.docstring.value}\n\n{words}" if one.docstring else words
        one.docstring = griffe.Docstring(text, parent=one)
