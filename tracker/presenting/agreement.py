"""Answers about who could agree: consensus on a day or over time, and agreement of every two parties."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker.domain.terms.scope import Query
from tracker.errors import Contradiction
from tracker.presenting.presentation import Presentation, cited, refuse_swapped_days

if TYPE_CHECKING:
    from tracker.domain.agreement.consensus import Consensus
    from tracker.domain.timeline.state import Cell
    from tracker.domain.timeline.statement import Pair
    from tracker.snapshot import Snapshot


def consensus(
    snapshot: "Snapshot",
    query: Query,
    wanted: Presentation,
    on: date | None = None,
    *,
    inherit: bool = False,
    at: str | None = None,
) -> Any:
    """Who still objects, and to what, as `tracker consensus` shows it on a day. Raises TrackerError."""
    from tracker.reports.agreement.data import ConsensusAnswer

    found = snapshot.consensus(on=on, query=query, inherit=inherit, at=at)
    contests = {} if wanted.is_data else _contests(snapshot, query, found)
    return ConsensusAnswer(found, cited(snapshot, found, found.on, wanted), wanted.titles, contests)


def _contests(snapshot: "Snapshot", query: Query, found: "Consensus") -> dict["Pair", "Cell"]:
    """Return the cells of what is contested, with the statements on both sides."""
    issues = [row for one in found.issues for row in (one, *one.options)]
    pairs = {(one.issue, party) for one in issues for party, held in one.holdings.items() if held.contested}
    if not pairs:
        return {}
    parts = frozenset(party for _, party in pairs), frozenset(issue for issue, _ in pairs)
    scope = replace(query.scope, parties=parts[0], issues=parts[1], asked=())
    state = snapshot.state(found.on, replace(query, scope=scope), inherit=found.inherits)
    return {(cell.row.issue, cell.row.party): cell for cell in state.cells if (cell.row.issue, cell.row.party) in pairs}


def convergence(
    snapshot: "Snapshot",
    query: Query,
    wanted: Presentation,
    after: date,
    up_to: date | None = None,
    *,
    inherit: bool = False,
) -> Any:
    """The same from a day on, on every day on which anything changed, as `tracker consensus --from` shows it."""
    from tracker.reports.agreement.data import ConvergenceAnswer

    found = snapshot.convergence(after, up_to, query=query, inherit=inherit)
    return ConvergenceAnswer(found, cited(snapshot, found, found.to_day, wanted), wanted.titles)


def agreement(
    snapshot: "Snapshot",
    query: Query,
    wanted: Presentation,
    on: date | None = None,
    *,
    after: date | None = None,
    as_rows: bool = False,
) -> Any:
    """How often every two parties agree on a day, and with `after` how that differs, as `tracker agreement` shows."""
    from tracker.reports.agreement.pairs import AgreementAnswer

    found = snapshot.agreement(on, query, after=after)
    return AgreementAnswer(found, cited(snapshot, found, found.on, wanted), wanted.titles, as_rows)


def refuse_contradiction(on: date | None, after: date | None, up_to: date | None, at: str | None = None) -> None:
    """Refuse days and a figure that do not go together. Raises Contradiction."""
    if after is None:
        if up_to is not None:
            raise Contradiction("--to goes with --from: say from which day.")
        return
    if on is not None:
        raise Contradiction("--on asks about one day, --from and --to about many. Leave one out.")
    if at is not None:
        raise Contradiction("--at asks about one day: say --on instead of --from and --to.")
    refuse_swapped_days(after, up_to)
