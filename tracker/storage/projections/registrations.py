"""Cached lookups of registered ids and of the publication days of sources, kept current entry by entry."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import select

from tracker.domain.log.kind_registry import REGISTRATIONS, Key, Register
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, fetch, in_list, parameter
from tracker.storage.projections.counting import counts
from tracker.storage.projections.rows import FactRow
from tracker.storage.schema import fact

SOURCE = Register.SOURCE.value
_REGISTERS = {kind: str(register) for register, kind in REGISTRATIONS.items()}
_CACHED = 20_000


class Registration(NamedTuple):
    """The registration of an id that holds (the first by rank that counts).

    It has a source's publication day, and an issue's form.
    """

    day: str | None
    form: str | None


RegistrationCache = dict[Key, Registration | None]
"""Cached registrations by key; None for an id that is not registered."""


class Registrations:
    """The registrations in one log; `flush` writes pending ones: a lookup that was not prefetched calls it first."""

    def __init__(
        self, connection: AnyConnection, flush: Callable[[], None], cached: RegistrationCache | None = None
    ) -> None:
        self._connection = connection
        self._flush = flush
        self._cached: RegistrationCache = {} if cached is None else cached

    def prefetch(self, keys: Iterable[Key]) -> None:
        """Look up these keys in few queries. No entries may be pending."""
        if len(self._cached) > _CACHED:
            self._cached.clear()
        if missing := [key for key in set(keys) if key not in self._cached]:
            self._look_up(missing)

    def find(self, key: Key) -> Registration | None:
        """Return the registration of an id that holds, or None."""
        cached = self._cached.get(key)
        if cached is None and key not in self._cached:
            self._flush()
            self._look_up([key])
            cached = self._cached[key]
        return cached

    def contain_all(self, keys: Iterable[Key]) -> bool:
        """Return whether all these ids are registered, by the cache alone."""
        return all(map(self._cached.get, keys))

    def published_on(self, source: str | None) -> str | None:
        """Return the publication day of a registered source."""
        held = self.find((SOURCE, source)) if source is not None else None
        return held.day if held else None

    def note(self, row: FactRow) -> None:
        """Note a new entry, which registers an id if it is of such a kind."""
        register = _REGISTERS.get(row.family)
        if register is not None and self._cached.get((register, row.key)) is None:
            self._cached[register, row.key] = Registration(row.day, row.form)

    def forget(self, row: FactRow) -> None:
        """Forget an entry that was corrected or retracted: another registration may hold now."""
        self._cached.pop((_REGISTERS.get(row.family, ""), row.key), None)

    def _look_up(self, keys: list[Key]) -> None:
        """Query the registrations that hold: the counting ones, the first by rank where there are several."""
        self._cached.update(dict.fromkeys(keys))
        queries = [
            _REGISTRATIONS.bind(self._connection.dialect, {"family": family, "keys": wanted})
            for register, family in REGISTRATIONS.items()
            if (wanted := [key for of, key in keys if of == register])
        ]
        for found in fetch(self._connection, queries):
            for family, key, *held in found:
                self._cached[_REGISTERS[family], key] = Registration(*held)


_REGISTRATIONS = CompiledQuery(
    select(fact.c.family, fact.c.key, fact.c.day, fact.c.form)
    .where(fact.c.family == parameter(fact.c.family), in_list(fact.c.key, name="keys"), counts(fact))
    .order_by(fact.c.rank.desc())
)
"""One family at a time: among pairs of family and key PostgreSQL would scan a whole family for every pair."""
