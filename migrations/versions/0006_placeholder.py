"""Hold the place of a revision that another branch adds."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing to do here."""


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")
