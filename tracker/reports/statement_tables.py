"""Statements in rows: histories, searches, asks and conditions, with tables of their own for the last two."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, islice

from rich.console import Group, RenderableType
from rich.text import Text

from tracker.domain.answers.asks import Ask, Conditions, OpenConditions
from tracker.domain.answers.changes import Change
from tracker.domain.answers.search import Search, SearchHit
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.scope import Query
from tracker.domain.timeline.state import Closing
from tracker.domain.timeline.statement import columns_of, row_data
from tracker.reports.answers import MOST_CELLS, Rows, columns_by_event_id, first_rows, row_by_event_id
from tracker.reports.terminal import STYLES, dated_grid, indented, legend_below, with_cut
from tracker.reports.wording import (
    age,
    day_text,
    marked_stance,
    restrictions,
    short_day,
    statement_marks,
    terms,
    trace,
    with_speaker,
)

# --- histories and searches -----------------------------------------------------------------------


def history_rows(changes: Iterable[Change], left_out_undated: int) -> Rows:
    """The steps of pairs as they come, each with its effect on the stance."""
    return Rows(map(row_by_event_id, changes), columns_by_event_id(Change), left_out_undated=left_out_undated)


def history_table(changes: Iterable[Change], left_out_undated: int) -> Rows:
    """The first steps of pairs for people, who see the pair if there are several."""
    shown = list(islice(changes, MOST_CELLS))
    about = () if len({(change.issue, change.party) for change in shown}) == 1 else ("party", "issue")
    return Rows(
        rows=map(row_by_event_id, shown),
        columns=columns_by_event_id(Change),
        headings=(*about, "said", "stance", "step", "entry", "summary"),
        cells=(_change_cells(change, about) for change in shown),
        empty="Nothing is on record.",
        left_out_undated=left_out_undated,
    )


def _change_cells(change: Change, about: tuple[str, ...]) -> tuple[str, ...]:
    pair = (getattr(change, name) for name in about)
    words = with_speaker(change.summary, change.speaker)
    return (*pair, change.stated_on, marked_stance(change), change.kind.value, f"@{change.position}", words)


def search_rows(search: Search, text: str, query: Query) -> Rows:
    """The entries that hold a text."""
    return Rows(
        rows=map(row_by_event_id, search.found),
        columns=columns_by_event_id(SearchHit),
        headings=("said", "party", "issue", "stance", "entry", "words"),
        cells=map(_hit_cells, search.found),
        empty=f"Nothing on record holds {text!r}{restrictions(query)}.",
        left_out_undated=search.left_out_undated,
        after=f"The best {len(search.found):,} hits; name more words, or more with --limit." if search.has_more else "",
    )


def _hit_cells(row: SearchHit) -> tuple[str, ...]:
    day = row.stated_on or (row.on.isoformat() if row.on else "")
    stance = "" if row.value is None else _stance(row)
    return (day, row.party or "", row.issue or row.source or "", stance, f"@{row.position}", _words(row))


def _words(row: SearchHit) -> str:
    """What the entry says, or where else in it the words were found."""
    if row.found_in == "summary" or row.passage in row.summary:
        return f"{row.summary} “{row.quote}”" if row.quote else row.summary
    if row.found_in == "quote":
        return f"{row.summary} “{row.passage}”"
    return f"{row.summary} [{row.found_in.replace('_', ' ')}: {row.passage}]"


def _stance(row: SearchHit | OpenConditions) -> str:
    return f"{row.value}{statement_marks(row.attribution) if row.attribution else ''}"


# --- asks -----------------------------------------------------------------------------------------


_ASK_HEADINGS = ("open since", "by", "to", "issue", "act", "what", "answer")


def asks_rows(asks: Sequence[Ask], on: date, left_out_undated: int, *, with_answered: bool) -> Rows:
    """The asks up to a day: the unanswered ones, or all."""
    shown = [ask for ask in asks if with_answered or ask.answered_by is None]
    hidden = len(asks) - len(shown)
    return Rows(
        rows=[row_data(ask) for ask in shown],
        columns=columns_of(Ask),
        headings=_ASK_HEADINGS,
        cells=map(_ask_cells, shown),
        empty="Nobody asked anything of anybody." if with_answered else "Nothing is unanswered.",
        left_out_undated=left_out_undated,
        view=(lambda _: _asks_view(shown, on)) if shown else None,
        after=f"{hidden} answered; --all shows them." if hidden else "",
    )


def _asks_view(asks: Sequence[Ask], on: date) -> RenderableType:
    some, cut = first_rows(asks, len(_ASK_HEADINGS))
    return with_cut(Group(*_asks(some, on)), cut)


def _asks(asks: Sequence[Ask], on: date) -> Iterator[RenderableType]:
    """Asks by asking party and addressee, each with its issue, its age, and the answer if there is one."""
    ordered = sorted(asks, key=lambda ask: (ask.party, ask.to))
    for (party, to), some in groupby(ordered, key=lambda ask: (ask.party, ask.to)):
        yield Text(f"{plain(party)} to {plain(to)}", style="bold")
        yield dated_grid((_since(ask, on), Text(plain(ask.act)).append(_marks(ask)), _ask(ask, on)) for ask in some)
    yield from legend_below("".join(map(_marks, asks)))


def _since(ask: Ask, on: date) -> Text:
    text = Text(short_day(ask.open_since, on))
    return text if ask.answered_by else text.append(f" {age(ask.open_since, on)}", style="dim")


def _ask(ask: Ask, on: date) -> Text:
    text = Text(plain(ask.issue), style="bold")
    stated = f" {terms(ask.conditions)}" if ask.conditions else ""
    text.append(f"\n{plain(with_speaker(ask.summary, ask.speaker) + stated)}", style="not bold")
    text.append(plain(trace(ask.source, ask.position)), style="not bold dim")
    if ask.answered_on is not None:
        text.append(f"\nanswered {short_day(ask.answered_on, on)}: {plain(_answer(ask))}", style="not bold")
    return text.append(f"\n{_closed(ask.closed)}" if ask.closed else "", style="not bold dim")


def _answer(ask: Ask) -> str:
    return f"{ask.answer_value}" + (f" on {ask.answer_issue}" if ask.answer_issue != ask.issue else "")


def _marks(ask: Ask) -> str:
    return statement_marks(ask.attribution, ask.standing)


def _closed(closed: Closing) -> str:
    return f"the issue was closed: {closed.outcome} on {day_text(closed.on)}"


def _ask_cells(ask: Ask) -> tuple[str, ...]:
    what = f"{with_speaker(ask.summary, ask.speaker)} {terms(ask.conditions)}".strip()
    what += trace(ask.source, ask.position) + (f"; {_closed(ask.closed)}" if ask.closed else "")
    answer = f"{ask.answered_on}: {_answer(ask)}" if ask.answered_by else ""
    return (ask.stated_on, ask.party, ask.to, ask.issue, f"{ask.act}{_marks(ask)}", what, answer)


# --- conditions -----------------------------------------------------------------------------------


_CONDITION_HEADINGS = ("party", "issue", "stance", "since", "conditions", "named on")


def conditions_rows(found: Conditions) -> Rows:
    """The conditions in force: what stances wait for, or are held on."""
    return Rows(
        rows=[row_data(row) for row in found.open],
        columns=columns_of(OpenConditions),
        headings=_CONDITION_HEADINGS,
        cells=map(_condition_cells, found.open),
        empty="No stance waits for anything.",
        left_out_undated=found.left_out_undated,
        view=(lambda _: _conditions_view(found)) if found.open else None,
    )


def _conditions_view(found: Conditions) -> RenderableType:
    some, cut = first_rows(found.open, len(_CONDITION_HEADINGS))
    return with_cut(Group(*_conditions(some, found.on)), cut)


def _conditions(rows: Sequence[OpenConditions], on: date) -> Iterator[RenderableType]:
    """Each stance with the conditions in force, and the day on which they were named."""
    for row in rows:
        headline = Text(f"{plain(row.party)} on {plain(row.issue)}: ", style="bold")
        headline.append(_stance(row), style=STYLES[row.value]).append(
            f" since {short_day(row.since, on)}", style="not bold"
        )
        yield headline
        lines = [Text(f"if: {plain(condition)}") for condition in row.conditions] or [Text("no condition is recorded")]
        named = f"named on {day_text(row.conditions_on)}, " if row.conditions_on else ""
        lines.append(Text(f"{named}{plain(trace(row.source, row.position).strip())}", style="dim"))
        if row.closed:
            lines.append(Text(_closed(row.closed), style="dim"))
        yield indented(*lines)
    yield from legend_below("".join(statement_marks(row.attribution) for row in rows))


def _condition_cells(row: OpenConditions) -> tuple[str, ...]:
    named = row.conditions_on.isoformat() if row.conditions_on else ""
    waits = "; ".join(row.conditions) or "none recorded"
    closed = f"; {_closed(row.closed)}" if row.closed else ""
    return (row.party, row.issue, _stance(row), row.since.isoformat(), f"{waits}{closed}", named)
