"""The register of issues: `issue`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from tracker.cli.options import DAY, CollectingCommand, WordType, evidence_options, reading
from tracker.cli.output import Output, deliver, output_options
from tracker.cli.record import record_event
from tracker.cli.registers.adding import add, check_option, file_options, name_missing, on_option
from tracker.cli.settings import Settings
from tracker.domain.terms.vocabulary import Outcome


@click.group()
def issue() -> None:
    """The register of issues: questions on which parties can differ."""


@issue.command("add", cls=CollectingCommand, short_help="Open an issue.")
@click.argument("path", required=False)
@click.option("--title", metavar="TEXT", help="A short name.")
@click.option("--question", metavar="TEXT", help="Worded so that yes is something to be for.")
@file_options
@click.pass_context
def issue_add(ctx: click.Context, /, path: str | None, title: str | None, question: str | None, **_: Any) -> None:
    """Open the issue PATH, such as arms-control/new-start/extension (its prefixes are groups), or a file of issues."""
    add(ctx, "issues", {"issue": path, "title": title, "question": question})


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
@evidence_options
@check_option
@click.pass_obj
def issue_close(
    settings: Settings,
    /,
    issue_path: str,
    on: date,
    outcome: Outcome,
    parties: Sequence[str],
    check: bool,
    **fields: Any,
) -> None:
    """Close ISSUE: it was agreed, expired, terminated, abandoned or superseded. Later statements are still accepted."""
    from tracker.domain.log.events import IssueClosed

    options = {"issue": issue_path, "on": on, "outcome": outcome, "parties": parties, **fields}
    record_event(settings, IssueClosed, options, check=check)


@issue.command("list", short_help="List the issues.")
@on_option
@output_options("rows")
@click.pass_obj
def issue_list(settings: Settings, /, on: date | None, output: Output) -> None:
    """List the issues with their questions and earlier wordings, and how those that are closed were closed."""
    from tracker.reports.register_tables import issue_rows

    with reading(settings) as snapshot:
        deliver(issue_rows(snapshot.issues(on), snapshot.closings(on)), output)


@issue.command("show", short_help="Show one issue.")
@click.argument("issue_path", metavar="ISSUE")
@on_option
@output_options("fields")
@click.pass_obj
def issue_show(settings: Settings, /, issue_path: str, on: date | None, output: Output) -> None:
    """Show ISSUE: its path, title and question, its earlier wordings and, if it is closed, how."""
    from tracker.domain.timeline.names import resolve_issue
    from tracker.reports.register_tables import issue_fields

    with reading(settings) as snapshot:
        path = resolve_issue(issue_path, snapshot.names().issues)
        (found,) = (record for record in snapshot.issues(on) if record.issue.issue == path)
        deliver(issue_fields(found, snapshot.closings(on).get(path)), output)


name_missing(issue_add, "issues")
