"""Commands that care for the log: `log`, `checkpoint`, `verify`, `rebuild`, `backup`, `restore`, `doctor`."""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import FILE, POSITION, NumberType, opened, reading
from tracker.cli.output import (
    Output,
    deliver,
    file_option,
    output_options,
    print_notes,
    progress_bar,
    refuse_ending,
    remark,
    write,
)
from tracker.cli.settings import FAILED_VERIFY, Settings
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.safe_text import plain
from tracker.errors import BadValue, FileUnavailable, TrackerError
from tracker.presenting.log_list import wanted_entries
from tracker.reports.formats import formats_of

if TYPE_CHECKING:
    from tracker.domain.log.chain import LogHead
    from tracker.domain.log.entries import LogLine
    from tracker.questions.entries import LogRow
    from tracker.storage.maintenance.health import Health
    from tracker.tracker import Tracker


@click.command()
@click.option("--after", type=POSITION, default=0, show_default=True, help="Only entries after this position.")
@click.option("--limit", type=NumberType("N", least=1), help="At most so many.")
@click.option("--tail", type=NumberType("N", least=1), help="Only the last N.")
@click.option("--type", "kind", metavar="TYPE", help="Only of this type or family, such as position.stated or entry.")
@click.option("--by", "recorded_by", metavar="NAME", help="Only what NAME recorded.")
@click.option("--follow", is_flag=True, help="Go on with each new entry as it is recorded, until interrupted.")
@output_options("log")
@click.pass_context
def log(
    ctx: click.Context,
    after: int,
    limit: int | None,
    tail: int | None,
    kind: str | None,
    recorded_by: str | None,
    follow: bool,
    output: Output,
) -> None:
    """List the log's entries in order: position, time and recorder, type, what it is about, id.

    With --follow, none is missed and none comes twice; in JSON it is then one object per line. If the connection
    to a server is lost it ends: go on with --after and the last position.
    """
    from tracker.reports.tables.entry_table import log_rows

    if follow and (output.file or output.form not in formats_of(GROWING_LOG)):
        raise click.UsageError(
            f"--follow prints as {' or '.join(formats_of(GROWING_LOG))}, and to standard output.", ctx
        )
    if limit is not None and tail is not None:
        raise click.UsageError("--limit takes the first entries and --tail the last; give one of them.", ctx)
    try:
        wanted = wanted_entries(kind, recorded_by)
    except BadValue as wrong:
        raise click.UsageError(wrong.message, ctx) from None
    where = wanted.include if wanted else None
    which = wanted.words
    if not follow:
        with reading(ctx.obj) as snapshot:
            if where is None and tail is None:
                whole = snapshot.log_lines(after=after, limit=limit)
                deliver(log_rows(whole, snapshot.positions, after=after, which=which), output)
                return
            if tail is not None:
                entries: Iterable[LogRow] = snapshot.last_entries(tail, after=after, where=where)
            else:
                entries = snapshot.entries(after=after, limit=limit, where=where)
            deliver(log_rows(_lines_of(entries), snapshot.positions, after=after, which=which), output)
        return
    with opened(ctx.obj) as tracker, suppress(KeyboardInterrupt):  # the way to end it
        last = tracker.last_entries(tail, after=after, where=where) if tail is not None else []
        followed = tracker.follow(after=last[-1].entry.position if last else after)
        new = followed if where is None else (row for row in followed if where(row.entry))
        lines = _lines_of(islice(chain(last, new), limit))
        rows = log_rows(lines, tracker.positions, after=after, which=which, at_once=1)
        deliver(rows, replace(output, answer=GROWING_LOG))


def _lines_of(rows: "Iterable[LogRow]") -> "Iterator[LogLine]":
    from tracker.domain.log.entries import log_line_of

    return (log_line_of(entry, chain_hash) for entry, chain_hash in rows)


GROWING_LOG = "log as it grows"


@click.command()
@file_option
@click.pass_obj
def checkpoint(settings: Settings, file: Path | None) -> None:
    """Print the log's last position and hash as JSON.

    Kept outside the database, they let `tracker verify --checkpoint FILE` see a log that was cut or rewritten.
    """
    from tracker.reports.data_formats import to_json

    refuse_ending(file, form="json", writes="JSON (.json)")
    with reading(settings) as snapshot:
        head = snapshot.checkpoint()
    write(to_json(head), file)


