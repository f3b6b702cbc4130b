"""What every refusal is: an exception that carries its fields and makes its own sentence."""

import copyreg
from collections.abc import Sequence
from inspect import get_annotations
from typing import Any, dataclass_transform


@dataclass_transform(eq_default=False)
class TrackerError(Exception):
    """A caller's mistake, or a state of the world that the caller can mend.

    The message says what is wrong, where, and what to do next. `field` names the event field at fault, where there is
    one. A subclass is made with the fields that it declares, as a dataclass is. `str` puts them into its `sentence`, in
    which a field stands by its name in braces; a subclass whose words depend on more has a `__str__` of its own.
    """

    field: str | None = None
    _fields: Sequence[str] = ()

    def __init_subclass__(cls) -> None:
        declared = (name for name in get_annotations(cls) if name != "_")
        cls._fields = tuple(dict.fromkeys((*cls._fields, *declared)))  # dataclasses take 10 ms to make: a start-up more

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values)
        self.__dict__.update(zip(self._fields, values, strict=False), **named)

    def __str__(self) -> str:
        return self.sentence.format_map(self.values)

    @property
    def sentence(self) -> str:
        """The message, with fields by their names in braces."""
        return ""

    @property
    def values(self) -> dict[str, Any]:
        """The fields by their names."""
        return {name: getattr(self, name) for name in self._fields}

    @property
    def lines(self) -> Sequence[str]:
        """Each of several messages."""
        return (str(self),)

    @property
    def problems(self) -> Sequence[tuple[str | None, str]]:
        """Each problem with the field at fault."""
        return ((self.field, str(self)),)

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep class, message and fields in a pickle, whatever arguments the class is made with."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]
