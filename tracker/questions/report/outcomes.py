"""What parties held when issues were closed with a figure or an option."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from tracker.domain.report.context import ContextRow
from tracker.domain.report.outcomes import Holdings, about
from tracker.domain.timeline.state import Cell
from tracker.questions.reading import Question
from tracker.questions.state import state_on

_ISSUES_AT_ONCE = 200
"""On how many issues positions are read in one query."""


def outcomes_of(asked: Question, occurrences: Iterable[ContextRow], *, inherit: bool) -> tuple[Holdings, ...]:
    """Return the positions of the parties in scope behind each outcome with a figure or an option, in their order."""
    closings = [row for row in occurrences if row.kind == "closed" and about(row) is not None]
    by_day: dict[date, list[str]] = {}
    for row in closings:
        by_day.setdefault(row.on, []).append(row.issues[0])
    cells = {
        (on, issue): held
        for on, issues in by_day.items()
        for issue, held in _cells_on(asked._replace(day=on), sorted({*issues}), inherit=inherit)
    }
    return tuple(Holdings(row, tuple(cells.get((row.on, row.issues[0]), ()))) for row in closings)


def _cells_on(asked: Question, issues: list[str], *, inherit: bool) -> Iterator[tuple[str, list[Cell]]]:
    """Yield the cells of exactly these issues on the day of a question, by issue; of a choice those of its options."""
    for start in range(0, len(issues), _ISSUES_AT_ONCE):
        some = frozenset(issues[start : start + _ISSUES_AT_ONCE])
        query = replace(asked.query, scope=replace(asked.scope, issues=some))
        by_issue: dict[str, list[Cell]] = {}
        for cell in state_on(asked._replace(query=query), inherit=inherit).cells:
            by_issue.setdefault(cell.choice if cell.choice in some else cell.row.issue, []).append(cell)
        yield from ((issue, held) for issue, held in by_issue.items() if issue in some)
