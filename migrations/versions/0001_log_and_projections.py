"""The append-only log with its triggers, and the first projections."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _word(length: int) -> sa.types.TypeEngine:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "log",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("id", _word(36), nullable=False, unique=True),
        sa.Column("type", _word(64), nullable=False),
        sa.Column("recorded_at", _word(27), nullable=False),
        sa.Column("line", _TEXT, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        comment="One row per entry. `line` is the canonical text that `hash` chains; "
        "the other columns are read from it.",
    )
    op.create_index("ix_log_recorded_at", "log", ["recorded_at"])
    _refuse_changes_to_the_log()
    op.create_table(
        "pair",
        sa.Column("id", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("issue", _TEXT, nullable=False),
        sa.Column("party", _TEXT, nullable=False),
        sa.UniqueConstraint("issue", "party"),
        comment="Every pair that an entry ever stated something about; `id` is the position of the first that did.",
    )
    op.create_table(
        "statement",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("pair", _POSITION, nullable=False),
        sa.Column("effective_on", _word(10), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("rank", _POSITION, nullable=False),
        sa.Column("stance", sa.SmallInteger),
        sa.Column("states_conditions", sa.Boolean, nullable=False),
        sa.Column("contests_from", _word(10), nullable=False),
        sa.Column("attribution", _word(16), nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("ended_at", _POSITION),
    )
    op.create_index("ix_statement_rank", "statement", ["rank"])
    op.create_index("statement_order", "statement", ["pair", "effective_on", "sequence", "rank"])
    op.create_index("statement_effective", "statement", ["effective_on", "pair"])
    op.create_table(
        "corroboration",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("statement_rank", _POSITION, nullable=False),
        sa.Column("source", _TEXT, nullable=False),
        sa.Column("rank", _POSITION, nullable=False),
        sa.Column("ended_at", _POSITION),
        comment="Every version of a corroboration, by the rank of the statement that it stays with.",
    )
    op.create_index("ix_corroboration_statement_rank", "corroboration", ["statement_rank"])
    op.create_table(
        "fact",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("family", _word(64), nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("day", _word(10)),
        sa.Column("rank", _POSITION, nullable=False),
        sa.Column("ended_at", _POSITION),
        comment="Every version of any other entry that can count (registers, memberships, issue events, milestones).",
    )
    op.create_index("fact_key", "fact", ["family", "key", "rank"])
    op.create_index("fact_day", "fact", ["family", "day"])


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")


def _refuse_changes_to_the_log() -> None:
    """Nobody changes or removes an entry, and a new one takes the next position with an id of its own.

    The insert trigger is what stops `INSERT OR REPLACE`, which would delete a row without firing a delete trigger.
    """
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_postgresql()
        return
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER log_refuses_{action.lower()} BEFORE {action} ON log "
            "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER log_refuses_gaps BEFORE INSERT ON log "
        "WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM log) "
        "OR EXISTS (SELECT 1 FROM log WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'an entry takes the next position and an id of its own'); END"
    )


def _refuse_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for action in ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(
            f"CREATE TRIGGER log_refuses_{action.lower()} BEFORE {action} ON log "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()"
        )
    # Named with its schema: a session's own temporary table of that name comes before it otherwise.
    log = f"{op.get_bind().scalar(sa.text('SELECT quote_ident(current_schema())'))}.log"
    op.execute(
        "CREATE FUNCTION log_has_no_gaps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.position IS DISTINCT FROM (SELECT coalesce(max(position), 0) + 1 FROM {log}) "
        f"OR EXISTS (SELECT 1 FROM {log} WHERE id = NEW.id) THEN "
        "RAISE EXCEPTION 'an entry takes the next position and an id of its own' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute("CREATE TRIGGER log_refuses_gaps BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION log_has_no_gaps()")
