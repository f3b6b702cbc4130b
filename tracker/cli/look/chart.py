"""The commands below `chart`: answers as pictures."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.charts.frame import LEAST, MOST, NARROW, WIDE
from tracker.cli.asking import asked_rightly, asking, querying
from tracker.cli.options import Function, NumberType, combined
from tracker.cli.output import choose_format, file_option, print_utf8, remark, titles_option, write
from tracker.cli.output_file import output_file
from tracker.cli.settings import Settings
from tracker.domain.terms.scope import Listing
from tracker.presenting.filters import Filters

if TYPE_CHECKING:
    from tracker.charts.shapes import Picture

FORMS = ("svg", "png", "html")


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a picture is wanted: its format and file, its width if one is asked for, and whether with names."""

    form: str
    file: Path | None
    width: int | None
    titles: bool


@click.group()
def chart() -> None:
    """Draw answers as pictures: who stood where over time, and on a day.

    They take the filters and cut-offs of the commands whose answers they draw.
    """


def drawing_options(function: Function) -> Any:
    """--format, --output, --width and --titles, given to the command as `drawing`."""

    @wraps(function)
    def command(
        *args: Any, form: str | None, file: Path | None, width: int | None, titles: bool | None, **rest: Any
    ) -> Any:
        chosen = choose_format(FORMS, form, file)
        return function(*args, drawing=Drawing(chosen, file, width, titles is not False), **rest)

    wide = click.option(
        "--width",
        type=NumberType("PIXELS", least=LEAST, most=MOST),
        metavar="PIXELS",
        help=f"How wide it is; {WIDE} by default, in HTML also {NARROW} for a phone.",
    )
    shape = click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        help=f"By default as the ending of --output says, else {FORMS[0]}.",
    )
    return combined(titles_option, wide, shape, file_option)(command)


@chart.command(short_help="Draw who stood where over time: a band for each party.")
@click.argument("issue", required=False)
@asking("chart timeline")
@drawing_options
@click.pass_obj
def timeline(
    settings: Settings,
    /,
    issue: str | None,
    on: date | None,
    inherit: bool,
    listing: Listing,
    after: date | None,
    filters: Filters,
    drawing: Drawing,
) -> None:
    """Draw who stood where over time on ISSUE, or on all: a band for each party, which changes its colour as it moves.

    Each statement is a mark below it, filled if it is in the party's own words; what we corrected in our own record has
    a mark of its own, and what happened a number. An amount is drawn as a range, a choice as a band for each option.

    \b
    Example:
      tracker chart timeline new-start/extension --output extension.svg
    """
    from tracker.charts import pictures

    asked = partial(pictures.timeline, on=on, after=after, listing=listing, inherit=inherit)
    draw(settings, filters.narrowed(None, issue), drawing, asked)


@chart.command(short_help="Draw who stands where on a day: issues by parties.")
@asking("chart matrix")
@drawing_options
@click.pass_obj
def matrix(
    settings: Settings,
    /,
    on: date | None,
    inherit: bool,
    closed: bool,
    stale_after: int,
    listing: Listing,
    filters: Filters,
    drawing: Drawing,
) -> None:
    """Draw issues by parties on a day, each cell in the colour and with the sign of what is held.

    \b
    Example:
      tracker chart matrix --issue arms-control --on 2019-12-10 --output matrix.png
    """
    from tracker.charts import pictures

    asked = partial(pictures.matrix, on=on, listing=listing, inherit=inherit, closed=closed, stale_after=stale_after)
    draw(settings, filters, drawing, asked)


@chart.command(short_help="Draw who named which amount on a day, and what all share.")
@click.argument("issue", required=False)
@asking("chart amounts")
@drawing_options
@click.pass_obj
def amounts(
    settings: Settings,
    /,
    issue: str | None,
    on: date | None,
    of: str | None,
    inherit: bool,
    at: str | None,
    filters: Filters,
    drawing: Drawing,
) -> None:
    """Draw the range that each party names on a quantity, or on all: what they share or the gap, and the outcome.

    \b
    Example:
      tracker chart amounts finance/goal --on 2024-11-22 --at 300 --output goal.svg
    """
    from tracker.charts import pictures

    asked = replace(filters.narrowed(None, issue), parties=(of,) if of is not None else ())
    draw(settings, asked, drawing, partial(pictures.amounts, on=on, inherit=inherit, at=at))


@chart.command(short_help="Draw how often every two parties agree.")
@asking("chart agreement")
@drawing_options
@click.pass_context
def agreement(
    ctx: click.Context,
    /,
    on: date | None,
    after: date | None,
    up_to: date | None,
    network: bool,
    filters: Filters,
    drawing: Drawing,
) -> None:
    """Draw how often every two parties agree: a heat map with the index and the number of issues, or a network.

    With --from it compares two days.

    \b
    Example:
      tracker chart agreement --issue climate --on 2024-11-22 --output agreement.svg
    """
    from tracker.charts import pictures
    from tracker.presenting import agreement as presenting

    with asked_rightly(ctx):
        presenting.refuse_contradiction(on, after, up_to)
    draw(ctx.obj, filters, drawing, partial(pictures.agreement, on=up_to or on, after=after, network=network))


def draw(settings: Settings, filters: Filters, drawing: Drawing, asked: Callable[..., "Picture"]) -> None:
    """Ask in one snapshot, lay the picture out, and paint it once that has ended."""
    widths = (drawing.width,) if drawing.width else (WIDE, NARROW) if drawing.form == "html" else (WIDE,)
    with querying(settings, filters) as (snapshot, query):
        found = [asked(snapshot, query, titles=drawing.titles, width=width) for width in widths]
    if drawing.form == "png":
        _write_png(found[0], drawing.file)
        return
    from tracker.charts.page import page
    from tracker.charts.svg import svg_text

    text = page(found) if drawing.form == "html" else svg_text(found[0])
    print_utf8()
    write(text, drawing.file)


def _write_png(picture: "Picture", file: Path | None) -> None:
    """Write a picture in pixels, two for each of its own. Raises UsageError for a terminal."""
    from tracker.charts.painting.library import png_of
    from tracker.charts.svg import svg_text

    if file is None and sys.stdout.isatty():
        context = click.get_current_context()
        raise click.UsageError("A PNG is no text for a terminal: name a file with --output.", context)
    painted = png_of(svg_text(picture), scale=2)
    if file is None:
        sys.stdout.buffer.write(painted)
        return
    with output_file(file) as target:
        target.write(painted)
    remark(f"Written to {file}.")
