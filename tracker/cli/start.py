"""Commands to start with: `demo`, `init`, `upgrade`."""

import shutil
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from tracker.cli.main import Settings
from tracker.cli.options import FILE
from tracker.cli.output import progress_bar, remark, write
from tracker.domain.terms.safe_text import plain
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
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Build a throw-away database (tracker-demo.db, or --db FILE) with the shipped corpus, and show what it answers.

    The corpus: who said what on nuclear arms control from 2018 to 2026, and everything that was said when the
    American and the Russian foreign minister met in Washington on 10 December 2019.
    """
    from tracker.reports.answers import StateAnswer
    from tracker.reports.report_sections import ReportAnswer
    from tracker.reports.report_table import render_report
    from tracker.reports.state_table import render_state
    from tracker.storage.backends.transactions import backend_of
    from tracker.storage.maintenance.migrate import create_database
    from tracker.tracker import Tracker

    named = ctx.find_root().get_parameter_source("db") is ParameterSource.COMMANDLINE
    db = ctx.obj.db if named else DEMO_DB
    place = backend_of(db).place
    create_database(db)
    with Tracker.open(db) as tracker:
        _load_corpus(tracker, place)
        with tracker.snapshot() as snapshot:
            state = snapshot.state(_MEETING)
            report = snapshot.report(_MEETING, _DEADLINE)
            registers = snapshot.registers()
            names = snapshot.names(_MEETING)
    statements = f"{state.log.position} entries from {len(registers.sources)} sources"
    click.echo(_INTRODUCTION.format(statements=statements))
    write(render_state(StateAnswer(state, names=names)))
    click.echo(_BETWEEN)
    write(render_report(ReportAnswer(report)))
    example = next(row.position for row in state.rows if (row.party, row.issue) == _EXAMPLE)
    called, place = _as_called(), plain(place)
    click.echo(_NEXT.format(tracker=f"{called} --db {place}", db=place, example=example, init=f"{called} init"))


def _load_corpus(tracker: "Tracker", place: str) -> None:
    """Load the corpus into a database that is empty or holds it already. Raises NotTheDemo."""
    from tracker.adapters.jsonl import FileEntry, read_events

    files = corpus_files()
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


DEMO_DB = "tracker-demo.db"
_MEETING, _DEADLINE = date(2019, 12, 10), date(2021, 2, 5)
_EXAMPLE = ("RUS", "arms-control/new-start/extension")
_INTRODUCTION = """\
The tracker keeps what parties to a negotiation say, as a log of events that is
only ever added to: each stated position with its day, its speaker, its words
and its source. From the log it rebuilds who stands where on any day.

Here it holds {statements}: nuclear arms control
from 2018 to 2026, and all that was said when Mike Pompeo and Sergey Lavrov met
in Washington on 10 December 2019. Who stood where on that day?
"""
_BETWEEN = """
And what did the parties do from then until 5 February 2021, when New START
would have lapsed? Each step below leads to its source and its entry (@N).
"""
_NEXT = """
What to try next:
  {tracker} show @{example}
      one statement with its evidence and the question it answers
  {tracker} explain USA new-start/extension --on 2019-12-10
      why: every entry about the pair, what counts of it, and the evidence
  {tracker} history RUS new-start/participation
      every step of Russia on carrying out the treaty
  {tracker} state --on 2026-02-12 --issue arms-control
      six years later; two Russian officials differ: contested
  {tracker} state --on 2019-12-11 --published-by 2019-12-10
      what could be known before the newspapers came out
  {tracker} asks --on 2019-12-31
      what the parties ask of each other, unanswered since when
  {tracker} report --from 2019-12-10 --format html --output changes.html
      everything since, as a page to read and print
  {tracker} record --help
      record a position of your own

The database is {db}; delete it when you are done. To start one of
your own: {init}. The tutorial is docs/tutorial.md.
"""


def corpus_files() -> list[Path]:
    """The shipped corpus: inside the installed package, or beside it in a checkout."""
    inside = Path(str(files("tracker"))) / "_corpus"
    folder = inside if inside.exists() else inside.parent.parent / "events"
    return sorted(folder.glob("*.jsonl"))
