"""The full-text index of `entry_words`: FTS5 on SQLite, kept up here; GIN on PostgreSQL, which the server keeps up."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from tracker.storage.backends.compiled_query import AnyConnection, CompiledQuery, execute_many
from tracker.storage.schema import WORD_INDEX

_SQLITE = "sqlite"


def add_words(connection: AnyConnection, rows: Sequence[tuple[int, str]]) -> None:
    """Add new rows of `entry_words`, which are written already."""
    if connection.dialect.name == _SQLITE:
        execute_many(connection, _ADD, rows)


def drop_word_index(connection: Connection) -> None:
    """Drop the index before bulk work."""
    kind = "TABLE" if connection.dialect.name == _SQLITE else "INDEX"
    connection.execute(text(f"DROP {kind} IF EXISTS word_index"))


def create_word_index(connection: Connection) -> None:
    """Create the index of all rows that are there."""
    connection.execute(text(WORD_INDEX[connection.dialect.name]))
    if connection.dialect.name == _SQLITE:
        connection.execute(text("INSERT INTO word_index (word_index) VALUES ('rebuild')"))


class WordCounts:
    """How often each word occurs in `entry_words`, and in how many entries, to hold the index to."""

    def __init__(self) -> None:
        self.entries: Counter[str] = Counter()
        self.occurrences: Counter[str] = Counter()

    def add(self, lines: Iterable[str]) -> None:
        """Count the words of entries; many at once, as each call of a counter takes as long as the words of one."""
        found = [line.split(" ") for line in lines]
        self.occurrences.update(chain.from_iterable(found))
        self.entries.update(chain.from_iterable(map(set, found)))

    def update(self, other: "WordCounts") -> None:
        """Count the words of further entries."""
        self.entries.update(other.entries)
        self.occurrences.update(other.occurrences)

    def index_damage(self, connection: Connection) -> Iterator[str]:
        """Yield what is wrong with the index, if these are all the words that it should hold."""
        there = connection.scalar(text(_IS_THERE[connection.dialect.name]))
        if not there:
            yield "the full-text index word_index is missing"
        elif connection.dialect.name == _SQLITE:
            yield from self._fts_damage(connection)

    def _fts_damage(self, connection: Connection) -> Iterator[str]:
        """Compare the words that FTS5 lists; its own check is a write, for which a reader has no lock."""
        try:
            connection.execute(
                text("CREATE VIRTUAL TABLE temp.indexed_word USING fts5vocab('main', 'word_index', 'row')")
            )
            try:
                found = {term: (entries, occurrences) for term, entries, occurrences in _INDEXED.rows(connection)}
            finally:
                connection.execute(text("DROP TABLE temp.indexed_word"))
        except DatabaseError as error:
            yield f"the full-text index word_index cannot be read: {error.orig}"
            return
        expected = {word: (number, self.occurrences[word]) for word, number in self.entries.items()}
        if found != expected:
            wrong = min(word for word, _ in found.items() ^ expected.items())
            yield f"the full-text index word_index does not hold the words of the entries, for example {wrong!r}"


_ADD = "INSERT INTO word_index (rowid, words) VALUES (?, ?)"
_INDEXED = CompiledQuery(text("SELECT term, doc, cnt FROM temp.indexed_word"))
_IS_THERE = {
    _SQLITE: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'word_index'",
    "postgresql": "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('word_index') AND indisvalid",
}
