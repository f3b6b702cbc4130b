"""Asks, and the conditions of stances, in rows and in tables of their own."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from tracker.domain.answers.asks import Ask, OpenConditions
from tracker.domain.terms.columns import columns_of, row_data
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.timeline.circumstances import Closing
from tracker.domain.timeline.statement import Statement
from tracker.reports.answers import Document, Rows, first_rows
from tracker.reports.basis import Basis
from tracker.reports.conditions import conditions_text, is_term
from tracker.reports.names import CODES, Names
from tracker.reports.positions.details import details_text, quote_text
from tracker.reports.positions.outcomes import outcome_words
from tracker.reports.positions.values import value_text
from tracker.reports.state_answer import is_folded
from tracker.reports.tables.statement_tables import cited
from tracker.reports.tables.terminal import dated_grid, indented, legend_below, path_text, style_of, with_cut
from tracker.reports.wording import (
    EARLIER_WORDING,
    age,
    day_text,
    earlier_government,
    made_for,
    marked_value,
    stated_text,
    statement_marks,
    trace,
    voice,
    when_text,
    with_voice,
)

if TYPE_CHECKING:
    from tracker.domain.registers.registers import Registers


# --- asks -----------------------------------------------------------------------------------------


_ASK_HEADINGS = ("open since", "by", "to", "issue", "act", "what", "answer")


def asks_rows(
    asks: Sequence[Ask],
    basis: Basis,
    registers: "Registers | None" = None,
    *,
    with_answered: bool,
    titles: bool = True,
) -> Rows:
    """The asks up to a day: those that still wait for an answer, or all."""
    listed = [ask for ask in asks if with_answered or ask.is_open]
    shown, cut = first_rows(sorted(listed, key=_asker), len(_ASK_HEADINGS))
    hidden = len(asks) - len(listed)
    names, empty = Names(registers) if titles else CODES, _NO_ASK if with_answered else "Nothing is unanswered."
    return Rows(
        found=listed,
        as_row=row_data,
        columns=columns_of(Ask),
        headings=_ASK_HEADINGS,
        cells=(_ask_cells(ask, names) for ask in shown),
        empty=empty,
        left_out_undated=basis.left_out_undated,
        view=(lambda width: with_cut(Group(*_asks(shown, basis.on, names, width)), cut)) if shown else None,
        after=f"{hidden} answered, withdrawn or on an issue that was closed; --all shows them." if hidden else "",
        cut=cut,
        title=f"Asks up to {day_text(basis.on)}",
        document=Document(
            basis,
            registers,
            signs="".join(map(_all_marks, shown)),
            cites=cited(ask.statement for ask in shown),
            quotes=[quote_text(ask.statement) for ask in shown],
            said_in=_ASK_HEADINGS.index("what"),
            template="asks.html",
            contents={"asks": shown, "answer_text": _later, "remarks": _remarks},
        ),
    )


_NO_ASK = "No party has asked another for anything."


def _asker(ask: Ask) -> tuple[str, str]:
    return ask.party, ask.to


def _asks(asks: Sequence[Ask], on: date, names: Names, width: int) -> Iterator[RenderableType]:
    """Asks by asking party and addressee, each with its issue, its age, and the answer if there is one."""
    for (party, to), some in groupby(asks, key=_asker):
        yield Text(f"{plain(names.party(party))} to {plain(names.party(to))}", style="bold")
        begun = [(ask, _since(ask, on), _act(ask.statement)) for ask in some]
        room = width - 6 - max(since.cell_len + act.cell_len for _, since, act in begun)
        yield dated_grid((since, act, _ask(ask, on, names, room)) for ask, since, act in begun)
    yield from legend_below("".join(map(_all_marks, asks)))


def _act(ask: Statement) -> Text:
    return Text(f"{ask.act}{_marks(ask)}")


def _since(ask: Ask, on: date) -> Text:
    text = Text(stated_text(ask.statement.stated_on, on))
    return text.append(f" {age(ask.statement.on, on)}", style="dim") if ask.is_open else text


def _ask(ask: Ask, on: date, names: Names, width: int) -> Text:
    said = ask.statement
    text = path_text(names.issue(said.issue), width, style="bold")
    text.append(f"\n{plain(_what(said, ask.unit))}", style="not bold")
    text.append(plain(trace(said.source, said.position)), style="not bold dim")
    for later in ask.later:
        text.append(f"\n{plain(_later(ask, later, on))}", style="not bold")
        text.append(plain(trace(later.source, later.position)), style="not bold dim")
    return text.append("".join(f"\n{plain(remark)}" for remark in _remarks(ask)), style="not bold dim")


def _what(ask: Statement, unit: str | None) -> str:
    """What is asked, with the conditions that it names."""
    stated = f" ({conditions_text(ask.conditions, ask.value)})" if ask.conditions else ""
    besides = details_text(ask, unit)
    return with_voice(ask) + stated + (f" ({besides})" if besides else "")


def _later(ask: Ask, later: Statement, on: date | None = None) -> str:
    """What the addressee stated later, or one of its blocs: an answer or, with why not, no answer."""
    unit = ask.unit_on(later.issue)
    said = ", ".join(filter(None, (stated_text(later.stated_on, on), voice(later))))
    rest = "" if ask.answer is not None else f": {_why_no_answer(ask, later)}"
    waits = f", {conditions_text(later.conditions, later.value)}" if later.conditions else ""
    how = "since" if ask.answer is None or later.details.answers is None else "in answer"
    return f"{later.party} on {later.issue} {how}: {marked_value(later, unit)} ({said}{rest}){waits}"


def _why_no_answer(ask: Ask, later: Statement) -> str:
    if later.attribution is Attribution.INFERRED:
        return "inferred, no answer"
    if later.issue != ask.statement.issue and ask.party not in later.addressed_to:
        return "not addressed to the asker, no answer"
    return "after the ask was withdrawn"


def _remarks(ask: Ask) -> list[str]:
    """What ended an ask but an answer, or may have; and that it is about an earlier wording."""
    remarks = ["about an earlier wording of the question"] if ask.reworded else []
    if ask.withdrawal is not None:
        remarks.append(f"withdrawn {when_text(ask.withdrawal.stated_on)}")
    if ask.government_since is not None:
        remarks.append(earlier_government(ask.government_since))
    return [*remarks, _closed(ask.closed)] if ask.closed else remarks


def _all_marks(ask: Ask) -> str:
    """The marks of an ask, and of what was stated later."""
    return _marks(ask.statement) + "".join(map(_marks, ask.later))


def _marks(row: Statement) -> str:
    return statement_marks(row.attribution, row.standing)


def _closed(closed: Closing) -> str:
    return f"the issue was closed: {outcome_words(closed)} on {day_text(closed.on)}"


def _ask_cells(ask: Ask, names: Names) -> tuple[str, ...]:
    said = ask.statement
    what = "; ".join([_what(said, ask.unit), *_remarks(ask)])
    pair = names.party(ask.party), names.party(ask.to), names.issue(said.issue)
    answer = "; ".join(f"{_later(ask, later)}{trace(later.source, later.position)}" for later in ask.later)
    return (stated_text(said.stated_on), *pair, _act(said).plain, what, answer)


# --- conditions -----------------------------------------------------------------------------------


_CONDITION_HEADINGS = ("party", "issue", "stance", "since", "conditions", "named on")


def conditions_rows(
    stances: Sequence[OpenConditions],
    basis: Basis,
    registers: "Registers | None" = None,
    *,
    titles: bool = True,
    unfolded: bool = False,
) -> Rows:
    """The conditions in force: what stances wait for, or are held on; people see those on closed issues if asked to."""
    names = Names(registers) if titles else CODES
    listed = [row for row in stances if unfolded or not is_folded(row.held.closed, row.issue, basis.on, basis.scope)]
    shown, cut = first_rows(listed, len(_CONDITION_HEADINGS))
    hidden = len(stances) - len(listed)
    empty = _NO_OPEN_CONDITION if hidden else _NO_CONDITION
    contents = {
        "stances": shown,
        "values": [row.held.value for row in shown],
        "waits_for": _waits_for,
        "remarks": _remarks_on,
    }
    return Rows(
        found=stances,
        as_row=row_data,
        columns=columns_of(OpenConditions),
        headings=_CONDITION_HEADINGS,
        cells=(_condition_cells(row, names) for row in shown),
        empty=empty,
        left_out_undated=basis.left_out_undated,
        view=(lambda _: with_cut(Group(*_conditions(shown, basis.on, names)), cut)) if shown else None,
        after=f"{counted(hidden, 'stance')} on closed issues; --closed shows them." if hidden else "",
        cut=cut,
        title=f"Conditions on {day_text(basis.on)}",
        document=Document(
            basis,
            registers,
            signs="".join(_marks(row.naming) for row in shown),
            cites=cited(row.naming for row in shown),
            template="conditions.html",
            contents=contents,
        ),
    )


_NO_CONDITION = "No stance has conditions."
_NO_OPEN_CONDITION = "No stance on an open issue has conditions."


def _conditions(rows: Sequence[OpenConditions], on: date, names: Names) -> Iterator[RenderableType]:
    """Each stance with the conditions in force, and the day on which they were named."""
    for row in rows:
        headline = Text(f"{plain(names.party(row.held.party))} on {plain(names.issue(row.issue))}: ", style="bold")
        headline.append(_stance(row), style=style_of(row.held.value))
        headline.append(f" since {stated_text(row.since_stated, on)}", style="not bold")
        yield headline
        lines = [Text(plain(line)) for line in _waits_for(row)]
        named = f"named {stated_text(row.named.stated_on)}" if row.named else ""
        lines.append(Text(f"{named}{plain(trace(row.naming.source, row.naming.position))}".strip(), style="dim"))
        lines += [Text(plain(remark), style="dim") for remark in _remarks_on(row)]
        yield indented(*lines)
    yield from legend_below("".join(_marks(row.naming) for row in rows))


def _remarks_on(row: OpenConditions) -> list[str]:
    """For whom the conditions were named and who says so, what they answer, and what has happened since."""
    remarks = [*made_for(row.naming)]
    if row.held.reworded:
        remarks.append(EARLIER_WORDING)
    if row.held.government_since is not None:
        remarks.append(earlier_government(row.held.government_since))
    return [*remarks, _closed(row.held.closed)] if row.held.closed else remarks


def _waits_for(row: OpenConditions) -> list[str]:
    """A line for each condition, then for each term, with its label."""
    held = row.held
    return [conditions_text((one,), held.value) for one in sorted(held.conditions, key=is_term)] or [
        "no condition is recorded"
    ]


def _stance(row: OpenConditions) -> str:
    return f"{value_text(row.held.value, row.unit)}{_marks(row.naming)}"


def _condition_cells(row: OpenConditions, names: Names) -> tuple[str, ...]:
    named = stated_text(row.named.stated_on) if row.named else ""
    waits = conditions_text(row.held.conditions, row.held.value) if row.named else "none recorded"
    pair = names.party(row.held.party), names.issue(row.issue)
    return (*pair, _stance(row), stated_text(row.since_stated), "; ".join([waits, *_remarks_on(row)]), named)
