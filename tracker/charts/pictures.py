"""Every picture, from what it is asked to what is drawn, without painting it: one function for each chart."""

from datetime import date
from typing import TYPE_CHECKING

from tracker.charts.frame import WIDE
from tracker.charts.shapes import Picture
from tracker.domain.terms.scope import WHOLE_LIST, Listing, Query
from tracker.domain.timeline.staleness import STALE_AFTER
from tracker.presenting import agreement as agreements
from tracker.presenting import positions
from tracker.presenting.presentation import Presentation, registers_of
from tracker.reports.names import CODES, Names

if TYPE_CHECKING:
    from tracker.presenting.presentation import WithCut
    from tracker.snapshot import Snapshot


def timeline(
    snapshot: "Snapshot",
    query: Query,
    on: date | None = None,
    *,
    after: date | None = None,
    listing: Listing = WHOLE_LIST,
    inherit: bool = False,
    titles: bool = True,
    width: int = WIDE,
) -> Picture:
    """Who stood where over time up to a day, as `tracker history` has it, perhaps drawn from a day on."""
    from tracker.charts.timeline import timeline_picture
    from tracker.charts.timeline_rows import timeline_of

    found = timeline_of(snapshot, query, on, listing=listing, inherit=inherit)
    return timeline_picture(found, _names(snapshot, found.basis, found.basis.on, titles=titles), width, after)


def matrix(
    snapshot: "Snapshot",
    query: Query,
    on: date | None = None,
    *,
    listing: Listing = WHOLE_LIST,
    inherit: bool = False,
    closed: bool = False,
    stale_after: int = STALE_AFTER,
    titles: bool = True,
    width: int = WIDE,
) -> Picture:
    """Issues by parties on a day, as `tracker state` has them."""
    from tracker.charts.matrix import matrix_picture

    found = positions.state(
        snapshot,
        query,
        Presentation("html", titles),
        on,
        listing=listing,
        inherit=inherit,
        closed=closed,
        stale_after=stale_after,
    )
    return matrix_picture(found, width)


def amounts(
    snapshot: "Snapshot",
    query: Query,
    on: date | None = None,
    *,
    inherit: bool = False,
    at: str | None = None,
    titles: bool = True,
    width: int = WIDE,
) -> Picture:
    """Who named which amount on a day, as `tracker consensus` has it. Raises NotOneQuantity."""
    from tracker.charts.amounts import amounts_picture

    found = agreements.consensus(snapshot, query, Presentation("html", titles), on, inherit=inherit, at=at)
    return amounts_picture(found, width)


def agreement(
    snapshot: "Snapshot",
    query: Query,
    on: date | None = None,
    *,
    after: date | None = None,
    network: bool = False,
    titles: bool = True,
    width: int = WIDE,
) -> Picture:
    """How often every two parties agree on a day, as `tracker agreement` has it: a heat map or a network."""
    from tracker.charts.agreement import agreement_picture
    from tracker.charts.network import network_picture

    found = agreements.agreement(snapshot, query, Presentation("html", titles), on, after=after)
    return (network_picture if network else agreement_picture)(found, width)


def _names(snapshot: "Snapshot", answer: "WithCut", worded_on: date, *, titles: bool) -> Names:
    """Return the names as known and public at an answer's cut-offs; none if titles are not wanted."""
    return Names(registers_of(snapshot, answer, worded_on)) if titles else CODES
