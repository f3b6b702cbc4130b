"""The positions that a row of a batch states, in the form that its issue asks for (DESIGN section 15).

A row with `options` states a stance on each of these options of a choice, all with the same evidence.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tracker.adapters.batch_values import Problems, read_option_names, read_options
from tracker.domain.registers.names import resolve_option
from tracker.domain.registers.registers import Issue, Registers, options_of
from tracker.domain.terms.vocabulary import NAMING_NO_FIGURE, IssueForm, Stance
from tracker.errors import (
    AmountOnQuestion,
    OptionsOfNoChoice,
    PositionMissing,
    StanceOnQuantity,
    StatementOnChoice,
    TrackerError,
    WithdrawalFromChoice,
    WithdrawnOptionsOfNoChoice,
)


class Position(NamedTuple):
    """An issue and the fields of a position on it; `names` has the row's field where it differs from the event's."""

    fields: Mapping[str, Any]
    names: Mapping[str, str] = {}


def positions(data: Mapping[str, Any], names: Registers, problems: Problems) -> Iterator[Position]:
    """Yield the positions of a row with its names resolved; one that is in another form than its issue is a problem.

    What then stands in for it lets the row's other fields be checked.
    """
    issue = names.issues.get(str(data.get("issue")))
    options = None if (written := data.get("options")) is None else read_options(written, "options", problems)
    stated = {name: data[name] for name in _STATED if name in data}
    wrong = list(_wrong(issue, stated, data, names, options=options is not None))
    problems += [(problem.field, str(problem)) for problem in wrong]
    rest = {name: value for name, value in data.items() if name not in (*_STATED, "options")}
    if wrong or (options is not None and issue is None):
        yield Position({**rest, "stance": "neutral"})
    elif issue is None or options is None:
        yield Position({**rest, **stated})
    else:
        for name, stance in options:
            option = _option(name, issue.issue, names, problems)
            terms = _without_terms(stance, [other for _, other in options], rest)
            said = {field: value for field, value in rest.items() if field not in terms}
            yield Position({**said, "issue": option, "stance": stance}, {"stance": "options", "issue": "options"})


def withdrawals(data: Mapping[str, Any], names: Registers, problems: Problems) -> Iterator[Position]:
    """Yield the withdrawals of a row with its names resolved: from its issue, or from each of its options of a choice.

    A choice without options, and options of an issue that is no choice, are problems.
    """
    issue = names.issues.get(str(data.get("issue")))
    rest = {name: value for name, value in data.items() if name != "options"}
    is_choice = issue is not None and issue.form is IssueForm.CHOICE
    if issue is not None and is_choice and "options" in data:
        for name in read_option_names(data["options"], "options", problems):
            yield Position({**rest, "issue": _option(name, issue.issue, names, problems)}, {"issue": "options"})
        return
    wrong: TrackerError | None = None
    if issue is not None and is_choice:
        wrong = WithdrawalFromChoice(issue.issue, options_of(issue.issue, names.issues))
    elif issue is not None and "options" in data:
        wrong = WithdrawnOptionsOfNoChoice(issue.issue, issue.form)
    problems += [(wrong.field, str(wrong))] if wrong else []
    yield Position(rest)


def _without_terms(stance: Any, stances: Sequence[Any], stated: Mapping[str, Any]) -> Sequence[str]:
    """Return the terms of a row that do not hold for an option with this stance, among options with these stances.

    Conditions and a red line hold for the options that the party supports, conditionally or not; for all, if it
    supports none of them. That there are none any more holds for all.
    """
    if stance in _FOR or not any(other in _FOR for other in stances):
        return ()
    return [field for field in ("conditions", "red_line") if stated.get(field)]


_FOR = (Stance.SUPPORTS, Stance.CONDITIONAL)


_STATED = ("stance", "amount", "could_accept", "stated_as")


def _wrong(
    issue: Issue | None, stated: Mapping[str, Any], data: Mapping[str, Any], names: Registers, *, options: bool
) -> Iterator[TrackerError]:
    """Yield a refusal of what is stated in another form than an issue asks for."""
    names_no_figure = data.get("act") in NAMING_NO_FIGURE
    if issue is None:
        if not (stated.keys() & {"stance", "amount"} or options or names_no_figure):
            yield PositionMissing("stance")
        return
    if options and issue.form is not IssueForm.CHOICE:
        yield OptionsOfNoChoice(issue.issue, issue.form)
    match issue.form:
        case IssueForm.CHOICE if not options or stated:
            yield StatementOnChoice(issue.issue, options_of(issue.issue, names.issues))
        case IssueForm.QUANTITY if "stance" in stated:
            yield StanceOnQuantity(issue.issue, issue.unit or "its unit")
        case IssueForm.QUANTITY if "amount" not in stated and not names_no_figure and not options:
            yield PositionMissing("amount", issue.issue, issue.unit, data.get("act"))
        case IssueForm.QUESTION if of_amounts := stated.keys() - {"stance"}:
            yield AmountOnQuestion(issue.issue, field=min(of_amounts))
        case IssueForm.QUESTION if "stance" not in stated and not options:
            yield PositionMissing("stance", issue.issue, act=data.get("act"))


def _option(name: str, choice: str, names: Registers, problems: Problems) -> str:
    """The path of an option of a choice; a stand-in for one that is unknown."""
    try:
        return resolve_option(name, choice, names.issues)
    except TrackerError as error:
        problems.append(("options", str(error)))
        return choice
