"""Commands that ask who stands where: `state`, `history`, `find`, `show`."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from tracker.cli.main import Settings
from tracker.cli.options import DAY, Asked, asking, opened, query_options, scope_options
from tracker.cli.output import Output, deliver, deliver_rows, deliver_view, output_options, say_left_out
from tracker.domain.timeline.statement import columns_of, row_data

if TYPE_CHECKING:
    from tracker.domain.answers.changes import Change
    from tracker.domain.answers.search import SearchHit

FORMATS = ("table", "json", "csv", "md")


@click.command(short_help="Show who stands where on a day.")
@click.option("--on", type=DAY, help="The day (inclusive); today by default.")
@click.option("--inherit", is_flag=True, help="Show its bloc's stance where a member has none of its own.")
@click.option("--wide", is_flag=True, help="Show below each issue what every party said, in a sentence.")
@click.option("--questions", is_flag=True, help="Show below each issue the question that the stances answer.")
@click.option(
    "--stale-after",
    type=click.IntRange(min=0, max=99_999),
    default=180,
    show_default=True,
    metavar="DAYS",
    help="Mark a stance that was not affirmed for so many days.",
)
@scope_options
@query_options
@output_options(*FORMATS, "html")
@click.pass_obj
def state(
    settings: Settings,
    /,
    on: date | None,
    inherit: bool,
    wide: bool,
    questions: bool,
    stale_after: int,
    asked: Asked,
    output: Output,
) -> None:
    """Show every party's stance on every issue on a day, with the evidence behind it.

    JSON and CSV give one row per pair of party and issue that has a stance or has withdrawn it.
    """
    from tracker.reports.words import Look

    with asking(settings, asked) as (tracker, query):
        found = tracker.state(on, query, inherit=inherit)
        names = tracker.registers(found.on, known_at=found.log.position) if questions or output.form == "html" else None
    look = Look(stale_after, names, wide)
    if output.form == "table":
        from tracker.reports.matrix import state_view

        deliver_view(lambda width: state_view(found, width, look), output.file)
    elif output.form == "md":
        from tracker.reports.markdown import state_markdown

        deliver(state_markdown(found, look), output.file)
    elif output.form == "html":
        from tracker.reports.html import state_html

        deliver(state_html(found, look), output.file)
    else:
        from tracker.reports.flat import state_columns, state_data

        say_left_out(found.left_out_undated)
        deliver_rows(output, state_data(found), state_columns(found), empty="")


@click.command(short_help="List every step of a party on an issue.")
@click.argument("party", required=False)
@click.argument("issue", required=False)
@click.option("--on", type=DAY, help="Up to this day (inclusive); today by default.")
@scope_options
@query_options
@output_options(*FORMATS)
@click.pass_obj
def history(
    settings: Settings, party: str | None, issue: str | None, on: date | None, asked: Asked, output: Output
) -> None:
    """List the statements and withdrawals of PARTY on ISSUE in order, and what each did to the stance.

    Without ISSUE on all issues; for an issue without a party use --issue.
    """
    from tracker.domain.answers.changes import Change

    asked = asked.narrowed(party, issue)
    with asking(settings, asked) as (tracker, query):
        found = tracker.history(on, query)
        positions = tracker.positions(change.event_id for change in found.changes)
    say_left_out(found.left_out_undated)
    about = () if len({(change.issue, change.party) for change in found.changes}) == 1 else ("party", "issue")
    deliver_rows(
        output,
        [row_data(change) for change in found.changes],
        columns_of(Change),
        headings=(*about, "said", "stance", "step", "entry", "summary"),
        shown=(_history_cells(change, about, positions[change.event_id]) for change in found.changes),
        empty="Nothing is on record.",
    )


def _history_cells(change: "Change", about: tuple[str, ...], position: int) -> tuple[str, ...]:
    from tracker.reports.change_words import marked_stance

    summary = change.summary + (f" ({change.speaker})" if change.speaker else "")
    pair = (getattr(change, name) for name in about)
    return (*pair, change.stated_on, marked_stance(change), change.kind.value, f"@{position}", summary)


@click.command(short_help="Find statements by their words.")
@click.argument("text")
@click.option("--on", type=DAY, help="Only what took effect up to this day (inclusive); everything by default.")
@scope_options
@query_options
@output_options(*FORMATS)
@click.pass_obj
def find(settings: Settings, text: str, on: date | None, asked: Asked, output: Output) -> None:
    """Find the statements whose summary, quote, conditions, speaker or locator hold TEXT, whatever its case."""
    from tracker.domain.answers.search import SearchHit

    with asking(settings, asked) as (tracker, query):
        search = tracker.find(text, on, query)
        found = search.found
        positions = tracker.positions(row.event_id for row in found)
    say_left_out(search.left_out_undated)
    deliver_rows(
        output,
        [row_data(row) for row in found],
        columns_of(SearchHit),
        headings=("said", "party", "issue", "stance", "entry", "words"),
        shown=_found_cells(found, positions),
        empty=f"Nothing on record holds {text!r}.",
    )


def _found_cells(found: "tuple[SearchHit, ...]", positions: dict[str, int]) -> Iterator[tuple[str, ...]]:
    from tracker.reports.words import stance_word, statement_marks

    for row in found:
        words = row.summary + (f" “{row.quote}”" if row.quote else "")
        stance = f"{stance_word(row.value)}{statement_marks(row.attribution)}"
        yield row.stated_on, row.party, row.issue, stance, f"@{positions[row.event_id]}", words


@click.command(short_help="Show one entry with its evidence.")
@click.argument("event")
@output_options("table", "json")
@click.pass_obj
def show(settings: Settings, event: str, output: Output) -> None:
    """Show the entry EVENT (the start of its id, or @N, its log position) with its evidence."""
    from tracker.reports.entry import entry_data, entry_rows

    with opened(settings) as tracker:
        found = tracker.show(event)
    if output.form == "json":
        from tracker.reports.flat import to_json

        deliver(to_json(entry_data(found)), output.file)
    else:
        from tracker.reports.terminal import pairs_view

        deliver_view(lambda _: pairs_view(entry_rows(found)), output.file)
