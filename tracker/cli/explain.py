"""The command `explain`: why a party stands where it does."""

from datetime import date

import click

from tracker.cli.main import Settings
from tracker.cli.options import DAY, Asked, asking, query_options
from tracker.cli.output import Output, deliver, deliver_view, output_options


@click.command(short_help="Explain why a party stands where it does, entry by entry.")
@click.argument("party")
@click.argument("issue")
@click.option("--on", type=DAY, help="The day (inclusive); today by default.")
@query_options
@output_options("table", "json")
@click.pass_obj
def explain(settings: Settings, /, party: str, issue: str, on: date | None, asked: Asked, output: Output) -> None:
    """Explain PARTY's stance on ISSUE on a day.

    Every entry about the pair, in order: whether it counts and, if not, because of which other entry or which
    cut-off. Then the stance, the run of equal statements that it ends, the conditions in force, what contests it,
    and the evidence. The conclusion is what `tracker state` shows.
    """
    from tracker.domain.timeline.names import resolve_issue, resolve_party

    with asking(settings, asked) as (tracker, query):
        names = tracker.names()
        pair = resolve_issue(issue, names.issues), resolve_party(party, names.parties)
        explanation = tracker.explain(*pair, on, query)
    if output.form == "json":
        from tracker.reports.explanation import explanation_data
        from tracker.reports.flat import to_json

        deliver(to_json(explanation_data(explanation)), output.file)
    else:
        from tracker.reports.explanation_view import explanation_view

        deliver_view(lambda _: explanation_view(explanation), output.file)
