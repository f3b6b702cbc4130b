"""Answers as Markdown (CommonMark with pipe tables); text from outside is escaped."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.scope import WHOLE_LIST
from tracker.domain.timeline.staleness import STALE_AFTER
from tracker.domain.timeline.state import Cell, State
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.reports.answers import Fields, Rows
from tracker.reports.basis import Basis, filters_text
from tracker.reports.cell_notes import Note, NoteKind
from tracker.reports.conditions import conditions_text
from tracker.reports.formats import Rendering
from tracker.reports.notes import Notes
from tracker.reports.positions.choices import Attitude, Choice, PartyChoice, option_name
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.positions.values import EACH_FOR_ITSELF, is_converted, value_text
from tracker.reports.state_answer import ClosedIssue, StateAnswer
from tracker.reports.wording import (
    NO_STANCE,
    day_text,
    document_title,
    left_out,
    legend,
    stated_text,
    web_address,
    whose_words,
    with_speaker,
)

if TYPE_CHECKING:
    from tracker.domain.registers.registers import Registers
    from tracker.domain.report.change_report import Report

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!$&^@]|:(?=\S)|(?<=www)\.)")


def escape(text: str) -> str:
    """Escape text so that every character stands for itself, also inside a table."""
    return _SPECIAL.sub(r"\\\1", plain(text)).replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")


def table(columns: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """A pipe table; the cells are already Markdown."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def render_rows(answer: Rows) -> Rendering:
    """The rows of an answer as people see them, in a table, and the sources that they cite."""
    headings, rows, cut = answer.for_people()
    below = [f"{escape(line)}\n" for line in (cut, answer.after) if line]
    document = answer.document
    if document is None:
        text = [table(headings, (map(escape, row) for row in rows)), *below]
        return Rendering("\n".join(text), before=left_out(answer.left_out_undated))
    if document.quotes is not None:
        pairs = zip(map(list, rows), document.quotes, strict=True)
        rows = [_with_quote(row, words, document.said_in) for row, words in pairs]
    notes = Notes()
    cited = [[*map(escape, row), cite(notes, *cites)] for row, cites in zip(rows, document.cites, strict=True)]
    shown = table([*headings, "source"], cited) if cited else f"{escape(answer.empty)}\n"
    evidence = [*sources_text(notes, document.names), *signs_text(document.signs), rests_on(document.basis)]
    return Rendering("\n".join([f"# {escape(answer.title)}\n", shown, *below, *evidence, ""]))


def _with_quote(row: list[str], quote: str | None, at: int) -> list[str]:
    if quote:
        row[at] += f" {quote}"
    return row


def render_fields(answer: Fields) -> Rendering:
    """The fields of one thing, or an explanation: a line for each."""
    title = [f"# {escape(answer.title)}\n"] if answer.title else []
    lines = [f"- **{escape(label)}**: {escape(text)}" for label, text in answer.for_people()]
    text = [*title, "\n".join(lines) + "\n", *([f"{escape(answer.cut)}\n"] if answer.cut else [])]
    if answer.document is None:
        return Rendering("\n".join(text), before=left_out(answer.left_out_undated))
    return Rendering("\n".join([*text, *signs_text(answer.document.signs), rests_on(answer.document.basis), ""]))


