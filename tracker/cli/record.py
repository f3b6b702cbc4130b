"""Commands that record what parties do: `record`, `withdraw`, `corroborate`, `milestone`."""

from collections.abc import Container, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from tracker.cli.main import Settings
from tracker.cli.options import (
    DAY,
    FILE,
    POSITION,
    STATED,
    WordType,
    event_fields,
    evidence_options,
    opened,
    recorder,
)
from tracker.cli.output import remark
from tracker.domain.terms.vocabulary import Act, Attribution, MilestoneCategory, Stance, Standing

if TYPE_CHECKING:
    from tracker.usecases.record import RecordResult


@click.command()
@click.argument("parties", metavar="PARTY[,PARTY...]", required=False)
@click.argument("issue", metavar="ISSUE", required=False)
@click.argument("stance", metavar="STANCE", required=False, type=WordType(Stance, "STANCE"))
@click.option("--on", type=STATED, help="When it was said: a day, a month (2019-12) or a year, perhaps with ~ or ?.")
@click.option("--summary", metavar="TEXT", help="The position in your own words.")
@evidence_options
@click.option("--act", type=WordType(Act, "ACT"), help=f"How it was stated: {', '.join(Act)}.")
@click.option("--standing", type=WordType(Standing, "STANDING"), help="formal, official (default) or remark.")
@click.option("--condition", "conditions", multiple=True, metavar="TEXT", help="A condition or term; may be repeated.")
@click.option("--no-conditions", is_flag=True, help="Say that there are no conditions any more.")
@click.option("--to", multiple=True, metavar="PARTY", help="Whom it addresses; may be repeated.")
@click.option("--on-behalf-of", multiple=True, metavar="PARTY", help="For whom it speaks; may be repeated.")
@click.option("--sequence", type=int, help="The order among what was said on one day (0 by default).")
@click.option("--expect-position", type=POSITION, help="Refuse if the pair was touched after log position N.")
@click.option("--anyway", is_flag=True, help="Record it although it looks like a statement on record.")
@click.option(
    "--from-file",
    type=FILE,
    metavar="FILE",
    help="A batch, YAML or JSON Lines; - is standard input.",
)
@click.option("--check", is_flag=True, help="Check everything and record nothing.")
@click.option("--template", is_flag=True, help="Print a batch to fill in.")
@click.pass_context
def record(
    ctx: click.Context,
    /,
    parties: str | None,
    issue: str | None,
    stance: Stance | None,
    **options: Any,
) -> None:
    """Record that one or more PARTIES hold a STANCE on an ISSUE.

    STANCE is opposes, sceptical, neutral, conditional or supports: how the
    party answers the issue's question. A party may be given by code, name or
    alias, an issue by its path or an unambiguous tail. Several parties, joined
    by commas, state one position together.

    \b
    Example:
      tracker record RUS new-start/extension supports --on 2019-12-05 \\
        --speaker "Vladimir Putin" --act offers \\
        --summary "Putin offered to extend the treaty at once."
    """
    if options["template"]:
        from tracker.adapters.batch_files import TEMPLATE
        from tracker.adapters.batch_templates import commented_templates

        click.echo(TEMPLATE + commented_templates(), nl=False)
    elif options["from_file"] is not None:
        require_file_alone(ctx, "statements", besides={"check", "anyway"})
        record_file(ctx.obj, options["from_file"], anyway=options["anyway"], check=options["check"])
    else:
        if parties is None or issue is None or stance is None:
            raise click.UsageError("Say PARTY, ISSUE and STANCE, or --from-file FILE.", ctx)
        _record_statement(ctx, {"party": parties, "issue": issue, "stance": stance.value}, options)


def _record_statement(ctx: click.Context, about: dict[str, Any], options: dict[str, Any]) -> None:
    from tracker.adapters.batch import FIELDS, statements

    for name in ("on", "summary"):
        if options[name] is None:
            raise click.UsageError(f"Missing option --{name}.", ctx)
    given = {name: value for name, value in options.items() if name in FIELDS and value not in (None, ())}
    conditions: dict[str, Any] = {"conditions": list(options["conditions"])} if options["conditions"] else {}
    if options["no_conditions"]:
        if conditions:
            raise click.UsageError("Give either --condition or --no-conditions, not both.", ctx)
        conditions = {"conditions": []}
    lists: dict[str, Any] = {name: list(given[name]) for name in ("to", "on_behalf_of") if name in given}
    with opened(ctx.obj) as tracker:
        events = statements({**given, **lists, **conditions, **about}, tracker.names())
        recorded = tracker.record(
            events,
            by=recorder(ctx.obj),
            anyway=options["anyway"],
            expected_position=options["expect_position"],
            check_only=options["check"],
        )
        print_results(recorded, tracker.today(), check=options["check"])


