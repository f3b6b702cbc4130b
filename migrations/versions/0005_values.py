"""Statements and runs hold a value, of which a withdrawal is one: null means nothing any more."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_COMMENTS = {
    "statement": "Every version of a statement or withdrawal: when it takes effect and while it counts. `public_on` is "
    "the earliest day of its evidence, `evidence_at` the last position after its own that touched that.",
    "run": "Every unbroken row of equal values among what counts today, by its first statement and its last.",
}
_ORDER = ["pair", "effective_on", "sequence", "rank"]
_COVERING = {
    "statement_order": None,
    "statement_conditions": "states_conditions",
    "statement_early": "public_on < effective_on OR evidence_at IS NOT NULL",
}
"""The indexes that hold the column, and the condition of each."""


def upgrade() -> None:
    # Projections: emptied, and filled again from the log when the upgrade ends. Altered, so that grants on them stay.
    for name in _COVERING:
        op.drop_index(name, "statement")
    for table in ("statement", "run"):
        op.execute(sa.delete(sa.table(table)))
        with op.batch_alter_table(table) as batch:
            batch.drop_column("stance")
            batch.add_column(sa.Column("value", _TEXT, nullable=False))
    if op.get_context().dialect.supports_comments:
        for table, comment in _COMMENTS.items():
            op.create_table_comment(table, comment)
    for name, where in _COVERING.items():
        op.create_index(
            name,
            "statement",
            [*_ORDER, "value", "public_on", "ended_at"],
            sqlite_where=None if where is None else sa.text(f"{where} = 1" if where == "states_conditions" else where),
            postgresql_where=None if where is None else sa.text(where),
        )


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")