def render_state(answer: StateAnswer) -> str:
    """The state on a day: a table row for each pair, what contests it, and the closed issues under their outcome."""
    state, whole, notes = answer.state, answer.whole, Notes()
    more = ("act", "to", "locator") if answer.wide else ()
    columns = ("issue", "party", "stance", "since", "last affirmed", "conditions", *more, "summary", "source")
    rows = [_state_row(cell, answer, notes, quoting=whole.is_quoting(cell)) for cell in whole.in_matrix]
    choices = [_choice(choice, answer, notes) for choice in whole.choices]
    nobody = "No stance on an open issue." if state.cells or state.closed else answer.nobody
    nothing = "" if choices else f"{escape(nobody)}\n"
    text = [f"# State on {day_text(state.on)}\n", table(columns, rows) if rows else nothing, *choices]
    options = {cell.row.issue for cell in whole.shown if cell.choice}
    told = [
        note for note in whole.notes(whole.cells, state.on) if note.kind not in _IN_COLUMNS or note.issue in options
    ]
    if lines := [_note(note, answer) for note in told if note.parties or note.issue not in whole.folded_issues]:
        text.append("\n".join(lines) + "\n")
    text += [f"{escape(sentence)}\n" for sentence in (answer.cut, answer.silent) if sentence]
    if answer.questions and answer.names is not None:
        issues = dict.fromkeys(cell.row.issue for cell in whole.cells)
        questions = [f"- {escape(issue)}: {escape(answer.names.issues[issue].question)}" for issue in issues]
        text.append("\n".join(["## Questions\n", *questions]) + "\n")
    if closed := [_closed_issue(row, answer, notes) for row in whole.folded]:
        text.append("\n".join(["## Closed\n", *closed]) + "\n")
    text += sources_text(notes, answer.names)
    return "\n".join([*text, *signs_text(answer.signs, answer.stale_after), rests_on(state), ""])


_IN_COLUMNS = (NoteKind.CONDITIONS, NoteKind.WITHDRAWN)
"""Notes whose contents stand in columns of the table."""


def _state_row(cell: Cell, answer: StateAnswer, notes: Notes, *, quoting: bool) -> list[str]:
    """The cells of a row; what a bloc said stands in one row, as its own."""
    row, said, names = cell.row, cell.statement, answer.shown_names
    last = stated_text(row.stated_on) if row.value is not WITHDRAWN else ""
    conditions = conditions_text(row.conditions, row.value) if row.conditions else ""
    more = (row.act or "", ", ".join(said.addressed_to), said.locator or "") if quoting else ("", "", "")
    whose = (whose_words(cell),) if cell.inherited_from else ()
    words = (with_speaker(row.summary, row.speaker),) if quoting else ()
    cells = (
        names.issue(row.issue) + f" ({EACH_FOR_ITSELF})" * cell.own,
        names.party(row.party),
        f"{_held(cell)}{answer.marks(cell)}",
        stated_text(cell.since_stated),
        last,
        conditions,
        *(more if answer.wide else ()),
        ": ".join((*whose, *words)),
    )
    return [*map(escape, cells), cite(notes, row.source, row.event_id)]


def _choice(choice: Choice, answer: StateAnswer, notes: Notes) -> str:
    """A choice: in a row for each party what it says of the options."""
    used = {attitude for row in choice.parties for attitude, _ in row.attitudes}
    shown = [attitude for attitude in Attitude if attitude in used]
    rows = []
    for row in choice.parties:
        said = dict(row.attitudes)
        cells = (", ".join(_option(cell, answer, notes) for cell in said.get(one, ())) for one in shown)
        rows.append([escape(answer.shown_names.party(row.party)), *cells])
    heading = f"## {escape(answer.shown_names.issue(choice.issue))}: {escape(choice.heading(answer.shown_names))}\n"
    words = [_option_words(cell) for cell in choice.cells if answer.whole.is_quoting(cell)]
    return "\n".join([heading, table(["party", *(attitude.words for attitude in shown)], rows), *words, ""])


def _attitudes(row: PartyChoice, answer: StateAnswer, notes: Notes) -> str:
    """What a party says of the options of a choice, in words."""
    said = (
        f"{attitude.words} {', '.join(_option(cell, answer, notes) for cell in cells)}"
        for attitude, cells in row.attitudes
    )
    return ", ".join(said)


def _option_words(cell: Cell) -> str:
    """What a party said of an option."""
    row = cell.row
    option = escape(option_name(row.issue, cell.choice))
    return f"- **{escape(whose_words(cell))}** on {option}: {escape(with_speaker(row.summary, row.speaker))}"


