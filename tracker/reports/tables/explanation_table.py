"""An explanation as data, and on a terminal: a tree of the entries, then the stance and its evidence."""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from tracker.domain.answers.explanation import EntryAccount, Evidence, Exclusion, Explanation
from tracker.domain.log.event_parts import quoted_words
from tracker.domain.log.events import StatementCorroborated
from tracker.domain.terms.amount_text import amount_text
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.runs import StanceInEffect
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Statement
from tracker.reports.answers import Document, Fields, most_rows
from tracker.reports.basis import Basis, basis
from tracker.reports.conditions import labelled
from tracker.reports.names import CODES, Names
from tracker.reports.positions.details import (
    about_text,
    can_live_with,
    details_marks,
    details_text,
    joint_text,
    quote_text,
    translated,
)
from tracker.reports.positions.outcomes import outcome_words, succession_text
from tracker.reports.positions.values import CONVERTED, is_converted
from tracker.reports.tables.terminal import headline, legend_below, pairs_view, style_of
from tracker.reports.wording import (
    day_text,
    document_text,
    earlier_government,
    inherited_from,
    made_for,
    marked_value,
    quoted,
    sides,
    stated_text,
    statement_marks,
    when_text,
    with_voice,
)

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
        _explanation_data(explanation),
        lines=[line for one in _with_inherited(explanation) for line in _lines(one, names)],
        title=_title(explanation, names),
        view=lambda _: Group(*_parts(explanation, names)),
        cut=_cut(explanation),
        document=Document(
            _basis(explanation),
            registers,
            "".join(map(_signs, _with_inherited(explanation))),
            template="explanation.html",
            contents=_contents(explanation),
        ),
    )


def _shown(explanation: Explanation) -> Sequence[EntryAccount]:
    """Return the entries that people are shown: of very many the last ones."""
    return explanation.accounts[-most_rows(_COLUMNS) :]


_COLUMNS = 3
"""An entry has a position, what it says, and its effect."""


def _cut(explanation: Explanation) -> str:
    """A sentence on the entries that are not shown; empty if all are."""
    shown, number = len(_shown(explanation)), len(explanation.accounts)
    if shown == number:
        return ""
    return f"Only the last {shown:,} of {number:,} entries are shown. Take --format json for all, or an earlier day."


def _basis(explanation: Explanation) -> Basis:
    scope = Scope(attributions=frozenset(explanation.attributions))
    return Basis(explanation.on, explanation.known_at, explanation.published_by, scope, explanation.log)


def _contents(explanation: Explanation) -> dict[str, Any]:
    """What a page shows: the conclusion and the statements, and those of the bloc whose stance is inherited."""
    parts = list(_with_inherited(explanation))
    return {
        "explanation": explanation,
        "parts": [(one, list(_conclusion(one)), _words(one), _statements(one), _chains(one)) for one in parts],
        "values": [one.row.value for one in parts if one.row],
    }


def _with_inherited(explanation: Explanation) -> Iterator[Explanation]:
    yield explanation
    if explanation.inherited is not None:
        yield from _with_inherited(explanation.inherited)


def _words(explanation: Explanation) -> list[tuple[Evidence, str]]:
    return [(evidence, _words_of(evidence)) for evidence in _evidence(explanation)]


def _words_of(evidence: Evidence) -> str:
    """The words of a piece of evidence, in another language with their translation."""
    words = quoted(quoted_words(evidence.quote))
    return words + translated(evidence.language, evidence.translation) if words else ""


def _chains(explanation: Explanation) -> list[list[tuple[EntryAccount, str, str]]]:
    """The statements that are shown, each with its corrections and corroborations: what each says, and its effect."""
    positions = _positions(explanation)
    return [
        [
            (
                account,
                _what(account, explanation).plain,
                _effect_of(account, explanation.held, positions),
            )
            for account in some
        ]
        for _, some in groupby(_shown(explanation), key=lambda account: account.rank)
    ]


def _lines(explanation: Explanation, names: Names) -> Iterator[tuple[str, str]]:
    """The question, the conclusion, and a line for each entry."""
    yield names.party(explanation.party), explanation.issue.question if explanation.issue else explanation.path
    yield from _conclusion(explanation)
    for account, what, effect in chain.from_iterable(_chains(explanation)):
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
        yield _tree(explanation)
        if cut := _cut(explanation):
            yield Text(cut)
    yield ""
    yield pairs_view(_conclusion(explanation))
    if explanation.inherited is not None:
        yield ""
        yield from _parts(explanation.inherited, names)
        return
    yield from legend_below(_signs(explanation))


def _signs(explanation: Explanation) -> str:
    return "".join(_marks(account.says) for account in explanation.accounts)


def _statements(explanation: Explanation) -> int:
    return len({account.rank for account in explanation.accounts})


def _positions(explanation: Explanation) -> dict[str, int]:
    return {account.entry.id: account.entry.position for account in explanation.accounts}


