"""Write the site as files: `site`."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import click

from tracker.cli.asking import asking
from tracker.cli.options import FILE
from tracker.cli.output import progress_bar
from tracker.cli.settings import Settings
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.safe_text import plain, shown
from tracker.errors import ExtraMissing
from tracker.presenting.filters import Filters
from tracker.presenting.parameters import SITE


@click.command()
@click.argument("folder", metavar="DIR", type=FILE)
@asking(SITE)
@click.option("--base", metavar="URL", help="The address at which it will stand, for the sitemap and the feed.")
@click.pass_obj
def site(settings: Settings, /, folder: Path, base: str | None, on: date | None, filters: Filters) -> None:
    """Write every page of the record into DIR, as plain files that need neither a server nor scripts.

    The pages are those of `tracker serve` on one day; their links lead to files, and beside each stand its data. The
    same cut-off and day give the same bytes: --known-at is the log's last entry and --on today where they are left out,
    and both are written on every page. DIR is new, or an earlier site, which goes whole.

    \b
    Example:
      tracker site public --known-at @396 --on 2021-02-05
    """
    try:
        from tracker.web.asking.database import Database
        from tracker.web.site.writing import write_site
    except ModuleNotFoundError:
        raise ExtraMissing("site", "web") from None
    database = Database(settings.db, wait_seconds=settings.wait)
    with progress_bar("Writing", lambda: None) as progress:
        made = write_site(database, folder, filters=filters, on=on, base=_address(base), progress=progress)
    cut = made.cut
    click.echo(
        f"{counted(made.files, 'file')} written to {plain(str(folder))}: as of {cut.on}, from the log up to position "
        f"{cut.position}, hash {cut.hash}."
    )


def _address(text: str | None) -> str:
    """The address of a site as the start of those of its files. Raises UsageError."""
    if text is None:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise click.UsageError(f"--base {shown(text)} is no address such as https://example.org/positions/.")
    return f"{text.rstrip('/')}/"
