"""Who could agree over time in words: for each issue a line for every day on which anything changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from tracker.domain.agreement.consensus import Holding, IssueConsensus, PartyClass
from tracker.domain.agreement.convergence import Convergence, IssueOnDay
from tracker.domain.terms.vocabulary import IssueForm
from tracker.reports.agreement.brief import (
    Block,
    Brief,
    Part,
    choice_verdict,
    cut_brief,
    of_whom,
    option_name,
    question_verdict,
)
from tracker.reports.agreement.quantity import quantity_verdict
from tracker.reports.agreement.words import Line, listed
from tracker.reports.names import Names
from tracker.reports.positions.values import bare_value_text
from tracker.reports.wording import day_text


def series_of(found: Convergence, names: Names) -> Brief:
    """Put an answer into words."""
    by_issue = [(issue, _moves(days)) for issue, days in groupby(found.series, key=lambda one: one.found.issue)]
    moved = [_block(issue, days, names) for issue, days in by_issue if len(days) > 1]
    still = [(names.issue(issue), _verdict(days[0].found, names)) for issue, days in by_issue if len(days) == 1]
    parts = [Part("Changed", tuple(moved))] if moved else []
    if still:
        parts.append(Part("Unchanged", (), tuple(still)))
    whom = of_whom(found.scope, found.bloc, max((one.found.parties for one in found.series), default=0), names)
    title = f"Consensus from {day_text(found.from_day)} to {day_text(found.to_day)}, {whom}"
    number = len(by_issue)
    summary = f"{len(moved)} of {number} issue{'' if number == 1 else 's'} changed."
    return cut_brief(Brief(title, summary, tuple(parts)))


def _moves(days: Iterable[IssueOnDay]) -> list[IssueOnDay]:
    """The days on which more changed than the number of silent parties."""
    moves: list[IssueOnDay] = []
    for day in days:
        if not moves or not _spoken(moves[-1].found).same_as(_spoken(day.found)):
            moves.append(day)
    return moves


def _spoken(one: IssueConsensus) -> IssueConsensus:
    """An issue without the silent parties."""
    classes = {**one.classes}
    classes.pop(PartyClass.SILENT, None)
    return replace(one, parties=0, classes=classes, options=tuple(map(_spoken, one.options)))


def _block(issue: str, days: Sequence[IssueOnDay], names: Names) -> Block:
    last = days[-1].found
    lines = _day_lines(days, names)
    options = tuple(_option(option, days, names) for option in last.options)
    return Block(issue, names.issue(issue), _verdict(last, names), lines, options)


def _option(last: IssueConsensus, days: Iterable[IssueOnDay], names: Names) -> Block:
    """The days on which something changed about one option."""
    of_option = [IssueOnDay(on, one) for on, choice in days for one in choice.options if one.issue == last.issue]
    lines = _day_lines(_moves(of_option), names)
    return Block(last.issue, option_name(last.issue, names), question_verdict(last, names), lines)


def _day_lines(days: Sequence[IssueOnDay], names: Names) -> tuple[Line, ...]:
    """A line for each day: the first, with what everybody holds, and those on which something changed, with who moved.

    A day that comes to the same as the one before, without a party that moved, is left out: of a choice the lines of
    the options tell it.
    """
    lines: list[Line] = []
    before: IssueConsensus | None = None
    for on, one in days:
        text, moved = _day_text(one, names), _moved(before, one, names) if before else _held_first(one, names)
        if moved or not lines or lines[-1].text != text:
            lines.append(Line(day_text(on), text, more=moved))
        before = one
    return tuple(lines)


def _day_text(one: IssueConsensus, names: Names) -> str:
    """What an issue comes to on a day, with the numbers of parties in each class."""
    counts = ", ".join(_counts(one))
    return f"{_verdict(one, names)} ({counts})" if counts else _verdict(one, names)


def _held_first(one: IssueConsensus, names: Names) -> str:
    """Who holds what: `at least 1,300: G77; 200: EUN, USA`. It is empty if all are silent."""
    held: dict[str, list[str]] = {}
    for party, (name, holding) in _standings(one).items():
        if name is not PartyClass.SILENT:
            held.setdefault(_holding_text(name, holding, one.form.unit), []).append(party)
    return _listed(held, names)


def _moved(before: IssueConsensus, after: IssueConsensus, names: Names) -> str:
    """Where parties moved that hold something else than before, and which others changed their terms."""
    was, now = _standings(before), _standings(after)
    moved: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for party, (name, held) in now.items():
        name_before, held_before = was.get(party, (PartyClass.SILENT, None))
        if name != name_before or (held and held.value) != (held_before and held_before.value):
            if name is PartyClass.DISSOCIATED:
                others.setdefault(_LEFT, []).append(party)
            else:
                moved.setdefault(_holding_text(name, held, after.form.unit), []).append(party)
        elif _terms(held) != _terms(held_before):
            others.setdefault("other terms", []).append(party)
    gone = [party for party, (name, _) in was.items() if party not in now and name is not PartyClass.SILENT]
    if gone:
        others["no longer asked"] = gone
    told = f"now {_listed(moved, names)}" if moved else ""
    return "; ".join(filter(None, (told, _listed(others, names))))


_LEFT = "left its bloc"


def _listed(parties_by_label: Mapping[str, Sequence[str]], names: Names) -> str:
    return "; ".join(f"{label}: {listed(parties, names)}" for label, parties in parties_by_label.items())


def _standings(one: IssueConsensus) -> dict[str, tuple[PartyClass, Holding | None]]:
    by_class = ((name, party) for name, parties in one.classes.items() for party in parties)
    return {party: (name, one.holdings.get(party)) for name, party in by_class}


def _holding_text(name: PartyClass, held: Holding | None, unit: str | None) -> str:
    if name is PartyClass.DISSOCIATED:
        return _LEFT
    if held is None or held.amount is None or name is not PartyClass.STATED:
        return _words(name)
    return bare_value_text(held.amount, unit, converted=held.is_converted)


def _terms(held: Holding | None) -> tuple[object, ...]:
    return () if held is None else (held.conditions, held.red_line, held.could_accept, held.through)


def _verdict(one: IssueConsensus, names: Names) -> str:
    match one.form.form:
        case IssueForm.CHOICE:
            return choice_verdict(one, names)
        case IssueForm.QUANTITY:
            return quantity_verdict(one)
        case _:
            return question_verdict(one, names)


def _counts(one: IssueConsensus) -> Iterator[str]:
    for name, parties in one.classes.items():
        if parties and name is not PartyClass.SILENT:
            yield f"{len(parties)} {_words(name)}"


def _words(name: PartyClass) -> str:
    return name.value.replace("_", " ")
