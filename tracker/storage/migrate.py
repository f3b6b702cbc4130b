"""Create a database, or bring an older one up to this release's schema, with Alembic."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from tracker.errors import DatabaseNewer, DatabaseUnavailable
from tracker.storage.engine import connect, database_errors, database_path, reading, stored_revision, writing
from tracker.storage.schema import APPLICATION_ID, REVISION


def create_database(url: str) -> tuple[str | None, str]:
    """Create a database; an existing one is brought up to this schema.

    Returns the revision before (None for a new one) and after. Raises
    NotATrackerDatabase, DatabaseNewer or DatabaseUnavailable, and leaves no
    half-made file.
    """
    path = database_path(url)
    existed = path.exists()
    try:
        return upgrade_database(url)
    except BaseException:
        for leftover in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            if not existed and leftover.exists():
                leftover.unlink()
        raise


def upgrade_database(url: str) -> tuple[str | None, str]:
    """Migrate to this release's schema in one transaction. Returns the revision before and after."""
    path = database_path(url)
    if not path.parent.exists():
        raise DatabaseUnavailable(str(path), "cannot be created", f"The folder {path.parent} does not exist; make it.")
    engine = connect(path)
    try:
        with database_errors(path):
            with reading(engine) as connection:
                before = stored_revision(connection, path)
            if before is not None and before > REVISION:
                raise DatabaseNewer(str(path), before)
            if before != REVISION:
                _set_up_file(engine.connect())
                with writing(engine) as connection:
                    _migrate(connection)
    finally:
        engine.dispose()
    return before, REVISION


def _set_up_file(connection: Connection) -> None:
    """What SQLite keeps in the file and does not change inside a transaction."""
    with connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def migrations_folder() -> Path:
    """Where the migrations lie: inside the installed package, or beside it in a checkout."""
    inside = Path(str(files("tracker"))) / "_migrations"
    return inside if inside.exists() else inside.parent.parent / "migrations"
