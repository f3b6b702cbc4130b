"""Statements that are asked again and again: written in SQLAlchemy Core, compiled once, and run by the driver itself.

Running a statement through SQLAlchemy costs some 20 µs, building it anew some 50 µs more; SQLite answers in 2 µs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, Engine, PoolProxiedConnection, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement

Rows = list[tuple[Any, ...]]
Statement = tuple[str, Sequence[Any]]
"""What a driver is asked: SQL, and the values of its parameters in order."""


class Driver(Protocol):
    """A driver's own connection, as the statements here use it."""

    in_doubt: bool

    def ask(self, statements: Sequence[Statement]) -> list[Rows]:
        """What each of these statements finds; a server is asked all of them at once."""

    def tell(self, sql: str, many: Sequence[Sequence[Any]]) -> None:
        """Run a statement that finds nothing, once for each of the values; a server may hear of it only when asked."""

    def settle(self) -> None:
        """See to it that the database has heard all that was told."""

    def commit(self) -> None:
        """Commit; if that fails, `in_doubt` says whether it may have been done."""


class Transaction:
    """A transaction that was begun on a driver's own connection: all that prepared statements need."""

    def __init__(self, engine: Engine, pooled: PoolProxiedConnection) -> None:
        driver: Any = pooled.driver_connection
        self.driver: Driver = driver
        self.dialect = engine.dialect
        self._engine, self._pooled = engine, pooled
        self._core: Connection | None = None

    @property
    def core(self) -> Connection:
        """SQLAlchemy's connection within it, made when something else is asked."""
        if self._core is None:
            self._core = Connection(self._engine, connection=self._pooled)
        return self._core

    def lose(self, error: DBAPIError) -> None:
        """Have the connection, which is lost, replaced by whoever comes next."""
        if self._core is None:
            self._pooled.invalidate(error)
        elif not self._core.invalidated:
            self._core.invalidate(error)

    def end(self) -> None:
        """Give the connection back; what was not committed is rolled back."""
        if self._core is not None:
            self._core.close()
        self._pooled.close()


Asked = Connection | Transaction
"""What a prepared statement can be asked of."""


def core_connection(connection: Asked) -> Connection:
    """SQLAlchemy's connection within the same transaction."""
    return connection.core if isinstance(connection, Transaction) else connection


class CompiledQuery:
    """A statement with named parameters. What it returns are the driver's own tuples."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, Sequence[str], Mapping[str, Any]]] = {}

    def rows(self, connection: Asked, values: Mapping[str, Any] | None = None) -> Rows:
        """What the statement finds with these values of its parameters."""
        (found,) = ask(connection, [self.bind(connection.dialect, values)])
        return found

    def row(self, connection: Asked, values: Mapping[str, Any] | None = None) -> tuple[Any, ...] | None:
        """The one row that the statement finds, if it finds any."""
        found = self.rows(connection, values)
        return found[0] if found else None

    def run(self, connection: Asked, many: Sequence[Mapping[str, Any]]) -> None:
        """Run the statement, which finds nothing, once for each of the values."""
        sql, _ = self.bind(connection.dialect, many[0])
        tell(connection, sql, [self.bind(connection.dialect, values)[1] for values in many])

    def bind(self, dialect: Dialect, values: Mapping[str, Any] | None = None) -> Statement:
        """The statement as a driver is asked it."""
        if dialect.name not in self._compiled:
            kind: Any = type(dialect)
            by_place = dialect if dialect.positional else kind(paramstyle="numeric_dollar")
            compiled: Any = self._statement.compile(dialect=by_place)
            self._compiled[dialect.name] = (str(compiled), compiled.positiontup, compiled.params)
        sql, order, constants = self._compiled[dialect.name]
        given = values or {}
        return sql, [given[name] if name in given else constants[name] for name in order]


def ask(connection: Asked, statements: Sequence[Statement]) -> list[Rows]:
    """What each of these statements finds, all asked at once."""
    if not statements:
        return []
    driver = driver_connection(connection)
    try:
        return driver.ask(statements)
    except connection.dialect.loaded_dbapi.Error as error:  # which SQLAlchemy does not get to see
        raise wrap_driver_error(connection.dialect, driver, statements[0][0], error) from error


def tell(connection: Asked, sql: str, many: Sequence[Sequence[Any]]) -> None:
    """Run a statement that finds nothing, once for each of the values."""
    driver = driver_connection(connection)
    try:
        driver.tell(sql, many)
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrap_driver_error(connection.dialect, driver, sql, error) from error


def driver_connection(connection: Asked) -> Driver:
    """The driver's own connection, within the same transaction."""
    if isinstance(connection, Transaction):
        return connection.driver
    driver: Any = connection.connection.driver_connection
    return driver  # type: ignore[no-any-return]


def wrap_driver_error(dialect: Dialect, driver: Any, sql: str, error: Exception) -> DBAPIError:
    """A driver's error as SQLAlchemy would have raised it."""
    lost = bool(getattr(driver, "closed", False))
    base = dialect.loaded_dbapi.Error
    raised = DBAPIError.instance(sql, None, error, base, connection_invalidated=lost, dialect=dialect)
    assert isinstance(raised, DBAPIError)
    return raised


def rows_for(
    connection: Asked, statement: Callable[[int], CompiledQuery], values: Sequence[Any], **others: Any
) -> Iterator[tuple[Any, ...]]:
    """What a statement finds for many values, as many at once as one query may ask for.

    It is made for a number of parameters called `value0`, `value1` and so on; the `others` are the same for all.
    """
    for some in chunks(values):
        size = at_once(len(some))
        yield from statement(size).rows(connection, {**others, **numbered(value=padded(some, size))})


AT_ONCE = 400
"""How many values one query asks for at the most."""


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Values in rows that one query may ask for."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def at_once(number: int) -> int:
    """How many parameters to prepare a statement for that asks for so many values: a power of two."""
    return 1 << max(0, number - 1).bit_length()


def padded(values: Sequence[Any], size: int) -> list[Any]:
    """The values, the last one again and again until they are so many."""
    return [*values, *([values[-1]] * (size - len(values)))]


def many(name: str, column: ColumnElement[Any], number: int) -> list[BindParameter[Any]]:
    """So many parameters of a column's type, told apart by their numbers."""
    return [bindparam(f"{name}{at}", type_=column.type) for at in range(number)]


def numbered(**values: Sequence[Any]) -> dict[str, Any]:
    """The values for such parameters."""
    return {f"{name}{at}": value for name, some in values.items() for at, value in enumerate(some)}
