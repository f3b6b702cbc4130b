"""Commands that ask who could agree, and who does: `consensus`, `agreement`."""

from dataclasses import replace
from datetime import date
from functools import partial

import click

from tracker.cli.asking import asked_rightly, asking
from tracker.cli.output import Output, answer, output_options, remark
from tracker.presenting.filters import Filters


@click.command()
@click.argument("issue", required=False)
@asking("consensus")
@output_options("consensus")
@click.pass_context
def consensus(
    ctx: click.Context,
    /,
    issue: str | None,
    on: date | None,
    of: str | None,
    inherit: bool,
    at: str | None,
    after: date | None,
    up_to: date | None,
    filters: Filters,
    output: Output,
) -> None:
    """Show for ISSUE, or for all, who still objects, to what, and what would be needed.

    It counts objections as stated, and does not say whether a text passes: it knows no voting rules. On a quantity it
    shows the range that all stated amounts share, or who is apart and by how much; with --at, who is short of a figure.
    On a choice it shows each option, and those that nobody opposes.

    --of EUN asks the members that EUN has on that day, and --of EUN,USA these two. Without it are asked all parties
    with a position on any of the issues, but forums and those of kind other.

    With --from it shows each issue on that day, and on every later day on which anything changed.
    """
    from tracker.presenting import agreement as presenting

    with asked_rightly(ctx):
        presenting.refuse_contradiction(on, after, up_to, at)
    asked = replace(filters.narrowed(None, issue), parties=(of,) if of is not None else ())
    if after is not None:
        over_time = partial(presenting.convergence, after=after, up_to=up_to, inherit=inherit)
        answer(ctx.obj, asked, replace(output, answer="convergence"), over_time)
        return
    answer(ctx.obj, asked, output, partial(presenting.consensus, on=on, inherit=inherit, at=at))
    if at is not None:
        from tracker.domain.terms.amount_advice import thousands_note

        if (note := thousands_note(at)) is not None:
            remark(f"Note: {note}")


@click.command()
@asking("agreement")
@output_options("agreement")
@click.pass_context
def agreement(
    ctx: click.Context,
    /,
    on: date | None,
    after: date | None,
    up_to: date | None,
    as_rows: bool,
    filters: Filters,
    output: Output,
) -> None:
    """Show how often every two parties agree, over the issues on which both hold something.

    Two parties agree on an issue if both support it or both are against it. Their amounts agree if the range that both
    share has both ends stated, as at least 200 and at most 300 do; they are opposed if they share no number, and else
    open, as at least 200 and at least 300 are. The index is (agree - opposed) / (agree + opposed): 1.00 where they
    agree wherever they took sides, -1.00 where they are opposed there. A choice counts once. Nothing is inherited from
    blocs.

    With --from it compares two days. With --party it shows the parties named with all others. As data there is a row
    for every two parties; --format graphml makes a network of them, for Gephi, yEd or networkx.
    """
    from tracker.presenting import agreement as presenting

    with asked_rightly(ctx):
        presenting.refuse_contradiction(on, after, up_to)
    answer(ctx.obj, filters, output, partial(presenting.agreement, on=up_to or on, after=after, as_rows=as_rows))
