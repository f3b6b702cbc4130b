"""The command `serve`: the record in a browser, until it is interrupted."""

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

import click

from tracker.cli.options import NumberType, ParsedType
from tracker.cli.output import remark
from tracker.cli.settings import Settings
from tracker.domain.terms.safe_text import shown
from tracker.errors import BadValue, ExtraMissing

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tracker.web.asking.database import Database

_OPENED = (
    "Everybody who reaches this address can read everything in the database, retracted entries included. "
    "Nothing is encrypted. docs/serving.md says how to put a server in front."
)


def _server_name(text: str) -> str:
    """Read the name of a server, without scheme and port."""
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})", text):
        raise BadValue(f"{shown(text)} is not the name of a server. Give it alone, such as tracker.example.org.")
    return text


def _proxy_address(text: str) -> str:
    """Read the address from which a proxy connects."""
    try:
        return str(ip_address(text))
    except ValueError:
        raise BadValue(f"{shown(text)} is not an address. Give that of the proxy, such as 192.0.2.1.") from None


@click.command()
@click.option(
    "--port", type=NumberType("N", most=65_535), default=8421, show_default=True, help="The port; 0 is any free one."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Listen at this address. With any other than loopback, others can read the whole database.",
)
@click.option(
    "--name",
    "names",
    type=ParsedType("NAME", _server_name),
    multiple=True,
    help="Another name by which browsers ask for this server, such as that of a proxy; may be repeated.",
)
@click.option("--recording", is_flag=True, help="Let those who hold a token record (see `tracker token`).")
@click.option(
    "--proxy",
    "proxies",
    type=ParsedType("ADDRESS", _proxy_address),
    multiple=True,
    help="The address of a proxy at which TLS ends, and from which tokens are taken too; may be repeated.",
)
@click.pass_obj
def serve(
    settings: Settings, port: int, host: str, names: tuple[str, ...], recording: bool, proxies: tuple[str, ...]
) -> None:
    """Show the record in a browser, and answer programs below /api, until interrupted.

    The address is printed when it can be opened. It answers on this machine alone, unless --host names another
    address, and to nobody who asks for it by a name that is not its own.
    """
    try:
        from tracker.web.asking.database import Database
        from tracker.web.serving.server import address_of, bind, is_loopback, names_of
        from tracker.web.serving.server import serve as answer
    except ModuleNotFoundError as missing:
        raise _needs_extra(missing) from None
    database = Database(settings.db, wait_seconds=settings.wait)

    def say() -> None:
        click.echo(address_of(listening))
        remark("Ctrl-C ends it." if is_loopback(listening) else _OPENED)

    try:
        with bind(host, port) as listening:
            methods = ("GET", "HEAD", "POST") if recording else ("GET", "HEAD")
            app = _app(database, recording=recording, proxies=proxies)
            asked_as = names_of(listening, host, names)
            answer(app, listening, names=asked_as, methods=methods, started=say, stopping=app.state.watch.stop)
    finally:
        database.close()


def _app(database: "Database", *, recording: bool, proxies: tuple[str, ...]) -> "FastAPI":
    from tracker.web.app import make_app

    return make_app(database, recording=recording, proxies=proxies)


def _needs_extra(missing: ModuleNotFoundError) -> Exception:
    """The refusal for what the extra would have installed; anything else that is missing is a fault of ours."""
    of_extra = (missing.name or "").partition(".")[0] in ("fastapi", "starlette", "uvicorn")
    return ExtraMissing("serve", "web") if of_extra else missing
