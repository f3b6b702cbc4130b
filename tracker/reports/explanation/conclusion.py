"""The conclusion of an explanation: the position that follows, what is in force beside it, and its evidence."""

from collections.abc import Iterator, Sequence

from tracker.domain.answers.explanation import Evidence, Explanation
from tracker.domain.log.event_parts import quoted_words
from tracker.domain.terms.amount_wording import amount_text
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.state import Cell
from tracker.reports.conditions import labelled
from tracker.reports.positions.choices import PartyChoice, attitudes_text
from tracker.reports.positions.details import about_text, can_live_with, joint_text, translated
from tracker.reports.positions.outcomes import outcome_words, succession_text
from tracker.reports.wording import (
    day_text,
    document_text,
    earlier_government,
    inherited_from,
    made_for,
    marked_value,
    marks,
    quoted,
    sides,
    stated_text,
    when_text,
)


def conclusion(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Yield labels and texts: the position, what is in force, the outcome of the issue, and the evidence."""
    cell = explanation.cell
    if cell is None:
        yield from _on_options(explanation)
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
    for evidence in own_evidence(explanation):
        document = document_text(evidence.source) if evidence.source else "no source"
        where = f", {evidence.locator}" if evidence.locator else ""
        yield "evidence", f"{document}{where}{words_of(evidence)} [@{evidence.position}]"


def _on_options(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """What the party says of the options of a choice, as the state folds it, and the command that explains each."""
    if not (cells := explanation.options):
        yield "stance", "none on record"
        return
    on = explanation.on
    yield "stance", attitudes_text(PartyChoice(explanation.party, cells), lambda cell: marks(cell, on))
    if blocs := sorted({inherited_from(cell) for cell in cells if cell.inherited_from}):
        yield "inherited", f"from {', '.join(blocs)}"
    for cell in cells:
        yield "explained", _command(explanation, cell)


def _command(explanation: Explanation, cell: Cell) -> str:
    """The command that explains an option as of the same day, cut-offs and attributions."""
    options = (
        ("--on", explanation.on.isoformat()),
        ("--known-at", explanation.known_at),
        ("--published-by", explanation.published_by and explanation.published_by.isoformat()),
        ("--attribution", ",".join(explanation.attributions)),
    )
    told = "".join(f" {name} {value}" for name, value in options if value)
    inherit = " --inherit" if cell.inherited_from else ""
    return f"tracker explain {explanation.party} {cell.row.issue}{told}{inherit}"


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


def own_evidence(explanation: Explanation) -> Sequence[Evidence]:
    """The evidence of the party's own stance; that of an inherited one stands with the bloc's."""
    cell = explanation.cell
    return () if cell is None or cell.inherited_from else explanation.evidence


def words_of(evidence: Evidence) -> str:
    """The words of a piece of evidence, in another language with their translation."""
    words = quoted(quoted_words(evidence.quote))
    return words + translated(evidence.language, evidence.translation) if words else ""
