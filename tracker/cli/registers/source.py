"""The register of sources: `source`."""

from typing import Any

import click

from tracker.cli.options import DAY, CollectingCommand, reading
from tracker.cli.output import Output, deliver, output_options
from tracker.cli.registers.adding import add, file_options, name_missing
from tracker.cli.settings import Settings


@click.group()
def source() -> None:
    """The register of sources: the documents that carry positions."""


@source.command("add", cls=CollectingCommand, short_help="Register a source.")
@click.argument("source_id", metavar="ID", required=False)
@click.option("--title", metavar="TEXT", help="Its title.")
@click.option("--publisher", metavar="NAME", help="Who published it; name reposts as such (X via Y).")
@click.option("--url", metavar="URL", help="Where it is.")
@click.option("--published-on", type=DAY, help="The day on which the public could read it.")
@click.option("--dated-on", type=DAY, help="The date of a document that was not published; it makes nothing public.")
@click.option("--language", metavar="CODE", help="Its language, such as en.")
@click.option("--sha256", metavar="HEX", help="The SHA-256 of its archived text.")
@file_options
@click.pass_context
def source_add(ctx: click.Context, /, source_id: str | None, **fields: Any) -> None:
    """Register the document ID, such as dw-2019-12-11, or a file of sources."""
    add(ctx, "sources", {"source": source_id, **fields})


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
    from tracker.domain.registers.names import resolve_source
    from tracker.reports.register_tables import source_fields

    with reading(settings) as snapshot:
        sources = {record.source.source: record for record in snapshot.sources()}
    deliver(source_fields(sources[resolve_source(source_id, sources)]), output)


name_missing(source_add, "sources")
