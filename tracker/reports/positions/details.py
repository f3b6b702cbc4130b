"""What a statement says besides its position, as people read it: red lines, reasons, translations, our notes."""

from collections.abc import Iterator
from typing import Protocol

from tracker.domain.terms.amount_wording import amount_text
from tracker.domain.terms.vocabulary import Act, Stance
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Details, Statement

RED_LINE = "‖"
"""The sign of a position that a party declares to be its red line."""

JOINT = "&"
"""The sign of a statement that several parties made together, and that is shown apart from the others' record of it."""


def details_text(statement: Statement | None, unit: str | None, *, joint: bool = True, is_option: bool = False) -> str:
    """Return what a statement says besides its position, joined by semicolons; empty if it says no more.

    Whom it was `joint` with may stand elsewhere. Of an option it tells whether the party can live with it.
    """
    if statement is None:
        return ""
    return "; ".join(_said_besides(statement, unit, joint=joint, is_option=is_option))


def _said_besides(statement: Statement, unit: str | None, *, joint: bool, is_option: bool) -> Iterator[str]:
    details = statement.details
    if joint and (text := joint_text(statement)):
        yield text
    if is_option and can_live_with(statement):
        yield "can live with it"
    if details.stated_as is not None:
        yield f"in its own words: {details.stated_as}"
    if details.could_accept is not None:
        yield f"could accept {amount_text(details.could_accept, unit)}"
    if details.red_line is not None:
        yield "a red line" if details.red_line else "no red line any more"
    if details.priority is not None:
        yield f"priority {details.priority}"
    if details.reasons:
        yield f"because: {'; '.join(details.reasons)}"
    if details.provision is not None:
        yield f"about {details.provision}"
    if details.leaves_position_of is not None:
        yield f"leaves the position of {details.leaves_position_of}"
    yield from _ours(details)


def _ours(details: Details) -> Iterator[str]:
    """Yield our note, and our tags."""
    if details.note is not None:
        yield f"our note: {details.note}"
    if details.tags:
        yield f"tags: {', '.join(details.tags)}"


def in_force_text(cell: Cell) -> str:
    """Return what is in force beside the conditions: what the party could accept, its red line and its priority."""
    row, statement = cell.row, cell.statement
    found = (
        f"in its own words: {statement.details.stated_as}" if statement.details.stated_as else "",
        f"could accept {amount_text(row.could_accept, cell.unit)}" if row.could_accept is not None else "",
        "a red line" if row.red_line else "",
        f"priority {row.priority}" if row.priority else "",
        f"because: {'; '.join(row.reasons)}" if row.reasons else "",
    )
    return "; ".join(filter(None, found))


def about_text(statement: Statement) -> str:
    """Return what a statement is about more closely, and what we noted on it."""
    details = statement.details
    provision = (f"about {details.provision}",) if details.provision else ()
    return "; ".join((*provision, *_ours(details)))


def can_live_with(statement: Statement) -> bool:
    """Return whether a party takes no side but says that it could live with a yes."""
    return statement.value is Stance.NEUTRAL and statement.act is Act.ACCEPTS


def joint_text(statement: Statement) -> str:
    """Return with whom a statement was made; empty if the party made it alone."""
    others = [party for party in statement.details.joint_with if party != statement.party]
    return f"jointly with {', '.join(others)}" if others else ""


def details_marks(statement: Statement | None) -> str:
    """Return the signs of what a statement says besides its position."""
    if statement is None:
        return ""
    details = statement.details
    return RED_LINE * (details.red_line is True) + JOINT * bool(details.joint_with)


class WithQuote(Protocol):
    """A row about a statement, with the words that were quoted and what else it says."""

    @property
    def quote(self) -> str | None: ...
    @property
    def details(self) -> Details: ...


def quote_text(row: WithQuote) -> str:
    """Return the words of a quote in quotation marks, in another language with its translation; empty without one."""
    return f"“{row.quote}”{translation_text(row.details)}" if row.quote else ""


def translation_text(details: Details) -> str:
    """Return the language of a quote, if it is named, and our translation, to append to the quote."""
    return translated(details.language, details.translation)


def translated(language: str | None, translation: str | None) -> str:
    """Return a language, if it is named, and our translation, to append to a quote."""
    named = f" [{language}]" if language else ""
    return f"{named} (our translation: “{translation}”)" if translation else named
