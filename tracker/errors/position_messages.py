"""Refused positions: in another form than the issue asks for, and openings and closings that do not fit a form."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from tracker.errors.base import TrackerError
from tracker.errors.shared_parts import did_you_mean, named


class StanceOnQuantity(TrackerError):
    """A stance on an issue that asks for an amount."""

    issue: str
    unit: str
    field = "stance"

    sentence = (
        "{issue} asks for an amount, in {unit}, not for a stance. "
        'Write --amount 300, --amount ">=1300", --amount "<=200" or --amount 100..300, in files amount: ">=1300".'
    )


class AmountOnQuestion(TrackerError):
    """An amount, or no figure, on an issue that asks a question."""

    issue: str
    field: str = "amount"

    sentence = (
        "{issue} asks a question, not for an amount. Give a stance: opposes, sceptical, neutral, conditional or "
        "supports; for amounts, open an issue with --form quantity and --unit."
    )


class StatementOnChoice(TrackerError):
    """A statement on a choice itself."""

    issue: str
    options: Sequence[str]
    field = "issue"

    def __str__(self) -> str:
        name = f"{self.issue} is a choice: positions are stated on its options"
        if not self.options:
            return f"{name}. It has none yet; add one with `tracker issue option {self.issue} ID TITLE`."
        ids = [option.rpartition("/")[2] for option in self.options]
        in_files = f"in files options: {{{ids[0]}: supports}}"
        return f"{name}: {', '.join(ids)}. Write --option {ids[0]}=supports, {in_files}, or name {self.options[0]}."


class WithdrawalFromChoice(StatementOnChoice):
    """A withdrawal from a choice itself."""

    def __str__(self) -> str:
        if not self.options:
            return super().__str__()
        ids = [option.rpartition("/")[2] for option in self.options]
        return (
            f"{self.issue} is a choice: positions are stated on, and withdrawn from, its options: {', '.join(ids)}. "
            f"Write --option {ids[0]}, in files options: [{ids[0]}], or name {self.options[0]}."
        )


class OptionOfAnotherForm(TrackerError):
    """An issue directly below a choice that is not a question."""

    issue: str
    choice: str
    form: str
    field = "form"

    sentence = (
        "{issue} would be an option of the choice {choice}, and options are questions, not of the form {form}. "
        "Open it under another path."
    )


class ChoiceBelowOption(TrackerError):
    """A choice that would be opened below an option."""

    issue: str
    option: str
    choice: str
    field = "form"

    sentence = (
        "{issue} would be a choice below {option}, an option of the choice {choice}: an option has no options. Open it "
        "under another path."
    )


class NoUnit(TrackerError):
    """A quantity without a unit, or a unit on an issue that is none."""

    form: str
    field = "unit"

    def __str__(self) -> str:
        if self.form == "quantity":
            return "A quantity needs a unit: add --unit, such as 'USD bn a year', years or °C."
        return f"An issue of the form {self.form} has no unit. Leave it out, or open a quantity."


class FormIsFixed(TrackerError):
    """A correction that changes the form of an issue."""

    issue: str
    before: str
    after: str
    field = "form"

    sentence = (
        "The form of {issue} is {before} and cannot become {after}: positions on it are stated in that form. "
        "Open another issue, or retract this one and open it anew while nothing refers to it."
    )


class UnitInUse(TrackerError):
    """A correction of a unit in which amounts are on record."""

    issue: str
    field = "unit"

    sentence = (
        "Amounts on {issue} are on record in this unit. Retract or correct them first, or open another issue with the "
        "other unit."
    )


class OwnInUse(TrackerError):
    """A correction of whether each party answers for itself, where positions are on record."""

    issue: str
    field = "own"

    sentence = (
        "Positions on {issue} are on record, and whether each party answers for itself decides what they mean. "
        "Retract them first, or open another issue."
    )


class PositionOfAnotherForm(TrackerError):
    """A correction that turns a stance into an amount, or back."""

    field = "replacement"

    sentence = (
        "A correction cannot turn a stance into an amount, or an amount into a stance. "
        "Retract the entry and record the position anew."
    )


class ChoiceHasOptions(TrackerError):
    """A retraction of the opening of a choice that has options."""

    issue: str
    option: str
    field = "target"

    sentence = "{issue} is a choice, and its option {option} is on record. Retract the options first."


class OutcomeOfAnotherForm(TrackerError):
    """A closing that names an amount or an option on an issue that is of another form."""

    issue: str
    form: str
    field = "amount"

    def __str__(self) -> str:
        named, needed = ("an amount", "quantity") if self.field == "amount" else ("an option", "choice")
        instead = _OUTCOMES.get(self.form, f"leave --{self.field} out")
        return f"Only a {needed} is closed with {named}, and {self.issue} is a {self.form}: {instead}."


_OUTCOMES = {"quantity": "give --amount instead", "choice": "give --option ID instead"}
"""What closes an issue of a form."""


class OptionOutcomeOfAnotherForm(OutcomeOfAnotherForm):
    """A closing that names an option of an issue that is no choice."""

    field = "option"


class OptionsOfNoChoice(TrackerError):
    """Stances on options of an issue that is no choice."""

    issue: str
    form: str
    field = "options"

    def __str__(self) -> str:
        instead = "an amount" if self.form == "quantity" else "a stance"
        return f"{self.issue} is of the form {self.form} and has no options. Give {instead}, or name a choice."


class WithdrawnOptionsOfNoChoice(OptionsOfNoChoice):
    """A withdrawal from options of an issue that is no choice."""

    def __str__(self) -> str:
        return f"{self.issue} is of the form {self.form} and has no options. Leave them out, or name a choice."


class NotAChoice(TrackerError):
    """An option for an issue that is no choice."""

    issue: str
    form: str
    field = "issue"

    sentence = (
        "{issue} is of the form {form}; only a choice has options. "
        "Open one: tracker issue add PATH --form choice --title TEXT --question TEXT."
    )


class PositionMissing(TrackerError):
    """A statement without a stance, or on a quantity without an amount."""

    field: str
    issue: str = ""
    unit: str | None = None
    act: str | None = None

    def __str__(self) -> str:
        if not self.issue:
            return "is missing."
        if self.field == "stance":
            beside = f", also with the act {self.act}" if self.act else ""
            neutral = "can live with it" if self.act == "accepts" else "takes no side"
            return (
                f"is missing: {self.issue} asks a question. Give a stance{beside}: opposes, sceptical, "
                f"neutral ({neutral}), conditional or supports."
            )
        other = f", not {self.act}" if self.act else ""
        return (
            f"is missing: {self.issue} asks for an amount, in {self.unit}, such as --amount 300, in files amount: 300. "
            "Where the party names no figure, "
            f"the act says so: declines, rejects, abstains or reserves{other}."
        )


class NotAnOption(TrackerError):
    """An option that the choice does not have."""

    issue: str
    option: str
    options: Sequence[str]
    field = "option"

    def __str__(self) -> str:
        ids = [option.rpartition("/")[2] for option in self.options]
        if not ids:
            return f"{self.issue} has no options yet; add one with `tracker issue option {self.issue} ID TITLE`."
        near = get_close_matches(self.option.rpartition("/")[2].lower(), ids, 1, cutoff=0.5)
        return f"{named(self.option)} is not an option of {self.issue}. It has: {', '.join(ids)}.{did_you_mean(near)}"


class AnswersNoAsk(TrackerError):
    """A statement that answers an entry which is not an ask that counts."""

    named: str
    field = "answers"

    sentence = (
        "{named} is not an ask on record that counts: a statement that proposes, demands, asks or offers something. "
        "See `tracker asks`."
    )


class LeavesItself(TrackerError):
    """A withdrawal that leaves the position of the party itself."""

    party: str
    field = "leaves_position_of"

    sentence = "{party} cannot leave its own position beside withdrawing it. Name the bloc, or leave this out."


class NotOneQuantity(TrackerError):
    """A figure that is compared with amounts on no quantity, or on several."""

    quantities: Mapping[str, str]

    def __str__(self) -> str:
        if not self.quantities:
            return "A figure is compared with the amounts on a quantity, and none is asked about. Name one."
        named = [f"{issue} ({unit})" for issue, unit in self.quantities.items()]
        more = ["..."] if len(named) > _NAMED else []
        return f"A figure is compared with the amounts on one quantity. Name it: {', '.join([*named[:_NAMED], *more])}."


class FigureAskedOfNobody(TrackerError):
    """A figure that is compared with amounts that each party names for itself."""

    issues: Sequence[str]

    def __str__(self) -> str:
        issues = ", ".join([*self.issues[:_NAMED], *(["..."] if len(self.issues) > _NAMED else [])])
        return f"On {issues} each party answers for itself: no figure is asked of all. Leave out --at."


_NAMED = 5
"""How many quantities are named to choose from."""
