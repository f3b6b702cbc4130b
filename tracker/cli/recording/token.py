"""Who may record over the network: `token add`, `token list`, `token revoke`."""

from collections.abc import Sequence

import click

from tracker.cli.options import opened
from tracker.cli.output import Output, deliver, output_options, remark
from tracker.cli.settings import Settings
from tracker.domain.terms.safe_text import plain
from tracker.reports.answers import Rows


@click.group()
def token() -> None:
    """Tokens: with one, its holder records over the network, in the browser or by the API."""


@token.command("add", short_help="Make a token.")
@click.argument("name")
@click.pass_obj
def token_add(settings: Settings, /, name: str) -> None:
    """Make the token with which NAME records, and print it once: only its hash is kept.

    NAME stands on every entry that is recorded with it, as --by does here. Give it to its holder by a way that nobody
    else reads.
    """
    with opened(settings) as tracker:
        made = tracker.add_token(name)
    click.echo(made)
    remark(f"This is the only time that the token of {name.strip()} is shown. `tracker token revoke` ends it.")


@token.command("list", short_help="List who holds a token.")
@output_options("rows")
@click.pass_obj
def token_list(settings: Settings, /, output: Output) -> None:
    """List who holds or held a token: when it was made, and when it was revoked."""
    with opened(settings) as tracker:
        found = tracker.tokens()
    cells = [_cells(one.name, one.made_at, one.revoked_at) for one in found]
    rows = [one._asdict() for one in found]
    deliver(Rows(rows, ("name", "made_at", "revoked_at"), cells=cells, empty="Nobody holds a token."), output)


def _cells(*values: str | None) -> Sequence[str]:
    return [value or "" for value in values]


@token.command("revoke", short_help="End a token.")
@click.argument("name")
@click.pass_obj
def token_revoke(settings: Settings, /, name: str) -> None:
    """End the token that NAME holds, at once and for ever: what was recorded with it stays on record."""
    with opened(settings) as tracker:
        tracker.revoke_token(name)
    click.echo(plain(f"The token of {name.strip()} is revoked."))
