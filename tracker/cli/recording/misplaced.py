"""Options that belong to another command of recording: given to the wrong one, the refusal names the right one."""

import shlex
from collections.abc import Callable, Sequence
from typing import Any

import click

Advice = Callable[[str], str]
"""Returns what to do instead, from an option with its value as it was typed."""


def take_elsewhere(command: click.Command, other: click.Command, advice: Advice) -> None:
    """Let a command refuse the options of a statement or withdrawal that only another one takes, with advice."""
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    for parameter in other.params:
        if isinstance(parameter, click.Option) and parameter.name not in _HOW and known.isdisjoint(parameter.opts):
            command.params.append(_refused_option(parameter, advice))


_HOW = (
    *("check", "anyway", "skip_recorded", "expect_position", "template"),
    *("refused_stance", "refused_leaves_position_of"),
)
"""Options on how something is recorded, and those that the other command refuses itself."""


def refused_option(name: str, advice: Advice) -> click.Option:
    """Return an option that help does not show, and whose value is refused with advice."""
    return _refused_option(click.Option([name], metavar="TEXT"), advice)


def refused_argument(name: str, advice: Advice) -> click.Argument:
    """Return an argument that help does not show, and whose value is refused with advice."""
    return _HiddenArgument([f"refused_{name}_word"], required=False, expose_value=False, callback=_refusal(advice))


class _HiddenArgument(click.Argument):
    def get_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return []

    def get_error_hint(self, ctx: click.Context | None) -> str:  # noqa: ARG002
        return "the last word"


def _refused_option(taken: click.Option, advice: Advice) -> click.Option:
    names = f"refused_{taken.name}", "/".join([*taken.opts[:1], *taken.secondary_opts[:1]])
    how: dict[str, Any] = {"is_flag": True} if taken.is_flag else {"multiple": taken.multiple, "metavar": taken.metavar}
    if taken.secondary_opts:
        how = {}
    return click.Option(
        names,
        **how,
        default=None,
        hidden=True,
        help="Belongs to another command.",
        expose_value=False,
        callback=_refusal(advice),
    )


def _refusal(advice: Advice) -> Callable[[click.Context, click.Parameter, Any], None]:
    def refuse(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if value not in (None, (), False) or (value is False and param.secondary_opts):
            raise click.BadParameter(advice(_typed(param, value)), ctx, param)

    return refuse


def _typed(param: click.Parameter, value: Any) -> str:
    """A parameter with its value as it was typed."""
    if isinstance(param, click.Argument):
        return shlex.quote(str(value))
    name = param.opts[0] if value is not False else param.secondary_opts[0]
    if isinstance(value, bool):
        return name
    values: Sequence[Any] = value if isinstance(value, tuple) else (value,)
    return " ".join(f"{name} {shlex.quote(str(one))}" for one in values)
