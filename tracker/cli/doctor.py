"""The command `doctor`: how the database does."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from tracker.cli.main import Settings
from tracker.cli.output import Output, deliver, deliver_view, output_options

if TYPE_CHECKING:
    from tracker.storage.maintenance.health import Health


@click.command(short_help="Show versions, settings, schema, and what is wrong with them.")
@output_options("table", "json")
@click.pass_obj
def doctor(settings: Settings, output: Output) -> None:
    """Show the versions, the database's settings, its schema, its last entry, and warnings.

    Quick, and also for a database that another release made. `tracker verify` checks every entry.
    """
    from tracker.reports.flat import to_json
    from tracker.reports.terminal import pairs_view
    from tracker.storage.maintenance.health import examine

    health = examine(settings.db)
    if output.form == "json":
        deliver(to_json(health), output.file)
    else:
        deliver_view(lambda _: pairs_view(list(_lines(health))), output.file)


def _lines(health: "Health") -> Iterator[tuple[str, str]]:
    yield "database", health.database
    yield "versions", ", ".join(f"{name} {number}" for name, number in health.versions.items())
    yield "settings", ", ".join(f"{name} {value}" for name, value in health.settings.items())
    pending = f"; to apply: {', '.join(health.pending)}" if health.pending else ""
    yield "schema", f"{health.schema}{pending}"
    last = f", recorded {health.last_recorded_at}" if health.last_recorded_at else ""
    yield "log", f"{health.log.position:,} entries{last}"
    yield "last hash", health.log.hash.hex()
    yield "projections", "missing" if health.projections is None else f"know the log up to {health.projections:,}"
    for warning in health.warnings:
        yield "warning", warning
    if not health.warnings:
        yield "warnings", "none"
