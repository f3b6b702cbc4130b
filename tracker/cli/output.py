"""Output: answers in their formats to standard output or a file; remarks and progress to standard error."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.asking import querying
from tracker.cli.options import OUTPUT_FILE, Function, combined
from tracker.cli.output_file import output_file
from tracker.cli.settings import Settings, runnable
from tracker.domain.terms.safe_text import plain
from tracker.errors import Finding
from tracker.presenting.filters import Filters
from tracker.presenting.presentation import Presentation
from tracker.reports.formats import FORMATS, TITLED, Body, formats_of, render

if TYPE_CHECKING:
    from tracker.domain.terms.scope import Query
    from tracker.snapshot import Snapshot

ENDINGS: Mapping[str, str] = {
    **{ending: name for name, form in FORMATS.items() for ending in form.endings},
    # No answer has these, and a table under their endings would be taken for one.
    **{f".{name}": name for name in ("docx", "ods", "odt", "pdf", "png", "svg", "tsv", "xlsx", "xml", "yaml", "yml")},
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
"""The format that a file's ending stands for; other endings stand for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(Presentation):
    """An answer's name among those that have formats, how it is wanted, and its file (standard output without one).

    CSV for Excel begins with a byte order mark, without which Excel does not read it as UTF-8.
    """

    answer: str
    file: Path | None
    for_excel: bool = False


def output_options(answer: str) -> Callable[[Function], Any]:
    """--format, with the formats that an answer has, --output and --excel, given to the command as `output`."""
    formats = formats_of(answer)

    def decorate(function: Function) -> Any:
        @wraps(function)
        def command(
            *args: Any,
            form: str | None,
            file: Path | None,
            titles: bool | None = None,
            excel: bool = False,
            **rest: Any,
        ) -> Any:
            chosen = choose_format(formats, form, file, for_excel=excel)
            wanted = FORMATS[chosen].is_document if titles is None else titles
            output = Output(form=chosen, titles=wanted, answer=answer, file=file, for_excel=excel)
            return function(*args, output=output, **rest)

        excel = click.option("--excel", is_flag=True, help="CSV that Excel reads as UTF-8 (with a byte order mark).")
        return combined(
            *([titles_option] if answer in TITLED else []),
            click.option(
                "--format",
                "form",
                type=click.Choice(formats),
                help=f"By default as the ending of --output says (.json, .md ...), else {formats[0]}.",
            ),
            *([excel] if "csv" in formats else []),
            file_option,
        )(command)

    return decorate


titles_option = click.option(
    "--titles/--no-titles",
    default=None,
    help="Show the names of parties and the titles of issues; by default in Markdown and HTML.",
)


file_option = click.option(
    "--output", "file", type=OUTPUT_FILE, metavar="FILE", help="Write to a file instead of standard output (-)."
)


def choose_format(formats: Sequence[str], form: str | None, file: Path | None, *, for_excel: bool = False) -> str:
    """The format that all options agree on; the first one if none asks for any. Raises UsageError."""
    context = click.get_current_context()
    ending = ENDINGS.get(file.suffix.lower()) if file else None
    wishes = ((f"--format {form}", form), ("--excel", "csv" if for_excel else None), (f"--output {file}", ending))
    asked = {option: wish for option, wish in wishes if wish is not None}
    if len(set(asked.values())) > 1:
        said = " and ".join(f"{option} ({wish})" for option, wish in asked.items())
        raise click.UsageError(f"{said} contradict each other. Leave one out, or choose another ending.", context)
    for option, wish in asked.items():
        if wish not in formats:
            known = ", ".join(formats)
            raise click.UsageError(f"{option} asks for {wish}, but the formats here are {known}.", context)
    return next(iter(asked.values()), formats[0])


def refuse_ending(file: Path | None, *, form: str, writes: str) -> None:
    """Refuse a file whose ending stands for another form than that of what a command `writes`. Raises UsageError."""
    ending = ENDINGS.get(file.suffix.lower()) if file else None
    if ending not in (None, form):
        context = click.get_current_context()
        raise click.UsageError(f"--output {file} asks for {ending}, but this writes {writes}.", context)


def answer(
    settings: Settings, filters: Filters, output: Output, present: Callable[["Snapshot", "Query", Output], Any]
) -> None:
    """Ask in one snapshot, and print the answer that `present` makes ready.

    Data is written as it is read; what people are shown is at hand before anything is printed.
    """
    with querying(settings, filters) as (snapshot, query):
        content = present(snapshot, query, output)
        if output.is_data:
            deliver(content, output)
            return
    deliver(content, output)


def deliver(content: Any, output: Output, *, reads: Sequence[Path] = ()) -> None:
    """Render the content of an answer in the format asked for, and print it or write it to the file.

    The file must be none that the command `reads`.
    """
    rendering = render(output.answer, output.form, content)
    if rendering.before:
        remark(rendering.before)
    if output.form != "table":
        print_utf8()
    write(rendering.body, output.file, mark=BYTE_ORDER_MARK if output.for_excel else "", reads=reads)
    if rendering.after:
        remark(rendering.after)


BYTE_ORDER_MARK = "\ufeff"


def write(body: Body, file: Path | None = None, *, mark: str = "", reads: Sequence[Path] = ()) -> None:
    """Print a text, a view or parts of a text as they come, after a mark, or write them to a file.

    Raises FileUnavailable.
    """
    if file is not None:
        with output_file(file, reads=reads) as out:
            for part in _parts(body, mark):
                out.write(part.encode())
        remark(f"Written to {file}.")
    elif callable(body):
        from tracker.reports.tables.terminal import print_view

        print_view(body)
    else:
        for part in _parts(body, mark):
            click.echo(part, nl=False)


def _parts(body: Body, mark: str) -> Iterable[str]:
    if mark:
        yield mark
    if isinstance(body, str):
        yield body
    elif callable(body):
        from tracker.reports.tables.terminal import view_text

        yield view_text(body)
    else:
        yield from body


def print_utf8() -> None:
    """Print in UTF-8 from here on, whatever the locale: what programs read is the same everywhere."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


@contextmanager
def progress_bar(label: str, total: Callable[[], int | None]) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on standard error; without a terminal nothing is shown, and no `total` is counted."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    counted = total()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=counted)
        yield lambda done: bar.advance(task, done)


def remark(text: str) -> None:
    """Print a remark on standard error, beside the data."""
    click.echo(plain(runnable(text, click.get_current_context(silent=True)), keep="\n"), err=True)


def print_notes(notes: Sequence[Finding], number: int) -> None:
    """Print the first of a `number` of notes on entries that were loaded or restored."""
    for note in notes[:_SHOWN]:
        remark(f"Note: {plain(str(note))}")
    if number > _SHOWN:
        remark(f"... and {number - _SHOWN:,} more notes.")


_SHOWN = 20
"""Number of a load's notes that are printed."""
