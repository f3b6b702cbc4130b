"""Which entries a list of the log shows: of a type or a family of types, by a recorder."""

from dataclasses import dataclass
from typing import Protocol

from tracker.domain.terms.typed_values import nearest
from tracker.errors import BadValue


class RecordedEntry(Protocol):
    """An entry, or its line in a list."""

    @property
    def type(self) -> str: ...
    @property
    def recorded_by(self) -> str: ...


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """The entries of a type or a family of types, such as `position`, that somebody recorded; None is any."""

    kind: str | None = None
    recorded_by: str | None = None

    def __bool__(self) -> bool:
        return self.kind is not None or self.recorded_by is not None

    def include(self, one: RecordedEntry) -> bool:
        """Return whether an entry is among them."""
        is_of_type = self.kind is None or f"{one.type}.".startswith(f"{self.kind}.")
        return is_of_type and self.recorded_by in (None, one.recorded_by)

    @property
    def words(self) -> str:
        """Which entries they are, to append to a word for entries."""
        of_type = f" of the type {self.kind}" if self.kind else ""
        return of_type + (f" recorded by {self.recorded_by}" if self.recorded_by is not None else "")


def wanted_entries(kind: str | None, recorded_by: str | None) -> EntryFilter:
    """Return which entries are wanted. Raises BadValue for a type that no entry has."""
    if kind is not None:
        # The event models, which a list of the whole log does not need:
        from tracker.domain.log.parsing import type_names

        families = {name.rsplit(".", depth)[0] for name in type_names() for depth in (0, 1, 2)}
        if kind not in families:
            raise BadValue(
                f"No type of entry is {kind!r}.{nearest(kind, sorted(families))} The types: {', '.join(entry_types())}"
            )
    return EntryFilter(kind, recorded_by)


def entry_types() -> list[str]:
    """Return the types of entries, without their versions."""
    from tracker.domain.log.parsing import type_names

    return sorted({name.rpartition(".")[0] for name in type_names()})
