"""Where answers go: standard output or a file, in the format asked for; remarks and progress go to standard error."""

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast

import click

from tracker.cli.main import Settings
from tracker.cli.options import FILE, Function, combined
from tracker.domain.terms.safe_text import plain
from tracker.errors import FileUnavailable


@dataclass(frozen=True, slots=True)
class Output:
    """How an answer is wanted: its format, and the file it goes to (standard output without one)."""

    form: str
    file: Path | None


def output_options(*formats: str) -> Callable[[Function], Any]:
    """--format and --output, given to the command as `output`."""

    def decorate(function: Function) -> Any:
        @wraps(function)
        def command(*args: Any, form: str, file: Path | None, **rest: Any) -> Any:
            return function(*args, output=Output(form, file), **rest)

        return combined(
            click.option("--format", "form", type=click.Choice(formats), default="table", show_default=True),
            click.option(
                "--output", "file", type=FILE, metavar="FILE", help="Write to a file instead of standard output."
            ),
        )(command)

    return decorate


@contextmanager
def output_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is there whole when all of it is written, or not at all.

    A link is followed; what is no regular file (a pipe, a device) is written as
    it is. Raises FileUnavailable, also for the files of the database itself.
    """
    try:
        target = _resolve(path)
        _keep_off_the_database(path, target)
        if target.exists() and not target.is_file():
            with target.open("wb") as out:
                yield out
            return
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as unfinished:
            try:
                yield cast(BinaryIO, unfinished)
                unfinished.flush()
                mode = target.stat().st_mode if target.exists() else 0o666 & ~_umask()
                Path(unfinished.name).chmod(mode & 0o777)
                Path(unfinished.name).replace(target)
            except BaseException:
                Path(unfinished.name).unlink()
                raise
    except OSError as error:
        reason = "links that lead in a circle" if error.errno == errno.ELOOP else error.strerror
        raise FileUnavailable(str(path), f"cannot be written ({reason})") from error


def _resolve(path: Path) -> Path:
    """The path behind all links. Raises OSError for a circle of links, on which Python versions differ."""
    with suppress(FileNotFoundError):
        path.stat()
    return Path(os.path.realpath(path))


def _keep_off_the_database(path: Path, target: Path) -> None:
    """Compare the files themselves: a database can be spelled, linked and mounted in many ways."""
    from tracker.storage.backends.new_file import COMPANIONS
    from tracker.storage.backends.transactions import backend_of

    settings = click.get_current_context().find_object(Settings)
    named = backend_of(settings.db).file if settings else None
    if named is None:
        return
    for database in {named, _resolve(named)}:  # SQLite names its own files after the one behind the links
        for ending in ("", *COMPANIONS):
            if _is_same_file(target, database.with_name(database.name + ending)):
                raise FileUnavailable(str(path), "is the database itself", "Name another file.")


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, or would if it were there."""
    try:
        return one.samefile(other)
    except OSError:
        return one.name == other.name and one.parent.samefile(other.parent)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def deliver(text: str, file: Path | None) -> None:
    """Print a text, or write it to a file. Raises FileUnavailable."""
    if file is None:
        click.echo(text, nl=False)
    else:
        with output_file(file) as out:
            out.write(text.encode())
        remark(f"Written to {file}.")


def deliver_lines(lines: Iterable[str], file: Path | None, *, empty: str) -> None:
    """Print lines as they come, or write them to a file."""
    if file is not None:
        deliver("".join(f"{plain(line)}\n" for line in lines) or f"{empty}\n", file)
        return
    line = None
    for line in lines:
        click.echo(plain(line))
    if line is None:
        click.echo(empty)


def deliver_view(render: Callable[[int], Any], file: Path | None) -> None:
    """Print a view for the terminal's width, or write it to a file."""
    from tracker.reports.terminal import print_view, view_text

    if file is None:
        print_view(render)
    else:
        deliver(view_text(render), file)


def deliver_rows(
    output: Output,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    shown: Iterable[Sequence[str]] | None = None,
    headings: Sequence[str] | None = None,
    empty: str,
) -> None:
    """Rows in the format asked for: JSON with every field, CSV with these columns.

    For people, `headings` and `shown` may say it in fewer columns.
    """
    from tracker.reports.flat import cell_text, to_csv, to_json

    cells = shown if shown is not None else ([cell_text(row.get(column)) for column in columns] for row in rows)
    if output.form == "json":
        deliver(to_json(rows), output.file)
    elif output.form == "csv":
        deliver(to_csv(columns, rows), output.file)
    elif output.form == "md":
        from tracker.reports.markdown import escape, table

        deliver(table(headings or columns, ([escape(cell) for cell in row] for row in cells)), output.file)
    else:
        from tracker.reports.terminal import table_view

        deliver_view(lambda _: table_view(headings or columns, cells, empty=empty), output.file)


def deliver_one(output: Output, data: Mapping[str, Any]) -> None:
    """One thing's fields, as JSON or as labelled lines."""
    from tracker.reports.flat import cell_text, to_json

    if output.form == "json":
        deliver(to_json(data), output.file)
    else:
        from tracker.reports.terminal import pairs_view

        lines = [(name, cell_text(value)) for name, value in data.items() if value not in (None, ())]
        deliver_view(lambda _: pairs_view(lines), output.file)


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; silent when that is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)


def remark(text: str) -> None:
    """Something said beside the data, on standard error."""
    click.echo(plain(text, keep="\n"), err=True)


def say_left_out(number: int) -> None:
    """Say how many statements a cut-off left out, if it did."""
    if number:
        from tracker.reports.words import left_out

        remark(left_out(number))
