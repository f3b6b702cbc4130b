"""The rows of the projections as far as one version of an entry determines them."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, assert_never

from sqlalchemy import Table

from tracker.domain.log.kind_registry import ISSUE_OPENED, EventKind, Role, kind_of
from tracker.domain.terms.dates import stated_day
from tracker.domain.terms.vocabulary import DEGREES, IssueForm
from tracker.domain.terms.words import searched_words
from tracker.domain.timeline.contests import contested_from
from tracker.domain.timeline.statement import WITHDRAWN, Pair, Statement, statement_from
from tracker.storage.schema import corroboration, fact, statement


class StatementRow(NamedTuple):
    """The columns of `statement` that a statement's own data determine, and the words that a search looks through.

    Days are in ISO 8601: the effective day, the first day that the date can mean, and the first on which another
    statement can contest it. `addressed_to` is a JSON array, `answers` the id of an ask.
    """

    issue: str
    party: str
    effective_on: str
    sequence: int
    value: str
    states_conditions: bool
    lasts: bool
    asks: bool
    addressed_to: str | None
    answers: str | None
    first_on: str
    contests_from: str
    standing: str | None
    attribution: str
    source: str | None
    words: str

    @property
    def pair(self) -> Pair:
        """The issue and the party."""
        return self.issue, self.party

    @property
    def form(self) -> IssueForm | None:
        """The form of answer that the position is; None for a withdrawal, which may be one of either."""
        if self.value in DEGREES:
            return IssueForm.QUESTION
        return None if self.value == str(WITHDRAWN) else IssueForm.QUANTITY

    def row(self, position: int, rank: int, *, pair: int, public_on: str | None = None) -> tuple[Any, ...]:
        """Return the row of an entry at a position, with its pair's id and the day of its own source."""
        _, _, effective_on, sequence, *rest, _ = self
        public = None if public_on is None else max(public_on, self.first_on)
        return (position, pair, effective_on, sequence, rank, *rest, public, None, None)


class FactRow(NamedTuple):
    """The columns of `fact` that an entry's own data determine, and its words.

    These are its kind, its subject's id or category, its day, and the form of an issue that it opens (see `form_in`).
    """

    family: str
    key: str
    day: str | None
    form: str | None
    words: str

    def row(self, position: int, rank: int) -> tuple[Any, ...]:
        """Return the row of an entry at a position."""
        return (position, self.family, self.key, self.day, self.form, rank, None)


OWN_QUESTION = "own"
"""The form in the row of an opening of a question on which each party answers for itself."""


def form_in(column: str) -> IssueForm:
    """Return the form of an issue that the row of its opening holds."""
    return _FORMS[column]


_FORMS = {**{form.value: form for form in IssueForm}, OWN_QUESTION: IssueForm.QUESTION}


def _form_column(opening: Mapping[str, Any]) -> str:
    form = str(opening.get("form", IssueForm.QUESTION.value))
    return OWN_QUESTION if form == IssueForm.QUESTION and opening.get("own") else form


DerivedRow = StatementRow | FactRow


TABLES: Mapping[Role, Table] = {Role.STATEMENT: statement, Role.CORROBORATION: corroboration, Role.FACT: fact}
"""The projection for versions of entries, by the role with which their chain begins."""


def row_from(kind: EventKind, data: Mapping[str, Any]) -> DerivedRow | None:
    """Derive the row of an entry from its data in the newest version; None for an entry with a target."""
    match kind.role:
        case Role.STATEMENT:
            return _statement_row(statement_from(kind.name, data), words_of(kind, data))
        case Role.FACT:
            found = data[kind.key] if kind.key else data.get(*kind.filed_under) if kind.filed_under else ""
            day = data.get(kind.day) if kind.day else None
            form = _form_column(data) if kind.name == ISSUE_OPENED else None
            return FactRow(kind.name, found, day and _days_of(day)[0], form, words_of(kind, data))
        case Role.CORROBORATION | Role.CORRECTION | Role.RETRACTION:
            return None
        case _:
            assert_never(kind.role)


def words_of(kind: EventKind, data: Mapping[str, Any]) -> str:
    """Return the words of an entry that a search looks through; empty if it has none."""
    return searched_words(text for _, text in kind.texts_in(data))


def _statement_row(record: Statement, words: str) -> StatementRow:
    """Derive the row of a statement or withdrawal."""
    effective_on, first_on, contests_from = _days_of(record.stated_on)
    return StatementRow(
        record.issue,
        record.party,
        effective_on,
        record.sequence,
        str(record.value),
        record.conditions is not None,
        record.details.lasts,
        record.is_ask,
        json.dumps(record.addressed_to) if record.addressed_to else None,
        record.details.answers,
        first_on,
        contests_from,
        record.standing,
        record.attribution,
        record.source,
        words,
    )


@lru_cache(maxsize=65_536)
def _days_of(stated_on: str) -> tuple[str, str, str]:
    """Return a statement date's effective day, its first day, and the first day on which it can be contested."""
    first, effective = stated_day(stated_on)
    return effective.isoformat(), first.isoformat(), contested_from(first).isoformat()


class StoredVersion(NamedTuple):
    """The content of one stored entry in its place.

    `first_type` is the type of the first entry in its chain of corrections, `rank` that entry's position. `data` are
    the entry's own or, for a correction, its replacement, in the newest version; None for a retraction. `ended_at` is
    the position of the entry that corrected or retracted it, if known.
    """

    position: int
    rank: int
    first_type: str
    data: Mapping[str, Any] | None
    ended_at: int | None = None

    @property
    def kind(self) -> EventKind:
        """The kind of its chain."""
        return kind_of(self.first_type)

    @property
    def derived_row(self) -> DerivedRow | None:
        """The row that its data determine; None for a retraction or a corroboration."""
        return None if self.data is None else row_from(self.kind, self.data)

    @property
    def words(self) -> str:
        """The words that a search looks through; none for a retraction."""
        return "" if self.data is None else words_of(self.kind, self.data)

    @property
    def source(self) -> str | None:
        """The source that a statement or withdrawal cites."""
        return self.data.get("source") if self.data and self.kind.role is Role.STATEMENT else None

    def row(self, derived: DerivedRow | None, *, belongs_to: int = 0) -> tuple[Any, ...]:
        """Its projection row, from what is derived from its data.

        `belongs_to` is the pair's id for a statement or withdrawal, and the statement's rank for a corroboration.
        """
        match derived:
            case StatementRow():
                return derived.row(self.position, self.rank, pair=belongs_to)
            case FactRow():
                return derived.row(self.position, self.rank)
            case None:
                assert self.data is not None
                return (self.position, belongs_to, self.data["source"], self.rank, None)
            case _:
                assert_never(derived)
