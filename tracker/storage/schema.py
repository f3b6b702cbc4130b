"""The tables: the append-only log with its triggers, the disposable projections derived from it, and the tokens.

Here they are described, for queries and for `verify`; the revisions in `migrations/versions/` create them.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

REVISION = "0009"
"""The schema revision that this release reads and writes (the head of `migrations/`)."""

APPLICATION_ID = 0x4E505431
"""The application id in the header of an SQLite file that marks it as the tracker's: "NPT1"."""

metadata = MetaData()

# Text is compared by code point on every server, whatever its default collation; positions are 64-bit numbers.
_Text = Text().with_variant(Text(collation="C"), "postgresql")
_Position = BigInteger().with_variant(Integer(), "sqlite")


def _word(length: int) -> TypeEngine[str]:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def _partial_index(name: str, *columns: str, where: str, flag: bool = False) -> Index:
    """Define a partial index, by a condition or by a boolean column (`flag`; a number on SQLite).

    `backends/postgresql.py` passes the condition on to its dialect, which `postgresql_where` would import here.
    """
    return Index(name, *columns, sqlite_where=text(f"{where} = 1" if flag else where), info={"where": where})


def _chain_indexes(table: str) -> tuple[Index, Index]:
    """Define indexes of the few entries that were corrected or retracted, and of the corrections."""
    ended = _partial_index(f"{table}_ended", "ended_at", where="ended_at IS NOT NULL")
    return ended, _partial_index(f"{table}_corrected", "rank", where="rank <> position")


