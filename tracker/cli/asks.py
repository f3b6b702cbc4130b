"""Commands on what is open: `asks` between the parties, and the `conditions` of their stances."""

from datetime import date

import click

from tracker.cli.ask import FORMATS
from tracker.cli.main import Settings
from tracker.cli.options import DAY, Asked, asking, query_options, scope_options
from tracker.cli.output import Output, deliver_rows, deliver_view, output_options, remark, say_left_out
from tracker.domain.timeline.statement import columns_of, row_data


@click.command(short_help="List what parties ask of each other, and since when it is unanswered.")
@click.option("--on", type=DAY, help="The day (inclusive); today by default.")
@click.option("--all", "everything", is_flag=True, help="Also what was answered, with the answer.")
@scope_options
@query_options
@output_options(*FORMATS)
@click.pass_obj
def asks(settings: Settings, /, on: date | None, everything: bool, asked: Asked, output: Output) -> None:
    """List demands, proposals, offers and questions that name whom they address, and since when they are open.

    One is answered once the addressee states a position on its issue, or on one below it, later. --party finds
    what a party asks and what it is asked.
    """
    from tracker.domain.answers.asks import Ask

    with asking(settings, asked) as (tracker, query):
        found = tracker.asks(on, query)
    rows = [ask for ask in found.asks if everything or ask.answered_by is None]
    say_left_out(found.left_out_undated)
    empty = "Nobody asked anything of anybody." if everything else "Nothing is unanswered."
    if output.form == "table" and rows:
        from tracker.reports.asks_view import asks_view

        deliver_view(lambda _: asks_view(rows, found.on), output.file)
    else:
        from tracker.reports.asks_view import ask_cells

        deliver_rows(
            output,
            [row_data(ask) for ask in rows],
            columns_of(Ask),
            headings=("open since", "by", "to", "issue", "act", "what", "answer"),
            shown=(list(ask_cells(ask)) for ask in rows),
            empty=empty,
        )
    if (answered := len(found.asks) - len(rows)) and output.form == "table":
        remark(f"{answered} answered; --all shows them.")


@click.command(short_help="List what each stance waits for.")
@click.option("--on", type=DAY, help="The day (inclusive); today by default.")
@scope_options
@query_options
@output_options(*FORMATS)
@click.pass_obj
def conditions(settings: Settings, /, on: date | None, asked: Asked, output: Output) -> None:
    """List the conditions in force on a day: what every conditional stance waits for, and the terms of the others."""
    from tracker.domain.answers.asks import OpenConditions, open_conditions

    with asking(settings, asked) as (tracker, query):
        state = tracker.state(on, query)
    rows = open_conditions(state)
    say_left_out(state.left_out_undated)
    if output.form == "table" and rows:
        from tracker.reports.asks_view import waiting_view

        deliver_view(lambda _: waiting_view(rows, state.on), output.file)
    else:
        from tracker.reports.asks_view import waiting_cells

        deliver_rows(
            output,
            [row_data(row) for row in rows],
            columns_of(OpenConditions),
            headings=("party", "issue", "stance", "since", "conditions", "named on"),
            shown=map(waiting_cells, rows),
            empty="No stance waits for anything.",
        )
