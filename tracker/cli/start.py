"""Commands to start with: `demo`, `init`, `upgrade`."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from tracker.cli.demonstrations import DEMONSTRATIONS
from tracker.cli.options import FILE
from tracker.cli.output import progress_bar, remark, write
from tracker.cli.settings import Settings
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.scope import Query
from tracker.errors import NotTheDemo

if TYPE_CHECKING:
    from tracker.tracker import Tracker


@click.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Create the database that --db (or $TRACKER_DB) names; an existing one is left as it is."""
    from tracker.storage.backends.transactions import backend_of
    from tracker.storage.maintenance.migrate import create_database

    place = backend_of(settings.db).place
    if create_database(settings.db):
        click.echo(f"Created the database {plain(place)}.")
        remark("Next: tracker party add, tracker issue add and tracker record, or tracker load for events files.")
    else:
        click.echo(f"Nothing to do: the database {plain(place)} is there already.")


@click.command()
@click.option("--backup", type=FILE, metavar="FILE", help="Back up into this new file, instead of one beside it.")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
@click.pass_obj
def upgrade(settings: Settings, backup: Path | None, no_backup: bool) -> None:
    """Bring the database up to this release's schema and rules, in one transaction. The log itself never changes.

    A database is backed up first, into a file beside it; one on a server is
    exported into the current folder. The rules are the meaning of answers:
    where they changed, what is derived from the log is derived anew.
    """
    from time import monotonic

    from tracker.domain.terms.rules import RULES
    from tracker.storage.schema import REVISION
    from tracker.usecases.upgrade import Plan
    from tracker.usecases.upgrade import upgrade as bring_up

    def announce(plan: Plan) -> None:
        if plan.backup is not None:
            remark(f"Backed up into {plan.backup}.")
        remark(f"Deriving what {plan.entries:,} entries say by the rules {RULES}: about {plan.seconds:,} s.")

    began = monotonic()
    with progress_bar("Deriving", lambda: None) as progress:
        done = bring_up(
            settings.db,
            backup=backup,
            without_backup=no_backup,
            wait_seconds=settings.wait,
            announce=announce,
            progress=progress,
        )
    if done is None:
        click.echo(f"Nothing to do: the schema is {REVISION}, the rules are {RULES}.")
        return
    before = f"schema {done.made.schema}, rules {done.made.rules or 'unknown'}"
    click.echo(f"Upgraded from {before} to schema {REVISION}, rules {RULES}, in {monotonic() - began:,.1f} s.")


@click.command()
@click.option(
    "--corpus",
    type=click.Choice(list(DEMONSTRATIONS)),
    default="nuclear",
    show_default=True,
    help="Which of the shipped corpora.",
)
@click.pass_context
def demo(ctx: click.Context, corpus: str) -> None:
    """Build a throw-away database with a shipped corpus of real positions, and show two answers.

    nuclear: who said what on nuclear arms control from 2018 to 2026, and everything that was said when the American
    and the Russian foreign minister met in Washington on 10 December 2019; in tracker-demo.db, or --db FILE.

    climate: how much finance, which wording and whose red lines, from the conference of Glasgow in 2021 to that of
    Baku in 2024; in tracker-climate.db, or --db FILE.
    """
    from tracker.reports.report.data import ReportAnswer
    from tracker.reports.state_answer import StateAnswer
    from tracker.reports.tables.report_table import render_report
    from tracker.reports.tables.state_table import render_state
    from tracker.storage.backends.transactions import backend_of
    from tracker.storage.maintenance.migrate import create_database
    from tracker.tracker import Tracker

    shown = DEMONSTRATIONS[corpus]
    named = ctx.find_root().get_parameter_source("db") is ParameterSource.COMMANDLINE
    db = ctx.obj.db if named else shown.database
    place = backend_of(db).place
    create_database(db)
    with Tracker.open(db) as tracker:
        _load_corpus(tracker, place, shown.files())
        with tracker.snapshot() as snapshot:
            state = snapshot.state(shown.day, Query(shown.state))
            report = snapshot.report(*shown.days, Query(shown.report))
            sources = len(snapshot.registers().sources)
    click.echo(shown.introduction.format(entries=state.log.position, sources=sources))
    write(render_state(StateAnswer(state)))
    click.echo(shown.between)
    write(render_report(ReportAnswer(report)))
    example = next(row.position for row in state.rows if (row.party, row.issue) == shown.example)
    called, place = _as_called(), plain(place)
    click.echo(shown.next.format(tracker=f"{called} --db {place}", db=place, example=example, init=f"{called} init"))


def _load_corpus(tracker: "Tracker", place: str, files: list[Path]) -> None:
    """Load a corpus into a database that is empty or holds it already. Raises NotTheDemo."""
    from tracker.adapters.jsonl import FileEntry, read_events

    first = next(item.draft.id for item in read_events(files[0]) if isinstance(item, FileEntry))
    found = next(tracker.entries(limit=1), None)
    if found is not None and found.entry.id != first:
        raise NotTheDemo(place)
    tracker.load(files)


def _as_called() -> str:
    """The command line that calls this program from here: its bare name, or the path of the script."""
    if shutil.which("tracker"):
        return "tracker"
    script = Path(sys.argv[0]).absolute()
    return str(script.relative_to(Path.cwd()) if script.is_relative_to(Path.cwd()) else script)
