"""The wording of answers wherever people read them: stances with their marks, days, ages."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from tracker.domain.terms.dates import WrittenDay, is_interval
from tracker.domain.terms.numbers import UndatedCount, counted
from tracker.domain.terms.safe_text import plain
from tracker.domain.terms.vocabulary import Attribution, Standing
from tracker.domain.timeline.staleness import STALE_AFTER, is_stale
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import WITHDRAWN, Statement, Value
from tracker.reports.positions.details import JOINT, RED_LINE, details_marks, joint_text
from tracker.reports.positions.values import CONVERTED, is_converted, is_position, value_text

if TYPE_CHECKING:
    from tracker.domain.log.events import SourceRegistered

NO_STANCE = "no stance on record"
"""What is said of a closed issue on which nobody has a stance."""

MARKS = {
    RED_LINE: "red line",
    CONVERTED: "our conversion of its own words",
    JOINT: "stated jointly",
    "^": "ascribed by another party",
    "?": "inferred, not in the words",
    "°": "remark",
    "!": "contested",
    "<": "its bloc's, for want of its own",
    "‡": "answers an earlier wording of the question",
    "†": "not affirmed for {days} days",
}

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


EARLIER_WORDING = "an answer to an earlier wording of the question"
"""What is said of a stance that took effect before the question was changed."""


def stance_before(
    value: Value | None,
    attribution: Attribution | None = None,
    standing: Standing | None = None,
    *,
    reworded: bool = False,
    inherited: bool = False,
    unit: str | None = None,
    converted: bool = False,
) -> str:
    """The stance that a statement changed, with its marks; nothing on record is no stance (of a quantity: no position).

    A withdrawn one says so.
    """
    if not is_position(value):
        return nothing_held(unit) if value is None else str(value)
    held = value_text(value, unit, converted=converted)
    return f"{held}{statement_marks(attribution, standing)}{'<' * inherited}{earlier_text(value, reworded=reworded)}"


def nothing_held(unit: str | None) -> str:
    """What is said of a party with nothing on record; on a quantity, which has a `unit`, parties hold no stances."""
    return "no position" if unit else "no stance"


def held_text(held: Statement | None, *, reworded: bool, unit: str | None = None) -> str:
    """The stance in effect as `stance_before` shows it, of its statement."""
    if held is None or not is_position(held.value):
        return stance_before(held.value if held else None, unit=unit)
    return marked_value(held, unit) + earlier_text(held.value, reworded=reworded)


def earlier_text(value: Value | None, *, reworded: bool) -> str:
    """Words to append to a stance that answers an earlier wording of the question; empty to any other."""
    return f" ({EARLIER_WORDING})" if reworded and is_position(value) else ""


def marks(cell: Cell, on: date, stale_after: int = STALE_AFTER) -> str:
    """The marks of a stance in effect wherever it shows; it is stale after so many days without affirmation."""
    return held_marks(cell) + "†" * is_stale(cell.row, on, stale_after)


def held_marks(cell: Cell) -> str:
    """The marks of a stance in effect, whatever its age."""
    row = cell.row
    said = details_marks(cell.statement).replace(RED_LINE, "") + statement_marks(row.attribution, row.standing)
    inherited = "<" * (cell.inherited_from is not None)
    earlier = row.reworded and row.value is not WITHDRAWN
    return RED_LINE * row.red_line + said + "!" * row.contested + inherited + "‡" * earlier


def affirmed(cell: Cell) -> date:
    """The day on which a stance was last affirmed, or withdrawn."""
    return cell.row.last_stated if cell.row.value is not WITHDRAWN else cell.row.since


def sides(cell: Cell, other: Statement, on: date) -> str:
    """Both sides of a contested stance, each with its speaker and day; with the bloc, if it is inherited."""
    inherited = cell.inherited_from is not None
    days = (stated_text(stated.stated_on, on) for stated in (cell.statement, other))
    one, another = (
        _side(stated, day, cell.unit, named=inherited)
        for stated, day in zip((cell.statement, other), days, strict=True)
    )
    return f"{one} against {another}"


def _side(stated: Statement, day: str, unit: str | None, *, named: bool) -> str:
    party = f"{stated.party} " if named else ""
    joint = filter(None, (joint_text(stated),))
    who = ", ".join((stated.speaker or "no named speaker", *joint, *made_for(stated)))
    return plain(f"{party}{marked_value(stated, unit)} ({who}, {day})")


def statement_marks(attribution: Attribution | None, standing: Standing | None = None) -> str:
    """The marks of a statement: ascribed or inferred, and a remark in passing."""
    mark = _ATTRIBUTION_MARKS.get(attribution, "")
    return mark + "°" * (standing is Standing.REMARK)


def marked_value(statement: Statement, unit: str | None = None) -> str:
    """The value of a statement, an amount in its unit, with its marks."""
    held = value_text(statement.value, unit, converted=is_converted(statement))
    return f"{held}{details_marks(statement)}{statement_marks(statement.attribution, statement.standing)}"


def value_signs(statement: Statement) -> str:
    """All signs in `marked_value`, for a legend."""
    own = statement_marks(statement.attribution, statement.standing)
    return CONVERTED * is_converted(statement) + details_marks(statement) + own


_ATTRIBUTION_MARKS: dict[Attribution | None, str] = {Attribution.ASCRIBED: "^", Attribution.INFERRED: "?"}


def earlier_government(since: date, bloc: str | None = None) -> str:
    """What is said of a stance that its party, or the bloc it is taken from, last stated before a new government."""
    whose = f"{bloc}'s" if bloc else "its"
    return f"last stated before {whose} government of {day_text(since)}"


def inherited_from(cell: Cell) -> str:
    """The bloc whose stance a member takes, and the one through which it belongs to it."""
    return f"{cell.inherited_from} through {cell.through}" if cell.through else str(cell.inherited_from)


def whose_words(cell: Cell) -> str:
    """The party whose words stand behind a stance: the party itself or, with "from", the bloc that a member follows."""
    return f"from {cell.inherited_from}" if cell.inherited_from else cell.row.party


def legend(used: str, stale_after: int = STALE_AFTER, *, space: str = " ") -> str:
    """The legend of the marks among these characters, in one line; empty if there are none.

    A `space` stands between each mark and its words.
    """
    found = (f"{mark}{space}{meaning}" for mark, meaning in MARKS.items() if mark in used)
    return "   ".join(found).format(days=stale_after)


def left_out(number: int) -> str:
    """A sentence on the statements left out because no dated source carries them, and which; empty without any."""
    if number == 0:
        return ""
    was, them = ("was", "it") if number == 1 else ("were", "them")
    return (
        f"{counted(number, 'statement')} {was} left out: no dated source puts {them} on public record{_which(number)}."
    )


def _which(number: int) -> str:
    """The log positions of the first of these statements, and the command that shows one; empty if not known."""
    if not isinstance(number, UndatedCount) or not number.positions:
        return ""
    more = number - len(number.positions)
    named = ", ".join(f"@{position}" for position in number.positions) + (f" and {more:,} more" if more else "")
    return f" ({named}; see tracker show @{number.positions[0]})"


def day_text(day: date) -> str:
    """A day as people write it: 10 Dec 2019; a month or a year that was named for it: May 2004, 1991."""
    if isinstance(day, WrittenDay) and day.written:
        return stated_text(day.written)
    return f"{short_day(day)} {day.year:04}"


def short_day(day: date) -> str:
    """A day without its year: 10 Dec."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}"


