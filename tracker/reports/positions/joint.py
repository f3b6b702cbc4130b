"""Joint statements as one thing: where issue, value, day, sequence and the list of parties agree (DESIGN 15)."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Protocol, TypeVar

from tracker.domain.timeline.statement import Statement
from tracker.reports.names import Names
from tracker.reports.positions.details import details_text


def joint_key(statement: Statement) -> Hashable | None:
    """Return what the statements have in common that are one joint statement; None if a party made it alone."""
    if len(statement.details.joint_with) < 2:
        return None
    one = statement
    return one.issue, one.value, one.stated_on, one.sequence, one.details.joint_with


class WithStatement(Protocol):
    """A row about a statement of a party."""

    @property
    def party(self) -> str | None: ...
    @property
    def statement(self) -> Statement | None: ...


Row = TypeVar("Row", bound=WithStatement)


def joint_rows(rows: Iterable[Row], more: Callable[[Row], Hashable]) -> list[Sequence[Row]]:
    """Gather the rows of parties that made a joint statement, in the place of the first; any other row stays alone.

    Rows that differ in `more` than the party stay apart, as do those of parties whose record of the statement differs.
    """
    found: dict[Hashable, list[Row]] = {}
    for number, row in enumerate(rows):
        key = joint_key(row.statement) if row.statement else None
        found.setdefault(number if key is None else (key, more(row)), []).append(row)
    placed: list[Sequence[Row]] = []
    for together in found.values():
        statement = together[0].statement
        parties = statement.details.joint_with if statement else ()
        if len(together) > 1 and {row.party for row in together} == set(parties):
            placed.append(sorted(together, key=lambda row: parties.index(row.party or "")))
        else:
            placed += [[row] for row in together]
    return placed


def parties_text(rows: Sequence[WithStatement], names: Names) -> str:
    """Return the parties of rows that were gathered; of several that they stated it jointly."""
    return ", ".join(names.party(row.party) for row in rows if row.party) + " jointly" * (len(rows) > 1)


def joint_details(rows: Sequence[WithStatement], unit: str | None, *, is_option: bool = False) -> str:
    """Return what statements that were gathered say besides the position: once, or by party where that differs."""
    if len(rows) == 1:
        return details_text(rows[0].statement, unit, is_option=is_option)
    texts = {row.party: details_text(row.statement, unit, joint=False, is_option=is_option) for row in rows}
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "; ".join(f"{party}: {text}" for party, text in texts.items() if text)


def joint_groups(statements: Iterable[Statement]) -> list[Sequence[Statement]]:
    """Gather joint statements: all of one thing in a group, those of which a party's record differs each alone."""
    found: dict[Hashable, list[Statement]] = {}
    for statement in statements:
        if (key := joint_key(statement)) is not None:
            found.setdefault(key, []).append(statement)
    groups: list[Sequence[Statement]] = []
    for together in found.values():
        is_whole = {one.party for one in together} == set(together[0].details.joint_with)
        groups += [together] if is_whole else [[one] for one in together]
    return groups
