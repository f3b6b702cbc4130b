"""The register of parties: `party`."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import click

from tracker.cli.options import (
    DAY,
    STATED,
    CollectingCommand,
    Function,
    WordType,
    check_option,
    combined,
    evidence_options,
    reading,
)
from tracker.cli.output import Output, deliver
from tracker.cli.recording.record import record_event
from tracker.cli.registers.adding import add, file_options, name_missing, record_row, register_options, skip_options
from tracker.cli.settings import Settings
from tracker.domain.terms.vocabulary import PartyKind


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

    A forum has members as a bloc has, but no position that they share.

    \b
    Example:
      tracker party add FRA France --alias Paris
      tracker party add --from-file parties.yaml
    """
    add(ctx, "parties", {"party": code, "name": name, "kind": kind, "aliases": list(aliases)})


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


def _membership_options(on: str) -> Callable[[Function], Function]:
    """Return what adds the arguments and options of a membership that begins or ends; `on` is the help of its day."""
    return combined(
        click.argument("parties", metavar="PARTY[,PARTY...]"),
        click.argument("bloc"),
        click.option("--on", type=STATED, required=True, help=on),
        evidence_options,
        skip_options,
        check_option,
    )


@party.command("join", cls=CollectingCommand, short_help="Record that parties belong to a bloc from a day on.")
@_membership_options("The first day of its membership; of a month or a year the last.")
@click.pass_obj
def party_join(settings: Settings, /, on: str, **fields: Any) -> None:
    """Record that each PARTY is a member of BLOC from a day on. `tracker state --inherit` shows what follows."""
    _record_membership(settings, on=on, **fields)


@party.command("leave", cls=CollectingCommand, short_help="Record that parties no longer belong to a bloc.")
@_membership_options("The first day on which it is no longer a member.")
@click.pass_obj
def party_leave(settings: Settings, /, on: str, **fields: Any) -> None:
    """Record that from a day on each PARTY is no longer a member of BLOC."""
    _record_membership(settings, left=on, **fields)


@party.command("succeed", cls=CollectingCommand, short_help="Record that a party ended and others took its place.")
@click.argument("old", metavar="PARTY")
@click.argument("new", metavar="PARTY...", nargs=-1, required=True)
@click.option("--on", type=DAY, required=True, help="The day from which they stand in its place.")
@evidence_options
@check_option
@click.pass_obj
def party_succeed(settings: Settings, /, old: str, new: tuple[str, ...], check: bool, **fields: Any) -> None:
    """Record that the first PARTY ended on a day and that the others took its place.

    No stance passes to them: record what each of them states.

    \b
    Example:
      tracker party succeed SCG SRB MNE --on 2006-06-03
    """
    from tracker.domain.log.events import PartySucceeded

    record_event(settings, PartySucceeded, {"party": old, "by": new, **fields}, check=check)


@party.command("list", short_help="List the parties.")
@register_options("rows")
@click.pass_obj
def party_list(settings: Settings, /, on: date | None, output: Output) -> None:
    """List the registered parties with every name they go by, their earlier names and their blocs."""
    from tracker.reports.register_tables import party_rows

    with reading(settings) as snapshot:
        deliver(party_rows(snapshot.parties(on), snapshot.memberships(on)), output)


@party.command("show", short_help="Show one party.")
@click.argument("party_name", metavar="PARTY")
@register_options("fields")
@click.pass_obj
def party_show(settings: Settings, /, party_name: str, on: date | None, output: Output) -> None:
    """Show PARTY: its code, names, kind and aliases, its blocs and its own members, and which it was in before."""
    from tracker.presenting import registers

    with reading(settings) as snapshot:
        deliver(registers.party(snapshot, party_name, on).fields, output)


def _record_membership(settings: Settings, /, parties: str, **fields: Any) -> None:
    """Record that parties join a bloc (`on` a day), or are no longer its members (`left`)."""
    how = {name: fields.pop(name) for name in ("skip_recorded", "anyway", "check")}
    record_row(settings, "memberships", {"party": parties, **fields}, **how)


name_missing(party_add, "parties")
