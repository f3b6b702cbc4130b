"""Answer in the time that the answer takes: runs of equal stances, and the days on which evidence was public."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _word(length: int) -> sa.types.TypeEngine:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    # Projections: made anew, and filled again from the log when the upgrade ends.
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
        sa.Column("standing", _word(16)),
        sa.Column("attribution", _word(16), nullable=False),
        sa.Column("source", _TEXT),
        sa.Column("public_on", _word(10)),
        sa.Column("evidence_at", _POSITION),
        sa.Column("ended_at", _POSITION),
        comment="Every version of a statement or withdrawal (stance null): when it takes effect and while it counts. "
        "`public_on` is the earliest day of its evidence, `evidence_at` the last position after its own that touched "
        "that.",
    )
    order = ["pair", "effective_on", "sequence", "rank"]
    covering = [*order, "stance", "public_on", "ended_at"]
    op.create_index("statement_order", "statement", covering)
    op.create_index("statement_effective", "statement", ["effective_on", "pair"])
    op.create_index("statement_source", "statement", ["source"])
    _index_of_some("statement_ended", "statement", ["ended_at"], "ended_at IS NOT NULL")
    _index_of_some("statement_asks", "statement", ["position"], "asks", flag=True)
    _index_of_some("statement_conditions", "statement", covering, "states_conditions", flag=True)
    _index_of_some("statement_undated", "statement", ["effective_on", "ended_at", "pair"], "public_on IS NULL")
    early = "public_on < effective_on OR evidence_at IS NOT NULL"
    _index_of_some("statement_early", "statement", covering, early)
    _index_of_some("statement_touched", "statement", ["evidence_at"], "evidence_at IS NOT NULL")
    op.create_index("corroboration_source", "corroboration", ["source"])
    for table in ("statement", "corroboration", "fact"):
        _index_of_some(f"{table}_corrected", table, ["rank"], "rank <> position")
    op.create_table(
        "run",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("pair", _POSITION, nullable=False),
        sa.Column("effective_on", _word(10), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("rank", _POSITION, nullable=False),
        sa.Column("stance", sa.SmallInteger),
        sa.Column("statements", sa.Integer, nullable=False),
        sa.Column("last_on", _word(10), nullable=False),
        sa.Column("last_position", _POSITION, nullable=False),
        comment="Every unbroken row of equal stances among what counts today, by its first step and its last.",
    )
    op.create_index("run_order", "run", order)


def _index_of_some(name: str, table: str, columns: list[str], where: str, *, flag: bool = False) -> None:
    on_sqlite = sa.text(f"{where} = 1" if flag else where)
    op.create_index(name, table, columns, sqlite_where=on_sqlite, postgresql_where=sa.text(where))


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")