def _tree(explanation: Explanation) -> Tree:
    positions = _positions(explanation)
    tree = Tree(f"{counted(_statements(explanation), 'statement')} on record, in order", guide_style="dim")
    for _, some in groupby(_shown(explanation), key=lambda account: account.rank):
        node: Tree | None = None
        for account in some:
            line = _line(account, explanation, positions)
            node = tree.add(line) if node is None else (node.add(line) and node)
    return tree


def _line(account: EntryAccount, explanation: Explanation, positions: dict[str, int]) -> Text:
    counts = account.because is None
    text = Text(style="" if counts else "dim")
    text.append(f"@{account.entry.position} ")
    text.append_text(_what(account, explanation))
    if effect := _effect_of(account, explanation.held, positions):
        text.append(f"\n{plain(effect)}", style="bold" if counts else "")
    return text


def _effect_of(account: EntryAccount, held: StanceInEffect | None, positions: dict[str, int]) -> str:
    """The roles of an entry in the answer, or why it has none; empty where there is nothing to say."""
    return ", ".join(_roles(account, held)) if account.because is None else _why(account, positions)


def _what(account: EntryAccount, explanation: Explanation) -> Text:
    """What an entry says, with the words that it quotes unless they stand with the evidence below."""
    pair, unit = (explanation.path, explanation.party), explanation.form.unit
    says, event = account.says, account.entry.event
    recorded = day_text(account.entry.recorded_at.date())
    revised = f" ({recorded}, {account.entry.recorded_by}: {plain(event.reason)})" if hasattr(event, "reason") else ""
    if says is None:
        return Text(f"retracted{plain(revised)}")
    text = Text("corrected to " if revised else "")
    if isinstance(says, StatementCorroborated):
        return text.append(plain(f"also in {says.source}{quoted(quoted_words(says.quote))}{revised}"))
    if account.because is Exclusion.MOVED or (account.because is Exclusion.CORRECTED and says.pair != pair):
        text.append(plain(f"{says.party} on {says.issue}, "))
    text.append(f"{stated_text(says.stated_on)}  ")
    text.append(plain(marked_value(says, unit)), style=style_of(says.value))
    besides = details_text(says, unit)
    is_below = any(evidence.event_id == account.entry.id for evidence in _evidence(explanation))
    quote = f" {quote_text(says)}" if says.quote and not is_below else ""
    return text.append(plain(f"  {with_voice(says)}{quote}{f' ({besides})' if besides else ''}{revised}"))


def _roles(account: EntryAccount, held: StanceInEffect | None) -> Iterator[str]:
    """The roles of the entry in the answer."""
    if not isinstance(account.says, Statement):
        return
    if held is None:
        yield "counts"
        return
    own = account.entry.id
    if held.statement.event_id == own:
        yield "in effect"
    elif any(statement.event_id == own for statement in held.run):
        yield "same stance, unbroken since"
    else:
        yield "counts, before the stance in effect"
    if held.conditions_from and held.conditions and held.conditions_from.event_id == own:
        yield "states the conditions in force"
    if any(statement.event_id == own for statement in held.contested_by):
        yield "contests it"


def _why(account: EntryAccount, positions: dict[str, int]) -> str:
    """The reason why an entry does not count, or not yet at the moment asked for."""
    says = account.says
    match account.because:
        case Exclusion.CORRECTED | Exclusion.RETRACTED:
            return f"does not count: {account.because} by @{positions.get(account.because_of or '', 0)}"
        case Exclusion.RECORDED_LATER:
            return f"not yet recorded at that moment, only on {day_text(account.entry.recorded_at.date())}"
        case Exclusion.MOVED if isinstance(says, Statement):
            return f"does not count here: it is about {says.party} on {says.issue}"
        case Exclusion.ATTRIBUTION:
            return "left out: its attribution is not among those asked for"
        case Exclusion.NOT_PUBLIC if account.public_on:
            return f"not public before {day_text(account.public_on)}"
        case Exclusion.UNDATED:
            return "left out: no dated source puts it on public record"
        case Exclusion.SAID_LATER if isinstance(says, Statement):
            return f"not yet said on that day: {_later(says)}"
        case _:
            return f"does not count: {account.because}"


def _later(says: Statement) -> str:
    """The day of a statement, for an imprecise one with the day on which it takes effect."""
    said = stated_text(says.stated_on)
    return said if says.first_day == says.on else f"{said}, in effect from {day_text(says.on)}"


def _conclusion(explanation: Explanation) -> Iterator[tuple[str, str]]:
    cell = explanation.cell
    if cell is None:
        yield "stance", "none on record"
        yield from _outcome(explanation)
        return
    row = cell.row
    inherited = f", inherited from {inherited_from(cell)} (below)" if cell.inherited_from else ""
    yield _label(cell), f"{marked_value(cell.statement, cell.unit)}{inherited}"
    for text in (*filter(None, (joint_text(cell.statement),)), *made_for(row)):
        yield "stated", text
    yield from _besides(cell)
    times = f"{row.statements} statements, the last {when_text(row.stated_on)}"
    yield "since", stated_text(cell.since_stated) + (f" ({times})" if row.statements > 1 else "")
    if row.government_since is not None:
        yield "but", earlier_government(row.government_since, cell.inherited_from)
    for label, text in labelled(row.conditions, row.value):
        yield label, f"{text} ({stated_text(cell.naming.stated_on)}, @{cell.naming.position})"
    for other in cell.contested_by:
        yield "contested", f"{sides(cell, other, explanation.on)} [@{other.position}]"
    yield from _outcome(explanation)
    if inherited:
        return
    account = next((one for one in explanation.accounts if one.entry.id == row.event_id), None)
    if account and account.question and explanation.issue and account.question != explanation.issue.question:
        yield "answered", account.question
    for evidence in _evidence(explanation):
        document = document_text(evidence.source) if evidence.source else "no source"
        where = f", {evidence.locator}" if evidence.locator else ""
        yield "evidence", f"{document}{where}{_words_of(evidence)} [@{evidence.position}]"


