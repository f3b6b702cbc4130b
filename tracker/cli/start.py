"""Commands to start with: `demo`, `init`, `upgrade`."""

from importlib.resources import files
from pathlib import Path

import click

from tracker.cli.main import Settings


@click.command(short_help="Create a database.")
@click.pass_obj
def init(settings: Settings) -> None:
    """Create the database that --db (or $TRACKER_DB) names; an existing one is left as it is."""
    from tracker.storage.migrate import create_database

    before, _ = create_database(settings.db)
    where = f"the database {settings.db}"
    click.echo(f"Created {where}." if before is None else f"Nothing to do: {where} is there already.")


@click.command(short_help="Bring an older database up to this release.")
@click.pass_obj
def upgrade(settings: Settings) -> None:
    """Migrate the database to this release's schema, in one transaction. The log itself never changes."""
    from tracker.errors import DatabaseMissing
    from tracker.storage.engine import database_path
    from tracker.storage.migrate import upgrade_database

    if not database_path(settings.db).exists():
        raise DatabaseMissing(settings.db)
    before, after = upgrade_database(settings.db)
    click.echo(f"Nothing to do: the schema is {after}." if before == after else f"Upgraded from {before} to {after}.")


def corpus_files() -> list[Path]:
    """The shipped corpus: inside the installed package, or beside it in a checkout."""
    inside = Path(str(files("tracker"))) / "_corpus"
    folder = inside if inside.exists() else inside.parent.parent / "events"
    return sorted(folder.glob("*.jsonl"))
