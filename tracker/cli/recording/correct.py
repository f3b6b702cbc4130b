"""Commands that correct our own record: `correct`, `retract`, `undo`. No party moves."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.options import (
    DAY,
    STATED_BETWEEN,
    CollectingCommand,
    Function,
    WordType,
    combined,
    opened,
    recorder,
)
from tracker.cli.output import remark, write
from tracker.cli.position_options import AMOUNT
from tracker.cli.settings import Settings
from tracker.domain.terms.vocabulary import (
    Act,
    Attribution,
    IssueForm,
    MilestoneCategory,
    Outcome,
    PartyKind,
    Priority,
    Stance,
    Standing,
    Word,
    implied_attribution,
)
from tracker.errors import BadEvent
from tracker.presenting.typed_fields import own_field, resolve

if TYPE_CHECKING:
    from tracker.domain.report.corrections import RevisionResult
    from tracker.tracker import Tracker

WORDS: Mapping[str, tuple[type[Word], str]] = {
    "stance": (Stance, "How the party answers the question."),
    "act": (Act, "How it was stated."),
    "standing": (Standing, "How much it commits."),
    "attribution": (Attribution, "Whose word it is."),
    "outcome": (Outcome, "How the issue was closed."),
    "category": (MilestoneCategory, "What kind of milestone."),
    "kind": (PartyKind, "What kind of party."),
    "priority": (Priority, "How much the party cares."),
    "form": (IssueForm, "The form of answer that an issue asks for."),
}
TEXTS = {
    "party": ("PARTY", "The party."),
    "bloc": ("PARTY", "The bloc."),
    "issue": ("ISSUE", "The issue."),
    "summary": ("TEXT", "The position in your own words."),
    "source": ("ID", "The registered source that carries it."),
    "quote": ("TEXT", "The official's words, verbatim."),
    "locator": ("TEXT", "Where in the source."),
    "speaker": ("NAME", "Who said it."),
    "role": ("TEXT", "The speaker's office."),
    "ascribed-by": ("PARTY", "The party that says so; the attribution is then ascribed."),
    "title": ("TEXT", "The title of an issue, a source or a milestone."),
    "question": ("TEXT", "The question of an issue."),
    "name": ("TEXT", "The name of a party."),
    "note": ("TEXT", "The note of the entry."),
    "publisher": ("NAME", "The publisher of a source."),
    "url": ("URL", "The address of a source."),
    "language": ("CODE", "The language of a source or a quote."),
    "translation": ("TEXT", "Our translation of the quote."),
    "stated-as": ("TEXT", "The party's own words for the figure."),
    "provision": ("TEXT", "The article, paragraph or draft that is meant."),
    "answers": ("EVENT", "The ask that it answers."),
    "leaves-position-of": ("BLOC", "A bloc whose position a withdrawal leaves."),
    "unit": ("TEXT", "The unit of a quantity."),
    "option": ("OPTION", "The option that a choice was closed with."),
    "sha256": ("HEX", "The SHA-256 of a source's archived text."),
}
LISTS = {
    "condition": ("TEXT", "A condition or term; repeat for several. They replace those recorded."),
    "to": ("PARTY", "Whom it addresses; may be repeated."),
    "on-behalf-of": ("PARTY", "For whom it speaks; may be repeated."),
    "parties": ("PARTY", "A party to an outcome or a milestone; may be repeated."),
    "issues": ("ISSUE", "An issue that a milestone concerns; may be repeated."),
    "reasons": ("TEXT", "Why the party holds it; repeat for several. They replace those recorded."),
    "tag": ("TEXT", "A tag of ours; repeat for several. They replace those recorded."),
    "joint-with": ("PARTY", "Who stated it together; may be repeated."),
    "by": ("PARTY", "Who took the place of a party; may be repeated."),
    "alias": ("NAME", "A name that a party goes by; may be repeated. They replace those recorded."),
}
AMOUNTS = {
    "amount": "The amount of a position, or of an outcome.",
    "could-accept": "A wider range that the party says it could live with.",
}
FLAGS = {
    "red-line": "Whether the party will not agree otherwise.",
    "own": "Whether each party answers an issue for itself.",
}
DAYS = {
    "published-on": "When a source was published.",
    "dated-on": "The date of a source that was not published.",
}
RENAMED = {
    "on": ("stated_on", "on"),
    "role": ("speaker_role",),
    "condition": ("conditions",),
    "to": ("addressed_to",),
    "alias": ("aliases", "aliases_added"),
    "tag": ("tags",),
}
"""The fields that an option may stand for, where they have another name."""


def field_options(function: Function) -> Function:
    """Add an option for every field of an entry."""
    words = (
        click.option(f"--{name}", type=WordType(choices, name.upper()), help=f"{text} {', '.join(choices)}.")
        for name, (choices, text) in WORDS.items()
    )
    texts = (click.option(f"--{name}", metavar=metavar, help=text) for name, (metavar, text) in TEXTS.items())
    lists = (
        click.option(f"--{name}", metavar=metavar, multiple=True, help=text) for name, (metavar, text) in LISTS.items()
    )
    return combined(
        click.option("--on", type=STATED_BETWEEN, help="When it was said, or happened."),
        *(click.option(f"--{name}", type=DAY, help=text) for name, text in DAYS.items()),
        click.option("--sequence", type=int, help="The order among what was said on one day."),
        *(click.option(f"--{name}", type=AMOUNT, help=text) for name, text in AMOUNTS.items()),
        *(click.option(f"--{name}/--no-{name}", default=None, help=text) for name, text in FLAGS.items()),
        *words,
        *texts,
        *lists,
        click.option("--no-conditions", is_flag=True, help="There are no conditions (an empty list)."),
        click.option("--unset", multiple=True, metavar="FIELD", help="Leave this field out; may be repeated."),
    )(function)


@click.command(cls=CollectingCommand)
@click.argument("event")
@click.option("--reason", required=True, metavar="TEXT", help="Why our record was wrong.")
@field_options
@click.option("--anyway", is_flag=True, help="Record it although it changes nothing.")
@click.option("--check", is_flag=True, help="Show the difference and record nothing.")
@click.pass_context
def correct(ctx: click.Context, /, event: str, reason: str, anyway: bool, check: bool, **options: Any) -> None:
    """Correct EVENT (the start of its id, or @N, its log position); what is not given stays as it was.

    The correction takes the place of the entry, which stays in the log. It may move a statement to another
    party, issue or day. To correct it again, correct the correction.

    \b
    Example:
      tracker correct @83 --stance conditional --condition "it is verified" --reason "The offer had a term."
    """
    given = {name.replace("_", "-"): value for name, value in options.items() if value is not None and value != ()}
    if not given["no-conditions"]:
        del given["no-conditions"]
    if not given:
        raise click.UsageError("Say what to correct, for example --stance supports.", ctx)
    if "condition" in given and "no-conditions" in given:
        raise click.UsageError("Give either --condition or --no-conditions, not both.", ctx)
    from tracker.presenting.replies import notes_on_correction

    with opened(ctx.obj) as tracker:
        changes = _changes(tracker, event, given)
        try:
            by = recorder(ctx.obj)
            revised = tracker.correct(event, changes, reason=reason, by=by, anyway=anyway, check_only=check)
        except BadEvent as refusal:
            problems = [(own_field(field), text) for field, text in refusal.problems]
            raise BadEvent(problems) from None
        _print([revised], check=check)
        typed = {field: given.get(name) for name, field in (("amount", "amount"), ("could-accept", "could_accept"))}
        for note in notes_on_correction(revised, changes, typed):
            remark(f"Note: {note}")


@click.command(cls=CollectingCommand)
@click.argument("events", metavar="EVENT...", nargs=-1, required=True)
@click.option("--reason", required=True, metavar="TEXT", help="Why it should not be there.")
@click.option("--check", is_flag=True, help="Show what follows and record nothing.")
@click.pass_obj
def retract(settings: Settings, /, events: tuple[str, ...], reason: str, check: bool) -> None:
    """Retract EVENT (the start of its id, or @N, its log position). It stays in the log and no longer counts.

    Several are retracted all or none; @10..@44 are those from one log position to another, such as a batch. A
    retraction is final. Retracting a correction removes the statement with all its versions; to return to an
    earlier version, correct the correction. If the party itself gave up its position, use `tracker withdraw`.
    """
    with opened(settings) as tracker:
        _print(tracker.retract(*events, reason=reason, by=recorder(settings), check_only=check), check=check)


@click.command(cls=CollectingCommand)
@click.argument("event", required=False)
@click.option("--reason", default="Undone by its recorder.", show_default=True, metavar="TEXT", help="Why.")
@click.option("--check", is_flag=True, help="Show what follows and record nothing.")
@click.pass_obj
def undo(settings: Settings, /, event: str | None, reason: str, check: bool) -> None:
    """Take back the last entry that you (--by, or the login name) recorded, also if others recorded since.

    A correction is corrected back to what stood before, which a second undo makes undone again; anything else is
    retracted. A retraction is final: the refusal says what to record anew. With EVENT (the start of an id, or @N)
    only if that is your last one. For several entries, such as a whole batch, retract them: tracker retract @10..@44.
    """
    with opened(settings) as tracker:
        _print([tracker.undo(event, reason=reason, by=recorder(settings), check_only=check)], check=check)


def _changes(tracker: "Tracker", event: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The new values of the entry's fields, with names resolved to codes and paths."""
    with tracker.snapshot() as snapshot:
        says, names = snapshot.show(event).says, snapshot.names()
    fields = [field for field in type(says).model_fields if field != "type"] if says else []
    changes: dict[str, Any] = {}
    dropped: list[str] = []
    for name, value in given.items():
        if name == "unset":
            for removed in (_field(field.lstrip("-"), fields) for field in value):
                if fields and removed not in fields:
                    raise click.UsageError(f"{event} has no field {removed!r}. It has: {', '.join(fields)}.")
                dropped.append(removed)
        elif name == "no-conditions":
            changes["conditions"] = []
        else:
            field = _field(name, fields)
            typed = value if isinstance(value, int | tuple) else str(value)
            issue = changes.get("issue", getattr(says, "issue", None))
            changes[field] = tracker.entry_id(str(value)) if field == "answers" else resolve(field, typed, names, issue)
    if both := sorted(set(dropped) & set(changes)):
        raise click.UsageError(f"Give a new {both[0]} or leave it out with --unset, not both.")
    implied = implied_attribution(changes) if "ascribed_by" in fields else {}
    return {**implied, **changes, **dict.fromkeys(dropped)}


def _field(name: str, fields: Sequence[str]) -> str:
    """The entry's field that an option stands for; the option's own name if it has none."""
    candidates = RENAMED.get(name, (name.replace("-", "_"),))
    return next((field for field in candidates if field in fields), candidates[-1])


def _print(revisions: Sequence["RevisionResult"], *, check: bool) -> None:
    from tracker.reports.tables.entry_table import revision_view
    from tracker.reports.tables.new_entry import gather_notes

    noted = [(revised.entry.position, revised.notes) for revised in revisions]
    for revised, notes in zip(revisions, gather_notes(noted, tried=check), strict=True):
        write(revision_view(revised, tried=check))
        for note in notes:
            remark(f"Note: {note}")
        if not check:
            click.echo(f"  @{revised.entry.position} {revised.entry.id}")
    if check:
        remark("Checked; nothing was recorded.")
