"""Which ids are registered, and since when a source was public: looked up in few queries, kept up entry by entry."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, select

from tracker.domain.log.kinds import REGISTRATIONS, Key, Register
from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, fetch, in_list
from tracker.storage.projections.counting import counts
from tracker.storage.schema import fact

SOURCE = Register.SOURCE.value
_REGISTERS = {kind: register for register, kind in REGISTRATIONS.items()}
_CACHED = 20_000


class Registration(NamedTuple):
    """The registration of an id that holds, the first by rank that counts, and the day on which a source appeared."""

    rank: int
    day: str | None


Known = dict[Key, Registration | None]
"""What is known of ids; none for one that is not registered."""


class Registrations:
    """The registrations of one connection's log.

    `flush` writes what is not written yet; an id that was not prefetched asks the database, so it calls it first.
    """

    def __init__(self, connection: AnyConnection, flush: Callable[[], None], known: Known | None = None) -> None:
        self._connection = connection
        self._flush = flush
        self._known: Known = {} if known is None else known

    def prefetch(self, keys: Iterable[Key]) -> None:
        """Look these up at once. Nothing may be pending."""
        if len(self._known) > _CACHED:
            self._known.clear()
        if missing := [key for key in set(keys) if key not in self._known]:
            self._look_up(missing)

    def of(self, key: Key) -> Registration | None:
        """The registration of an id that holds."""
        known = self._known.get(key)
        if known is None and key not in self._known:
            self._flush()
            self._look_up([key])
            known = self._known[key]
        return known

    def hold(self, keys: Iterable[Key]) -> bool:
        """Whether all these ids are registered, as far as that was looked up."""
        return all(map(self._known.get, keys))

    def published_on(self, source: str | None) -> str | None:
        """The day on which a registered source was published."""
        held = self.of((SOURCE, source)) if source is not None else None
        return held.day if held else None

    def note(self, key: Key, rank: int, day: str | None, *, revised: bool) -> bool:
        """Take in a registration, or that one was corrected or retracted. Whether the id is new."""
        new = self._known.get(key) is None
        if revised:
            self._known.pop(key, None)
        elif new:
            self._known[key] = Registration(rank, day)
        return new

    def _look_up(self, keys: list[Key]) -> None:
        """Find the registrations that hold: the counting ones, the first by rank where there are several."""
        self._known.update(dict.fromkeys(keys))
        queries = [
            _REGISTRATIONS.bind(self._connection.dialect, {"family": family, "keys": wanted})
            for register, family in REGISTRATIONS.items()
            if (wanted := [key for of, key in keys if of == register])
        ]
        for found in fetch(self._connection, queries):
            for family, key, rank, day in found:
                self._known[_REGISTERS[family], key] = Registration(rank, day)


_REGISTRATIONS = CompiledQuery(
    select(fact.c.family, fact.c.key, fact.c.rank, fact.c.day)
    .where(fact.c.family == bindparam("family", type_=fact.c.family.type), in_list(fact.c.key, "keys"), counts(fact))
    .order_by(fact.c.rank.desc())
)
"""One family at a time: among pairs of family and key PostgreSQL would scan a whole family for every pair."""
