"""The rules by which the projections were derived, the first day that a statement can mean, and whom it addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_COMMENT = (
    "Every version of a statement or withdrawal: when it takes effect and while it counts. `public_on` is the "
    "day on which it became public, `evidence_at` the last position after its own that touched its evidence, "
    "`addressed_to` a JSON array of parties."
)


def upgrade() -> None:
    # Projections: emptied, and filled again from the log when the upgrade ends. Altered, so that grants on them stay.
    op.execute(sa.delete(sa.table("statement")))
    day = sa.String(10).with_variant(sa.String(10, collation="C"), "postgresql")
    with op.batch_alter_table("statement") as batch:
        batch.add_column(sa.Column("first_on", day, nullable=False))
        batch.add_column(sa.Column("addressed_to", sa.Text().with_variant(sa.Text(collation="C"), "postgresql")))
    if op.get_context().dialect.supports_comments:
        op.create_table_comment("statement", _COMMENT)
    op.create_table(
        "rules",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        comment="The rules (the meaning of answers, by number) by which the projections were derived.",
    )


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")
