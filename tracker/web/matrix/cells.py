"""The cells of the matrix: a stance in colour, sign and word, its marks, and the days since it was last stated.

A page has thousands, so that they are written here rather than by a template. Every text from the record is escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from urllib.parse import quote_plus

from markupsafe import Markup, escape

from tracker.domain.registers.registers import Registers
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.scope import Query
from tracker.domain.timeline.staleness import is_stale
from tracker.domain.timeline.state import StateRow
from tracker.domain.timeline.statement import WITHDRAWN, Value
from tracker.reports.names import Names
from tracker.reports.positions.details import RED_LINE
from tracker.reports.positions.values import bare_value_text, glyph_of, value_class
from tracker.reports.wording import MARKS, age, statement_marks
from tracker.web.asking.address import query_text

StateByPair = Mapping[tuple[str, str], StateRow]
"""The rows of a state by issue and party."""


def link_of(kept: Sequence[tuple[str, str]], asked: Query, on: date) -> str:
    """What follows the party and the issue in the address of a cell: the same cut-offs, and the day."""
    cuts = [(name, value) for name, value in kept if name in ("known_at", "published_by", "attribution")]
    given = {name for name, _ in cuts}
    if asked.known_at is not None and "known_at" not in given:
        cuts.append(("known_at", asked.known_at.text))
    if asked.published_by is not None and "published_by" not in given:
        cuts.append(("published_by", asked.published_by.isoformat()))
    return query_text([("on", on.isoformat()), *cuts])


class Drawing:
    """What all cells of a matrix share: the state, the cells that differ on another clock, the day, the cut-offs."""

    def __init__(
        self,
        rows: StateByPair,
        differing: frozenset[tuple[str, str]],
        registers: Registers,
        on: date,
        stale_after: int,
        link: str,
    ) -> None:
        self.rows, self.differing, self.registers = rows, differing, registers
        self.on, self._stale_after, self._link = on, stale_after, str(escape(f"&{link}"))
        self.closings = {issue: row.closed for (issue, _), row in rows.items() if row.closed is not None}
        self._stances = Stances(on, stale_after)

    @property
    def marks_shown(self) -> str:
        """All marks in the cells drawn so far, for the legend."""
        return self._stances.marks_shown

    def heading(self, parties: Iterable[str], names: Names) -> Markup:
        """The headings of the columns, each of which leads to its party."""
        after = self._link.removeprefix("&amp;")
        headings = [
            f'<th scope="col"><a href="/parties/{in_address(party)}?{after}" title="{_shown(names.party(party))}">'
            f"{_shown(party)}</a></th>"
            for party in parties
        ]
        return Markup("".join(headings))

    def cells(self, issue: str, parties: Iterable[str]) -> Markup:
        """The cells of an issue, in the order of the parties."""
        registered = self.registers.issues.get(issue)
        unit, about = registered.unit if registered else None, f"&amp;issue={in_address(issue)}{self._link}"
        return Markup("".join([self._cell(issue, party, unit, about) for party in parties]))

    def _cell(self, issue: str, party: str, unit: str | None, about: str) -> str:
        other = " differs" if (issue, party) in self.differing else ""
        row = self.rows.get((issue, party))
        if row is None:
            return f'<td class="empty{other}">·<span class="aside">none on record</span></td>'
        heard = row.since if row.value is WITHDRAWN else row.last_stated
        condition = ' <abbr title="with conditions">if</abbr>' if row.conditions else ""
        return (
            f'<td class="has{other}"><a href="/explain?party={in_address(party)}{about}">'
            f'<span class="who">{_shown(party)}</span> {self._stances.html(row, unit)}{condition} '
            f'<time datetime="{heard.isoformat()}">{age(heard, self.on)}</time></a></td>'
        )


class Stances:
    """Stances in colour, sign and word with their marks, each drawn once."""

    def __init__(self, on: date, stale_after: int) -> None:
        self._on, self._stale_after = on, stale_after
        self._drawn: dict[tuple[Value, str, str | None], str] = {}

    @property
    def marks_shown(self) -> str:
        """All marks of those drawn so far, for the legend."""
        shown = {mark for _, marks, _ in self._drawn for mark in marks}
        return "".join(mark for mark in MARKS if mark in shown)

    def draw(self, row: StateRow, unit: str | None) -> Markup:
        """The stance of a row."""
        return Markup(self.html(row, unit))

    def html(self, row: StateRow, unit: str | None) -> str:
        """The same as text."""
        marks = self._marks(row)
        drawn = self._drawn.get(key := (row.value, marks, unit))
        if drawn is None:
            line = " red-line" if row.red_line else ""
            glyph = glyph_of(row.value)
            sign = f'<b aria-hidden="true">{glyph}</b> ' if glyph else ""
            value = escape(plain(bare_value_text(row.value, unit)))
            drawn = (
                f'<span class="stance {value_class(row.value)}{line}">{sign}{value}{self._marks_drawn(marks)}</span>'
            )
            self._drawn[key] = drawn
        return drawn

    def _marks(self, row: StateRow) -> str:
        return (
            RED_LINE * row.red_line
            + statement_marks(row.attribution, row.standing)
            + "!" * row.contested
            + "‡" * (row.reworded and not row.withdrawn)
            + "†" * is_stale(row, self._on, self._stale_after)
        )

    def _marks_drawn(self, marks: Sequence[str]) -> str:
        return "".join([self._mark(mark) for mark in marks])

    def _mark(self, mark: str) -> str:
        line = " line" if mark == RED_LINE else ""
        meaning = escape(MARKS[mark].format(days=self._stale_after))
        return f'<abbr class="mark{line}" title="{meaning}">{mark}</abbr>'


@lru_cache(maxsize=4_096)
def in_address(text: str) -> str:
    """A code or a path as it stands in the address of a link."""
    return str(escape(quote_plus(text, safe="/@:,")))


@lru_cache(maxsize=4_096)
def _shown(text: str) -> str:
    return str(escape(plain(text)))