def _option(cell: Cell, answer: StateAnswer, notes: Notes) -> str:
    """An option with its marks, the day on which the party last said so of it, or withdrew it, and its source."""
    day = cell.since_stated if cell.row.value is WITHDRAWN else cell.row.stated_on
    name = f"{option_name(cell.row.issue, cell.choice)}{answer.marks(cell)} ({stated_text(day)})"
    return f"{escape(name)} {cite(notes, cell.row.source, cell.row.event_id)}"


def _held(cell: Cell) -> str:
    return value_text(cell.row.value, cell.unit, converted=is_converted(cell.statement))


def _note(note: Note, answer: StateAnswer) -> str:
    issue = answer.shown_names.issue(note.issue)
    who = f"**{escape(note.who)}**" if note.parties else ""
    return f"- {who}{escape(note.line(issue).removeprefix(note.who))}"


def _closed_issue(closed: ClosedIssue, answer: StateAnswer, notes: Notes) -> str:
    if options := closed.of_choice:
        last = "; ".join(f"{escape(row.party)} {_attitudes(row, answer, notes)}" for row in options)
        how = f"{outcome_words(closed.closing, answer.shown_names)} on {day_text(closed.closing.on)}"
        return f"- **{escape(answer.shown_names.issue(closed.issue))}**: {how} (last: {last})"
    last = ", ".join(
        f"{escape(f'{cell.row.party} {_held(cell)}{answer.marks(cell)}')} "
        f"{cite(notes, cell.row.source, cell.row.event_id)}"
        for cell in closed.cells
    )
    how = f"{outcome_words(closed.closing, answer.shown_names)} on {day_text(closed.closing.on)}"
    stood = f"last: {last}" if last else NO_STANCE
    return f"- **{escape(answer.shown_names.issue(closed.issue))}**: {how} ({stood})"


# --- sources --------------------------------------------------------------------------------------


def cite(notes: Notes, source: str | None, event_id: str) -> str:
    """The number of a note on an entry and its source, in brackets."""
    return escape(f"[{notes.cite(source, event_id).number}]")


def sources_text(notes: Notes, names: "Registers | None") -> list[str]:
    """The notes as a section: each source with its title, publisher, day and address, and the entry; none without."""
    lines = [f"- {escape(f'[{note.number}]')} {_evidence(note.source, names)}event {note.event_id}" for note in notes]
    return ["\n".join(["## Sources\n", *lines]) + "\n"] if lines else []


def _evidence(source: str | None, names: "Registers | None") -> str:
    if source == "":
        return ""
    if source is None:
        return "no source; "
    found = names.sources.get(source) if names else None
    if found is None:
        return f"source {escape(source)}; "
    return f"{escape(document_title(found))}{_address(found.url)}; "


def _address(url: str | None) -> str:
    """An address, as a link if one may lead to it."""
    if url is None:
        return ""
    is_link = web_address(url) is not None and not _SPECIAL_IN_LINK.search(url)
    return f", <{url}>" if is_link else f", {escape(url)}"


_SPECIAL_IN_LINK = re.compile(r"[\s<>|\x00-\x20]|[^ -~]")


# --- below an answer ------------------------------------------------------------------------------


def signs_text(used: str, stale_after: int = STALE_AFTER) -> list[str]:
    """The legend of the marks among these characters, as a paragraph; none without any."""
    return [f"{escape(legend(used, stale_after))}\n"] if legend(used) else []


def rests_on(answer: "Basis | State | Report") -> str:
    """The line below an answer: its filters, its cut-offs and the log position."""
    known = f", known at {answer.known_at}" if answer.known_at else ""
    public = f", published by {day_text(answer.published_by)}" if answer.published_by else ""
    filters = filters_text(answer.scope, getattr(answer, "listing", WHOLE_LIST)).strip()
    only = f", {filters}" if filters else ""
    undated = f" {left_out(answer.left_out_undated)}" if answer.left_out_undated else ""
    return f"Log position {answer.log.position}, hash {answer.log.hash.hex()}{known}{public}{escape(only)}.{undated}"
