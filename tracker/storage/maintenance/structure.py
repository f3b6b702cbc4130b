"""Whether a database has the tables, columns, keys, indexes and triggers of the schema revision that it names."""

from collections.abc import Iterator, Sequence

from sqlalchemy import CheckConstraint, Connection, Table, UniqueConstraint, inspect, select
from sqlalchemy.engine import Inspector

from tracker.domain.terms.safe_text import plain, shown
from tracker.errors import DatabaseUnavailable
from tracker.storage.backends.backend import Backend
from tracker.storage.backends.transactions import require_this_release, stored_revision
from tracker.storage.schema import REVISION, log, log_head, metadata


def require_what_it_says(connection: Connection, backend: Backend) -> None:
    """Refuse a database that has this release's tables but names another revision. Raises DatabaseUnavailable."""
    for wrong in _revision_damage(connection, backend):
        raise DatabaseUnavailable(backend.place, f"is damaged: {wrong}", "Run `tracker verify`; restore a backup.")


def structure_damage(connection: Connection, backend: Backend) -> Iterator[str]:
    """What is wrong with the database as a whole, before anything in the log is looked at.

    Raises as `require_this_release` for a database that is sound, but another release's.
    """
    backend.tables(connection)  # refuses what is no tracker's database
    if missing := missing_tables(connection, [log, log_head]):
        require_this_release(connection, backend)
        yield f"the table {missing[0]} is missing"
        return
    yield from backend.structure_damage(connection)
    found = list(_revision_damage(connection, backend))
    if not found:
        require_this_release(connection, backend)
    yield from found
    if connection.scalars(select(log_head.c.id)).all() != [1]:
        yield "the table log_head, whose row is the writer's lock, does not hold its one row"
    try:
        yield from _missing_keys(inspect(connection))
    except (TypeError, ValueError, LookupError, AttributeError) as error:  # what SQLAlchemy makes of a torn catalogue
        yield f"the database's own catalogue cannot be read: {plain(str(error))}"


def missing_tables(connection: Connection, wanted: Sequence[Table]) -> list[str]:
    """The names of those tables that are not there."""
    there = set(inspect(connection).get_table_names())
    return [table.name for table in wanted if table.name not in there]


def _revision_damage(connection: Connection, backend: Backend) -> Iterator[str]:
    said, inspector = stored_revision(connection, backend), inspect(connection)
    more = set(inspector.get_table_names()) - {"alembic_version", *metadata.tables}
    newer = isinstance(said, str) and said > REVISION and bool(more)
    if said != REVISION and not newer and _is_ours(inspector):
        yield f"alembic_version holds {shown(said)}, but the tables are those of {REVISION!r}"


def _is_ours(inspector: Inspector) -> bool:
    """Whether the tables, columns and indexes of this release are there: no two releases have the same."""
    return set(inspector.get_table_names()) >= set(metadata.tables) and all(
        {column["name"] for column in inspector.get_columns(name)} == set(table.columns.keys())
        and {str(index.name) for index in table.indexes} <= {index["name"] for index in inspector.get_indexes(name)}
        for name, table in metadata.tables.items()
    )


def _missing_keys(inspector: Inspector) -> Iterator[str]:
    there = set(inspector.get_table_names())
    for table in (table for table in metadata.sorted_tables if table.name in there):
        indexes = {index["name"]: index["column_names"] for index in inspector.get_indexes(table.name)}
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            if indexes.get(str(index.name)) != list(index.columns.keys()):
                yield f"the index {index.name} is missing, or of other columns"
        for column in inspector.get_columns(table.name):
            ours = table.columns.get(column["name"])
            if ours is not None and not ours.nullable and column["nullable"]:
                yield f"nothing keeps {column['name']} of {table.name} from being empty"
        made = table.constraints.union(*(column.constraints for column in table.columns))
        checks = [check for check in made if isinstance(check, CheckConstraint)]
        if len(inspector.get_check_constraints(table.name)) < len(checks):
            yield f"the check on {table.name} is missing"
        if inspector.get_pk_constraint(table.name)["constrained_columns"] != list(table.primary_key.columns.keys()):
            yield f"the primary key of {table.name} is missing"
        unique = [found["column_names"] for found in inspector.get_unique_constraints(table.name)]
        for constraint in table.constraints:
            columns = list(constraint.columns.keys()) if isinstance(constraint, UniqueConstraint) else []
            if columns and columns not in unique:
                yield f"nothing keeps {', '.join(columns)} of {table.name} unique"
