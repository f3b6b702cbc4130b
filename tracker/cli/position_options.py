"""Options of what a statement may say: its position in the form that the issue asks for, and what goes with it."""

import shlex
from typing import Any

import click

from tracker.cli.options import Function, ParsedType, WordType, combined, opened
from tracker.domain.terms.safe_text import shown
from tracker.domain.terms.typed_amounts import read_amount
from tracker.domain.terms.typed_values import nearest, read_word
from tracker.domain.terms.vocabulary import IssueForm, Priority, Stance, means_withdrawal
from tracker.errors import BadValue, TrackerError

_WITHDRAWAL = "A withdrawal is an entry of its own: tracker withdraw PARTY ISSUE --on DAY --summary TEXT"


def _option_text(text: str) -> str:
    option, sign, stance = (part.strip() for part in text.partition("="))
    if not (option and sign and stance):
        raise BadValue(f"{shown(text)} is not an option with a stance. Write ID=STANCE, as in phase-down=supports.")
    if means_withdrawal(stance):
        raise BadValue(f"{shown(stance)} is not a stance. {_WITHDRAWAL}")
    return f"{option}={read_word(stance, Stance)}"


def _amount_text(text: str) -> str:
    """Check an amount, and leave it as it is typed, so that notes can say how it is read."""
    read_amount(text)
    return text.strip()


def _amount_option(typed: str) -> str | None:
    """An amount as the option takes it, with what is to be said of it; None for a text that means none."""
    try:
        return f" {shlex.quote(str(read_amount(typed)))}."
    except BadValue:
        from tracker.domain.terms.amount_advice import advice_on

        advice = advice_on(typed)
        return advice and f": {advice}."


def _asks_for_stance(ctx: click.Context | None) -> bool:
    """Whether the issue of a command is on record as a question, so that no amount can be meant."""
    from tracker.domain.registers.names import resolve_issue

    if ctx is None or not isinstance(issue := ctx.params.get("issue"), str):
        return False
    try:
        with opened(ctx.obj) as tracker:
            issues = tracker.names().issues
            return issues[resolve_issue(issue, issues)].form is IssueForm.QUESTION
    except TrackerError:
        return False


class StanceType(WordType):
    """A stance; the refusal of an amount in its place says where that goes."""

    def __init__(self) -> None:
        super().__init__(Stance, "STANCE")

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        like_a_stance = nearest(str(value).lower(), [*Stance])
        amount = _amount_option(value) if isinstance(value, str) and not like_a_stance else None
        if amount is not None and not _asks_for_stance(ctx):
            self.fail(f"{shown(value)} is not a stance. An amount is given by --amount{amount}", param, ctx)
        if isinstance(value, str) and means_withdrawal(value):
            self.fail(f"{shown(value)} is not a stance. {_WITHDRAWAL}", param, ctx)
        return super().convert(value, param, ctx)


STANCE = StanceType()
AMOUNT = ParsedType(
    "AMOUNT",
    _amount_text,
    'AMOUNT: 300, ">=1300" (at least), "<=200" (at most) or 100..300.',
)
OPTION = ParsedType("ID=STANCE", _option_text)

translation_options = combined(
    click.option("--language", metavar="CODE", help="The language of the quote, such as ru; by default the source's."),
    click.option("--translation", metavar="TEXT", help="Our translation of the quote, shown beside it."),
)


def position_options(function: Function) -> Function:
    """Add the options of a position on a quantity or a choice."""
    return combined(
        click.option("--amount", type=AMOUNT, help="The amount, on an issue that asks for one."),
        click.option(
            "--option",
            "options",
            type=OPTION,
            multiple=True,
            metavar="ID=STANCE",
            help="A stance on an option of ISSUE, a choice; may be repeated, all with the same evidence.",
        ),
        click.option("--could-accept", type=AMOUNT, help="A wider range that the party says it could live with."),
        click.option("--stated-as", metavar="TEXT", help="The party's own words for a figure that we converted."),
    )(function)


def detail_options(function: Function) -> Function:
    """Add the options of what else a statement may say."""
    return combined(
        click.option(
            "--priority", type=WordType(Priority, "PRIORITY"), help=f"How much it cares: {', '.join(Priority)}."
        ),
        click.option(
            "--red-line/--no-red-line", default=None, help="It will not agree otherwise; or says so no longer."
        ),
        click.option("--reason", "reasons", multiple=True, metavar="TEXT", help="Why, in our words; may be repeated."),
        click.option("--provision", metavar="TEXT", help="The article, paragraph or draft that is meant."),
        click.option("--answers", metavar="EVENT", help="The ask that it answers (the start of its id, or @N)."),
        click.option("--note", metavar="TEXT", help="A note of ours."),
        click.option("--tag", "tags", multiple=True, metavar="TEXT", help="A tag of ours; may be repeated."),
        translation_options,
    )(function)
