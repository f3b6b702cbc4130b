"""Who could agree over time in words: for each issue a line for every day on which anything changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from tracker.domain.answers.consensus import IssueConsensus, PartyClass
from tracker.domain.answers.convergence import Convergence, IssueOnDay
from tracker.domain.terms.vocabulary import IssueForm
from tracker.reports.agreement.brief import Block, Brief, Part, cut_brief, of_whom, option_name, question_verdict
from tracker.reports.agreement.quantity import quantity_verdict
from tracker.reports.agreement.words import Line, closed_text
from tracker.reports.names import Names
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
    lines = tuple(Line(day_text(on), _day_text(one, names)) for on, one in days)
    last = days[-1].found
    options = tuple(_option(option, days, names) for option in last.options)
    return Block(issue, names.issue(issue), _verdict(last, names), lines, options)


def _option(last: IssueConsensus, days: Iterable[IssueOnDay], names: Names) -> Block:
    """The days on which something changed about one option."""
    of_option = [IssueOnDay(on, one) for on, choice in days for one in choice.options if one.issue == last.issue]
    lines = tuple(Line(day_text(on), _day_text(one, names)) for on, one in _moves(of_option))
    return Block(last.issue, option_name(last.issue, names), question_verdict(last), lines)


def _day_text(one: IssueConsensus, names: Names) -> str:
    """What an issue comes to on a day, with the numbers of parties in each class."""
    counts = ", ".join(_counts(one))
    return f"{_verdict(one, names)} ({counts})" if counts else _verdict(one, names)


def _verdict(one: IssueConsensus, names: Names) -> str:
    match one.form.form:
        case IssueForm.CHOICE if one.closed is not None:
            return f"closed: {closed_text(one.closed, names)}"
        case IssueForm.CHOICE:
            found = ", ".join(option_name(option, names) for option in one.unopposed)
            return f"nobody opposes {found}" if found else "no option without objection"
        case IssueForm.QUANTITY:
            return quantity_verdict(one)
        case _:
            return question_verdict(one)


def _counts(one: IssueConsensus) -> Iterator[str]:
    for name, parties in one.classes.items():
        if parties and name is not PartyClass.SILENT:
            yield f"{len(parties)} {name.value.replace('_', ' ')}"
