"""Tokens of those who record over the network."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _word(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "token",
        sa.Column("hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("made_at", _word(27), nullable=False),
        sa.Column("revoked_at", _word(27)),
        comment="Who records over the network: the hash of each token, and the name of its holder. Not derived.",
    )
    if op.get_context().dialect.name == "postgresql":
        # Default privileges let those who only read select from every new table. The constant is this very log,
        # whatever another user's search path finds by that name.
        op.execute("ALTER TABLE token ENABLE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY token_of_those_who_append ON token FOR SELECT "
            "USING (has_table_privilege('log'::regclass, 'INSERT'))"
        )


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")
