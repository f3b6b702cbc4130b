"""Options and parameter types of several commands, and how they open the database."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracker.cli.settings import Settings
from tracker.domain.terms.dates import WAYS_TO_WRITE_A_DAY, read_day, read_stated
from tracker.domain.terms.safe_text import is_file_path, shown
from tracker.domain.terms.scope import read_moment
from tracker.domain.terms.typed_amounts import checked_decimal
from tracker.domain.terms.typed_values import read_number, read_word, read_words
from tracker.domain.terms.vocabulary import Act, Attribution, Priority, Word, other_field
from tracker.errors import BadValue

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot
    from tracker.tracker import Tracker

Function = TypeVar("Function", bound=Callable[..., Any])


class ParsedType(click.ParamType[Any]):
    """A value that a function parses; the function raises BadValue if it cannot.

    The `legend` says at the end of a command's help how such values are written.
    """

    def __init__(self, name: str, parse: Callable[[str], Any], legend: str = "") -> None:
        self.name = name
        self.parse = parse
        self.legend = legend

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.parse(value)
        except BadValue as error:
            self.fail(error.message, param, ctx)


def _today() -> date:
    return datetime.now(UTC).date()


Check = Callable[[Settings, Mapping[str, Any], Collection[str]], Iterable[str]]


class UsageErrors(click.UsageError):
    """Several things that are wrong with the arguments and options of a command, a line for each."""

    def __init__(self, lines: Iterable[str], ctx: click.Context | None) -> None:
        self.lines = list(dict.fromkeys(lines))
        super().__init__(" ".join(self.lines), ctx)


class CollectingCommand(click.Command):
    """A command that names all that is wrong with its arguments and options at once."""

    _check: Check | None = None

    def also(self, check: Check) -> Check:
        """Call a function for what else is wrong: with the settings, the right values by name, and the wrong names."""
        self._check = check
        return check

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            rest = super().parse_args(ctx, [*args])
            if not ctx.resilient_parsing and (twice := list(self._given_twice(ctx, args))):
                raise UsageErrors(twice, ctx)
            return rest
        except click.BadParameter:
            wrong = dict(self._wrong_parameters(ctx, args))
            lines = [*wrong.values()]
            if self._check is not None:
                lenient = self.make_context(ctx.info_name, [*args], ctx.parent, resilient_parsing=True)
                lines += self._check(ctx.obj, lenient.params, wrong)
            raise UsageErrors(lines, ctx) from None

    def _given_twice(self, ctx: click.Context, args: Sequence[str]) -> Iterator[str]:
        """What is wrong with options that take one value and are given several times: all but one would be lost."""
        *_, given = self.make_parser(ctx).parse_args([*args])
        for parameter in dict.fromkeys(given):
            takes_one = isinstance(parameter, click.Option) and not (parameter.multiple or parameter.is_flag)
            if takes_one and given.count(parameter) > 1:
                yield f"{parameter.opts[0]} is given twice, and takes one value. Keep one."

    def _wrong_parameters(self, ctx: click.Context, args: Sequence[str]) -> Iterator[tuple[str, str]]:
        values, rest, _ = self.make_parser(ctx).parse_args([*args])
        for parameter in self.get_params(ctx):
            try:
                parameter.handle_parse_result(ctx, values, rest)
            except click.BadParameter as error:
                yield parameter.name or "", error.format_message()


class WordType(click.ParamType[Word]):
    """A word of a closed list; the refusal of another one names the option that takes it, or the nearest."""

    def __init__(self, words: type[Word], name: str) -> None:
        self.words = words
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Word:
        given = str(value).lower()
        field = other_field(given, [*self.words])
        advice = f" It is a word for --{field}: --{field} {given}." if field else ""
        try:
            return read_word(str(value), self.words, advice)
        except BadValue as error:
            self.fail(error.message, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:  # noqa: ARG002
        from click.shell_completion import CompletionItem

        return [CompletionItem(word.value) for word in self.words if word.value.startswith(incomplete)]


def _several(words: type[Word], name: str) -> ParsedType:
    """Return the type of an option that takes words of a closed list, separated by commas."""
    return ParsedType(f"{name},...", lambda text: read_words(text, words))


class NumberType(click.ParamType[int]):
    """A whole number in a range (inclusive)."""

    def __init__(self, name: str, *, least: int = 0, most: int = 2**53) -> None:
        self.name = name
        self.least = least
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return read_number(str(value), least=self.least, most=self.most)
        except BadValue as error:
            self.fail(error.message, param, ctx)


class PositionType(NumberType):
    """A position in the log, perhaps with the @ with which it is printed."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return super().convert(str(value).strip().removeprefix("@"), param, ctx)