def stated_text(stated: str, on: date | None = None) -> str:
    """The date of a statement as people write it, no more precise than it is recorded.

    `2019-12-10` is 10 Dec 2019 (10 Dec in an answer `on` a day of that year), `2024-03` March 2024, `2019-06?` June
    2019?, `2019~` about 2019, `2015-12-05/2015-12-11` 5-11 Dec 2015. Wherever people read when something was stated,
    this is how.
    """
    if is_interval(stated):
        first, last = map(date.fromisoformat, stated.split("/"))
        return _interval_text(first, last, on)
    sign = stated[-1] if stated[-1] in "~?" else ""
    written = stated.removesuffix(sign)
    year, *rest = written.split("-")
    if len(rest) == 2:
        day = date.fromisoformat(written)
        text = short_day(day) if on is not None and day.year == on.year else day_text(day)
    else:
        text = " ".join([*(_MONTHS[int(month) - 1] for month in rest), year])
    return f"about {text}" if sign == "~" else f"{text}{sign}"


def _interval_text(first: date, last: date, on: date | None) -> str:
    """The days of an interval, with what they share once: 5-11 Dec 2015, 28 Nov-2 Dec 2015."""
    end = short_day(last) if on is not None and last.year == on.year else day_text(last)
    if first == last:
        return end
    if first.year != last.year:
        return f"{day_text(first)}-{day_text(last)}"
    return f"{first.day if first.month == last.month else short_day(first)}-{end}"


