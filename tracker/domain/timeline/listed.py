"""Which statements and cells of a state a listing shows."""

from tracker.domain.terms.scope import ListedWords, Listing
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Statement


def shows_statement(listing: Listing, statement: Statement | None) -> bool:
    """Return whether a listing shows a statement, by what it says itself; without filters it shows all."""
    return not listing or (statement is not None and listing.shows(_words_of(statement)))


def shows_cell(listing: Listing, cell: Cell) -> bool:
    """Return whether a listing shows a cell: by what is in force, and else by the statement in effect."""
    if not listing:
        return True
    row = cell.row
    said = _words_of(cell.statement)
    return listing.shows(said._replace(priority=row.priority, red_line=row.red_line, conditions=row.conditions))


def _words_of(statement: Statement) -> ListedWords:
    details = statement.details
    return ListedWords(
        statement.speaker,
        statement.act,
        details.tags,
        details.priority,
        details.red_line,
        statement.conditions or (),
        details.reasons,
        details.note,
    )
