"""Options of choices that fell away between two days, and those that nobody opposes any more (DESIGN section 15)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from tracker.domain.terms.vocabulary import Outcome, Stance
from tracker.domain.timeline.circumstances import Circumstances, Closing
from tracker.domain.timeline.statement import Pair, Statement


class OptionShift(NamedTuple):
    """An option that fell away, or that nobody opposes any more.

    It fell away if it was closed as superseded (`closed`), or if nobody supports it any more, under conditions or not.
    `left` are those who did before, or who opposed it, with what they hold now; `doubting` those who doubt it still.
    """

    choice: str
    option: str
    fell_away: bool
    closed: Closing | None
    left: tuple[Statement, ...]
    doubting: tuple[str, ...]


def option_shifts(
    then: Mapping[Pair, Statement], now: Mapping[Pair, Statement], around: Circumstances, *, after: date
) -> tuple[OptionShift, ...]:
    """Return the shifts of options between a day (`after`) and a later one, by option.

    `then` and `now` are what every party holds on these days on every option about which somebody stated something in
    between; `around` is what holds on the later day.
    """
    moved = {issue for issue, _ in (*then, *now)}
    closed = {
        option
        for options in around.options.values()
        for option in options
        if (closing := around.closings.get(option)) is not None
        and closing.outcome is Outcome.SUPERSEDED
        and closing.on > after
    }
    found = (_shift(option, then, now, around, after) for option in sorted(moved | closed))
    return tuple(shift for shift in found if shift is not None)


def _shift(
    option: str, then: Mapping[Pair, Statement], now: Mapping[Pair, Statement], around: Circumstances, after: date
) -> OptionShift | None:
    choice = around.choice_of(option)
    if choice is None:
        return None
    closing = around.closings.get(option)
    if closing is not None and (closing.outcome is not Outcome.SUPERSEDED or closing.on <= after):
        return None
    doubting = _holding(option, now.items(), (Stance.SCEPTICAL,))
    if closing is not None:
        return OptionShift(choice, option, fell_away=True, closed=closing, left=(), doubting=doubting)
    for stances, fell_away in (((Stance.SUPPORTS, Stance.CONDITIONAL), True), ((Stance.OPPOSES,), False)):
        before = _holding(option, then.items(), stances)
        if before and not _holding(option, now.items(), stances):
            left = tuple(now[option, party] for party in before if (option, party) in now)
            return OptionShift(choice, option, fell_away, None, left, () if fell_away else doubting)
    return None


def _holding(option: str, held: Iterable[tuple[Pair, Statement]], stances: tuple[Stance, ...]) -> tuple[str, ...]:
    return tuple(sorted(party for (issue, party), one in held if issue == option and one.value in stances))
