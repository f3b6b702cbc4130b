"""Rules of the forms of issues: what positions, openings, closings and their corrections must fit (DESIGN section 15).

An issue asks a question, for a quantity, or for a choice among the issues directly below it. Its form never changes.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from tracker.domain.log.events import Event, IssueClosed, IssueOpened, PositionEvent, PositionStated, PositionWithdrawn
from tracker.domain.terms.vocabulary import IssueForm
from tracker.errors import (
    AmountOnQuestion,
    ChoiceBelowOption,
    ChoiceHasOptions,
    FormIsFixed,
    NotAnOption,
    NoUnit,
    OptionOfAnotherForm,
    OptionOutcomeOfAnotherForm,
    OutcomeOfAnotherForm,
    OwnInUse,
    PositionMissing,
    PositionOfAnotherForm,
    StanceOnQuantity,
    StatementOnChoice,
    TrackerError,
    UnitInUse,
    WithdrawalFromChoice,
)


class FormView(Protocol):
    """The lookups in the log that the rules need."""

    def form_of(self, issue: str) -> IssueForm | None:
        """Return the form of a registered issue."""

    def unit_of(self, issue: str) -> str | None:
        """Return the unit of a registered quantity."""

    def forms_below(self, issue: str) -> Mapping[str, IssueForm]:
        """Return the registered issues directly below a path, in order, with their forms."""

    def has_statements(self, issue: str) -> bool:
        """Return whether a statement or withdrawal on an issue counts."""


def form_problems(event: Event, log: FormView, target: Event | None = None) -> Iterator[TrackerError]:
    """Yield a refusal for everything in an event, or a correction of a `target` to it, that does not fit a form."""
    match event:
        case PositionStated() | PositionWithdrawn():
            yield from _position_problems(event, log, target)
        case IssueOpened():
            yield from _opening_problems(event, log, target)
        case IssueClosed():
            yield from _closing_problems(event, log)
        case _:
            return


def _position_problems(event: PositionEvent, log: FormView, target: Event | None) -> Iterator[TrackerError]:
    stated = event if isinstance(event, PositionStated) else None
    match log.form_of(event.issue):
        case IssueForm.CHOICE:
            refusal = WithdrawalFromChoice if stated is None else StatementOnChoice
            yield refusal(event.issue, list(log.forms_below(event.issue)))
        case IssueForm.QUANTITY if stated is not None and stated.stance is not None:
            yield StanceOnQuantity(event.issue, log.unit_of(event.issue) or "its unit")
        case IssueForm.QUESTION if stated is not None and stated.stance is None:
            missing = PositionMissing("stance", event.issue, act=stated.act)
            yield missing if stated.amount is None else AmountOnQuestion(event.issue)
        case _ if stated is not None and isinstance(target, PositionStated):
            if (stated.stance is None) != (target.stance is None):
                yield PositionOfAnotherForm()
        case _:
            return


def _opening_problems(event: IssueOpened, log: FormView, target: Event | None) -> Iterator[TrackerError]:
    if isinstance(target, IssueOpened):
        if event.form is not target.form:
            yield FormIsFixed(event.issue, target.form, event.form)
        elif event.unit != target.unit and log.has_statements(event.issue):
            yield UnitInUse(event.issue)
        elif event.own != target.own and log.has_statements(event.issue):
            yield OwnInUse(event.issue)
    if (event.form is IssueForm.QUANTITY) != (event.unit is not None):
        yield NoUnit(event.form)
    above = event.issue.rpartition("/")[0]
    if event.form is not IssueForm.QUESTION and above and log.form_of(above) is IssueForm.CHOICE:
        yield OptionOfAnotherForm(event.issue, above, event.form)
    if event.form is IssueForm.CHOICE:
        if log.form_of(choice := above.rpartition("/")[0]) is IssueForm.CHOICE:
            yield ChoiceBelowOption(event.issue, above, choice)
        for below, form in log.forms_below(event.issue).items():
            if form is not IssueForm.QUESTION:
                yield OptionOfAnotherForm(below, event.issue, form)


def _closing_problems(event: IssueClosed, log: FormView) -> Iterator[TrackerError]:
    form = log.form_of(event.issue)
    if form is None:
        return
    if event.amount is not None and form is not IssueForm.QUANTITY:
        yield OutcomeOfAnotherForm(event.issue, form)
    if event.option is not None:
        if form is not IssueForm.CHOICE:
            yield OptionOutcomeOfAnotherForm(event.issue, form)
        elif event.option not in (options := log.forms_below(event.issue)):
            yield NotAnOption(event.issue, event.option, list(options))


def retraction_problems(event: Event | None, log: FormView) -> Iterator[TrackerError]:
    """Yield a refusal of the retraction of an opening that others rest on."""
    if isinstance(event, IssueOpened) and event.form is IssueForm.CHOICE:
        for option in log.forms_below(event.issue):
            yield ChoiceHasOptions(event.issue, option)
            return
