"""Commands that keep a copy of the log and bring it back: `backup`, `restore`."""

from pathlib import Path

import click

from tracker.cli.care import read_checkpoint
from tracker.cli.main import Settings
from tracker.cli.options import FILE, opened
from tracker.cli.output import progress_bar, remark
from tracker.errors import FileUnavailable


@click.command(short_help="Copy the log to a file while others write.")
@click.argument("file", type=FILE)
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Copy the whole log, as it is at one moment, to a new FILE; others may go on writing.

    Of a SQLite database the copy is a database itself; of a PostgreSQL one it is an events file.
    `tracker restore` brings back either. Prints the checkpoint of what was copied, to keep elsewhere.

    \b
    Example:
      tracker backup log-2026-11-22.db > log-2026-11-22.checkpoint
    """
    from tracker.reports.flat import to_json

    if str(file) == "-":
        raise FileUnavailable("-", "is no file", "A backup goes to a file; `tracker export` prints the log.")
    with opened(settings) as tracker:
        head = tracker.backup(file)
    click.echo(to_json(head), nl=False)
    remark(f"{head.position:,} entries backed up to {file}.")


@click.command(short_help="Make a database again from a backup.")
@click.argument("file", type=FILE)
@click.option("--checkpoint", "kept", type=FILE, metavar="FILE", help="What `tracker backup` printed.")
@click.pass_obj
def restore(settings: Settings, file: Path, kept: Path | None) -> None:
    """Make the database that --db names from the backup in FILE, on SQLite or PostgreSQL.

    The entries come back with their positions, times and hashes. All of it is verified first, against the checkpoint
    too if one is given: an events file that was cut at a line's end shows it in no other way. A database that holds
    entries is left alone.

    \b
    Example:
      tracker --db restored.db restore log-2026-11-22.db --checkpoint log-2026-11-22.checkpoint
    """
    from tracker.storage.backends.transactions import backend_of
    from tracker.usecases.restore import restore_database

    checkpoint = read_checkpoint(kept) if kept else None
    with progress_bar("Restoring", None) as progress:
        head = restore_database(settings.db, file, checkpoint=checkpoint, wait_seconds=settings.wait, progress=progress)
    click.echo(f"{head.position:,} entries restored into {backend_of(settings.db).place}.")
    remark(f"The last hash is {head.hash.hex()}.")
