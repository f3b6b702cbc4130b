"""The registers: `party`, `issue` and `source`, each with `add`, `list` and `show`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from tracker.cli.main import Settings
from tracker.cli.options import DAY, WordType, evidence_options, opened, reading, recorder
from tracker.cli.output import Output, deliver, output_options
from tracker.cli.record import print_results, record_event
from tracker.domain.terms.vocabulary import Outcome, PartyKind


@click.group()
def party() -> None:
    """The register of parties: actors whose positions are tracked, and the blocs that they belong to."""


@party.command("add", short_help="Register a party.")
@click.argument("code")
@click.argument("name")
@click.option(
    "--kind", type=WordType(PartyKind, "KIND"), default="state", show_default=True, help=f"{', '.join(PartyKind)}."
)
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Another name it goes by; may be repeated.")
@click.pass_obj
def party_add(settings: Settings, /, code: str, name: str, kind: PartyKind, aliases: Sequence[str]) -> None:
    """Register the party CODE (upper case; a state's is its ISO 3166-1 alpha-3 code) with its NAME."""
    from tracker.domain.log.events import PartyRegistered

    _add(settings, PartyRegistered, {"party": code, "name": name, "kind": kind, "aliases": list(aliases)})


@party.command("alias", short_help="Add names that a party goes by.")
@click.argument("party_name", metavar="PARTY")
@click.argument("aliases", nargs=-1, required=True, metavar="ALIAS...")
@click.pass_obj
def party_alias(settings: Settings, /, party_name: str, aliases: Sequence[str]) -> None:
    """Let PARTY be called by further names too."""
    from tracker.domain.log.events import PartyUpdated

    record_event(settings, PartyUpdated, {"party": party_name, "aliases_added": aliases})


@party.command("join", short_help="Record that a party belongs to a bloc from a day on.")
@click.argument("party_name", metavar="PARTY")
@click.argument("bloc")
@click.option("--on", type=DAY, required=True, help="The first day of its membership.")
@evidence_options
@click.pass_obj
def party_join(settings: Settings, /, party_name: str, bloc: str, on: date, **fields: Any) -> None:
    """Record that PARTY is a member of BLOC from a day on. `tracker state --inherit` shows what follows."""
    from tracker.domain.log.events import MembershipStarted

    record_event(settings, MembershipStarted, {"party": party_name, "bloc": bloc, "on": on, **fields})


@party.command("leave", short_help="Record that a party no longer belongs to a bloc.")
@click.argument("party_name", metavar="PARTY")
@click.argument("bloc")
@click.option("--on", type=DAY, required=True, help="The first day on which it is no longer a member.")
@evidence_options
@click.pass_obj
def party_leave(settings: Settings, /, party_name: str, bloc: str, on: date, **fields: Any) -> None:
    """Record that from a day on PARTY is no longer a member of BLOC."""
    from tracker.domain.log.events import MembershipEnded

    record_event(settings, MembershipEnded, {"party": party_name, "bloc": bloc, "on": on, **fields})


@party.command("list", short_help="List the parties.")
@output_options("rows")
@click.pass_obj
def party_list(settings: Settings, /, output: Output) -> None:
    """List the registered parties with every name they go by."""
    from tracker.reports.answers import Rows

    with reading(settings) as snapshot:
        parties = snapshot.names().parties.values()
    rows = [{"party": p.party, "name": p.name, "kind": p.kind, "aliases": p.aliases} for p in parties]
    deliver(Rows(rows, ("party", "name", "kind", "aliases"), empty="No party is registered."), output)


@party.command("show", short_help="Show one party.")
@click.argument("party_name", metavar="PARTY")
@output_options("fields")
@click.pass_obj
def party_show(settings: Settings, /, party_name: str, output: Output) -> None:
    """Show PARTY: its code, name, kind and aliases, the blocs that it belongs to today, and its own members."""
    from tracker.domain.timeline.names import resolve_party
    from tracker.reports.answers import Fields

    with reading(settings) as snapshot:
        parties, joined = snapshot.names().parties, snapshot.memberships()
    found = parties[resolve_party(party_name, parties)]
    data = {"party": found.party, "name": found.name, "kind": found.kind, "aliases": found.aliases}
    blocs = [{"bloc": bloc, "since": since} for bloc, since in sorted(joined.get(found.party, {}).items())]
    members = [{"party": one, "since": of[found.party]} for one, of in joined.items() if found.party in of]
    deliver(Fields({**data, "member_of": tuple(blocs), "members": tuple(members)}), output)


@click.group()
def issue() -> None:
    """The register of issues: questions on which parties can differ."""


@issue.command("add", short_help="Open an issue.")
@click.argument("path")
@click.option("--title", required=True, metavar="TEXT", help="A short name.")
@click.option("--question", required=True, metavar="TEXT", help="Worded so that yes is something to be for.")
@click.pass_obj
def issue_add(settings: Settings, /, path: str, title: str, question: str) -> None:
    """Open the issue PATH, such as arms-control/new-start/extension; its prefixes are groups."""
    from tracker.domain.log.events import IssueOpened

    _add(settings, IssueOpened, {"issue": path, "title": title, "question": question})


@issue.command("reword", short_help="Give an issue another title or question from a day on.")
@click.argument("issue_path", metavar="ISSUE")
@click.option("--on", type=DAY, required=True, help="From when the new wording holds.")
@click.option("--title", metavar="TEXT", help="The new title.")
@click.option("--question", metavar="TEXT", help="The new question.")
@click.pass_context
def issue_reword(ctx: click.Context, /, issue_path: str, on: date, title: str | None, question: str | None) -> None:
    """Reword ISSUE. What was said before that day stays bound to the wording of its time.

    Whoever answered the old question may not stand the same to the new one: a new meaning wants a new issue.
    """
    from tracker.domain.log.events import IssueReworded

    if title is None and question is None:
        raise click.UsageError("Give a new --title, a new --question or both.", ctx)
    record_event(ctx.obj, IssueReworded, {"issue": issue_path, "on": on, "title": title, "question": question})


@issue.command("close", short_help="Close an issue.")
@click.argument("issue_path", metavar="ISSUE")
@click.option("--on", type=DAY, required=True, help="The day on which it was settled or lapsed.")
@click.option("--outcome", type=WordType(Outcome, "OUTCOME"), required=True, help=f"{', '.join(Outcome)}.")
@click.option("--party", "parties", multiple=True, metavar="PARTY", help="A party to the outcome; may be repeated.")
@click.option("--note", metavar="TEXT", help="What happened, in your own words.")
@evidence_options
@click.pass_obj
def issue_close(
    settings: Settings, /, issue_path: str, on: date, outcome: Outcome, parties: Sequence[str], **fields: Any
) -> None:
    """Close ISSUE: it was agreed, expired, terminated, abandoned or superseded. Later statements are still accepted."""
    from tracker.domain.log.events import IssueClosed

    options = {"issue": issue_path, "on": on, "outcome": outcome, "parties": parties, **fields}
    record_event(settings, IssueClosed, options)


@issue.command("list", short_help="List the issues.")
@output_options("rows")
@click.pass_obj
def issue_list(settings: Settings, /, output: Output) -> None:
    """List the issues with their questions, and how those that are closed were closed."""
    from tracker.reports.answers import Rows

    with reading(settings) as snapshot:
        issues, closings = snapshot.names().issues, snapshot.closings()
    rows = [_issue_data(found, closings.get(found.issue)) for found in issues.values()]
    deliver(Rows(rows, ("issue", "title", "closed", "question"), empty="No issue is on record."), output)


@issue.command("show", short_help="Show one issue.")
@click.argument("issue_path", metavar="ISSUE")
@output_options("fields")
@click.pass_obj
def issue_show(settings: Settings, /, issue_path: str, output: Output) -> None:
    """Show ISSUE: its path, title, question and, if it is closed, how."""
    from tracker.domain.timeline.names import resolve_issue
    from tracker.reports.answers import Fields

    with reading(settings) as snapshot:
        issues, closings = snapshot.names().issues, snapshot.closings()
    found = issues[resolve_issue(issue_path, issues)]
    deliver(Fields(_issue_data(found, closings.get(found.issue))), output)


def _issue_data(found: Any, closing: Any) -> dict[str, Any]:
    return {"issue": found.issue, "title": found.title, "question": found.question, "closed": closing}


@click.group()
def source() -> None:
    """The register of sources: the documents that carry positions."""


@source.command("add", short_help="Register a source.")
@click.argument("source_id", metavar="ID")
@click.option("--title", required=True, metavar="TEXT", help="Its title.")
@click.option("--publisher", required=True, metavar="NAME", help="Who published it; name reposts as such (X via Y).")
@click.option("--url", metavar="URL", help="Where it is.")
@click.option("--published-on", type=DAY, help="The day on which the public could read it.")
@click.option("--language", metavar="CODE", help="Its language, such as en.")
@click.option("--sha256", metavar="HEX", help="The SHA-256 of its archived text.")
@click.pass_obj
def source_add(settings: Settings, /, source_id: str, **fields: Any) -> None:
    """Register the document ID, such as dw-2019-12-11."""
    from tracker.domain.log.events import SourceRegistered

    _add(settings, SourceRegistered, {"source": source_id, **fields})


@source.command("list", short_help="List the sources.")
@output_options("rows")
@click.pass_obj
def source_list(settings: Settings, /, output: Output) -> None:
    """List the registered sources with their days of publication."""
    from tracker.reports.answers import Rows

    with reading(settings) as snapshot:
        rows = [found.data() for found in snapshot.registers().sources.values()]
    columns = ("source", "published_on", "publisher", "title")
    more = ("url", "language", "sha256")
    deliver(Rows(rows, (*columns, *more), headings=columns, empty="No source is registered."), output)


@source.command("show", short_help="Show one source.")
@click.argument("source_id", metavar="ID")
@output_options("fields")
@click.pass_obj
def source_show(settings: Settings, /, source_id: str, output: Output) -> None:
    """Show the source ID with everything that is registered of it."""
    from tracker.domain.timeline.names import resolve_source
    from tracker.reports.answers import Fields

    with reading(settings) as snapshot:
        sources = snapshot.registers().sources
    deliver(Fields(sources[resolve_source(source_id, sources)].data()), output)


def _add(settings: Settings, /, model: Any, fields: dict[str, Any]) -> None:
    """Record an entry that names nothing on record, which needs no database to be checked."""
    from tracker.domain.log.parsing import event_from

    event = event_from(model, fields)
    with opened(settings) as tracker:
        print_results(tracker.record([event], by=recorder(settings)), tracker.today())