def require_file_alone(ctx: click.Context, rows: str, *, besides: Container[str]) -> None:
    """Check that --from-file comes without what its rows say themselves. Raises UsageError."""
    given = [name for name in ctx.params if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if others := sorted(name for name in given if name != "from_file" and name not in besides):
        named = ", ".join(others).replace("_", "-")
        raise click.UsageError(f"--from-file takes {rows} whole; it does not go with {named}.", ctx)


def record_file(
    settings: Settings, path: Path, *, only: str | None = None, anyway: bool = False, check: bool = False
) -> None:
    """Record a batch from a file, all of it or nothing; with `only`, one that holds this section alone."""
    from tracker.adapters.batch_files import LONGEST_BATCH, read_batch
    from tracker.adapters.files import name_of, read_whole

    with opened(settings) as tracker:
        batch = read_batch(name_of(path), read_whole(path, at_most=LONGEST_BATCH), only=only)
        recorded = tracker.record_batch(batch, by=recorder(settings), anyway=anyway, check_only=check)
        print_results(recorded, tracker.today(), check=check)


@click.command()
@click.argument("party")
@click.argument("issue")
@click.option("--on", type=STATED, required=True, help="From when: a day, a month or a year, perhaps with ~ or ?.")
@click.option("--summary", required=True, metavar="TEXT", help="What was withdrawn, in your own words.")
@evidence_options
@click.option("--sequence", type=int, help="The order among what was said on one day (0 by default).")
@click.option("--expect-position", type=POSITION, help="Refuse if the pair was touched after log position N.")
@click.option("--check", is_flag=True, help="Check everything and record nothing.")
@click.pass_obj
def withdraw(
    settings: Settings, /, party: str, issue: str, expect_position: int | None, check: bool, **fields: Any
) -> None:
    """Record that from a day on PARTY holds no stance on ISSUE.

    This is the party's own act. If the record was wrong, the entry needs a correction instead.
    """
    from tracker.domain.log.events import PositionWithdrawn

    options = {"party": party, "issue": issue, **fields}
    record_event(settings, PositionWithdrawn, options, expected_position=expect_position, check=check)


@click.command()
@click.argument("event")
@click.option("--source", required=True, metavar="ID", help="The registered source that carries it too.")
@click.option("--quote", metavar="TEXT", help="The words as that source has them, verbatim.")
@click.option("--locator", metavar="TEXT", help="Where in the source, such as a page or paragraph.")
@click.option("--attribution", type=WordType(Attribution, "ATTRIBUTION"), help="How that source attributes it.")
@click.option("--note", metavar="TEXT", help="What differs, or why this is the same statement.")
@click.option("--check", is_flag=True, help="Check everything and record nothing.")
@click.pass_obj
def corroborate(settings: Settings, /, event: str, check: bool, **fields: Any) -> None:
    """Record that another source carries EVENT, a statement or withdrawal (the start of its id, or @N)."""
    from tracker.domain.log.events import StatementCorroborated
    from tracker.domain.log.parsing import event_from

    with opened(settings) as tracker:
        target = tracker.show(event).entry.id
        corroboration = event_from(StatementCorroborated, {**fields, "target": target})
        print_results(
            tracker.record([corroboration], by=recorder(settings), check_only=check), tracker.today(), check=check
        )


@click.command()
@click.argument("title")
@click.option("--on", type=DAY, required=True, help="The day on which it happened, or will.")
@click.option("--category", type=WordType(MilestoneCategory, "CATEGORY"), help=f"{', '.join(MilestoneCategory)}.")
@click.option("--party", "parties", multiple=True, metavar="PARTY", help="A party it concerns; may be repeated.")
@click.option("--issue", "issues", multiple=True, metavar="ISSUE", help="An issue it concerns; may be repeated.")
@evidence_options
@click.option("--check", is_flag=True, help="Check everything and record nothing.")
@click.pass_obj
def milestone(
    settings: Settings, /, title: str, parties: Sequence[str], issues: Sequence[str], check: bool, **fields: Any
) -> None:
    """Note a milestone, such as a summit, a new government or a deadline: context in reports."""
    from tracker.domain.log.events import MilestoneNoted

    options = {"title": title, "parties": parties, "issues": issues, **fields}
    record_event(settings, MilestoneNoted, options, check=check)


def record_event(
    settings: Settings, model: Any, options: Any, *, expected_position: int | None = None, check: bool = False
) -> None:
    """Record an event from the values of options, in which parties and issues may go by any of their names."""
    from tracker.domain.log.parsing import event_from

    with opened(settings) as tracker:
        event = event_from(model, event_fields(options, tracker.names()))
        recorded = tracker.record([event], by=recorder(settings), expected_position=expected_position, check_only=check)
        print_results(recorded, tracker.today(), check=check)


def print_results(recorded: Sequence["RecordResult"], today: date, *, check: bool = False) -> None:
    """Print the effect of each recorded entry on its pair's stance."""
    from tracker.reports.entry_table import effect, warnings

    for result in recorded:
        click.echo(effect(result.receipt.entry, result.change, result.now, today, tried=check))
        for note in (*warnings(result.receipt.entry.event), *result.receipt.notes):
            remark(f"Note: {note}")
    if check:
        remark(f"Checked {len(recorded)} of {len(recorded)}: all good. Nothing was recorded.")
