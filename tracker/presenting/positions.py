"""Answers about what parties stated: state, history, explanation, asks, conditions, search.

Rows of data may be read while they are written: they are rendered before the snapshot ends.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from tracker.domain.terms.scope import WHOLE_LIST, Listing, Query
from tracker.presenting.presentation import Presentation, cited, registers_of

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


def state(
    snapshot: "Snapshot",
    query: Query,
    wanted: Presentation,
    on: date | None = None,
    *,
    listing: Listing = WHOLE_LIST,
    inherit: bool = False,
    wide: bool = False,
    closed: bool = False,
    questions: bool = False,
    stale_after: int,
) -> Any:
    """Who stands where on a day, as `tracker state` shows it; `stale_after` days without a word mark a stance."""
    from tracker.reports.answers import MOST_CELLS
    from tracker.reports.state_answer import StateAnswer, state_rows

    if wanted.is_data and not inherit:
        found_rows = snapshot.state_rows(on, query, listing=listing)
        return state_rows(found_rows.rows, found_rows.left_out_undated)
    most = None if wanted.is_data else MOST_CELLS
    found = snapshot.state(on, query, inherit=inherit, at_most=most, listing=listing)
    names = registers_of(snapshot, found, found.on) if questions or wanted.cites else None
    return StateAnswer(found, stale_after, names, wide, wanted.titles, questions, closed)


def history(
    snapshot: "Snapshot",
    query: Query,
    wanted: Presentation,
    on: date | None = None,
    *,
    listing: Listing = WHOLE_LIST,
    inherit: bool = False,
) -> Any:
    """The steps of parties on issues up to a day, as `tracker history` shows them."""
    from tracker.reports.basis import basis_of
    from tracker.reports.tables.statement_tables import history_rows, history_table

    found = snapshot.history_rows(on, query, inherit=inherit, listing=listing)
    basis = basis_of(query, found.on, found.log, found.left_out_undated, listing)
    if wanted.is_data:
        return history_rows(found.rows, basis, inherits=inherit)
    names = cited(snapshot, basis, basis.on, wanted)
    return history_table(found.rows, basis, names, titles=wanted.titles, inherits=inherit)


def explanation(
    snapshot: "Snapshot",
    query: Query,
    wanted: Presentation,
    party: str,
    issue: str,
    on: date | None = None,
    *,
    inherit: bool = False,
    within_cutoffs: bool = False,
) -> Any:
    """Why a party stands where it does, as `tracker explain` shows it. Raises TrackerError for an unknown name."""
    from tracker.reports.explanation.answer import explanation_fields

    found = snapshot.explain(party, issue, on, query, inherit=inherit, within_cutoffs=within_cutoffs)
    return explanation_fields(found, cited(snapshot, found, found.on, wanted), titles=wanted.titles)


def asks(
    snapshot: "Snapshot",
    query: Query,
    wanted: Presentation,
    on: date | None = None,
    *,
    listing: Listing = WHOLE_LIST,
    inherit: bool = False,
    with_answered: bool = False,
) -> Any:
    """What parties ask of each other, as `tracker asks` shows it."""
    from tracker.reports.basis import basis_of
    from tracker.reports.tables.ask_tables import asks_rows

    found = snapshot.asks(on, query, inherit=inherit, listing=listing)
    basis = basis_of(query, found.on, found.log, found.left_out_undated, listing)
    names = cited(snapshot, basis, basis.on, wanted)
    return asks_rows(found.asks, basis, names, with_answered=with_answered, titles=wanted.titles)


def conditions(
    snapshot: "Snapshot",
    query: Query,
    wanted: Presentation,
    on: date | None = None,
    *,
    listing: Listing = WHOLE_LIST,
    closed: bool = False,
) -> Any:
    """The conditions in force on a day, as `tracker conditions` shows them."""
    from tracker.reports.basis import basis_of
    from tracker.reports.tables.ask_tables import conditions_rows

    found = snapshot.conditions(on, query, listing=listing)
    basis = basis_of(query, found.on, found.log, found.left_out_undated, listing)
    names = cited(snapshot, basis, basis.on, wanted)
    return conditions_rows(found.open, basis, names, titles=wanted.titles, unfolded=closed)


def search(
    snapshot: "Snapshot",
    query: Query,
    wanted: Presentation,
    words: str,
    on: date | None = None,
    *,
    listing: Listing = WHOLE_LIST,
    limit: int = 1_000,
) -> Any:
    """The entries that hold all words, as `tracker find` shows them."""
    from tracker.reports.basis import basis_of
    from tracker.reports.tables.statement_tables import search_rows

    found = snapshot.find(words, on, query, listing=listing, limit=limit)
    basis = basis_of(query, on or date.max, found.log, found.left_out_undated, listing)
    return search_rows(found, words, basis, cited(snapshot, basis, on, wanted), titles=wanted.titles)
