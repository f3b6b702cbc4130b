"""An explanation as an answer in every format; on a terminal a tree of the entries, then the conclusion."""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from tracker.domain.answers.explanation import Evidence, Explanation
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.scope import Scope
from tracker.reports.answers import Document, Fields
from tracker.reports.basis import Basis, basis
from tracker.reports.explanation.conclusion import conclusion, own_evidence, words_of
from tracker.reports.explanation.data import explanation_data
from tracker.reports.explanation.entries import chains, cut_sentence, entry_tree, number_of_statements, signs
from tracker.reports.names import CODES, Names
from tracker.reports.tables.terminal import headline, legend_below, pairs_view
from tracker.reports.wording import day_text

if TYPE_CHECKING:
    from tracker.domain.registers.registers import Registers


def explanation_fields(
    explanation: Explanation, registers: "Registers | None" = None, *, titles: bool = True
) -> Fields:
    """Every entry about the pair, whether it counts and why, and the conclusion below them.

    As data one object; `conclusion` is the row of the state, null if there is none.
    """
    names = Names(registers) if titles else CODES
    return Fields(
        explanation_data(explanation),
        lines=[line for one in _with_inherited(explanation) for line in _lines(one, names)],
        title=_title(explanation, names),
        view=lambda _: Group(*_parts(explanation, names)),
        cut=cut_sentence(explanation),
        document=Document(
            _basis(explanation),
            registers,
            "".join(map(signs, _with_inherited(explanation))),
            template="explanation.html",
            contents=_contents(explanation),
        ),
    )


def _basis(explanation: Explanation) -> Basis:
    scope = Scope(attributions=frozenset(explanation.attributions))
    return Basis(explanation.on, explanation.known_at, explanation.published_by, scope, explanation.log)


def _contents(explanation: Explanation) -> dict[str, Any]:
    """What a page shows: the conclusion and the statements, and those of the bloc whose stance is inherited."""
    parts = list(_with_inherited(explanation))
    return {
        "explanation": explanation,
        "parts": [(one, list(conclusion(one)), _words(one), number_of_statements(one), chains(one)) for one in parts],
        "values": [one.row.value for one in parts if one.row],
    }


def _with_inherited(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    if explanation.inherited is not None:
        yield from _with_inherited(explanation.inherited)


def _words(explanation: Explanation) -> list[tuple[Evidence, str]]:
    return [(evidence, words_of(evidence)) for evidence in own_evidence(explanation)]


def _lines(explanation: Explanation, names: Names) -> Iterator[tuple[str, str]]:
    """The question, the conclusion, and a line for each entry."""
    yield names.party(explanation.party), explanation.issue.question if explanation.issue else explanation.path
    yield from conclusion(explanation)
    for account, what, effect in chain.from_iterable(chains(explanation)):
        yield f"@{account.entry.position}", f"{what} ({effect})" if effect else what


def _title(explanation: Explanation, names: Names) -> str:
    about = f"{names.party(explanation.party)} on {names.issue(explanation.path)}"
    return f"{about}, {day_text(explanation.on)}"


def _parts(explanation: Explanation, names: Names) -> Iterator[RenderableType]:
    only = f"   only {', '.join(explanation.attributions)}" if explanation.attributions else ""
    yield from headline(_title(explanation, names), f"{basis(explanation)}{only}")
    if explanation.issue:
        yield Text(plain(explanation.issue.question), style="italic")
    if explanation.accounts:
        yield ""
        yield entry_tree(explanation)
        if cut := cut_sentence(explanation):
            yield Text(cut)
    yield ""
    yield pairs_view(conclusion(explanation))
    if explanation.inherited is not None:
        yield ""
        yield from _parts(explanation.inherited, names)
        return
    yield from legend_below(signs(explanation))
