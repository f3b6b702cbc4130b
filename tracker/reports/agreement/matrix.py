"""How often parties agree, as people see it: a matrix in tables that fit the page, or a list of every two."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from tracker.domain.agreement.agreement import Agreement, Counts, PairAgreement
from tracker.reports.agreement.pairs import AgreementAnswer
from tracker.reports.agreement.words import counted_parties
from tracker.reports.answers import MOST_CELLS, NARROW, first_rows
from tracker.reports.basis import basis, filters_text, nothing_found
from tracker.reports.formats import View
from tracker.reports.markdown import escape, rests_on, table
from tracker.reports.tables.layout import GAP, table_view
from tracker.reports.tables.terminal import grid, headline, with_cut
from tracker.reports.wording import day_text, left_out

NOTHING, NO_SIDE = "·", "–"
"""What stands for two parties that share no issue, and for an index where neither agreed with nor opposed the other."""
OF_AMOUNTS = "Amounts agree where the range that both share has both ends stated, else they are open or opposed."
HEADINGS = ("parties", "index", "n", "agree", "agree if", "opposed", "open", "same")


def nobody_meets(found: Agreement) -> str:
    """The sentence for an agreement without two parties that hold something on one issue."""
    nobody = "Nobody holds anything on an issue on which another party does."
    return nothing_found(nobody, "Nothing that two parties hold on one issue", found.scope)


class IndexCell(NamedTuple):
    """A cell of the matrix: its text, and the index behind it, whose sign gives its colour."""

    text: str
    sign: float | None


class Matrix(NamedTuple):
    """The cells of parties in rows by parties in columns; a party meets itself in an empty one."""

    parties: Sequence[str]
    columns: Sequence[str]
    cells: dict[tuple[str, str], IndexCell]
    cut: str

    def cell(self, party: str, other: str) -> IndexCell:
        """The cell of two parties."""
        return _ITSELF if party == other else self.cells.get((min(party, other), max(party, other)), _NOTHING)


_ITSELF, _NOTHING = IndexCell("", None), IndexCell(NOTHING, None)


def matrix_of(found: Agreement) -> Matrix:
    """The matrix of an answer: all parties by those asked for, the first ones if they are very many."""
    columns = [party for party in found.parties if found.scope.includes_party(party)]
    rows, cut = list(found.parties), ""
    if len(rows) * len(columns) > MOST_CELLS:
        columns = columns[: max(1, int(MOST_CELLS**0.5))]
        rows = rows[: MOST_CELLS // len(columns)]
        cut = f"Only {counted_parties(len(rows))} of {len(found.parties):,} are shown. {NARROW}"
    return Matrix(rows, columns, {pair.parties: _cell(pair) for pair in found.pairs}, cut)


def _cell(pair: PairAgreement) -> IndexCell:
    now, before = pair.now, pair.before
    if before is None:
        return IndexCell(f"{index_text(now)} ({now.n})", now.index)
    texts = [index_text(one) for one in (before, now)]
    return IndexCell(" -> ".join(dict.fromkeys(texts)), now.index)


def index_text(counts: Counts) -> str:
    """An index with its sign and two decimals."""
    if not counts.n:
        return NOTHING
    return NO_SIDE if counts.index is None else f"{counts.index:+.2f}" if counts.index else "0.00"


def title_of(found: Agreement) -> str:
    """The title of an answer: its day or its days."""
    days = f"on {day_text(found.on)}" if found.after is None else f"{day_text(found.after)} -> {day_text(found.on)}"
    return f"Agreement {days}, {counted_parties(len(found.parties))}"


def explanation_of(found: Agreement, *, as_rows: bool) -> str:
    """What the numbers mean, and the signs among them."""
    told = "index: (agree - opposed) / (agree + opposed), from -1 to +1"
    if not as_rows:
        told += (
            ", then on how many issues both hold something" if found.after is None else ", on the one day and the other"
        )
    return f"{told}; {NO_SIDE} neither agreed nor opposed; {NOTHING} no issue shared. {OF_AMOUNTS}"


# --- every two parties ----------------------------------------------------------------------------


def pair_rows(answer: AgreementAnswer) -> tuple[Sequence[str], list[Sequence[str]], str]:
    """The headings, a row for every two parties, the highest index first, and a sentence on the cut if there is one."""
    found = answer.found
    ordered = sorted(found.pairs, key=lambda pair: (inf if pair.now.index is None else -pair.now.index, -pair.now.n))
    shown, cut = first_rows((_pair_row(pair, answer) for pair in ordered), len(HEADINGS))
    return HEADINGS, shown, cut


def _pair_row(pair: PairAgreement, answer: AgreementAnswer) -> Sequence[str]:
    now, before = pair.now, pair.before
    counted = [[str(count) for name, count in one.data.items() if name != "index"] for one in (before or now, now)]
    index = " -> ".join(dict.fromkeys(index_text(one) for one in (before or now, now)))
    numbers = (" -> ".join(dict.fromkeys(both)) for both in zip(*counted, strict=True))
    return (", ".join(map(answer.shown_names.party, pair.parties)), index, *numbers)


# --- a terminal -----------------------------------------------------------------------------------


def render_table(answer: AgreementAnswer) -> View:
    """The matrix in as many tables as the width needs, or the list."""
    return lambda width: Group(*_parts(answer, width))


def _parts(answer: AgreementAnswer, width: int) -> Iterator[RenderableType]:
    found = answer.found
    yield from headline(title_of(found), filters_text(found.scope) + basis(answer.basis))
    yield ""
    if not found.pairs:
        yield Text(nobody_meets(found))
    elif answer.as_rows:
        headings, rows, cut = pair_rows(answer)
        yield with_cut(table_view(headings, rows, empty="", width=width), cut)
    else:
        matrix = matrix_of(found)
        for number, columns in enumerate(_tables(matrix, width)):
            yield from ([""] if number else [])
            yield _table(matrix, columns)
        yield from ([Text(""), Text(matrix.cut)] if matrix.cut else [])
    if found.pairs:
        yield from ("", Text(explanation_of(found, as_rows=answer.as_rows), style="dim"))
    if answer.left_out_undated:
        yield from ("", Text(left_out(answer.left_out_undated)))


def _tables(matrix: Matrix, width: int) -> Iterator[Sequence[str]]:
    """Divide the columns among as few tables as fit the width, about equally many in each."""
    head = max(map(len, matrix.parties))
    widest = max(len(matrix.cell(party, other).text) for party in matrix.parties for other in matrix.columns)
    each = max(1, (width - head) // (max(widest, *map(len, matrix.columns)) + GAP))
    tables = -(-len(matrix.columns) // each)
    each = -(-len(matrix.columns) // tables)
    yield from (matrix.columns[at : at + each] for at in range(0, len(matrix.columns), each))


def _table(matrix: Matrix, columns: Sequence[str]) -> RenderableType:
    rows: list[Sequence[str | Text]] = [
        (party, *(_styled(matrix.cell(party, other)) for other in columns)) for party in matrix.parties
    ]
    heads = (Column(other, justify="right", no_wrap=True) for other in columns)
    return grid([Column(no_wrap=True, style="bold"), *heads], rows, headed=True)


def _styled(cell: IndexCell) -> Text:
    return Text(cell.text, style="" if not cell.sign else "green" if cell.sign > 0 else "red")


# --- Markdown -------------------------------------------------------------------------------------


MOST_COLUMNS = 8
"""How many parties stand beside each other in a table of a document."""


def tables_of(matrix: Matrix) -> list[Sequence[str]]:
    """Divide the columns among as few tables of a document as hold them, about equally many in each."""
    tables = -(-len(matrix.columns) // MOST_COLUMNS)
    each = -(-len(matrix.columns) // tables) if tables else 1
    return [matrix.columns[at : at + each] for at in range(0, len(matrix.columns), each)]


def render_markdown(answer: AgreementAnswer) -> str:
    """The matrix in tables of a few columns, or the list."""
    return "\n".join(_markdown(answer))


def _markdown(answer: AgreementAnswer) -> Iterator[str]:
    found, names, cut = answer.found, answer.shown_names, ""
    yield from (f"# {escape(title_of(found))}", "")
    if not found.pairs:
        yield from (nobody_meets(found), "")
    elif answer.as_rows:
        headings, rows, cut = pair_rows(answer)
        yield table(headings, (map(escape, row) for row in rows))
    else:
        matrix = matrix_of(found)
        cut = matrix.cut
        for columns in tables_of(matrix):
            rows = [[names.party(one), *(matrix.cell(one, other).text for other in columns)] for one in matrix.parties]
            yield table(["", *map(escape, columns)], (map(escape, row) for row in rows))
    if cut:
        yield from (escape(cut), "")
    if found.pairs:
        yield from (escape(explanation_of(found, as_rows=answer.as_rows)), "")
    yield from (rests_on(answer.basis), "")
