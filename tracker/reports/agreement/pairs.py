"""How often every two parties agree, as data: a row for each two, with the counts of the day or of both days."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.domain.agreement.agreement import FIELDS, Agreement, PairAgreement
from tracker.reports.answers import render_parts
from tracker.reports.basis import Basis
from tracker.reports.names import FoundWithNames


@dataclass(frozen=True, slots=True)
class AgreementAnswer(FoundWithNames[Agreement]):
    """How often parties agree, and how a reader wants to see it.

    People see a matrix of parties or, `as_rows`, a list of every two. `names` are the registers, whose names show if
    `titles` are wanted.
    """

    as_rows: bool = False

    @property
    def basis(self) -> Basis:
        """What the answer rests on."""
        found = self.found
        return Basis(found.on, found.known_at, found.published_by, found.scope, found.log, found.left_out_undated)

    @property
    def data(self) -> list[dict[str, Any]]:
        return [{"parties": list(pair.parties), **counts_of(pair)} for pair in self.found.pairs]

    @property
    def columns(self) -> Sequence[str]:
        return ("party", "other", *fields_of(self.found))

    def render_parts(self, render: Callable[[Iterable[Mapping[str, Any]]], str]) -> Iterator[str]:
        """Yield the text of the rows in parts: in a flat row each of the two parties has a column."""
        rows = (
            {**dict(zip(("party", "other"), pair.parties, strict=True)), **counts_of(pair)} for pair in self.found.pairs
        )
        return render_parts(rows, render)


def fields_of(found: Agreement) -> tuple[str, ...]:
    """The names of the counts of two parties: of one day, or of both days and the difference."""
    return FIELDS if found.after is None else tuple(f"{when}_{name}" for when in _DAYS for name in FIELDS)


def counts_of(pair: PairAgreement) -> dict[str, int | float | None]:
    """The counts of two parties by these names."""
    if pair.before is None:
        return pair.now.data
    counted = (pair.before.data, pair.now.data, pair.difference)
    return {f"{when}_{name}": one[name] for when, one in zip(_DAYS, counted, strict=True) for name in FIELDS}


_DAYS = ("from", "to", "difference")
