"""Commands that care for the log: `log`, `checkpoint`, `verify`, `rebuild`."""

import json
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.main import FAILED_VERIFY, Settings
from tracker.cli.options import FILE, POSITION, opened
from tracker.cli.output import Output, deliver, deliver_lines, deliver_rows, output_options, progress_bar, remark
from tracker.domain.terms.safe_text import plain
from tracker.errors import FileUnavailable, TrackerError

if TYPE_CHECKING:
    from tracker.domain.log.chain import LogHead
    from tracker.tracker import Tracker
    from tracker.usecases.results import LogRow


@click.command("log", short_help="List the entries of the log.")
@click.option("--after", type=POSITION, default=0, show_default=True, help="Only entries after this position.")
@click.option("--limit", type=click.IntRange(min=1, max=2**53), help="At most so many.")
@click.option("--follow", is_flag=True, help="Go on with each new entry as it is recorded, until interrupted.")
@output_options("table", "json", "csv", "md")
@click.pass_context
def log(ctx: click.Context, after: int, limit: int | None, follow: bool, output: Output) -> None:
    """List the log's entries in order: position, time and recorder, type, what it is about, id.

    With --follow, none is missed and none comes twice; in JSON it is then one object per line. If the connection
    to a server is lost it ends: go on with --after and the last position.
    """
    if follow and (output.file or output.form not in ("table", "json")):
        raise click.UsageError("--follow prints as table or json, and to standard output.", ctx)
    settings: Settings = ctx.obj
    with opened(settings) as tracker:
        if follow:
            _follow(islice(tracker.follow(after=after), limit), output.form)
            return
        rows = map(_log_row, tracker.entries(after=after, limit=limit))
        if output.form == "table":
            deliver_lines(map(_log_line, rows), output.file, empty=f"The log has no entry after position {after}.")
        else:
            deliver_rows(output, list(rows), _LOG_COLUMNS, empty="")


def _follow(entries: "Iterable[LogRow]", form: str) -> None:
    from tracker.reports.flat import to_json_line

    try:
        for row in map(_log_row, entries):
            click.echo(to_json_line(row) if form == "json" else plain(_log_line(row)))
            sys.stdout.flush()
    except KeyboardInterrupt:  # the way to end it
        pass


def _log_row(logged: "LogRow") -> dict[str, Any]:
    from tracker.domain.log.entries import about
    from tracker.domain.terms.dates import instant_text

    entry, chain_hash = logged
    return {
        "position": entry.position,
        "recorded_at": instant_text(entry.recorded_at),
        "recorded_by": entry.recorded_by,
        "type": entry.type,
        "event_id": entry.id,
        "hash": chain_hash,
        "subject": about(entry.event),
    }


_LOG_COLUMNS = ("position", "recorded_at", "recorded_by", "type", "event_id", "hash", "subject")


def _log_line(row: dict[str, Any]) -> str:
    """An entry in one line; a log is too long to lay out as a table."""
    recorded = row["recorded_at"][:16].replace("T", " ")
    kind = row["type"].rpartition(".")[0]
    return f"@{row['position']:<6} {recorded}  {row['recorded_by']:<10} {kind:<22} {row['subject'] or ''}"


@click.command(short_help="Print the log's last position and hash, to keep elsewhere.")
@click.option("--output", type=FILE, metavar="FILE", help="Write to a file instead of standard output.")
@click.pass_obj
def checkpoint(settings: Settings, output: Path | None) -> None:
    """Print the log's last position and hash as JSON.

    Kept outside the database, they let `tracker verify --checkpoint FILE` see a log that was cut or rewritten.
    """
    from tracker.reports.flat import to_json

    with opened(settings) as tracker:
        deliver(to_json(tracker.checkpoint()), output)


@click.command(short_help="Check the log, its hash chain and the projections.")
@click.option("--checkpoint", "kept", type=FILE, metavar="FILE", help="A checkpoint kept outside the database.")
@click.pass_context
def verify(ctx: click.Context, kept: Path | None) -> None:
    """Re-hash every entry, read its columns again, and hold the projections and a checkpoint to the log.

    Leaves with exit code 3 and the first bad positions if anything differs.
    """
    head = read_checkpoint(kept) if kept else None
    settings: Settings = ctx.obj
    with opened(settings, as_it_is=True) as tracker, progress_bar("Verifying", _passes(tracker)) as progress:
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
    click.echo(f"{verified.head.position:,} entries verified; the last hash is {verified.head.hash.hex()}.")


def _passes(tracker: "Tracker") -> int | None:
    """How many entries there are to look at, twice; None where the log is too damaged to say."""
    try:
        return 2 * tracker.checkpoint().position
    except TrackerError:
        return None


@click.command(short_help="Derive the projections again from the log.")
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Empty the projections and derive them again from the log, in one transaction."""
    with opened(settings) as tracker, progress_bar("Rebuilding", tracker.checkpoint().position) as progress:
        number = tracker.rebuild(progress=progress)
    click.echo(f"Projections rebuilt from {number:,} entries.")


def read_checkpoint(path: Path) -> "LogHead":
    """The checkpoint in a file. Raises FileUnavailable."""
    from tracker.adapters.files import read_whole
    from tracker.domain.log.chain import GENESIS, LogHead

    try:
        kept = json.loads(read_whole(path, at_most=1 << 16))
        head = LogHead(kept["position"], bytes.fromhex(kept["hash"]))
        if type(head.position) is not int or head.position < 0 or len(head.hash) != len(GENESIS):
            raise ValueError("no position and hash")
        if head.position == 0 and head.hash != GENESIS:
            raise ValueError("no entry has position 0")
        return head
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FileUnavailable(str(path), "is not a checkpoint", "Make one with `tracker checkpoint`.") from None


_SHOWN = 20
