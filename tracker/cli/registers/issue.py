"""The register of issues: `issue`."""

from datetime import date
from typing import Any

import click

from tracker.cli.options import (
    DAY,
    CollectingCommand,
    WordType,
    check_option,
    evidence_options,
    opened,
    reading,
    recorder,
)
from tracker.cli.output import Output, deliver
from tracker.cli.position_options import AMOUNT
from tracker.cli.recording.record import print_results, record_event
from tracker.cli.registers.adding import add, file_options, name_missing, register_options
from tracker.cli.settings import Settings
from tracker.domain.terms.vocabulary import IssueForm, Outcome
from tracker.errors import NotAChoice


@click.group()
def issue() -> None:
    """The register of issues: questions on which parties can differ."""


@issue.command("add", cls=CollectingCommand, short_help="Open an issue.")
@click.argument("path", required=False)
@click.option("--title", metavar="TEXT", help="A short name.")
@click.option("--question", metavar="TEXT", help="Worded so that yes is something to be for.")
@click.option(
    "--form",
    type=WordType(IssueForm, "FORM"),
    help="question (default: yes or no), quantity (how much?) or choice (which?).",
)
@click.option(
    "--unit", metavar="TEXT", help="The unit of a quantity, such as 'USD bn a year', years or °C; year for a year."
)
@click.option("--own", is_flag=True, help="Each party answers for itself, as with pledges: no zone, nothing inherited.")
@file_options
@click.pass_context
def issue_add(ctx: click.Context, /, path: str | None, own: bool, **fields: Any) -> None:
    """Open the issue PATH, such as arms-control/new-start/extension (its prefixes are groups), or a file of issues.

    The form never changes. A quantity asks "How much ...?" and is answered by amounts in its unit, a choice asks
    "Which ...?" and is answered on each of its options, which `tracker issue option` adds.

    \b
    Example:
      tracker issue add finance/goal --title "Finance goal" \\
        --question "How much finance a year?" --form quantity --unit "USD bn a year"
    """
    told = {name: fields[name] for name in ("title", "question", "form", "unit")}
    add(ctx, "issues", {"issue": path, **told, "own": own or None})


@issue.command("option", cls=CollectingCommand, short_help="Add an option to a choice.")
@click.argument("issue_path", metavar="ISSUE")
@click.argument("option_id", metavar="ID")
@click.argument("title", metavar="TITLE")
@click.option("--question", metavar="TEXT", help='Its question; by default "Should it be TITLE?".')
@check_option
@click.pass_context
def issue_option(
    ctx: click.Context, /, issue_path: str, option_id: str, title: str, question: str | None, check: bool
) -> None:
    """Open the issue ISSUE/ID, an option of the choice ISSUE: a question on which parties have stances.

    \b
    Example:
      tracker issue option coal phase-down "a phase-down"
      tracker record IND coal --option phase-down=supports ...
    """
    from tracker.domain.log.events import IssueOpened
    from tracker.domain.log.parsing import event_from
    from tracker.domain.registers.names import resolve_issue

    if "/" in option_id:
        raise click.UsageError(f"The ID of an option, {option_id!r}, is one part of a path, without a slash.", ctx)
    with opened(ctx.obj) as tracker:
        issues = tracker.names().issues
        choice = issues[resolve_issue(issue_path, issues)]
        if choice.form is not IssueForm.CHOICE:
            raise NotAChoice(choice.issue, choice.form)
        says = {
            "issue": f"{choice.issue}/{option_id}",
            "title": title,
            "question": question or f"Should it be {title}?",
        }
        event = event_from(IssueOpened, says)
        recorded = tracker.record([event], by=recorder(ctx.obj), check_only=check)
        print_results(recorded, tracker.today(), check=check)


@issue.command("reword", cls=CollectingCommand, short_help="Give an issue another title or question from a day on.")
@click.argument("issue_path", metavar="ISSUE")
@click.option("--on", type=DAY, required=True, help="From when the new wording holds.")
@click.option("--title", metavar="TEXT", help="The new title.")
@click.option("--question", metavar="TEXT", help="The new question.")
@check_option
@click.pass_context
def issue_reword(
    ctx: click.Context, /, issue_path: str, on: date, title: str | None, question: str | None, check: bool
) -> None:
    """Reword ISSUE. What was said before that day stays bound to the wording of its time.

    Whoever answered the old question may not stand the same to the new one: a new meaning wants a new issue.
    """
    from tracker.domain.log.events import IssueReworded

    if title is None and question is None:
        raise click.UsageError("Give a new --title, a new --question or both.", ctx)
    options = {"issue": issue_path, "on": on, "title": title, "question": question}
    record_event(ctx.obj, IssueReworded, options, check=check)


@issue.command("close", cls=CollectingCommand, short_help="Close an issue.")
@click.argument("issue_path", metavar="ISSUE")
@click.option("--on", type=DAY, required=True, help="The day on which it was settled or lapsed.")
@click.option("--outcome", type=WordType(Outcome, "OUTCOME"), required=True, help=f"{', '.join(Outcome)}.")
@click.option("--party", "parties", multiple=True, metavar="PARTY", help="A party to the outcome; may be repeated.")
@click.option("--note", metavar="TEXT", help="What happened, in your own words.")
@click.option("--amount", type=AMOUNT, help="The amount of the outcome, of a quantity.")
@click.option(
    "--option", metavar="OPTION", help="The option that was settled on, of a choice; the others are superseded."
)
@evidence_options
@check_option
@click.pass_obj
def issue_close(settings: Settings, /, issue_path: str, check: bool, **fields: Any) -> None:
    """Close ISSUE: it was agreed, expired, terminated, abandoned or superseded. Later statements are still accepted.

    Closing a choice closes its options too.
    """
    from tracker.domain.log.events import IssueClosed

    record_event(settings, IssueClosed, {"issue": issue_path, **fields}, check=check)


@issue.command("reopen", cls=CollectingCommand, short_help="Reopen a closed issue.")
@click.argument("issue_path", metavar="ISSUE")
@click.option("--on", type=DAY, required=True, help="The day from which it is open again.")
@evidence_options
@check_option
@click.pass_obj
def issue_reopen(settings: Settings, /, issue_path: str, check: bool, **fields: Any) -> None:
    """Record that ISSUE, which was closed, is open again; with a choice its options are."""
    from tracker.domain.log.events import IssueReopened

    record_event(settings, IssueReopened, {"issue": issue_path, **fields}, check=check)


@issue.command("list", short_help="List the issues.")
@register_options("rows")
@click.pass_obj
def issue_list(settings: Settings, /, on: date | None, output: Output) -> None:
    """List the issues with their questions and earlier wordings, and how those that are closed were closed."""
    from tracker.reports.register_tables import issue_rows

    with reading(settings) as snapshot:
        deliver(issue_rows(snapshot.issues(on), snapshot.closings(on)), output)


@issue.command("show", short_help="Show one issue.")
@click.argument("issue_path", metavar="ISSUE")
@register_options("fields")
@click.pass_obj
def issue_show(settings: Settings, /, issue_path: str, on: date | None, output: Output) -> None:
    """Show ISSUE: its path, title, question and form, its earlier wordings, how it was closed and reopened."""
    from tracker.presenting import registers

    with reading(settings) as snapshot:
        deliver(registers.issue(snapshot, issue_path, on).fields, output)


name_missing(issue_add, "issues")