class FileType(click.Path):
    """A file's path, in which ~ is the user's own folder."""

    def __init__(self, *, readable: bool = True) -> None:
        super().__init__(allow_dash=True, path_type=Path, readable=readable)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("a file's path is empty.", param, ctx)
        if not is_file_path(str(value)):
            self.fail(f"{shown(value)} is not a file's path.", param, ctx)
        return super().convert(os.path.expanduser(value), param, ctx)  # noqa: PTH111 (Path raises for ~ and no user)


class OutputFileType(FileType):
    """A file's path to write to, which need not be readable; None for -, standard output."""

    def __init__(self) -> None:
        super().__init__(readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return None if value == "-" else super().convert(value, param, ctx)


DAY = ParsedType("DAY", lambda text: read_day(text, _today()), f"DAY: {WAYS_TO_WRITE_A_DAY}.")
STATED = ParsedType(
    "DAY", lambda text: read_stated(text, _today()), f"{DAY.legend} Or a month (2015-12, Dec 2015) or a year (2015)."
)
STATED_BETWEEN = ParsedType("DAY", lambda text: read_stated(text, _today()), f"{STATED.legend} Or DAY/DAY.")
KNOWN_AT = ParsedType(
    "MOMENT", lambda text: read_moment(text, _today()), f"MOMENT: a DAY, an instant with zone, or @N. {DAY.legend}"
)
FIGURE = ParsedType("FIGURE", checked_decimal, "FIGURE: digits, perhaps with a decimal point (250, 1.5).")
ACTS, ATTRIBUTIONS = _several(Act, "ACT"), _several(Attribution, "ATTRIBUTION")
PRIORITIES = _several(Priority, "PRIORITY")
FILE, OUTPUT_FILE = FileType(), OutputFileType()
POSITION = PositionType("N", most=10**99)


def combined(*decorators: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Return one decorator that applies these, the last one first."""
    return lambda function: reduce(lambda decorated, decorator: decorator(decorated), reversed(decorators), function)


check_option = click.option("--check", is_flag=True, help="Check everything and record nothing.")


def evidence_options(function: Function) -> Function:
    """Add the options of evidence."""
    return combined(
        click.option("--source", metavar="ID", help="The registered source that carries it."),
        click.option("--quote", metavar="TEXT", help="The official's words, verbatim."),
        click.option("--locator", metavar="TEXT", help="Where in the source, such as a page or paragraph."),
        click.option("--speaker", metavar="NAME", help="Who said it."),
        click.option("--role", metavar="TEXT", help="The speaker's office."),
        click.option(
            "--attribution",
            type=WordType(Attribution, "ATTRIBUTION"),
            help="direct, reported, ascribed or inferred; by default ascribed with --ascribed-by, else direct with a "
            "quote and reported without.",
        ),
        click.option(
            "--ascribed-by", metavar="PARTY", help="The party that says so; the attribution is then ascribed."
        ),
    )(function)


def opened(settings: Settings, *, as_it_is: bool = False) -> "Tracker":
    """Open the database of the command line; `as_it_is` also a damaged one, or another release's."""
    from tracker.tracker import Tracker

    return Tracker.open(settings.db, wait_seconds=settings.wait, as_it_is=as_it_is)


@contextmanager
def reading(settings: Settings) -> Iterator["Snapshot"]:
    """Open the database of the command line and take one snapshot."""
    with opened(settings) as tracker, tracker.snapshot() as snapshot:
        yield snapshot


def recorder(settings: Settings) -> str:
    """The recorder's name: --by, else $TRACKER_BY, else the login name. Raises UsageError if there is none."""
    from tracker.domain.log.entries import new_recorder_name

    if settings.by and settings.by.strip():
        return new_recorder_name(settings.by.strip())
    import getpass

    try:
        return new_recorder_name(getpass.getuser())
    except (OSError, KeyError):
        raise click.UsageError("This machine has no login name. Say who records with --by NAME.") from None
