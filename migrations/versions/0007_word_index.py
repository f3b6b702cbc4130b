"""Find words by a full-text index."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INDEX = {
    "sqlite": "CREATE VIRTUAL TABLE word_index USING fts5("
    "words, content = 'entry_words', content_rowid = 'position', columnsize = 0, tokenize = 'ascii')",
    "postgresql": "CREATE INDEX word_index ON entry_words USING gin (array_to_tsvector(string_to_array(words, ' ')))",
}

_CONDITIONAL = "value = 'conditional' OR states_conditions"


def upgrade() -> None:
    # A projection: filled from the log when the upgrade ends.
    op.create_table(
        "entry_words",
        sa.Column("position", _POSITION, primary_key=True, autoincrement=False),
        sa.Column("words", _TEXT, nullable=False),
        comment="The words of every version of an entry that has some, folded as a search compares them.",
    )
    op.execute(_INDEX[op.get_context().dialect.name])
    op.create_index(
        "statement_conditional",
        "statement",
        ["pair"],
        sqlite_where=sa.text(_CONDITIONAL),
        postgresql_where=sa.text(_CONDITIONAL),
    )


def downgrade() -> None:
    raise NotImplementedError("The log is never downgraded; restore a backup instead.")