def _besides(cell: Cell) -> Iterator[tuple[str, str]]:
    """What is in force besides the conditions, and what the statement in effect says more of its position."""
    row, details, unit = cell.row, cell.statement.details, cell.unit
    if details.stated_as is not None:
        yield "in words", details.stated_as
    if row.could_accept is not None:
        yield "could accept", amount_text(row.could_accept, unit)
    if cell.choice is not None and can_live_with(cell.statement):
        yield "and", "can live with it"
    if row.red_line:
        yield "red line", "yes"
    if row.priority is not None:
        yield "priority", row.priority
    if row.reasons:
        yield "because", "; ".join(row.reasons)
    if cell.left_blocs:
        yield "leaves", f"the position of {', '.join(cell.left_blocs)}"
    if text := about_text(cell.statement):
        yield "about", text


def _label(cell: Cell) -> str:
    """What a value is called that is in effect."""
    return "position" if cell.row.form is IssueForm.QUANTITY else "stance"


def _outcome(explanation: Explanation) -> Iterator[tuple[str, str]]:
    if closed := explanation.closed:
        yield "issue", f"closed: {outcome_words(closed)} on {day_text(closed.on)}"
    elif explanation.reopened is not None:
        yield "issue", f"open again since {day_text(explanation.reopened)}"
    if explanation.succession is not None:
        yield "party", succession_text(explanation.succession)
    if explanation.beside:
        yield "takes", f"nothing from its blocs: it holds a position of its own on {', '.join(explanation.beside)}"
    if (cell := explanation.cell) is not None and cell.left_blocs:
        yield "takes", f"nothing from {', '.join(cell.left_blocs)}: it left that position"


def _evidence(explanation: Explanation) -> Sequence[Evidence]:
    """The evidence of the party's own stance; that of an inherited one stands with the bloc's."""
    cell = explanation.cell
    return () if cell is None or cell.inherited_from else explanation.evidence


def _marks(says: object) -> str:
    if not isinstance(says, Statement):
        return ""
    return details_marks(says) + statement_marks(says.attribution, says.standing) + CONVERTED * is_converted(says)


# --- as data --------------------------------------------------------------------------------------


def _explanation_data(explanation: Explanation) -> dict[str, Any]:
    held, issue = explanation.held, explanation.issue
    return {
        "party": explanation.party,
        "issue": explanation.path,
        "on": explanation.on,
        "known_at": explanation.known_at,
        "published_by": explanation.published_by,
        "attributions": explanation.attributions,
        "log": explanation.log,
        "title": issue.title if issue else None,
        "question": issue.question if issue else None,
        "closed": explanation.closed,
        "entries": [_account_data(account) for account in explanation.accounts],
        "conclusion": explanation.row,
        "run": [statement.event_id for statement in held.run] if held else [],
        "conditions_from": held.conditions_from.event_id if held and held.conditions_from else None,
        "contested_by": [one.event_id for one in explanation.cell.contested_by] if explanation.cell else [],
        "evidence": [_fields_of(evidence, _EVIDENCE) for evidence in explanation.evidence],
        "inherited_from": explanation.cell.inherited_from if explanation.cell else None,
        "through": explanation.cell.through if explanation.cell else None,
        "inherited": _explanation_data(explanation.inherited) if explanation.inherited else None,
    }


def _account_data(account: EntryAccount) -> dict[str, Any]:
    entry, says = account.entry, account.says
    return {
        "event_id": entry.id,
        "position": entry.position,
        "type": entry.type,
        "target": getattr(entry.event, "target", None),
        "reason": getattr(entry.event, "reason", None),
        "rank": account.rank,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
        "counts": account.because is None,
        "because": account.because,
        "because_of": account.because_of,
        **(_fields_of(says, _STATEMENT if isinstance(says, Statement) else _CORROBORATION) if says else {}),
        "public_on": account.public_on,
        "question": account.question,
    }


def _fields_of(said: Statement | StatementCorroborated | Evidence, names: str) -> dict[str, Any]:
    data = {name: getattr(said, name) for name in names.split()}
    return {**data, "quote": quoted_words(data["quote"])}


_STATEMENT = (
    "party issue stance stated_on on sequence summary quote speaker conditions standing attribution source "
    "on_behalf_of ascribed_by"
)
_CORROBORATION = "source quote"
_EVIDENCE = "event_id position source quote locator attribution"
