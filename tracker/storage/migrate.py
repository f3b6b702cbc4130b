"""Create a database, or bring an older one up to this release's schema, with Alembic."""

import os
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from tracker.errors import DatabaseMissing, DatabaseNewer, DatabaseUnavailable
from tracker.storage.engine import (
    connect,
    database_errors,
    database_path,
    is_missing,
    open_database,
    reading,
    stored_revision,
    writing,
)
from tracker.storage.schema import APPLICATION_ID, REVISION
from tracker.storage.verification import rebuild


def create_database(url: str) -> bool:
    """Create a database; an existing one of this schema is left as it is.

    Returns whether it was made. It is made aside and then put in its place, so
    that nobody meets half a database, and of several who create it at once one
    does. Raises as `open_database`, and DatabaseUnavailable.
    """
    path = database_path(url)
    if not is_missing(path):
        open_database(url).dispose()
        return False
    try:
        with TemporaryDirectory(dir=path.absolute().parent, prefix=".tracker-", ignore_cleanup_errors=True) as folder:
            made = Path(folder) / "new.db"
            _make(made)
            return _put_in_place(made, path)
    except FileNotFoundError as error:
        missing = f"The folder {path.parent} does not exist; make it."
        raise DatabaseUnavailable(str(path), "cannot be created", missing) from error
    except OSError as error:
        refused = f"cannot be created ({error.strerror})"
        advice = f"Check that you may write in the folder {path.absolute().parent}."
        raise DatabaseUnavailable(str(path), refused, advice) from error


def upgrade_database(url: str) -> tuple[str, str]:
    """Migrate to this release's schema, and derive the projections again, in one transaction.

    Returns the revision before and after. Raises DatabaseMissing, DatabaseNewer, NotATrackerDatabase or
    DatabaseUnavailable.
    """
    path = database_path(url)
    if is_missing(path):
        raise DatabaseMissing(str(path))
    engine = connect(path)
    try:
        with database_errors(path):
            with reading(engine) as connection:
                before = stored_revision(connection, path)
            if before > REVISION:
                raise DatabaseNewer(str(path), before)
            if before != REVISION:
                with writing(engine) as connection:
                    _migrate(connection)
                    rebuild(connection)
    finally:
        engine.dispose()
    return before, REVISION


def _make(path: Path) -> None:
    engine = connect(path)
    try:
        with database_errors(path):
            with engine.connect() as connection:
                # What SQLite keeps in the file and does not change inside a transaction.
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA journal_mode = WAL")
                driver.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            with writing(engine) as connection:
                _migrate(connection)
    finally:
        engine.dispose()  # the last connection to close takes the -wal and -shm files along


def _put_in_place(made: Path, path: Path) -> bool:
    if path.exists() and is_missing(path):  # an empty file
        made.replace(path)
        return True
    try:
        os.link(made, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        made.replace(path)
    return True


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


_ONE_AT_A_TIME = Lock()
"""Alembic's migration context is global to the process."""


def migrations_folder() -> Path:
    """Where the migrations lie: inside the installed package, or beside it in a checkout."""
    inside = Path(str(files("tracker"))) / "_migrations"
    return inside if inside.exists() else inside.parent.parent / "migrations"
