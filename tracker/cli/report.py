"""The command `report`: what changed between two days, or since an earlier report."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.asking import asked_rightly, asking, querying
from tracker.cli.options import FILE
from tracker.cli.output import Output, deliver, output_options, remark
from tracker.cli.settings import Settings
from tracker.domain.terms.scope import KnownAt, Listing
from tracker.errors import Contradiction
from tracker.presenting.filters import Filters

if TYPE_CHECKING:
    from tracker.domain.report.change_report import EarlierReport, Report


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
    from tracker.presenting import change_report as presenting

    settings: Settings = ctx.obj
    earlier_file = FILE.convert(since, None, ctx) if since and not since.startswith("@") else None
    with asked_rightly(ctx):
        after = presenting.first_day(after, up_to, including=including, since=since)
    with asked_rightly(ctx), querying(settings, filters) as (snapshot, query):
        found = presenting.report(
            snapshot,
            query,
            after=after,
            up_to=up_to,
            known_from=known_from,
            since=_earlier(earlier_file, after, filters, listing) if earlier_file else since,
            inherit=inherit,
            listing=listing,
        )
        _remark_on_rules(found)
        content = presenting.presented(snapshot, found, output)
    deliver(content, output, reads=[earlier_file] if earlier_file else [])


def _remark_on_rules(found: "Report") -> None:
    """Say that an earlier report was made by other rules, if so."""
    if found.earlier_rules not in (None, found.rules):
        remark(
            f"The earlier report was made by the rules {found.earlier_rules}, this one by the rules {found.rules}: "
            "it may differ where nobody moved and nothing was corrected. See `rules` in docs/design.md, section 8."
        )


def _earlier(file: Path, after: date | None, filters: Filters, listing: Listing) -> "EarlierReport":
    """The earlier report that a file holds. Raises Contradiction, or NotAReport."""
    from tracker.adapters.earlier import read_earlier

    if after is not None or filters.parties or filters.issues or filters.attribution or listing:
        raise Contradiction(
            "--since FILE takes the days and the filters of the earlier report; leave --from, --party, --issue, "
            "--attribution and what it lists out."
        )
    return read_earlier(file)
