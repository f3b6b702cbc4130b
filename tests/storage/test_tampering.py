"""A value changed in any column of any table, by whoever may change it, is found, on both back ends."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    ColumnClause,
    Connection,
    Engine,
    Integer,
    String,
    column,
    create_engine,
    delete,
    insert,
    select,
    table,
    text,
    update,
)
from sqlalchemy.types import TypeEngine

from tests.conftest import NOW, filled
from tests.databases import Databases
from tests.ledger import append_all, drafts
from tracker.domain.log.chain import LogHead
from tracker.errors import LogDamaged
from tracker.storage.backends.transactions import backend_of
from tracker.storage.schema import log, metadata
from tracker.tracker import Tracker
from tracker.usecases.verify import VerifyResult

pytestmark = pytest.mark.on_both_backends

LEDGER = """
    party RUS aliases=Moscow
    party EUN kind=bloc
    issue a/b
    source dw 2019-12-11
    source tass
    started RUS EUN 2019-01-01
    a: stated RUS a/b supports 2019-12-10 source=dw if=x act=asks addressed_to=EUN
    b: corrected a stance=opposes
    c: corroborated b source=dw
    corrected c source=tass
    d: stated EUN a/b neutral 2019-12-12 speaker=Ann sequence=2
    withdrawn EUN a/b 2019-12-13
    milestone Summit 2019-12-10 parties=RUS
    e: milestone Deadline 2019-12-11
    retracted e
    """
TABLES: dict[str, list[ColumnClause[Any]]] = {name: list(found.columns) for name, found in metadata.tables.items()}
del TABLES["token"]  # which no entry says anything of
TABLES["alembic_version"] = [column("version_num", String)]
ROWS = int(os.environ.get("TRACKER_TAMPERED_ROWS", "1"))
"""How many rows each column is changed in, on each back end; `make test-crash` takes them all."""


@contextmanager
def behind_the_back(engine: Engine) -> Iterator[Connection]:
    """A transaction in which no trigger guards the log; afterwards all of them do."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection
            return
        triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _, sql in triggers:
            connection.exec_driver_sql(sql)


def flipped(value: Any, kind: TypeEngine[Any], chance: random.Random) -> Any:
    """The value with one byte of it, or the number, changed; something where nothing was."""
    match value:
        case None | "":
            return 1 if isinstance(kind, Integer) else "x"
        case bool():
            return not value
        case int():
            return value ^ 64  # no number of the ledger's
        case bytes():
            at = chance.randrange(len(value))
            return value[:at] + bytes([value[at] ^ (1 << chance.randrange(8))]) + value[at + 1 :]
        case _:
            at = chance.randrange(len(value))
            other = chr(ord(value[at]) ^ 1)
            return value[:at] + other + value[at + 1 :]


@contextmanager
def written(databases: Databases) -> Iterator[tuple[str, Engine]]:
    with filled(databases, LEDGER) as (url, _):
        engine = create_engine(backend_of(url).connect().url)
        yield url, engine
        engine.dispose()


@contextmanager
def watched(databases: Databases) -> Iterator[tuple[Tracker, Engine]]:
    """A tracker that stays open while somebody else changes its database."""
    with written(databases) as (url, engine), Tracker.open(url, as_it_is=True) as tracker:
        yield tracker, engine


def verified(url: str, checkpoint: LogHead | None = None) -> VerifyResult:
    with Tracker.open(url, as_it_is=True) as tracker:
        return tracker.verify(checkpoint)


@pytest.mark.parametrize("name", sorted(TABLES.keys() - {"log_head"}))
def test_a_flipped_byte_in_any_column_is_found(databases: Databases, name: str) -> None:
    """All but that of log_head, which a constraint keeps at 1."""
    chance = random.Random(name)
    changed = table(name, *(column(each.name, each.type) for each in TABLES[name]))
    with watched(databases) as (tracker, engine):
        with engine.connect() as connection:
            rows = connection.execute(select(changed)).all()
        assert rows
        fields = [each.name for each in changed.c]
        for field, row in ((field, row) for field in fields for row in chance.sample(rows, min(ROWS, len(rows)))):
            value = flipped(getattr(row, field), changed.c[field].type, chance)
            mine = [each == getattr(row, each.name) for each in changed.c]
            back = [each == (value if each.name == field else getattr(row, each.name)) for each in changed.c]
            with behind_the_back(engine) as connection:
                assert connection.execute(update(changed).where(*mine).values({field: value})).rowcount == 1
            found = tracker.verify()
            with behind_the_back(engine) as connection:
                assert connection.execute(update(changed).where(*back).values({field: getattr(row, field)})).rowcount
            assert not found.sound, f"{name}.{field} of {row} became {value!r} unseen"
            if name == "log":
                assert found.log[0].position == row.position
        assert tracker.verify().sound


@pytest.mark.parametrize("name", TABLES)
def test_a_row_taken_out_or_put_in_is_found(databases: Databases, name: str) -> None:
    changed = table(name, *(column(each.name, each.type) for each in TABLES[name]))
    with watched(databases) as (tracker, engine):
        with engine.connect() as connection:
            rows = connection.execute(select(changed)).all()
        assert rows
        for row in rows:
            with behind_the_back(engine) as connection:
                mine = [each == getattr(row, each.name) for each in changed.c]
                assert connection.execute(delete(changed).where(*mine)).rowcount == 1
            found = tracker.verify()
            assert not found.sound, f"{row} of {name} went unseen"
            if name == "log" and row.position < len(rows):
                assert found.log[0].position == row.position
            with behind_the_back(engine) as connection:
                connection.execute(insert(changed).values(row._asdict()))
        assert tracker.verify().sound
        if name not in ("log_head", "alembic_version", "rules"):  # which have one row, whatever is put in
            first = "id" if name == "pair" else "position"
            unique = {"id": str(UUID(int=7))} if name == "log" else {"party": "USA"} if name == "pair" else {}
            with behind_the_back(engine) as connection:
                connection.execute(insert(changed).values({**rows[0]._asdict(), **unique, first: 99}))
            assert not tracker.verify().sound


