"""Asks, and the conditions of stances, in rows and in tables of their own."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from tracker.domain.answers.asks import Ask, OpenConditions
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.columns import columns_of, row_data
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.timeline.circumstances import Closing
from tracker.domain.timeline.statement import Statement
from tracker.reports.answers import Document, Rows, first_rows
from tracker.reports.basis import Basis, nothing_found
from tracker.reports.conditions import conditions_text, is_term
from tracker.reports.names import CODES, Names
from tracker.reports.positions.details import RED_LINE, details_marks, quote_text
from tracker.reports.positions.joint import joint_details, joint_rows, parties_text
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
    value_signs,
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
    first, cut = first_rows(sorted(listed, key=_asker), len(_ASK_HEADINGS))
    shown = sorted(joint_rows(first, _besides_the_party), key=_askers)
    hidden = len(asks) - len(listed)
    names = Names(registers) if titles else CODES
    none, wanted = (_NO_ASK, "No ask") if with_answered else ("Nothing is unanswered.", "Nothing unanswered")
    return Rows(
        found=listed,
        as_row=row_data,
        columns=columns_of(Ask),
        headings=_ASK_HEADINGS,
        cells=(_ask_cells(gathered, names) for gathered in shown),
        empty=nothing_found(none, wanted, basis.scope, basis.listing),
        left_out_undated=basis.left_out_undated,
        view=(lambda width: with_cut(Group(*_asks(shown, basis.on, names, width)), cut)) if shown else None,
        after=f"{hidden} answered, withdrawn or on an issue that was closed; --all shows them." if hidden else "",
        cut=cut,
        title=f"Asks up to {day_text(basis.on)}",
        document=Document(
            basis,
            registers,
            signs="".join(map(_all_signs, first)),
            cites=cited(gathered[0].statement for gathered in shown),
            quotes=[quote_text(gathered[0].statement) for gathered in shown],
            said_in=_ASK_HEADINGS.index("what"),
            template="asks.html",
            contents={
                "asks": [(to, list(made)) for (_, to), made in groupby(shown, key=_askers)],
                "besides": _besides,
                "answer_text": _later,
                "remarks": _remarks,
                "amount_of": _amount,
                "marks_of": _signs,
            },
        ),
    )


_NO_ASK = "No party has asked another for anything."


def _asker(ask: Ask) -> tuple[str, str]:
    return ask.party, ask.to


def _askers(gathered: Sequence[Ask]) -> tuple[tuple[str, ...], str]:
    """All who made an ask, and its addressee."""
    return tuple(ask.party for ask in gathered), gathered[0].to


def _besides_the_party(ask: Ask) -> Hashable:
    """What the asks of one joint statement have in common where they are shown as one."""
    said = ask.statement
    return (ask.to, _act(said), said.conditions, tuple(_later(ask, one) for one in ask.later), tuple(_remarks(ask)))


def _asks(shown: Sequence[Sequence[Ask]], on: date, names: Names, width: int) -> Iterator[RenderableType]:
    """Asks by asking parties and addressee, each with its issue, its age, and the answer if there is one."""
    for (_, to), some in groupby(shown, key=_askers):
        made = list(some)
        yield Text(plain(f"{parties_text(made[0], names)} to {names.party(to)}"), style="bold")
        begun = [(gathered, _since(gathered[0], on), Text(_act(gathered[0].statement))) for gathered in made]
        room = width - 6 - max(since.cell_len + act.cell_len for _, since, act in begun)
        yield dated_grid((since, act, _ask(gathered, on, names, room)) for gathered, since, act in begun)
    yield from legend_below("".join(_all_signs(ask) for gathered in shown for ask in gathered))


def _act(ask: Statement) -> str:
    """The act of an ask, with its marks where no amount bears them."""
    return f"{ask.act}{'' if _amount(ask) else _signs(ask)}"


def _amount(ask: Statement) -> Amount | None:
    """The amount that is asked for or offered."""
    return ask.value if isinstance(ask.value, Amount) else None


def _since(ask: Ask, on: date) -> Text:
    text = Text(stated_text(ask.statement.stated_on, on))
    return text.append(f" {age(ask.statement.on, on)}", style="dim") if ask.is_open else text


def _ask(gathered: Sequence[Ask], on: date, names: Names, width: int) -> Text:
    ask = gathered[0]
    said = ask.statement
    text = path_text(names.issue(said.issue), width, style="bold")
    if (amount := _amount(said)) is not None:
        text.append(f"\n{plain(marked_value(said, ask.unit))}", style=style_of(amount))
    text.append(f"\n{plain(_what(gathered))}", style="not bold")
    text.append(plain(trace(said.source, said.position)), style="not bold dim")
    for later in ask.later:
        text.append(f"\n{plain(_later(ask, later, on))}", style="not bold")
        text.append(plain(trace(later.source, later.position)), style="not bold dim")
    return text.append("".join(f"\n{plain(remark)}" for remark in _remarks(ask)), style="not bold dim")


def _what(gathered: Sequence[Ask]) -> str:
    """What is asked, with the conditions that it names."""
    ask = gathered[0].statement
    stated = f" ({conditions_text(ask.conditions, ask.value)})" if ask.conditions else ""
    besides = _besides(gathered)
    return with_voice(ask) + stated + (f" ({besides})" if besides else "")


def _besides(gathered: Sequence[Ask]) -> str:
    return joint_details(gathered, gathered[0].unit)


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


def _all_signs(ask: Ask) -> str:
    """The signs of an ask, and of what was stated later, for the legend."""
    return "".join(map(value_signs, (ask.statement, *ask.later)))


def _signs(row: Statement) -> str:
    return details_marks(row) + statement_marks(row.attribution, row.standing)


def _closed(closed: Closing) -> str:
    return f"the issue was closed: {outcome_words(closed)} on {day_text(closed.on)}"


def _ask_cells(gathered: Sequence[Ask], names: Names) -> tuple[str, ...]:
    ask = gathered[0]
    said = ask.statement
    act = f"{_act(said)} {marked_value(said, ask.unit)}" if _amount(said) else _act(said)
    what = "; ".join([_what(gathered), *_remarks(ask)])
    pair = parties_text(gathered, names), names.party(ask.to), names.issue(said.issue)
    answer = "; ".join(f"{_later(ask, later)}{trace(later.source, later.position)}" for later in ask.later)
    return (stated_text(said.stated_on), *pair, act, what, answer)


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
    first, cut = first_rows(listed, len(_CONDITION_HEADINGS))
    shown = joint_rows(first, _besides_the_holder)
    hidden = len(stances) - len(listed)
    on_open = " on an open issue" if hidden else ""
    none, wanted = f"No stance{on_open} has conditions.", f"No stance{on_open} with conditions"
    contents = {
        "stances": [(issue, list(rows)) for issue, rows in groupby(shown, key=lambda rows: rows[0].issue)],
        "values": [row.held.value for row in first],
        "waits_for": _waits_for,
        "remarks": _remarks_on,
        "signs_of": _signs_in_force,
    }
    return Rows(
        found=stances,
        as_row=row_data,
        columns=columns_of(OpenConditions),
        headings=_CONDITION_HEADINGS,
        cells=(_condition_cells(rows, names) for rows in shown),
        empty=nothing_found(none, wanted, basis.scope, basis.listing),
        left_out_undated=basis.left_out_undated,
        view=(lambda _: with_cut(Group(*_conditions(shown, basis.on, names)), cut)) if shown else None,
        after=f"{counted(hidden, 'stance')} on closed issues; --closed shows them." if hidden else "",
        cut=cut,
        title=f"Conditions on {day_text(basis.on)}",
        document=Document(
            basis,
            registers,
            signs="".join(map(_signs_in_force, first)),
            cites=cited(rows[0].naming for rows in shown),
            template="conditions.html",
            contents=contents,
        ),
    )


def _besides_the_holder(row: OpenConditions) -> Hashable:
    """What the stances of a joint statement have in common where they are shown as one."""
    held = row.held
    return held.value, held.conditions, row.since_stated, _signs_in_force(row), tuple(_remarks_on(row))


def _conditions(shown: Sequence[Sequence[OpenConditions]], on: date, names: Names) -> Iterator[RenderableType]:
    """Each stance with the conditions in force, and the day on which they were named."""
    for rows in shown:
        row = rows[0]
        headline = Text(plain(f"{parties_text(rows, names)} on {names.issue(row.issue)}: "), style="bold")
        headline.append(_stance(row), style=style_of(row.held.value))
        headline.append(f" since {stated_text(row.since_stated, on)}", style="not bold")
        yield headline
        lines = [Text(plain(line)) for line in _waits_for(row)]
        named = f"named {stated_text(row.named.stated_on)}" if row.named else ""
        lines.append(Text(f"{named}{plain(trace(row.naming.source, row.naming.position))}".strip(), style="dim"))
        lines += [Text(plain(remark), style="dim") for remark in _remarks_on(row)]
        yield indented(*lines)
    yield from legend_below("".join(_signs_in_force(row) for rows in shown for row in rows))


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
    return f"{value_text(row.held.value, row.unit)}{_signs_in_force(row)}"


def _signs_in_force(row: OpenConditions) -> str:
    """The marks of the statement that names the conditions, and whether the stance is a red line by now."""
    return RED_LINE * row.held.red_line + _signs(row.naming).replace(RED_LINE, "")


def _condition_cells(rows: Sequence[OpenConditions], names: Names) -> tuple[str, ...]:
    row = rows[0]
    named = stated_text(row.named.stated_on) if row.named else ""
    waits = conditions_text(row.held.conditions, row.held.value) if row.named else "none recorded"
    pair = parties_text(rows, names), names.issue(row.issue)
    return (*pair, _stance(row), stated_text(row.since_stated), "; ".join([waits, *_remarks_on(row)]), named)
