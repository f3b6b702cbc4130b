"""The command that records the end of a position: `withdraw`."""

from typing import Any

import click

from tracker.cli.options import POSITION, STATED, CollectingCommand, check_option, evidence_options, opened, recorder
from tracker.cli.position_options import translation_options
from tracker.cli.recording.misplaced import refused_argument, refused_option, take_elsewhere
from tracker.cli.recording.record import print_results, record
from tracker.cli.settings import Settings
from tracker.domain.terms.dates import stated_day


@click.command(cls=CollectingCommand)
@click.argument("parties", metavar="PARTY[,PARTY...]")
@click.argument("issue")
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="OPTION",
    help="An option of ISSUE, a choice, from which it is withdrawn; may be repeated.",
)
@click.option("--on", type=STATED, required=True, help="From when: a day, a month or a year, perhaps with ~ or ?.")
@click.option("--summary", required=True, metavar="TEXT", help="What was withdrawn, in your own words.")
@evidence_options
@translation_options
@click.option(
    "--leaves-position-of", metavar="BLOC", help="A bloc whose position PARTY no longer shares either on ISSUE."
)
@click.option("--sequence", type=int, help="The order among what was said on one day (0 by default).")
@click.option("--expect-position", type=POSITION, help="Refuse if the pair was touched after log position N.")
@check_option
@click.pass_obj
def withdraw(settings: Settings, /, parties: str, expect_position: int | None, check: bool, **options: Any) -> None:
    """Record that from a day on PARTY holds no position on ISSUE, or on options of a choice.

    This is the party's own act. If the record was wrong, the entry needs a correction instead; a new position ends the
    old one by itself. A member of a bloc then shows the bloc's position again (--inherit), unless it
    --leaves-position-of that bloc. Files have `withdrawals:` (tracker record --template).
    """
    from tracker.adapters.batch_events import row_events

    given = {name: value for name, value in options.items() if value not in (None, ())}
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    with opened(settings) as tracker:
        names = tracker.names(stated_day(options["on"]).effective)
        found = row_events("withdrawals", {**fields, "party": parties}, names, lambda: tracker.registers().sources)
        events = [one.event for one in found]
        recorded = tracker.record(events, by=recorder(settings), expected_position=expect_position, check_only=check)
        print_results(recorded, tracker.today(), check=check, names=names)


_ENDS = "a withdrawal only ends a position"


def _instead(typed: str) -> str:
    if typed.startswith("--from-file"):
        return "withdrawals in files stand under `withdrawals:`, for tracker record --from-file"
    if typed.startswith(("--reason", "--note", "--tag", "--provision")):
        return f"{_ENDS}: say it in --summary"
    stated = typed.removeprefix("--stance ")
    return f"{_ENDS}. What the party states instead ends it too, by itself: tracker record PARTY ISSUE {stated}"


withdraw.params += [refused_argument("stance", _instead), refused_option("--stance", _instead)]
take_elsewhere(withdraw, record, _instead)