@pytest.mark.parametrize(("first", "second"), [(4, 5), (7, 12)])
def test_entries_in_another_order_are_found(databases: Databases, first: int, second: int) -> None:
    with written(databases) as (url, engine):
        with behind_the_back(engine) as connection:
            for at, to in ((first, 99), (second, first), (99, second)):
                connection.execute(update(log).where(log.c.position == at).values(position=to))
        assert verified(url).log[0].position == first


def test_a_cut_or_rewritten_log_is_found_by_a_checkpoint_kept_elsewhere(databases: Databases) -> None:
    with written(databases) as (url, engine):
        with Tracker.open(url) as tracker:
            kept = tracker.checkpoint()
        with behind_the_back(engine) as connection:
            connection.execute(delete(log).where(log.c.position > kept.position - 2))
        with Tracker.open(url) as tracker:
            tracker.rebuild()  # whoever cuts the log so covers the tracks
        assert verified(url).sound
        assert "was cut" in verified(url, kept).log[0].message
        with behind_the_back(engine) as connection:
            for each in metadata.tables.values():
                if each.name not in ("log_head", "rules"):
                    connection.execute(delete(each))
        with Tracker.open(url, clock=lambda: NOW) as tracker, tracker._log.writing() as writer:
            append_all(writer, drafts(LEDGER.replace("neutral", "supports")))
        assert verified(url).sound
        assert "rewritten" in verified(url, kept).log[0].message


FOREIGN = {
    "sqlite": (
        "CREATE TRIGGER swallows BEFORE INSERT ON log BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER forgets AFTER INSERT ON statement BEGIN DELETE FROM statement; END",
    ),
    "postgresql": (
        "CREATE RULE swallows AS ON INSERT TO log DO INSTEAD NOTHING",
        "CREATE RULE forgets AS ON INSERT TO statement DO INSTEAD NOTHING",
        "DROP TRIGGER log_refuses_update ON log; CREATE TRIGGER log_refuses_update BEFORE UPDATE OF position ON log "
        "FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()",
        "DROP TRIGGER log_refuses_update ON log; CREATE TRIGGER log_refuses_update BEFORE DELETE ON log "
        "FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()",
        "CREATE TRIGGER swallows BEFORE INSERT ON statement FOR EACH ROW EXECUTE FUNCTION log_is_append_only()",
        "ALTER TABLE log SET UNLOGGED",
        "ALTER TABLE log ALTER COLUMN hash DROP NOT NULL",
        "ALTER TABLE log_head DROP CONSTRAINT log_head_is_one_row",
        "ALTER TABLE log DROP CONSTRAINT log_id_key",
        "DROP INDEX statement_order; CREATE INDEX statement_order ON statement (position)",
    ),
}


def test_what_would_change_or_lose_the_next_entry_is_found_before_it_does(backend: str, databases: Databases) -> None:
    for statements in FOREIGN[backend]:
        with databases.own() as url:
            engine = create_engine(backend_of(url).connect().url)
            with engine.begin() as connection:
                for statement in statements.split(";") if backend == "postgresql" else [statements]:
                    connection.exec_driver_sql(statement)
            engine.dispose()
            assert verified(url).log, statements


@pytest.mark.parametrize(("field", "value"), [("asks", 5), ("asks", -1), ("states_conditions", 2), ("asks", 0.5)])
@pytest.mark.on_sqlite
def test_a_flag_is_yes_or_no_and_nothing_else(databases: Databases, field: str, value: float) -> None:
    with written(databases) as (url, engine):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE statement SET {field} = {value} WHERE position = 7")
        assert [damage.position for damage in verified(url).projections] == [7]


@pytest.mark.on_sqlite
def test_a_trigger_on_a_table_of_somebody_elses_is_their_own_affair(databases: Databases) -> None:
    with written(databases) as (url, engine):
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE notes (x)")
            connection.exec_driver_sql("CREATE TRIGGER noted AFTER INSERT ON notes BEGIN DELETE FROM notes; END")
        assert verified(url).sound


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        ('"stance":"supports"', '"stanze":"supports"'),
        ('"stated_on":"2019-12-10"', '"stated_on":"2019-13-10"'),
        ('"stance":"opposes"', '"stance":"pro"'),
        ('"party":"EUN"', '"parties":"EUN"'),
        ('"reason":"Never said.","target":', '"reason":"Never said.","targets":'),
        ('"data":{', '"date":{'),
        ('"data":{', '"data":["'),
    ],
)
def test_a_rebuild_names_the_entry_that_cannot_be_read(databases: Databases, what: str, instead: str) -> None:
    with written(databases) as (url, engine):
        with engine.connect() as connection:
            lines = connection.execute(select(log.c.position, log.c.line).order_by(log.c.position)).all()
        position, line = next((position, line) for position, line in reversed(lines) if what in line)
        with behind_the_back(engine) as connection:
            changed = line.replace(what, instead)
            connection.execute(update(log).where(log.c.position == position).values(line=changed))
        with (
            Tracker.open(url) as tracker,
            pytest.raises(LogDamaged, match=f"position {position} cannot be read"),
        ):
            tracker.rebuild()
