"""The command `report`: what changed between two days, or since an earlier report."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import FILE, Filters, asking, querying
from tracker.cli.output import Output, deliver, output_options, remark
from tracker.cli.settings import Settings
from tracker.domain.terms.scope import KnownAt, Listing, Query, parse_known_at
from tracker.errors import BadValue

if TYPE_CHECKING:
    from tracker.domain.report.change_report import EarlierReport, Report
    from tracker.snapshot import Snapshot


@click.command()
@asking("report")
@output_options("report")
@click.pass_context
def report(
    ctx: click.Context,
    /,
    after: date | None,
    up_to: date | None,
    including: bool,
    known_from: KnownAt | None,
    since: str | None,
    inherit: bool,
    listing: Listing,
    filters: Filters,
    output: Output,
) -> None:
    """Report what parties did after one day and up to another: outcomes first, then who moved and how.

    The day of --from is not part of it, so that one report begins where another ended; --including takes it too.

    With --inherit, a member without a stance of its own moves with its blocs: as they state or withdraw theirs, and as
    it joins or leaves. Members that move as their bloc does are named with it, and counted once.

    What we corrected in our own record stands apart from it: no party moved by that. With --since the report
    goes on where an earlier one ended, in the same scope, and adds what was learned late about its days.
    The report states the log position and hash that it was made from, and comes out the same again.
    """
    from tracker.presenting.change_report import presented

    settings: Settings = ctx.obj
    if after is not None and up_to is not None and up_to < after:
        raise click.UsageError(f"--to {up_to} lies before --from {after}. Swap them.", ctx)
    if including:
        after = _day_before(ctx, after, since)
    earlier_file = FILE.convert(since, None, ctx) if since and not since.startswith("@") else None
    with querying(settings, filters) as (snapshot, query):
        if since is not None:
            if known_from is not None:
                raise click.UsageError("--since says what the earlier report knew; leave --known-from out.", ctx)
            earlier = _earlier(ctx, snapshot, earlier_file or since, after, filters, query, listing)
            found = snapshot.report_since(
                earlier, up_to, known_at=filters.known_at, published_by=filters.published_by, inherit=inherit
            )
        elif after is None:
            raise click.UsageError("Say --from DAY, or --since an earlier report.", ctx)
        else:
            up_to = up_to or snapshot.today
            if up_to < after:
                raise click.UsageError(f"--from {after} lies in the future; say up to which day with --to.", ctx)
            found = snapshot.report(after, up_to, query, known_from=known_from, inherit=inherit, listing=listing)
        _remark_on_rules(found)
        content = presented(snapshot, found, output)
    deliver(content, output, reads=[earlier_file] if earlier_file else [])


def _remark_on_rules(found: "Report") -> None:
    """Say that an earlier report was made by other rules, if so."""
    if found.earlier_rules not in (None, found.rules):
        remark(
            f"The earlier report was made by the rules {found.earlier_rules}, this one by the rules {found.rules}: "
            "it may differ where nobody moved and nothing was corrected. See `rules` in docs/design.md, section 8."
        )


def _day_before(ctx: click.Context, after: date | None, since: str | None) -> date:
    """The day before --from, after which the report begins if it includes that day."""
    if after is None or since is not None:
        raise click.UsageError("--including goes with --from DAY, without --since.", ctx)
    if after == date.min:
        raise click.UsageError(f"No day lies before {after}; leave --including out.", ctx)
    return after - timedelta(1)


def _earlier(
    ctx: click.Context,
    snapshot: "Snapshot",
    since: str | Path,
    after: date | None,
    filters: Filters,
    query: Query,
    listing: Listing,
) -> "EarlierReport":
    """The earlier report that a file holds or, for a position, one in the scope asked for, up to a day.

    Without a day that is the one on which the entry at the position was recorded, or today if its stamp lies ahead.
    """
    from tracker.domain.report.change_report import EarlierReport

    if isinstance(since, Path):
        from tracker.adapters.earlier import read_earlier

        if after is not None or filters.parties or filters.issues or filters.attribution or listing:
            raise click.UsageError(
                "--since FILE takes the days and the filters of the earlier report; leave --from, --party, --issue, "
                "--attribution and what it lists out.",
                ctx,
            )
        return read_earlier(since)
    try:
        position = parse_known_at(since).position or 0
    except BadValue as error:
        raise click.UsageError(f"--since: {error.message}", ctx) from None
    if position == 0 and after is None:
        raise click.UsageError("--since @0 knew nothing; say with --from up to which day that report went.", ctx)
    day = min(snapshot.recorded_on(position), snapshot.today) if position else date.min
    return EarlierReport(after or day, position, None, query.published_by, query.scope, listing=listing)