@click.command()
@click.option("--checkpoint", "kept", type=FILE, metavar="FILE", help="A checkpoint kept outside the database.")
@click.pass_context
def verify(ctx: click.Context, kept: Path | None) -> None:
    """Re-hash every entry, read its columns again, and hold the projections and a checkpoint to the log.

    Leaves with exit code 3 and the first bad positions if anything differs.
    """
    head = _read_checkpoint(kept) if kept else None
    settings: Settings = ctx.obj
    with opened(settings, as_it_is=True) as tracker, progress_bar("Verifying", lambda: _passes(tracker)) as progress:
        verified = tracker.verify(head, progress=progress)
    damage = verified.log or verified.projections
    for found in damage[:_SHOWN]:
        click.echo(plain(f"position {found.position}: {found.message}" if found.position else found.message))
    more = f" ({len(damage):,} findings)" if len(damage) > _SHOWN else ""
    if verified.log:
        remark(f"The log is damaged{more}. Keep this file, and restore the log from a backup or an export.")
    elif verified.projections:
        remark(f"The log is sound, the projections are not{more}. Run `tracker rebuild`.")
    if verified.head is None or not verified.sound:
        ctx.exit(FAILED_VERIFY)
    for note in verified.notes:
        remark(f"Note: {note}")
    click.echo(f"{_entries(verified.head.position)} verified; the last hash is {verified.head.hash.hex()}.")


def _passes(tracker: "Tracker") -> int | None:
    """Twice the number of entries; None where the log is too damaged to count them."""
    try:
        return 2 * tracker.checkpoint().position
    except TrackerError:
        return None


@click.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Empty the projections and derive them again from the log, in one transaction."""
    with opened(settings) as tracker, progress_bar("Rebuilding", lambda: tracker.checkpoint().position) as progress:
        number = tracker.rebuild(progress=progress)
    click.echo(f"Projections rebuilt from {_entries(number)}.")


@click.command()
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
    from tracker.reports.data_formats import to_json

    if str(file) == "-":
        raise FileUnavailable("-", "is no file", "A backup goes to a file; `tracker export` prints the log.")
    with opened(settings) as tracker:
        head = tracker.backup(file)
    click.echo(to_json(head), nl=False)
    remark(f"{_entries(head.position)} backed up to {file}.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--checkpoint", "kept", type=FILE, metavar="FILE", help="What `tracker backup` printed.")
@click.pass_obj
def restore(settings: Settings, file: Path, kept: Path | None) -> None:
    """Make the database that --db names from the backup in FILE (- is standard input), on SQLite or PostgreSQL.

    The entries come back with their positions, times and hashes. All of it is verified first, against the checkpoint
    too if one is given: an events file that was cut at a line's end shows it in no other way. A database that holds
    entries is left as it is.

    \b
    Example:
      tracker --db restored.db restore log-2026-11-22.db --checkpoint log-2026-11-22.checkpoint
    """
    from tracker.storage.backends.transactions import backend_of
    from tracker.usecases.restore import restore_database

    checkpoint = _read_checkpoint(kept) if kept else None
    with progress_bar("Restoring", lambda: None) as progress:
        restored = restore_database(
            settings.db, file, checkpoint=checkpoint, wait_seconds=settings.wait, progress=progress
        )
    click.echo(f"{_entries(restored.head.position)} restored into {backend_of(settings.db).place}.")
    remark(f"The last hash is {restored.head.hash.hex()}.")
    print_notes(restored.notes, restored.noted)


@click.command()
@output_options("fields")
@click.pass_obj
def doctor(settings: Settings, output: Output) -> None:
    """Show the versions, the database's settings, its schema, its last entry, and warnings.

    Quick, and also for a database that another release made. `tracker verify` checks every entry.
    """
    from tracker.reports.answers import Fields
    from tracker.storage.maintenance.health import examine

    health = examine(settings.db)
    deliver(Fields(health, list(_health_lines(health))), output)


def _health_lines(health: "Health") -> Iterator[tuple[str, str]]:
    yield "database", health.database
    yield "versions", ", ".join(f"{name} {number}" for name, number in health.versions.items())
    yield "settings", ", ".join(f"{name} {value}" for name, value in health.settings.items())
    pending = f"; to apply: {', '.join(health.pending)}" if health.pending else ""
    yield "schema", f"{health.schema}{pending}"
    last = f", recorded {health.last_recorded_at}" if health.last_recorded_at else ""
    yield "log", f"{_entries(health.log.position)}{last}"
    yield "last hash", health.log.hash.hex()
    yield "projections", "missing" if health.projections is None else f"know the log up to {health.projections:,}"
    for warning in health.warnings:
        yield "warning", warning
    if not health.warnings:
        yield "warnings", "none"


def _entries(number: int) -> str:
    return counted(number, "entry", "entries")


def _read_checkpoint(path: Path) -> "LogHead":
    """The checkpoint in a file. Raises FileUnavailable."""
    from tracker.adapters.files import read_whole
    from tracker.domain.log.chain import GENESIS, LogHead

    try:
        stored = json.loads(read_whole(path, at_most=1 << 16))
        head = LogHead(stored["position"], bytes.fromhex(stored["hash"]))
        if type(head.position) is not int or head.position < 0 or len(head.hash) != len(GENESIS):
            raise ValueError("no position and hash")
        if head.position == 0 and head.hash != GENESIS:
            raise ValueError("no entry has position 0")
        return head
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FileUnavailable(str(path), "is not a checkpoint", "Make one with `tracker checkpoint`.") from None


_SHOWN = 20
