"""One row to lock: on PostgreSQL it is the writer's turn."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "log_head",
        sa.Column(
            "id",
            sa.Integer,
            sa.CheckConstraint("id = 1", name="log_head_is_one_row"),
            primary_key=True,
            autoincrement=False,
        ),
        comment="One row: on PostgreSQL, locking it is having the writer's turn.",
    )
    op.execute("INSERT INTO log_head (id) VALUES (1)")


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")
