"""The steps of positions: their columns and their wording."""

from datetime import date
from typing import Any

from tracker.domain.answers.changes import Change, Inheritance
from tracker.domain.terms.amount_wording import bare_amount_text
from tracker.domain.terms.columns import columns_of, row_data
from tracker.reports.answers import columns_by_event_id, row_by_event_id
from tracker.reports.conditions import conditions_text
from tracker.reports.positions.details import details_marks
from tracker.reports.positions.values import CONVERTED, bare_value_text, is_converted, is_position, value_text
from tracker.reports.wording import (
    EARLIER_WORDING,
    day_text,
    earlier_government,
    earlier_text,
    nothing_held,
    stance_before,
    stated_text,
    statement_marks,
)

# --- as data --------------------------------------------------------------------------------------


def change_data(change: Change) -> dict[str, Any]:
    """The columns of a step, with those of its inheritance if members inherit."""
    return {**row_by_event_id(change), **(row_data(change.inheritance) if change.inheritance else {})}


def change_columns(*, inherits: bool) -> tuple[str, ...]:
    """The columns of `change_data`."""
    return (*columns_by_event_id(Change), *(columns_of(Inheritance) if inherits else ()))


# --- the wording of a step ------------------------------------------------------------------------


def step_marks(change: Change) -> str:
    """The marks of the stance of a step."""
    marks = details_marks(change.statement) + statement_marks(change.attribution, change.standing)
    return marks + "<" * (change.inherited_from is not None)


def step_signs(change: Change) -> str:
    """All signs in a step, for a legend: its marks, those of the stance before, and whether an amount is converted."""
    converted = is_converted(change.statement) or change.from_converted
    return step_marks(change) + marks_before(change) + CONVERTED * converted


def marks_before(change: Change) -> str:
    """The marks of the stance before a step."""
    marks = statement_marks(change.from_attribution, change.from_standing)
    return marks + "<" * (change.from_inherited_from is not None)


def marked_stance(change: Change, *, bare: bool = False) -> str:
    """The stance of a step, with its marks; `bare` if the unit of an amount stands elsewhere."""
    if change.to_value is None:
        return nothing_held(change.unit)
    text = bare_value_text if bare else value_text
    return f"{text(change.to_value, change.unit, converted=is_converted(change.statement))}{step_marks(change)}"


def stance_after(change: Change) -> str:
    """The stance of a step, with its marks and, if the question or the government was changed since, words on that."""
    return marked_stance(change) + since_text(change)


def since_text(change: Change) -> str:
    """Words to append to the stance of a step if the question or the government was changed since; else empty."""
    government = _government_text(change.government_since, change.inherited_from)
    return earlier_text(change.to_value, reworded=change.reworded) + government


def _government_text(since: date | None, bloc: str | None) -> str:
    return f" ({earlier_government(since, bloc)})" if since else ""


def held_before(change: Change) -> str:
    """The stance before a step, with its marks; an earlier wording is one that differs from that of the last day."""
    held = stance_before(
        change.from_value,
        change.from_attribution,
        change.from_standing,
        reworded=change.from_outdated,
        inherited=change.from_inherited_from is not None,
        unit=change.unit,
        converted=change.from_converted,
    )
    return held + _government_text(change.from_government_since, change.from_inherited_from)


def remarks_text(change: Change, *, before_told: bool = False, told: bool = False) -> str:
    """The remarks on the question that a step answers, and on governments that came after it or the stance before.

    A headline may have told those on the stance before it, or those on its own (see `held_before` and `stance_after`).
    """
    before = None if before_told else change.from_government_since
    after = None if told else change.government_since
    of_before = earlier_government(before, change.from_inherited_from) if before else ""
    remarks = (
        _wording_text(change, before_told=before_told and change.from_outdated, told=told),
        f"the stance before it was {of_before}" if of_before else "",
        earlier_government(after, change.inherited_from) if after else "",
    )
    return "; ".join(filter(None, remarks))


def _wording_text(change: Change, *, before_told: bool, told: bool) -> str:
    """A sentence on the wordings of the question that a step and the stance before it answer; empty if on the last."""
    before = change.from_reworded and is_position(change.from_value)
    if change.reworded and is_position(change.to_value):
        if told:
            return "the stance before it answers another wording of the question" if before else ""
        return f"{EARLIER_WORDING}; the stance before it answers another" if before else EARLIER_WORDING
    return f"the stance before it is {EARLIER_WORDING}" if before and not before_told else ""


def conditions_of(change: Change) -> str | None:
    """The conditions that the statement of a step states, or that people see with a bloc's; None if it states none."""
    how, said = change.inheritance, change.statement
    stated = how.shown_conditions if how else said.conditions if said else None
    return None if stated is None or change.to_value is None else conditions_text(stated, change.to_value)


def lapsed_text(change: Change) -> str:
    """What was in force and ends with a step; empty if nothing does."""
    lapsed = change.lapsed
    wider = (f"could accept {bare_amount_text(lapsed.could_accept, change.unit)}",) if lapsed.could_accept else ()
    ended = (*wider, *lapsed.conditions, *("a red line",) * lapsed.red_line)
    return f"no longer in force: {'; '.join(ended)}" if ended else ""


def step_day(change: Change) -> str:
    """The day of a step, as recorded: of what was stated, or of what made a party take or lose its bloc's position."""
    return stated_text(change.inheritance.taken_stated if change.inheritance else change.stated_on)


def inherited_text(change: Change, *, days: bool = True) -> str:
    """Words before a position that is a bloc's; empty before the party's own.

    They say whose it is, of which day if it was not stated then, the days of the membership, and why it came to be
    taken.
    """
    how = change.inheritance
    if how is None or how.inherited_from is None:
        return ""
    of = f" of {stated_text(change.stated_on)}" if _is_taken_later(change) else ""
    member = _member_text(how) if days else ""
    more = "; ".join(filter(None, (member, how.cause)))
    return f"{how.inherited_from}'s{of}{f' ({more})' if more else ''}: "


def _member_text(how: Inheritance) -> str:
    if how.member_since is None:
        return ""
    since = day_text(how.member_since)
    days = f"since {since}" if how.member_until is None else f"{since} to {day_text(how.member_until)}"
    return f"through {how.through} {days}" if how.through else f"member {days}"


def _is_taken_later(change: Change) -> bool:
    how = change.inheritance
    return how is not None and how.because_of != change.event_id
