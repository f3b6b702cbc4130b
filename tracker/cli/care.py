"""Commands that care for the log: `log`, `checkpoint`, `verify`, `rebuild`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.main import FAILED_VERIFY, Settings
from tracker.cli.options import FILE, opened
from tracker.cli.output import Output, deliver, deliver_rows, output_options, progress_bar, remark
from tracker.errors import FileUnavailable

if TYPE_CHECKING:
    from tracker.domain.entries import LogHead


@click.command("log", short_help="List the entries of the log.")
@click.option(
    "--after", type=click.IntRange(min=0), default=0, show_default=True, help="Only entries after this position."
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many.")
@output_options("table", "json", "csv", "md")
@click.pass_obj
def log(settings: Settings, after: int, limit: int | None, output: Output) -> None:
    """List the log's entries in order: position, time and recorder, type, what it is about, id."""
    from tracker.domain.dates import instant_text
    from tracker.domain.entries import subject

    with opened(settings) as tracker:
        rows = [
            {
                "position": entry.position,
                "recorded_at": instant_text(entry.recorded_at),
                "recorded_by": entry.recorded_by,
                "type": entry.event.type,
                "event_id": entry.id,
                "hash": chain_hash,
                "subject": subject(entry.event),
            }
            for entry, chain_hash in tracker.entries(after=after, limit=limit)
        ]
    deliver_rows(
        output,
        rows,
        list(rows[0]) if rows else ["position"],
        headings=("entry", "recorded (UTC)", "by", "type", "about"),
        shown=(_log_cells(row) for row in rows),
        empty=f"The log has no entry after position {after}.",
    )


def _log_cells(row: dict[str, Any]) -> tuple[str, ...]:
    recorded = row["recorded_at"][:16].replace("T", " ")
    return f"@{row['position']}", recorded, row["recorded_by"], row["type"], row["subject"] or row["event_id"]


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
    head = _read_checkpoint(kept) if kept else None
    settings: Settings = ctx.obj
    with opened(settings) as tracker:
        last = tracker.checkpoint()
        with progress_bar("Verifying", 2 * last.position) as progress:
            damage = tracker.verify(head, progress=progress)
    for found in damage[:_SHOWN]:
        click.echo(f"position {found.position}: {found.message}")
    if damage:
        more = f" ({len(damage):,} findings)" if len(damage) > _SHOWN else ""
        if any(found.in_log for found in damage):
            remark(f"The log is damaged{more}. Keep this file, and restore the log from a backup or an export.")
        else:
            remark(f"The log is sound, the projections are not{more}. Run `tracker rebuild`.")
        ctx.exit(FAILED_VERIFY)
    click.echo(f"{last.position:,} entries verified; the last hash is {last.hash.hex()}.")


@click.command(short_help="Derive the projections again from the log.")
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Empty the projections and derive them again from the log, in one transaction."""
    with opened(settings) as tracker, progress_bar("Rebuilding", tracker.checkpoint().position) as progress:
        number = tracker.rebuild(progress=progress)
    click.echo(f"Projections rebuilt from {number:,} entries.")


def _read_checkpoint(path: Path) -> "LogHead":
    from tracker.domain.entries import LogHead

    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return LogHead(int(kept["position"]), bytes.fromhex(kept["hash"]))
    except OSError as error:
        raise FileUnavailable(str(path), f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError):
        raise FileUnavailable(str(path), "is not a checkpoint", "Make one with `tracker checkpoint`.") from None


_SHOWN = 20
