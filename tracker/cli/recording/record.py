"""Commands that record what parties state, its evidence and its context: `record`, `corroborate`, `milestone`."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from tracker.cli.options import (
    DAY,
    FILE,
    POSITION,
    STATED_BETWEEN,
    CollectingCommand,
    UsageErrors,
    WordType,
    check_option,
    evidence_options,
    opened,
    recorder,
)
from tracker.cli.output import print_utf8, remark
from tracker.cli.position_options import STANCE, detail_options, position_options, translation_options
from tracker.cli.recording.misplaced import refused_option, take_elsewhere
from tracker.cli.settings import Settings
from tracker.domain.terms.dates import stated_day
from tracker.domain.terms.vocabulary import NAMING_NO_FIGURE, Act, Attribution, MilestoneCategory, Standing
from tracker.errors import BadEvent, TrackerError
from tracker.presenting.typed_fields import read_event

if TYPE_CHECKING:
    from tracker.domain.log.event_parts import EventModel
    from tracker.domain.log.events import PositionStated
    from tracker.domain.registers.registers import Registers
    from tracker.tracker import Tracker
    from tracker.usecases.record import RecordResult


@click.command(cls=CollectingCommand)
@click.argument("parties", metavar="PARTY[,PARTY...]", required=False)
@click.argument("issue", metavar="ISSUE", required=False)
@click.argument("stance", metavar="STANCE", required=False, type=STANCE)
@position_options
@click.option("--on", type=STATED_BETWEEN, help="When it was said: a day, a month (2019-12), a year or DAY/DAY.")
@click.option("--summary", metavar="TEXT", help="The position in your own words.")
@evidence_options
@click.option("--act", type=WordType(Act, "ACT"), help=f"How it was stated: {', '.join(Act)}.")
@click.option("--standing", type=WordType(Standing, "STANDING"), help="formal, official (default) or remark.")
@click.option(
    "--condition", "conditions", multiple=True, metavar="TEXT", help="A condition or term (see above); may be repeated."
)
@click.option("--no-conditions", is_flag=True, help="Say that there are no conditions any more.")
@detail_options
@click.option("--to", multiple=True, metavar="PARTY", help="Whom it addresses; may be repeated.")
@click.option("--on-behalf-of", multiple=True, metavar="PARTY", help="For whom it speaks, which gives these no stance.")
@click.option("--sequence", type=int, help="The order among what was said on one day (0 by default).")
@click.option("--expect-position", type=POSITION, help="Refuse if the pair was touched after log position N.")
@click.option("--anyway", is_flag=True, help="Record it although it was retracted, or looks like an entry on record.")
@click.option(
    "--skip-recorded",
    is_flag=True,
    help="Pass over what was recorded before, as when a file is run again with more rows.",
)
@click.option(
    "--from-file",
    type=FILE,
    metavar="FILE",
    help="A batch, YAML or JSON Lines; - is standard input.",
)
@check_option
@click.option("--template", is_flag=True, help="Print a batch to fill in.")
@click.pass_context
def record(ctx: click.Context, /, **options: Any) -> None:
    """Record that one or more PARTIES hold a position on an ISSUE.

    STANCE is opposes, sceptical, neutral, conditional or supports: how the
    party answers the issue's question. An issue that asks for an amount takes
    --amount instead (without a figure only --act declines, rejects, abstains
    or reserves), a choice takes an --option for each option spoken of. A party
    may be given by code, name or alias, an issue by its path or an unambiguous
    tail. Conditions and a red line beside several options hold for those that
    the party supports, if it supports any. Several parties, joined by commas, state one position together.

    A --condition reads "if:" with a yes, "unless:" with a no or a doubt. It
    reads "terms:" if it begins with a preposition of time, extent or manner
    (for, until, within, with, on, ...), a quantity of time (60 days, five
    years), "only", "about", "more than", "no later", or a word in -ing without
    a verb behind it (keeping the limits). Begin it with "if", "unless" or "only
    if" to choose the label. The rule reads English; docs/decisions/0014-views.md
    has all its words.

    \b
    Example:
      tracker record RUS new-start/extension supports --on 2019-12-05 \\
        --speaker "Vladimir Putin" --act offers \\
        --summary "Putin offered to extend the treaty at once."
      tracker record EUN finance/goal --amount 200..300 --on 2024-11-23 \\
        --summary "The EU could go up to 300 bn a year."
      tracker record IND coal --option phase-down=supports --option phase-out=opposes \\
        --on 2021-11-13 --summary "India asked for phase-down."
    """
    if options["template"]:
        print_utf8()
        click.echo(_template(ctx.obj), nl=False)
    elif options["from_file"] is not None:
        require_file_alone(ctx, "statements", besides={"check", "anyway", "skip_recorded"})
        how = {name: options[name] for name in ("anyway", "skip_recorded", "check")}
        record_file(ctx.obj, options["from_file"], **how)
    elif _lacks_subject(options) or _states_nothing(options, with_act=True) or any(_missing(options)):
        raise UsageErrors(_problems(ctx.obj, options), ctx)
    else:
        _record_statement(ctx.obj, options)


def _record_statement(settings: Settings, options: Mapping[str, Any]) -> None:
    with opened(settings) as tracker:
        events, names = _read_statements(tracker, options)
        recorded = tracker.record(
            events,
            by=recorder(settings),
            anyway=options["anyway"],
            skip_recorded=options["skip_recorded"],
            expected_position=options["expect_position"],
            check_only=options["check"],
        )
        on_options = bool(options["options"])
        how = {"check": options["check"], "names": names, "on_options": on_options}
        print_results(recorded, tracker.today(), typed=options, **how)


def _read_statements(tracker: "Tracker", options: Mapping[str, Any]) -> tuple[list["PositionStated"], "Registers"]:
    """The statements that the options make, and the names on the day. Raises BadEvent with every problem."""
    from tracker.adapters.batch_events import statements
    from tracker.adapters.batch_sections import FIELDS

    given = {name: value for name, value in options.items() if name in FIELDS and value not in (None, ())}
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    if options.get("no_conditions"):
        fields["conditions"] = []
    names = tracker.names(stated_day(options["on"]).effective if options["on"] else None)
    if options["parties"] is not None:
        fields["party"] = options["parties"]
    return statements(fields, names, lambda: tracker.registers().sources, tracker.entry_id), names


def _template(settings: Settings) -> str:
    """A batch to fill in, with parties, issues and a source of the database if it has any."""
    from tracker.adapters.batch_templates import batch_template

    with suppress(TrackerError), opened(settings) as tracker:
        return batch_template(tracker.registers())
    return batch_template()


def _instead_of_stating(typed: str) -> str:
    if (stance := typed.removeprefix("--stance ")) != typed:
        return f"the stance is a word by itself: tracker record PARTY ISSUE {stance}"
    return f"a statement gives the party a position of its own. Without one: tracker withdraw PARTY ISSUE {typed}"


record.params += [refused_option(name, _instead_of_stating) for name in ("--stance", "--leaves-position-of")]


@record.also
def _also_wrong(settings: Settings, options: Mapping[str, Any], wrong: Collection[str]) -> Iterator[str]:
    """What is wrong with a statement beside the options whose values cannot be read."""
    if options["from_file"] is None and not options["template"]:
        yield from _problems(settings, options, wrong)


def _problems(settings: Settings, options: Mapping[str, Any], but: Collection[str] = ()) -> Iterator[str]:
    """What is missing and what is refused; what position is missing depends on the issue, if that is on record."""
    known = _states_nothing(options, but) and _is_on_record(settings, options["issue"])
    given = {"party" if name == "parties" else name for name, value in options.items() if value is not None}
    given |= {"stance", "amount"} if known and "act" not in but else set()
    if _lacks_subject(options) or (_states_nothing(options, but, with_act=True) and not known):
        yield "Say PARTY, ISSUE and STANCE (or --amount, or --option), or --from-file FILE."
    yield from _missing(options, but)
    yield from (line for field, line in _refused(settings, options) if field is None or field in given)


def _missing(options: Mapping[str, Any], but: Collection[str] = ()) -> Iterator[str]:
    """What is not given, or given twice, although a statement needs it once."""
    yield from (f"Missing option --{name}." for name in ("on", "summary") if options[name] is None and name not in but)
    if options["conditions"] and options["no_conditions"]:
        yield "Give either --condition or --no-conditions, not both."


def _lacks_subject(options: Mapping[str, Any]) -> bool:
    return options["parties"] is None or options["issue"] is None


def _states_nothing(options: Mapping[str, Any], but: Collection[str] = (), *, with_act: bool = False) -> bool:
    """Whether a statement names no stance, no amount and no option; `with_act` no act either that does without."""
    if with_act and (options["act"] in NAMING_NO_FIGURE or "act" in but):
        return False
    stated = (options[name] or name in but for name in ("stance", "amount", "options"))
    return "refused_stance" not in but and not any(stated)


def _is_on_record(settings: Settings, issue: str | None) -> bool:
    """Whether an issue can be found by its name."""
    from tracker.domain.registers.names import resolve_issue

    try:
        with opened(settings) as tracker:
            return issue is not None and bool(resolve_issue(issue, tracker.names().issues))
    except TrackerError:
        return False


def _refused(settings: Settings, options: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
    """What is wrong with a statement as far as one can be made of the values that are given, each with its field."""
    try:
        with opened(settings) as tracker:
            _read_statements(tracker, options)
    except BadEvent as error:
        for (field, _), line in zip(error.problems, error.lines, strict=True):
            yield field and field.partition(".")[0], line
    except TrackerError:
        return  # without a database there is nothing to check names by


def require_file_alone(ctx: click.Context, rows: str, *, besides: Container[str]) -> None:
    """Check that --from-file comes without what its rows say themselves. Raises UsageError."""
    given = [name for name in ctx.params if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if others := sorted(name for name in given if name != "from_file" and name not in besides):
        named = ", ".join(others).replace("_", "-")
        raise click.UsageError(f"--from-file takes {rows} whole; it does not go with {named}.", ctx)


def record_file(
    settings: Settings,
    path: Path,
    *,
    only: str | None = None,
    anyway: bool = False,
    skip_recorded: bool = False,
    check: bool = False,
) -> None:
    """Record a batch from a file, all of it or nothing; with `only`, one that holds this section alone."""
    from tracker.adapters.batch import LONGEST_BATCH, read_batch
    from tracker.adapters.files import name_of, read_whole

    with opened(settings) as tracker:
        batch = read_batch(name_of(path), read_whole(path, at_most=LONGEST_BATCH), only=only)
        recorded = tracker.record_batch(
            batch, by=recorder(settings), anyway=anyway, skip_recorded=skip_recorded, check_only=check
        )
        on_options = any("options" in row.fields for row in batch.rows)
        print_results(recorded, tracker.today(), check=check, on_options=on_options)


@click.command(cls=CollectingCommand)
@click.argument("event")
@click.option("--source", required=True, metavar="ID", help="The registered source that carries it too.")
@click.option("--quote", metavar="TEXT", help="The words as that source has them, verbatim.")
@click.option("--locator", metavar="TEXT", help="Where in the source, such as a page or paragraph.")
@click.option("--attribution", type=WordType(Attribution, "ATTRIBUTION"), help="How that source attributes it.")
@translation_options
@click.option("--note", metavar="TEXT", help="What differs, or why this is the same statement.")
@check_option
@click.pass_obj
def corroborate(settings: Settings, /, event: str, check: bool, **fields: Any) -> None:
    """Record that another source carries EVENT, a statement or withdrawal (the start of its id, or @N)."""
    from tracker.domain.log.events import StatementCorroborated
    from tracker.domain.log.parsing import event_from

    with opened(settings) as tracker:
        target = tracker.show(event).entry.id
        corroboration = event_from(StatementCorroborated, {**fields, "target": target})
        print_results(
            tracker.record([corroboration], by=recorder(settings), check_only=check), tracker.today(), check=check
        )


def _instead_of_corroborating(typed: str) -> str:
    return (
        "a corroboration adds a source, and changes nothing in what is on record. If that should say otherwise: "
        f"tracker correct EVENT {typed} --reason TEXT"
    )


take_elsewhere(corroborate, record, _instead_of_corroborating)
corroborate.params.append(refused_option("--stance", _instead_of_corroborating))


@click.command(cls=CollectingCommand)
@click.argument("title")
@click.option("--on", type=DAY, required=True, help="The day on which it happened, or will.")
@click.option("--category", type=WordType(MilestoneCategory, "CATEGORY"), help=f"{', '.join(MilestoneCategory)}.")
@click.option("--party", "parties", multiple=True, metavar="PARTY", help="A party it concerns; may be repeated.")
@click.option("--issue", "issues", multiple=True, metavar="ISSUE", help="An issue it concerns; may be repeated.")
@evidence_options
@check_option
@click.pass_obj
def milestone(
    settings: Settings, /, title: str, parties: Sequence[str], issues: Sequence[str], check: bool, **fields: Any
) -> None:
    """Note a milestone, such as a summit, a new government or a deadline: context in reports."""
    from tracker.domain.log.events import MilestoneNoted

    options = {"title": title, "parties": parties, "issues": issues, **fields}
    record_event(settings, MilestoneNoted, options, check=check)


def record_event(
    settings: Settings,
    model: type["EventModel"],
    options: Mapping[str, Any],
    *,
    expected_position: int | None = None,
    check: bool = False,
) -> None:
    """Record an event from the values of options, in which parties and issues may go by any of their names."""
    with opened(settings) as tracker:
        on = options.get("on")
        names = tracker.names(stated_day(on).effective if isinstance(on, str) else on)
        event = read_event(model, options, names)
        recorded = tracker.record([event], by=recorder(settings), expected_position=expected_position, check_only=check)
        print_results(recorded, tracker.today(), check=check, names=names, typed=options)


def print_results(recorded: Sequence["RecordResult"], today: date, *, check: bool = False, **of_positions: Any) -> None:
    """Print what recording did, with notes on standard error (see `replies_on_entries`)."""
    from tracker.presenting.replies import replies_on_entries

    for reply in replies_on_entries(recorded, today, check=check, **of_positions):
        if reply.is_note:
            remark(f"Note: {reply.text}")
        else:
            click.echo(reply.text)
    if check:
        remark(f"Checked {len(recorded)} of {len(recorded)}: all good. Nothing was recorded.")
