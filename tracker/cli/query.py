"""Commands that ask about statements: `state`, `history`, `find`, `explain`, `asks`, `conditions`, `show`."""

import shlex
from datetime import date
from functools import partial

import click

from tracker.cli.asking import asking
from tracker.cli.options import reading
from tracker.cli.output import Output, answer, deliver, output_options
from tracker.cli.settings import Settings
from tracker.domain.terms.scope import Listing
from tracker.presenting.filters import Filters


@click.command()
@asking("state")
@output_options("state")
@click.pass_obj
def state(
    settings: Settings,
    /,
    on: date | None,
    inherit: bool,
    wide: bool,
    closed: bool,
    questions: bool,
    stale_after: int,
    listing: Listing,
    filters: Filters,
    output: Output,
) -> None:
    """Show every party's stance on every issue on a day, with the evidence behind it.

    JSON and CSV give one row per pair of party and issue that has a stance or has withdrawn it. A closed issue has
    its rows on the day of its closing and when it is asked for by its path, else a line.
    """
    from tracker.presenting.positions import state

    present = partial(
        state,
        on=on,
        listing=listing,
        inherit=inherit,
        wide=wide,
        closed=closed,
        questions=questions,
        stale_after=stale_after,
    )
    answer(settings, filters, output, present)


@click.command()
@click.argument("party", required=False)
@click.argument("issue", required=False)
@asking("history")
@output_options("history")
@click.pass_obj
def history(
    settings: Settings,
    /,
    party: str | None,
    issue: str | None,
    on: date | None,
    inherit: bool,
    listing: Listing,
    filters: Filters,
    output: Output,
) -> None:
    """List the statements and withdrawals of PARTY on ISSUE in order, and what each did to the stance.

    Without ISSUE on all issues; for an issue without a party use --issue. With --inherit what its blocs stated is among
    them where the party had no stance of its own, named as theirs with the days of its membership. It takes effect as
    it is stated, as the party joins or leaves, and as what stood before it is withdrawn.
    """
    from tracker.presenting.positions import history

    narrowed = filters.narrowed(party, issue)
    answer(settings, narrowed, output, partial(history, on=on, listing=listing, inherit=inherit))


class _FindCommand(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = [*args]
        try:
            return super().parse_args(ctx, args)
        except click.MissingParameter as missing:
            if not given or missing.param is None or missing.param.name != "text":
                raise
            options = [] if any(word.startswith("--limit") for word in given) else given
            words = "Say the words to look for. What filters alone leave is a list of another command"
            raise click.UsageError(f"{words}: {shlex.join(['tracker', 'history', *options])}", ctx) from None


@click.command(cls=_FindCommand)
@click.argument("text", nargs=-1, required=True)
@asking("find")
@output_options("search")
@click.pass_obj
def find(
    settings: Settings,
    text: tuple[str, ...],
    on: date | None,
    limit: int,
    listing: Listing,
    filters: Filters,
    output: Output,
) -> None:
    """Find the entries that hold all words of TEXT: what was said, further sources, issues and source titles.

    A word finds longer ones that begin with it; words in quotation marks must follow each other. Case, accents and
    invisible characters do not matter. Whole words in a row come first, then whole words, then the rest; of equal hits
    the entry recorded last. With --party or --attribution only what parties said.

    \b
    Example:
      tracker find offered extend
      tracker find '"New START" exten'
    """
    from tracker.presenting.positions import search

    answer(settings, filters, output, partial(search, words=" ".join(text), on=on, listing=listing, limit=limit))


@click.command()
@click.argument("party")
@click.argument("issue")
@asking("explain")
@output_options("explanation")
@click.pass_obj
def explain(
    settings: Settings,
    /,
    party: str,
    issue: str,
    on: date | None,
    inherit: bool,
    within_cutoffs: bool,
    filters: Filters,
    output: Output,
) -> None:
    """Explain PARTY's stance on ISSUE on a day.

    Every entry about the pair, in order: whether it counts and, if not, because of which other entry or which
    cut-off. Then the stance, the run of equal statements that it ends, the conditions in force, what contests it,
    and the evidence. The conclusion is what `tracker state` shows.
    """
    from tracker.presenting.positions import explanation

    present = partial(explanation, party=party, issue=issue, on=on, inherit=inherit, within_cutoffs=within_cutoffs)
    answer(settings, filters, output, present)


@click.command()
@asking("asks")
@output_options("asks")
@click.pass_obj
def asks(
    settings: Settings,
    /,
    on: date | None,
    with_answered: bool,
    inherit: bool,
    listing: Listing,
    filters: Filters,
    output: Output,
) -> None:
    """List demands, proposals, offers and questions that name whom they address, and since when they are open.

    One is answered once the addressee states a position on its very issue later, or on one below it to the asker.
    What is inferred answers nothing: that, and what is said below the issue to others, is listed as said since.
    --party finds what a party asks and what it is asked.
    """
    from tracker.presenting.positions import asks

    present = partial(asks, on=on, listing=listing, inherit=inherit, with_answered=with_answered)
    answer(settings, filters, output, present)


@click.command()
@asking("conditions")
@output_options("conditions")
@click.pass_obj
def conditions(
    settings: Settings, /, on: date | None, closed: bool, listing: Listing, filters: Filters, output: Output
) -> None:
    """List the conditions in force on a day: what every conditional stance waits for, and the terms of the others.

    JSON and CSV have those on closed issues too. People see them on the day of the closing, for an issue asked for by
    its path, and with --closed.
    """
    from tracker.presenting.positions import conditions

    answer(settings, filters, output, partial(conditions, on=on, listing=listing, closed=closed))


@click.command()
@click.argument("event")
@output_options("fields")
@click.pass_obj
def show(settings: Settings, event: str, output: Output) -> None:
    """Show the entry EVENT (the start of its id, or @N, its log position) with its evidence."""
    from tracker.reports.tables.entry_table import entry_fields

    with reading(settings) as snapshot:
        found = snapshot.show(event)
    deliver(entry_fields(found), output)
