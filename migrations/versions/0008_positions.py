"""Positions that are more than yes or no: the forms of issues, and what statements say that lasts."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_WORD = sa.String(16).with_variant(sa.String(16, collation="C"), "postgresql")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_COMMENTS = {
    "statement": "Every version of a statement or withdrawal: when it takes effect and while it counts. `public_on` is "
    "the day on which it became public, `evidence_at` the last position after its own that touched its evidence, "
    "`addressed_to` a JSON array of parties, `answers` the id of an ask; one that `lasts` says something beside "
    "conditions that stays in force.",
    "fact": "Every version of any other entry that can count (registers, memberships, issue events, milestones). "
    "`form` is that of an issue that it opens, own that of a question on which each party answers for itself.",
}


def upgrade() -> None:
    # Projections: emptied, and filled again from the log when the upgrade ends. Altered, so that grants on them stay.
    for table in ("statement", "fact"):
        op.execute(sa.delete(sa.table(table)))
    with op.batch_alter_table("statement") as batch:
        batch.add_column(sa.Column("lasts", sa.Boolean, nullable=False))
        batch.add_column(sa.Column("answers", _TEXT))
    with op.batch_alter_table("fact") as batch:
        batch.add_column(sa.Column("form", _WORD))
    op.create_index(
        "statement_lasts",
        "statement",
        ["pair"],
        sqlite_where=sa.text("lasts = 1"),
        postgresql_where=sa.text("lasts"),
    )
    op.create_index(
        "statement_answers",
        "statement",
        ["position"],
        sqlite_where=sa.text("answers IS NOT NULL"),
        postgresql_where=sa.text("answers IS NOT NULL"),
    )
    op.create_index(
        "fact_form",
        "fact",
        ["key"],
        sqlite_where=sa.text("form <> 'question'"),
        postgresql_where=sa.text("form <> 'question'"),
    )
    if op.get_context().dialect.supports_comments:
        for table, comment in _COMMENTS.items():
            op.create_table_comment(table, comment)


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")