log = Table(
    "log",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("id", _word(36), nullable=False, unique=True),
    Column("type", _word(64), nullable=False),
    Column("recorded_at", _word(27), nullable=False, index=True),
    Column("line", _Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    comment="One row per entry. `line` is the canonical text that `hash` chains; the other columns are read from it.",
)

log_head = Table(
    "log_head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="log_head_is_one_row"), primary_key=True, autoincrement=False),
    comment="One row: on PostgreSQL, locking it is having the writer's turn.",
)

pair = Table(
    "pair",
    metadata,
    Column("id", _Position, primary_key=True, autoincrement=False),
    Column("issue", _Text, nullable=False),
    Column("party", _Text, nullable=False),
    UniqueConstraint("issue", "party"),
    comment="Every pair that an entry ever stated something about; `id` is the position of the first that did.",
)

EARLY = "public_on < effective_on OR evidence_at IS NOT NULL"
"""Versions that may be public before they take effect: mostly of a month or a year that was not over."""
CONDITIONAL = "value = 'conditional' OR states_conditions"
"""Versions without which no conditions can be in force."""
_COVERING = ("pair", "effective_on", "sequence", "rank", "value", "public_on", "ended_at")
"""A statement's place on its pair's timeline, with the columns by which the index alone filters it."""

statement = Table(
    "statement",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("pair", _Position, nullable=False),
    Column("effective_on", _word(10), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("rank", _Position, nullable=False),
    Column("value", _Text, nullable=False),
    Column("states_conditions", Boolean, nullable=False),
    Column("lasts", Boolean, nullable=False),
    Column("asks", Boolean, nullable=False),
    Column("addressed_to", _Text),
    Column("answers", _Text),
    Column("first_on", _word(10), nullable=False),
    Column("contests_from", _word(10), nullable=False),
    Column("standing", _word(16)),
    Column("attribution", _word(16), nullable=False),
    Column("source", _Text),
    Column("public_on", _word(10)),
    Column("evidence_at", _Position),
    Column("ended_at", _Position),
    Index("statement_order", *_COVERING),
    Index("statement_effective", "effective_on", "pair"),
    Index("statement_source", "source"),
    *_chain_indexes("statement"),
    _partial_index("statement_asks", "position", where="asks", flag=True),
    _partial_index("statement_conditions", *_COVERING, where="states_conditions", flag=True),
    _partial_index("statement_conditional", "pair", where=CONDITIONAL),
    _partial_index("statement_lasts", "pair", where="lasts", flag=True),
    _partial_index("statement_answers", "position", where="answers IS NOT NULL"),
    _partial_index("statement_undated", "effective_on", "ended_at", "pair", where="public_on IS NULL"),
    _partial_index("statement_early", *_COVERING, where=EARLY),
    _partial_index("statement_touched", "evidence_at", where="evidence_at IS NOT NULL"),
    comment="Every version of a statement or withdrawal: when it takes effect and while it counts. `public_on` is the "
    "day on which it became public, `evidence_at` the last position after its own that touched its evidence, "
    "`addressed_to` a JSON array of parties, `answers` the id of an ask; one that `lasts` says something beside "
    "conditions that stays in force.",
)

run = Table(
    "run",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("pair", _Position, nullable=False),
    Column("effective_on", _word(10), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("rank", _Position, nullable=False),
    Column("value", _Text, nullable=False),
    Column("statements", Integer, nullable=False),
    Column("last_on", _word(10), nullable=False),
    Column("last_position", _Position, nullable=False),
    Index("run_order", "pair", "effective_on", "sequence", "rank"),
    comment="Every unbroken row of equal values among what counts today, by its first statement and its last.",
)

corroboration = Table(
    "corroboration",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("statement_rank", _Position, nullable=False, index=True),
    Column("source", _Text, nullable=False),
    Column("rank", _Position, nullable=False),
    Column("ended_at", _Position),
    Index("corroboration_source", "source"),
    *_chain_indexes("corroboration"),
    comment="Every version of a corroboration, by the rank of the statement that it stays with.",
)

MORE_THAN_A_QUESTION = "form <> 'question'"
"""Openings of issues that are quantities or choices, or on which each party answers for itself."""

fact = Table(
    "fact",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("family", _word(64), nullable=False),
    Column("key", _Text, nullable=False),
    Column("day", _word(10)),
    Column("form", _word(16)),
    Column("rank", _Position, nullable=False),
    Column("ended_at", _Position),
    Index("fact_key", "family", "key", "rank"),
    Index("fact_day", "family", "day"),
    _partial_index("fact_form", "key", where=MORE_THAN_A_QUESTION),
    *_chain_indexes("fact"),
    comment="Every version of any other entry that can count (registers, memberships, issue events, milestones). "
    "`form` is that of an issue that it opens, own that of a question on which each party answers for itself.",
)

entry_words = Table(
    "entry_words",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=False),
    Column("words", _Text, nullable=False),
    comment="The words of every version of an entry that has some, folded as a search compares them.",
)

WORD_INDEX = {
    "sqlite": "CREATE VIRTUAL TABLE word_index USING fts5("
    "words, content = 'entry_words', content_rowid = 'position', columnsize = 0, tokenize = 'ascii')",
    "postgresql": "CREATE INDEX word_index ON entry_words USING gin (array_to_tsvector(string_to_array(words, ' ')))",
}
"""The full-text index of `entry_words`. Its words are folded and set apart already; ASCII's tokenizer keeps all others.

PostgreSQL's own parser would split words by the server's locale. Its index therefore holds no places, and phrases are
looked for in the words themselves.
"""
WORD_INDEX_TABLES = {f"word_index{part}" for part in ("", "_data", "_idx", "_docsize", "_config")}
"""The tables that SQLite keeps for it."""

rules = Table(
    "rules",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    comment="The rules (the meaning of answers, by number) by which the projections were derived.",
)

token = Table(
    "token",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("name", _Text, nullable=False),
    Column("made_at", _word(27), nullable=False),
    Column("revoked_at", _word(27)),
    comment="Who records over the network: the hash of each token, and the name of its holder. Not derived.",
)

_APPEND_ONLY = " BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'restrict_violation'; END "
LOG_TRIGGERS = {
    "sqlite": {
        "log_refuses_delete": "CREATE TRIGGER log_refuses_delete BEFORE DELETE ON log "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
        "log_refuses_update": "CREATE TRIGGER log_refuses_update BEFORE UPDATE ON log "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
        "log_refuses_gaps": "CREATE TRIGGER log_refuses_gaps BEFORE INSERT ON log "
        "WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM log) "
        "OR EXISTS (SELECT 1 FROM log WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'an entry takes the next position and an id of its own'); END",
    },
    "postgresql": {
        "log_refuses_delete": f"10{_APPEND_ONLY}",
        "log_refuses_truncate": f"34{_APPEND_ONLY}",
        "log_refuses_update": f"18{_APPEND_ONLY}",
        "log_refuses_gaps": "7 BEGIN IF NEW.position IS DISTINCT FROM "
        "(SELECT coalesce(max(position), 0) + 1 FROM {log}) OR EXISTS (SELECT 1 FROM {log} WHERE id = NEW.id) THEN "
        "RAISE EXCEPTION 'an entry takes the next position and an id of its own' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END ",
    },
}
"""The triggers that keep the log append-only: SQLite's text of them, and PostgreSQL's of their functions.

On PostgreSQL the number is the trigger's type (`pg_trigger.tgtype`), and `{log}` is the table's name with its schema.
The migrations create them; a test compares these texts with theirs.
"""


def trigger_damage(dialect: str, found: Mapping[str, str], *, log: str = "log") -> Iterator[str]:
    """Yield the log's triggers that are missing or differ from their definition, and triggers that are not its own."""
    for name, expected in sorted(LOG_TRIGGERS[dialect].items()):
        if found.get(name) != expected.format(log=log):
            problem = "is not as it was made" if name in found else "is missing or disabled"
            yield f"the trigger {name}, which keeps the log append-only, {problem}"
    for name in sorted(found.keys() - LOG_TRIGGERS[dialect].keys()):
        yield f"the trigger or rule {name} is not one of the tracker's"


VERSIONS = (statement, corroboration, fact)
"""The projections with a row for every version of an entry that can count, and the position that ended it."""

PROJECTIONS = (pair, *VERSIONS, run, entry_words, rules)
