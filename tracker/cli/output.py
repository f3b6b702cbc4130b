"""Output: answers in their formats to standard output or a file; remarks and progress to standard error."""

import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
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
from tracker.reports.formats import DATA, WITH_TITLES, Body, formats_of, render


@dataclass(frozen=True, slots=True)
class Output:
    """An answer's name among those that have formats, its format, and its file (standard output without one)."""

    answer: str
    form: str
    file: Path | None

    @property
    def shows_titles(self) -> bool:
        """Whether the format shows titles and names, so that a state or report must come with the registers."""
        return self.form in WITH_TITLES

    @property
    def is_data(self) -> bool:
        """Whether the format is data, which is written whole as it is read, while people are shown a part."""
        return self.form in DATA


def output_options(answer: str) -> Callable[[Function], Any]:
    """--format, with the formats that an answer has, and --output, given to the command as `output`."""

    def decorate(function: Function) -> Any:
        @wraps(function)
        def command(*args: Any, form: str, file: Path | None, **rest: Any) -> Any:
            return function(*args, output=Output(answer, form, file), **rest)

        formats = formats_of(answer)
        return combined(
            click.option("--format", "form", type=click.Choice(formats), default=formats[0], show_default=True),
            click.option(
                "--output", "file", type=FILE, metavar="FILE", help="Write to a file instead of standard output."
            ),
        )(command)

    return decorate


def deliver(content: Any, output: Output) -> None:
    """Render the content of an answer in the format asked for, and print it or write it to the file."""
    rendering = render(output.answer, output.form, content)
    if rendering.before:
        remark(rendering.before)
    write(rendering.body, output.file)
    if rendering.after:
        remark(rendering.after)


def write(body: Body, file: Path | None = None) -> None:
    """Print a text, a view or parts of a text as they come, or write them to a file. Raises FileUnavailable."""
    if file is not None:
        with output_file(file) as out:
            for part in _parts(body):
                out.write(part.encode())
        remark(f"Written to {file}.")
    elif isinstance(body, str):
        click.echo(body, nl=False)
    elif callable(body):
        from tracker.reports.terminal import print_view

        print_view(body)
    else:
        for part in body:
            click.echo(part, nl=False)


def _parts(body: Body) -> Iterable[str]:
    if isinstance(body, str):
        return [body]
    if callable(body):
        from tracker.reports.terminal import view_text

        return [view_text(body)]
    return body


@contextmanager
def output_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file to write, which appears whole once all of it is written, or not at all.

    Links are followed; pipes and devices are written directly. Raises FileUnavailable,
    also for the files of the database itself.
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
    click.echo(plain(text, keep="\n"), err=True)
