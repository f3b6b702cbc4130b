"""The registers: `party`, `issue` and `source`, each with `add`, `list` and `show`."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import click

from tracker.cli.options import (
    DAY,
    FILE,
    CollectingCommand,
    Function,
    UsageErrors,
    WordType,
    combined,
    evidence_options,
    opened,
    reading,
    recorder,
)
from tracker.cli.output import Output, deliver, output_options, print_utf8
from tracker.cli.record import print_results, record_event, record_file, require_file_alone
from tracker.cli.settings import Settings
from tracker.domain.terms.vocabulary import Outcome, PartyKind

check_option = click.option("--check", is_flag=True, help="Check everything and record nothing.")
skip_options = combined(
    click.option(
        "--skip-recorded", is_flag=True, help="Pass over what was recorded before, as when a file is run again."
    ),
    click.option(
        "--anyway", is_flag=True, help="Record it although it was retracted, or looks like an entry on record."
    ),
)


def file_options(function: Function) -> Function:
    """Add the options of registering from a file."""
    return combined(
        click.option("--from-file", type=FILE, metavar="FILE", help="A list, YAML or JSON Lines; - is standard input."),
        skip_options,
        check_option,
        click.option("--template", is_flag=True, help="Print a file to fill in."),
    )(function)


on_option = click.option("--on", type=DAY, help="As of that day instead of today.")
"""The day of which a register shows names, wordings, memberships and closings."""


@click.group()
def party() -> None:
    """The register of parties: actors whose positions are tracked, and the blocs that they belong to."""


@party.command("add", cls=CollectingCommand, short_help="Register a party.")
@click.argument("code", required=False)
@click.argument("name", required=False)
@click.option(
    "--kind", type=WordType(PartyKind, "KIND"), default="state", show_default=True, help=f"{', '.join(PartyKind)}."
)
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Another name it goes by; may be repeated.")
@file_options
@click.pass_context
def party_add(
    ctx: click.Context, /, code: str | None, name: str | None, kind: PartyKind, aliases: Sequence[str], **_: Any
) -> None:
    """Register the party CODE (upper case; a state's is its ISO 3166-1 alpha-3 code) with its NAME, or a file of them.

    \b
    Example:
      tracker party add FRA France --alias Paris
      tracker party add --from-file parties.yaml
    """
    _add(ctx, "parties", {"party": code, "name": name, "kind": kind, "aliases": list(aliases)})


@party.command("alias", cls=CollectingCommand, short_help="Add names that a party goes by.")
@click.argument("party_name", metavar="PARTY")
@click.argument("aliases", nargs=-1, required=True, metavar="ALIAS...")
@check_option
@click.pass_obj
def party_alias(settings: Settings, /, party_name: str, aliases: Sequence[str], check: bool) -> None:
    """Let PARTY be called by further names too. `tracker party rename` gives it another name."""
    from tracker.domain.log.events import PartyUpdated

    record_event(settings, PartyUpdated, {"party": party_name, "aliases_added": aliases}, check=check)


@party.command("rename", cls=CollectingCommand, short_help="Give a party another name.")
@click.argument("party_name", metavar="PARTY")
@click.argument("name", metavar="NAME")
@check_option
@click.pass_obj
def party_rename(settings: Settings, /, party_name: str, name: str, check: bool) -> None:
    """Record that PARTY is called NAME from now on. Its code stays, and its earlier names still mean it.

    If the name on record was our error, correct the entry that gave it: `tracker party show` has its number.

    \b
    Example:
      tracker party rename TUR Türkiye
    """
    from tracker.domain.log.events import PartyUpdated

    record_event(settings, PartyUpdated, {"party": party_name, "name": name}, check=check)


@party.command("join", cls=CollectingCommand, short_help="Record that parties belong to a bloc from a day on.")
@click.argument("parties", metavar="PARTY[,PARTY...]")
@click.argument("bloc")
@click.option("--on", type=DAY, required=True, help="The first day of its membership.")
@evidence_options
@skip_options
@check_option
@click.pass_obj
def party_join(settings: Settings, /, on: date, **fields: Any) -> None:
    """Record that each PARTY is a member of BLOC from a day on. `tracker state --inherit` shows what follows."""
    _record_membership(settings, on=on, **fields)


@party.command("leave", cls=CollectingCommand, short_help="Record that parties no longer belong to a bloc.")
@click.argument("parties", metavar="PARTY[,PARTY...]")
@click.argument("bloc")
@click.option("--on", type=DAY, required=True, help="The first day on which it is no longer a member.")
@evidence_options
@skip_options
@check_option
@click.pass_obj
def party_leave(settings: Settings, /, on: date, **fields: Any) -> None:
    """Record that from a day on each PARTY is no longer a member of BLOC."""
    _record_membership(settings, left=on, **fields)


@party.command("list", short_help="List the parties.")
@on_option
@output_options("rows")
@click.pass_obj
def party_list(settings: Settings, /, on: date | None, output: Output) -> None:
    """List the registered parties with every name they go by, their earlier names and their blocs."""
    from tracker.reports.register_tables import party_rows

    with reading(settings) as snapshot:
        deliver(party_rows(snapshot.parties(on), snapshot.memberships(on)), output)


@party.command("show", short_help="Show one party.")
@click.argument("party_name", metavar="PARTY")
@on_option
@output_options("fields")
@click.pass_obj
def party_show(settings: Settings, /, party_name: str, on: date | None, output: Output) -> None:
    """Show PARTY: its code, names, kind and aliases, its blocs and its own members, and which it was in before."""
    from tracker.domain.timeline.names import resolve_party
    from tracker.reports.register_tables import party_fields

    with reading(settings) as snapshot:
        code = resolve_party(party_name, snapshot.names().parties)
        (found,) = (record for record in snapshot.parties(on) if record.party.party == code)
        deliver(party_fields(found, snapshot.all_memberships(on)), output)


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
    _add(ctx, "issues", {"issue": path, "title": title, "question": question})


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


@click.group()
def source() -> None:
    """The register of sources: the documents that carry positions."""


@source.command("add", cls=CollectingCommand, short_help="Register a source.")
@click.argument("source_id", metavar="ID", required=False)
@click.option("--title", metavar="TEXT", help="Its title.")
@click.option("--publisher", metavar="NAME", help="Who published it; name reposts as such (X via Y).")
@click.option("--url", metavar="URL", help="Where it is.")
@click.option("--published-on", type=DAY, help="The day on which the public could read it.")
@click.option("--language", metavar="CODE", help="Its language, such as en.")
@click.option("--sha256", metavar="HEX", help="The SHA-256 of its archived text.")
@file_options
@click.pass_context
def source_add(ctx: click.Context, /, source_id: str | None, **fields: Any) -> None:
    """Register the document ID, such as dw-2019-12-11, or a file of sources."""
    _add(ctx, "sources", {"source": source_id, **fields})


@source.command("list", short_help="List the sources.")
@output_options("rows")
@click.pass_obj
def source_list(settings: Settings, /, output: Output) -> None:
    """List the registered sources with their days of publication."""
    from tracker.reports.register_tables import source_rows

    with reading(settings) as snapshot:
        deliver(source_rows(snapshot.sources()), output)


@source.command("show", short_help="Show one source.")
@click.argument("source_id", metavar="ID")
@output_options("fields")
@click.pass_obj
def source_show(settings: Settings, /, source_id: str, output: Output) -> None:
    """Show the source ID with everything that is registered of it."""
    from tracker.domain.timeline.names import resolve_source
    from tracker.reports.register_tables import source_fields

    with reading(settings) as snapshot:
        sources = {record.source.source: record for record in snapshot.sources()}
    deliver(source_fields(sources[resolve_source(source_id, sources)]), output)


def _add(ctx: click.Context, section: str, fields: Mapping[str, Any]) -> None:
    """Register what the command line says, or the rows of a file, or print a file to fill in (see `file_options`)."""
    from_file, template = ctx.params["from_file"], ctx.params["template"]
    how = {name: ctx.params[name] for name in ("skip_recorded", "anyway", "check")}
    if template:
        from tracker.adapters.batch_templates import register_template

        print_utf8()
        click.echo(register_template(section, ctx.command_path), nl=False)
    elif from_file is not None:
        require_file_alone(ctx, section, besides=how)
        record_file(ctx.obj, from_file, only=section, **how)
    else:
        if missing := list(_missing(ctx.command, ctx.params, section)):
            raise UsageErrors(missing, ctx)
        _record_row(ctx.obj, section, fields, **how)


def _missing(
    command: click.Command, params: Mapping[str, Any], section: str, wrong: Container[str] = ()
) -> Iterator[str]:
    """What the command line does not say of an entry of a register, although it must."""
    for parameter in command.params:
        name = parameter.name or ""
        if name in _REQUIRED[section] and params[name] is None and name not in wrong:
            is_argument = isinstance(parameter, click.Argument)
            yield f"Missing argument '{parameter.human_readable_name}'." if is_argument else f"Missing option --{name}."


def _also_missing(command: click.Command, section: str) -> None:
    """Let a command name what is missing beside the options whose values cannot be read."""
    assert isinstance(command, CollectingCommand)

    @command.also
    def also(_: Settings, params: Mapping[str, Any], wrong: Collection[str]) -> Iterable[str]:
        return () if params["from_file"] or params["template"] else _missing(command, params, section, wrong)


_REQUIRED = {
    "parties": ("code", "name"),
    "issues": ("path", "title", "question"),
    "sources": ("source_id", "title", "publisher"),
}
"""What the command line must say of an entry of each register, unless a file does."""


for _command, _section in ((party_add, "parties"), (issue_add, "issues"), (source_add, "sources")):
    _also_missing(_command, _section)


def _record_membership(settings: Settings, /, parties: str, **fields: Any) -> None:
    """Record that parties join a bloc (`on` a day), or are no longer its members (`left`)."""
    how = {name: fields.pop(name) for name in ("skip_recorded", "anyway", "check")}
    _record_row(settings, "memberships", {"party": parties, **fields}, **how)


def _record_row(
    settings: Settings, section: str, fields: Mapping[str, Any], *, skip_recorded: bool, anyway: bool, check: bool
) -> None:
    """Record what a row of a batch with these fields would, all of it or nothing."""
    from tracker.adapters.batch_sections import row_events

    with opened(settings) as tracker:
        found = row_events(section, fields, tracker.names(), lambda: tracker.registers().sources)
        recorded = tracker.record(
            [one.event for one in found],
            by=recorder(settings),
            skip_recorded=skip_recorded,
            anyway=anyway,
            check_only=check,
        )
        print_results(recorded, tracker.today(), check=check)