def when_text(stated: str) -> str:
    """The date of a statement with its preposition: on 10 Dec 2019, in June 2019?."""
    return f"{'on' if stated.count('-') in (2, 4) else 'in'} {stated_text(stated)}"


def age(since: date, on: date) -> str:
    """The age of a day: in days up to two years, then in whole years by the calendar."""
    years = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
    return f"{(on - since).days}d" if years < 2 else f"{years}y"


def trace(source: str | None, position: int, locator: str | None = None) -> str:
    """The source, perhaps where in it, and the log position of an entry, to append to its text."""
    where = f", {locator}" if locator else ""
    return f" [{source or 'no source'}{where} @{position}]"


def positions_text(positions: Sequence[int]) -> str:
    """Log positions, three or more that follow each other as a range: @4 @7..@10."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and position == runs[-1][-1] + 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return " ".join(f"@{run[0]}..@{run[-1]}" if len(run) > 2 else " ".join(f"@{one}" for one in run) for run in runs)


def document_text(source: "SourceRegistered") -> str:
    """A source with its publisher, its day and its address."""
    return document_title(source) + (f" {source.url}" if source.url else "")


def document_title(source: "SourceRegistered") -> str:
    """A source with its publisher and its day."""
    day = day_text(source.published_on) if source.published_on else "undated"
    if source.published_on is None and source.dated_on is not None:
        day = f"{day_text(source.dated_on)}, unpublished"
    return f"{source.title} ({source.publisher}, {day})"


def web_address(url: str | None) -> str | None:
    """The address, if a link may lead to it; any other is shown as text."""
    return url if url and url.isprintable() and re.fullmatch(r"https?://[^\s/]\S*", url, re.IGNORECASE) else None


def how_stated(statement: Statement) -> str:
    """The act and the addressees of a statement, in brackets to append to its party; empty if it names neither."""
    addressees = f"to {', '.join(statement.addressed_to)}" if statement.addressed_to else ""
    how = ", ".join(filter(None, (statement.act, addressees)))
    return f" ({how})" if how else ""


def quoted(words: str | None) -> str:
    """The words of a quote, to append to what carries them; empty if there are none."""
    return f": “{words}”" if words else ""


class WithVoice(Protocol):
    """A row about a statement: who spoke, for whom, and which party says so."""

    @property
    def speaker(self) -> str | None: ...
    @property
    def on_behalf_of(self) -> tuple[str, ...]: ...
    @property
    def ascribed_by(self) -> str | None: ...


class WithWords(WithVoice, Protocol):
    """A row about a statement, with what was said."""

    @property
    def summary(self) -> str: ...


def made_for(row: WithVoice) -> Iterator[str]:
    """For whom a party spoke, and which party says that it holds the stance."""
    if row.on_behalf_of:
        yield f"for {', '.join(row.on_behalf_of)}"
    if row.ascribed_by:
        yield f"as {row.ascribed_by} says"


def voice(row: WithVoice) -> str:
    """Who spoke, for whom, and who says so; empty if nobody is named."""
    return ", ".join(filter(None, (row.speaker, *made_for(row))))


def with_voice(row: WithWords) -> str:
    """A summary, with who spoke, for whom, and who says so behind it."""
    return f"{row.summary} ({voice(row)})" if voice(row) else row.summary


def with_speaker(summary: str, speaker: str | None) -> str:
    """A summary, with the speaker behind it if one is named."""
    return f"{summary} ({speaker})" if speaker else summary


def times(number: int) -> str:
    """A number of occurrences in words."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
