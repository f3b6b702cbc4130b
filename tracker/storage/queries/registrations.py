"""Which ids are registered, and since when a source was public: looked up in few queries, kept up entry by entry."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select

from tracker.domain.log.kinds import REGISTRATIONS, Key, Register
from tracker.storage.backends.compiled_query import Asked, CompiledQuery, ask, at_once, chunks, many, numbered, padded
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

    def __init__(self, connection: Asked, flush: Callable[[], None], known: Known | None = None) -> None:
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
        asked = [
            _registrations(size := at_once(len(some))).bind(
                self._connection.dialect, {"family": family, **numbered(key=padded(some, size))}
            )
            for register, family in REGISTRATIONS.items()
            for some in chunks([key for of, key in keys if of == register])
        ]
        for found in ask(self._connection, asked):
            for family, key, rank, day in found:
                self._known[_REGISTERS[family], key] = Registration(rank, day)


@cache
def _registrations(number: int) -> CompiledQuery:
    """Of one family: among pairs of family and key PostgreSQL would go through all of a family, pair by pair."""
    mine = fact.c.family == bindparam("family", type_=fact.c.family.type)
    wanted = and_(mine, fact.c.key.in_(many("key", fact.c.key, number)), counts(fact))
    rows = select(fact.c.family, fact.c.key, fact.c.rank, fact.c.day).where(wanted)
    return CompiledQuery(rows.order_by(fact.c.rank.desc()))
