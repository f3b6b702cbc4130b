"""The append-only log with its triggers, and the first projections."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "log",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("recorded_at", sa.String(27), nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    op.create_index("ix_log_recorded_at", "log", ["recorded_at"])
    _refuse_changes_to_the_log()
    op.create_table(
        "pair",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("issue", sa.Text, nullable=False),
        sa.Column("party", sa.Text, nullable=False),
        sa.UniqueConstraint("issue", "party"),
    )
    op.create_table(
        "statement",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pair", sa.Integer, nullable=False),
        sa.Column("effective_on", sa.String(10), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("stance", sa.SmallInteger),
        sa.Column("states_conditions", sa.Boolean, nullable=False),
        sa.Column("contests_from", sa.String(10), nullable=False),
        sa.Column("attribution", sa.String(16), nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("ended_at", sa.Integer),
    )
    op.create_index("ix_statement_rank", "statement", ["rank"])
    op.create_index("statement_order", "statement", ["pair", "effective_on", "sequence", "rank"])
    op.create_index("statement_effective", "statement", ["effective_on", "pair"])
    op.create_table(
        "corroboration",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("statement_rank", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.Integer),
    )
    op.create_index("ix_corroboration_statement_rank", "corroboration", ["statement_rank"])
    op.create_table(
        "fact",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("family", sa.String(64), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("day", sa.String(10)),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.Integer),
    )
    op.create_index("fact_key", "fact", ["family", "key", "rank"])
    op.create_index("fact_day", "fact", ["family", "day"])


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")


def _refuse_changes_to_the_log() -> None:
    """Nobody changes or removes an entry, and a new one takes the next position with an id of its own.

    The insert trigger is what stops `INSERT OR REPLACE`, which would delete a row without firing a delete trigger.
    """
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
