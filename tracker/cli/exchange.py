"""Commands that exchange logs: `load`, `export`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import click

from tracker.cli.options import FILE, opened, reading
from tracker.cli.output import file_option, print_notes, print_utf8, progress_bar, refuse_ending, remark
from tracker.cli.output_file import output_file
from tracker.cli.settings import REFUSED, Settings
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.safe_text import plain


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option("--keep-going", is_flag=True, help="Append the good entries although there are bad ones.")
@click.pass_context
def load(ctx: click.Context, files: tuple[Path, ...], keep_going: bool) -> None:
    """Append what the events FILES hold and the log does not, in file order and in one transaction.

    - is standard input.

    Into an empty log the entries keep the time at which they were recorded;
    into any other they are recorded now, and keep that time as origintime.
    """
    settings: Settings = ctx.obj
    with opened(settings) as tracker, progress_bar("Loading", lambda: _lines(files)) as progress:
        loaded = tracker.load(files, keep_going=keep_going, progress=progress)
    was = "was" if loaded.already_there == 1 else "were"
    already = f" {loaded.already_there:,} {was} there already." if loaded.already_there else ""
    click.echo(f"{counted(loaded.appended, 'entry', 'entries')} appended.{already}")
    print_notes(loaded.notes, loaded.noted)
    if loaded.findings:
        for finding in loaded.findings:
            remark(plain(str(finding)))
        listed = len(loaded.findings)
        only = f" Only the first {listed:,} are listed." if loaded.left_out > listed else ""
        remark(f"{counted(loaded.left_out, 'problem')} found; what they concern was left out.{only}")
        ctx.exit(REFUSED)


@click.command()
@file_option
@click.pass_obj
def export(settings: Settings, file: Path | None) -> None:
    """Write the whole log in the events file format: one CloudEvents JSON object per line, in canonical form."""
    refuse_ending(file, form="jsonl", writes="events, one JSON object a line (.jsonl)")
    with reading(settings) as snapshot:
        if file is None:
            print_utf8()
            snapshot.export(cast(BinaryIO, _Terminal()) if sys.stdout.isatty() else sys.stdout.buffer)
            return
        with output_file(file) as out:
            number = snapshot.export(out)
    remark(f"{counted(number, 'entry', 'entries')} written to {file}.")


class _Terminal:
    """A terminal as a file for exports: the same JSON, with control characters escaped."""

    def write(self, line: bytes) -> int:
        from tracker.reports.data_formats import escaped

        return sys.stdout.write(escaped(line.decode()))


def _lines(files: tuple[Path, ...]) -> int | None:
    """The number of lines in the files; None for a pipe, which can be read only once."""
    if not all(path.is_file() for path in files):
        return None
    try:
        return sum(chunk.count(b"\n") for path in files for chunk in _chunks(path))
    except OSError:
        return None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk
