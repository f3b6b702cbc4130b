"""The options of commands that ask with filters, and the one snapshot in which they ask."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.options import (
    ACTS,
    ATTRIBUTIONS,
    DAY,
    FIGURE,
    KNOWN_AT,
    PRIORITIES,
    Function,
    NumberType,
    combined,
    reading,
)
from tracker.cli.settings import Settings
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.scope import Query
from tracker.errors import Contradiction
from tracker.presenting.filters import Filters, take_filters, take_listing
from tracker.presenting.parameters import CHARTS, LISTING, QUESTIONS, Kind, Parameter

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


def asking(question: str | Sequence[Parameter]) -> Callable[[Function], Any]:
    """Add the options of a question (`presenting.parameters`), or of what asks several.

    Its filters and cut-offs are passed to the command as `filters`, and what it lists as `listing`.
    """
    taken = {**QUESTIONS, **CHARTS}[question] if isinstance(question, str) else question
    lists = LISTING[0] in taken

    def decorate(function: Function) -> Any:
        @wraps(function)
        def command(*args: Any, **given: Any) -> Any:
            given["filters"] = take_filters(given)
            if lists:
                given["listing"] = take_listing(given)
            return function(*args, **given)

        return combined(*map(_option, taken))(command)

    return decorate


def _option(parameter: Parameter) -> Callable[[Function], Function]:
    """The option that a parameter of a question is."""
    names = (f"--{parameter.name}", parameter.passed_as)
    if parameter.kind is Kind.FLAG:
        return click.option(*names, is_flag=True, help=parameter.explained)
    if parameter.kind is Kind.NUMBER:
        kind: Any = NumberType(parameter.metavar or "N", least=parameter.least, most=parameter.most)
    else:
        kind = _TYPES.get(parameter.kind)
    return click.option(
        *names,
        type=kind,
        multiple=parameter.repeated,
        metavar=parameter.metavar,
        default=parameter.default,
        show_default=parameter.default is not None,
        help=parameter.explained,
    )


_TYPES = {
    Kind.DAY: DAY,
    Kind.MOMENT: KNOWN_AT,
    Kind.FIGURE: FIGURE,
    Kind.ATTRIBUTIONS: ATTRIBUTIONS,
    Kind.ACTS: ACTS,
    Kind.PRIORITIES: PRIORITIES,
}


@contextmanager
def querying(settings: Settings, filters: Filters) -> Iterator[tuple["Snapshot", Query]]:
    """Take one snapshot and resolve the query in it; remark how many entries its cut by recording leaves out."""
    with reading(settings) as snapshot:
        query = filters.query(snapshot)
        if query.known_at is not None and (later := snapshot.recorded_after(query.known_at)):
            entries = counted(later, "entry that was", "entries that were")
            click.echo(f"Known at {query.known_at.text}: leaves out {entries} recorded later.", err=True)
        yield snapshot, query


@contextmanager
def asked_rightly(ctx: click.Context) -> Iterator[None]:
    """Refuse options that do not go together as wrong usage of a command. Raises UsageError."""
    try:
        yield
    except Contradiction as wrong:
        raise click.UsageError(wrong.message, ctx) from None
