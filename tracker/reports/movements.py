"""Movements in words: a line on what moved, and what was said."""

from typing import NamedTuple

from tracker.domain.answers.changes import Change, Kind
from tracker.domain.log.kind_registry import Revision
from tracker.domain.report.context import ContextRow
from tracker.domain.report.corrections import Correction
from tracker.domain.report.movements import Movement
from tracker.domain.timeline.statement import Statement
from tracker.reports.names import Names
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.positions.values import kind_text
from tracker.reports.report.items import closing_note, correction_text, revised_text
from tracker.reports.steps import conditions_of, marked_stance
from tracker.reports.wording import day_text, document_text, stance_before, stated_text, voice


class MovementText(NamedTuple):
    """A movement in words: its kind in one word, a line on it, and what was said, by whom, where.

    `about` is what moved, which makes its id together with the entry: `RUS arms/start`.
    """

    kind: str
    about: str
    title: str
    summary: str
    quote: str | None = None
    language: str | None = None
    translation: str | None = None
    conditions: str | None = None
    speaker: str = ""
    source: str = ""


def movement_text(movement: Movement, names: Names) -> MovementText:
    """Return a movement in words."""
    match movement.what:
        case Change() as step:
            return _step(step, names)
        case ContextRow() as row:
            return _ending(row, names)
        case Correction() as row:
            about = f"{row.before.party} {row.before.issue}"
            return MovementText(row.kind, about, f"{_OURS[row.kind]}: {correction_text(row, names)}", _reason(movement))
        case late:
            title = f"{_OURS[late.kind]}: {revised_text(late, names)}"
            return MovementText(late.kind, " ".join(late.occurrence.issues), title, _reason(movement))


_OURS = {Revision.CORRECTED: "Our correction", Revision.RETRACTED: "Our retraction"}


def _step(step: Change, names: Names) -> MovementText:
    said = step.statement
    assert said is not None
    return MovementText(
        step.kind,
        f"{step.party} {step.issue}",
        f"{names.name(step.party)} on {names.title(step.issue)}, {stated_text(step.stated_on)}: {_move(step)}",
        step.summary,
        step.quote,
        said.details.language,
        said.details.translation,
        conditions_of(step),
        voice(step),
        _source(said, names),
    )


def _move(step: Change) -> str:
    """What moved, without what was learned later of the stance before."""
    before = stance_before(
        step.from_value,
        step.from_attribution,
        step.from_standing,
        unit=step.unit,
        converted=step.from_converted,
    )
    if step.kind is Kind.WITHDRAWN:
        return f"withdrawn, before: {before}"
    if step.kind is Kind.NEW:
        return f"new: {marked_stance(step)}"
    if step.kind is Kind.AMENDED:
        return f"amended: {marked_stance(step)} on other terms"
    return f"{kind_text(step.kind, step.unit)}: {before} → {marked_stance(step)}"


def _ending(row: ContextRow, names: Names) -> MovementText:
    issues = ", ".join(map(names.title, row.issues))
    how = "reopened" if row.outcome is None else f"closed, {outcome_words(row, names)}"
    summary = "" if row.outcome is None else closing_note(row)
    about = " ".join(row.issues)
    source = _document(row.source, names)
    return MovementText(row.kind, about, f"{issues}, {day_text(row.on)}: {how}", summary, source=source)


def _reason(movement: Movement) -> str:
    return getattr(movement.entry.event, "reason", None) or ""


def _source(said: Statement, names: Names) -> str:
    where = _document(said.source, names)
    return f"{where}, {said.locator}" if where and said.locator else where


def _document(source: str | None, names: Names) -> str:
    found = names.registers.sources.get(source) if names.registers and source else None
    return document_text(found) if found else source or ""
