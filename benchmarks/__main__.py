"""The command `python -m benchmarks`: measure, print one table, and write it down where asked."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from benchmarks.bench import Bench
from benchmarks.data import Data
from benchmarks.run import MEASURES, Run, measure
from benchmarks.table import document, table

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--entries", default=100_000, show_default=True, help="How long the log is; some ask a tenth of it too.")
@click.option("--issues", multiple=True, default=(20,), show_default=True, help="Repeat it to ask again with more.")
@click.option("--parties", default=200, show_default=True)
@click.option("--runs", default=5, show_default=True, help="Repeats; what is short is repeated more often.")
@click.option("--only", multiple=True, type=click.Choice(list(MEASURES)), help="Measure this; may be repeated.")
@click.option("--without-peers", is_flag=True, help="Leave eventsourcing, DuckDB and Polars out.")
@click.option("--without-postgresql", is_flag=True, help="Leave PostgreSQL out.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Keep the data here for another run.")
@click.option("--show", type=_FILE, help="Measure nothing: show the results of an earlier run, a JSON file.")
@click.option("--json", "json_file", type=_FILE, help="Write the results as JSON.")
@click.option("--chart", "chart_file", type=_FILE, help="Draw the results as SVG.")
@click.option("--doc", "doc_file", type=_FILE, help="Write the table into a document, between its marks.")
def main(
    entries: int,
    issues: tuple[int, ...],
    parties: int,
    runs: int,
    only: tuple[str, ...],
    without_peers: bool,
    without_postgresql: bool,
    folder: Path | None,
    show: Path | None,
    json_file: Path | None,
    chart_file: Path | None,
    doc_file: Path | None,
) -> None:
    """Measure the tracker beside the bare engine and its peers, in turn, and print one table of medians."""
    if show:
        run = Run.read(show)
    else:
        if entries < (least := 20 * (parties + max(issues))):
            raise click.UsageError(
                f"A tenth of the log must hold the parties and issues: take --entries {least} or more."
            )
        names = [name for name in only or MEASURES if not (without_postgresql and name == "postgresql")]
        with _working_in(folder) as place:
            say = _progress()
            bench = Bench(Data(place, say), say, entries, issues[0], parties, runs, not without_peers)
            run = measure(bench, names, issues[1:])
    click.echo(table(run))
    if json_file:
        run.write(json_file)
    if doc_file:
        document(run, doc_file)
    if chart_file:
        from benchmarks.chart import draw

        draw(run, chart_file)


@contextmanager
def _working_in(folder: Path | None) -> Iterator[Path]:
    """The folder, made and kept, or a temporary one."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
        return
    place = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _progress() -> Callable[[str], None]:
    """Tells what is being done, and since when, on standard error."""
    start = time.monotonic()
    return lambda what: click.echo(f"{time.monotonic() - start:6.0f} s  {what}", err=True)


if __name__ == "__main__":
    main()
