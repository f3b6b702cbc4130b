"""The change report made ready for a format, and the days and the earlier report that it goes on from."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tracker.domain.terms.scope import WHOLE_LIST, KnownAt, Listing, Query, parse_known_at
from tracker.errors import BadValue, Contradiction
from tracker.presenting.presentation import Presentation, cited, refuse_swapped_days

if TYPE_CHECKING:
    from tracker.domain.report.change_report import EarlierReport, Report
    from tracker.snapshot import Snapshot


def report(
    snapshot: "Snapshot",
    query: Query,
    *,
    after: date | None = None,
    up_to: date | None = None,
    known_from: KnownAt | None = None,
    since: "str | EarlierReport | None" = None,
    inherit: bool = False,
    listing: Listing = WHOLE_LIST,
) -> "Report":
    """Find what changed between two days or since an earlier report, which a log position (`@12`) may stand for.

    Raises Contradiction for days that do not go together, with the names that people type for them.
    """
    if since is not None:
        if known_from is not None:
            raise Contradiction("--since says what the earlier report knew; leave --known-from out.")
        earlier = _earlier_at(snapshot, since, after, query, listing) if isinstance(since, str) else since
        return snapshot.report_since(
            earlier, up_to, known_at=query.known_at, published_by=query.published_by, inherit=inherit
        )
    if after is None:
        raise Contradiction("Say --from DAY, or --since an earlier report.")
    up_to = up_to or snapshot.today
    if up_to < after:
        raise Contradiction(f"--from {after} lies in the future; say up to which day with --to.")
    return snapshot.report(after, up_to, query, known_from=known_from, inherit=inherit, listing=listing)


def first_day(after: date | None, up_to: date | None, *, including: bool, since: object) -> date | None:
    """The day after which the report begins: with `including` the one before --from. Raises Contradiction."""
    refuse_swapped_days(after, up_to)
    if not including:
        return after
    if after is None or since is not None:
        raise Contradiction("--including goes with --from DAY, without --since.")
    if after == date.min:
        raise Contradiction(f"No day lies before {after}; leave --including out.")
    return after - timedelta(1)


def _earlier_at(
    snapshot: "Snapshot", since: str, after: date | None, query: Query, listing: Listing
) -> "EarlierReport":
    """The earlier report that knew the log up to the position `since`, in the scope asked for, up to a day.

    Without a day that is the one on which the entry at the position was recorded, or today if its stamp lies ahead.
    Raises Contradiction.
    """
    from tracker.domain.report.change_report import EarlierReport

    try:
        position = parse_known_at(since).position or 0
    except BadValue as error:
        raise Contradiction(f"--since: {error.message}") from None
    if position == 0 and after is None:
        raise Contradiction("--since @0 knew nothing; say with --from up to which day that report went.")
    day = min(snapshot.recorded_on(position), snapshot.today) if position else date.min
    return EarlierReport(after or day, position, None, query.published_by, query.scope, listing=listing)


def presented(snapshot: "Snapshot", found: "Report", wanted: Presentation) -> Any:
    """A report that was found, as `tracker report` shows it."""
    from tracker.reports.report.data import ReportAnswer

    return ReportAnswer(found, cited(snapshot, found, found.to_day, wanted), wanted.titles)
