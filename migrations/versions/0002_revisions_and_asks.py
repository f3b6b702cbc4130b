"""Find what was corrected or retracted, and what one party asked of another, without reading the whole log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _word(length: int) -> sa.types.TypeEngine:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    # A projection: made anew, and filled again from the log when the upgrade ends.
    op.drop_table("statement")
    op.create_table(
        "statement",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("pair", _POSITION, nullable=False),
        sa.Column("effective_on", _word(10), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("rank", _POSITION, nullable=False),
        sa.Column("stance", sa.SmallInteger),
        sa.Column("states_conditions", sa.Boolean, nullable=False),
        sa.Column("asks", sa.Boolean, nullable=False),
        sa.Column("contests_from", _word(10), nullable=False),
        sa.Column("attribution", _word(16), nullable=False),
        sa.Column("source", _TEXT),
        sa.Column("ended_at", _POSITION),
        comment="Every version of a statement or withdrawal (stance null): when it takes effect and while it counts.",
    )
    op.create_index("ix_statement_rank", "statement", ["rank"])
    op.create_index("statement_order", "statement", ["pair", "effective_on", "sequence", "rank"])
    op.create_index("statement_effective", "statement", ["effective_on", "pair"])
    op.create_index(
        "statement_asks", "statement", ["position"], sqlite_where=sa.text("asks = 1"), postgresql_where=sa.text("asks")
    )
    for table in ("statement", "corroboration", "fact"):
        ended = sa.text("ended_at IS NOT NULL")
        op.create_index(f"{table}_ended", table, ["ended_at"], sqlite_where=ended, postgresql_where=ended)


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")
