"""What is open between the parties, and what their stances wait for, on a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.domain.answers.asks import Ask, OpenConditions
from tracker.domain.terms.safe_text import plain
from tracker.domain.timeline.state import Closing
from tracker.reports.terminal import STYLES
from tracker.reports.words import age, day_text, legend, short_day, statement_marks, terms


def asks_view(asks: Sequence[Ask], on: date) -> RenderableType:
    """Who asks whom, each ask with its issue, how long it is open, and the answer if there is one."""
    parts: list[RenderableType] = []
    ordered = sorted(asks, key=lambda ask: (ask.party, ask.to))
    for (party, to), some in groupby(ordered, key=lambda ask: (ask.party, ask.to)):
        rows = ((_asked(ask, on), Text(plain(ask.act)).append(_marks(ask)), _ask(ask, on)) for ask in some)
        parts += [Text(f"{plain(party)} to {plain(to)}", style="bold"), _grid(rows)]
    signs = legend("".join(map(_marks, asks)))
    return Group(*parts, *([Text(f"\n{signs}", style="dim")] if signs else []))


def _asked(ask: Ask, on: date) -> Text:
    text = Text(short_day(ask.open_since, on))
    return text if ask.answered_by else text.append(f" {age(ask.open_since, on)}", style="dim")


def _ask(ask: Ask, on: date) -> Text:
    text = Text(plain(ask.issue), style="bold")
    who = f" ({ask.speaker})" if ask.speaker else ""
    stated = f" {terms(ask.conditions)}" if ask.conditions else ""
    text.append(f"\n{plain(ask.summary + who + stated)}", style="not bold")
    text.append(f" [{plain(ask.source or 'no source')} @{ask.position}]", style="not bold dim")
    if ask.answered_by is not None and ask.answered_on is not None:
        below = f" on {ask.answer_issue}" if ask.answer_issue != ask.issue else ""
        answer = f"\nanswered {short_day(ask.answered_on, on)}: {ask.answer_value}{plain(below)}"
        text.append(answer, style="not bold")
    return text.append_text(_closed(ask.closed))


def waiting_view(rows: Sequence[OpenConditions], on: date) -> RenderableType:
    """Each stance with the conditions in force, and the day on which they were named."""
    parts: list[RenderableType] = []
    for row in rows:
        headline = Text(f"{plain(row.party)} on {plain(row.issue)}: ", style="bold")
        stance = f"{row.value}{statement_marks(row.attribution)}"
        headline.append(stance, style=STYLES[row.value]).append(f" since {short_day(row.since, on)}", style="not bold")
        lines = [Text(f"if: {plain(condition)}") for condition in row.conditions] or [Text("no condition is recorded")]
        named = f"named on {day_text(row.conditions_on)}, " if row.conditions_on else ""
        lines.append(Text(f"{named}[{plain(row.source or 'no source')} @{row.position}]", style="dim"))
        if row.closed:
            lines.append(Text(_closed(row.closed).plain.strip(), style="dim"))
        parts += [headline, Padding(Group(*lines), (0, 0, 0, 2))]
    signs = legend("".join(statement_marks(row.attribution) for row in rows))
    return Group(*parts, *([Text(f"\n{signs}", style="dim")] if signs else []))


def _grid(rows: Iterable[tuple[Text, Text, Text]]) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return Padding(grid, (0, 0, 0, 2))


def _marks(ask: Ask) -> str:
    return statement_marks(ask.attribution, ask.standing)


def _closed(closed: Closing | None) -> Text:
    if closed is None:
        return Text()
    return Text(f"\nthe issue was closed: {closed.outcome} on {day_text(closed.on)}", style="not bold dim")


def ask_cells(ask: Ask) -> Iterator[str]:
    """An ask as the cells of a plain table: open since, by, to, issue, act, what, answer."""
    yield from (ask.stated_on, ask.party, ask.to, ask.issue, f"{ask.act}{_marks(ask)}")
    who = f" ({ask.speaker})" if ask.speaker else ""
    trace = f" [{ask.source or 'no source'} @{ask.position}]"
    yield f"{ask.summary}{who} {terms(ask.conditions)}".strip() + trace + _closed(ask.closed).plain.replace("\n", "; ")
    below = f" on {ask.answer_issue}" if ask.answer_issue != ask.issue else ""
    yield f"{ask.answered_on}: {ask.answer_value}{below}" if ask.answered_by else ""


def waiting_cells(row: OpenConditions) -> tuple[str, ...]:
    """A stance and its conditions as the cells of a plain table: party, issue, stance, since, conditions, named on."""
    named = row.conditions_on.isoformat() if row.conditions_on else ""
    stance = f"{row.value}{statement_marks(row.attribution)}"
    waits = "; ".join(row.conditions) or "none recorded"
    closed = _closed(row.closed).plain.replace("\n", "; ")
    return (row.party, row.issue, stance, row.since.isoformat(), f"{waits}{closed}", named)
