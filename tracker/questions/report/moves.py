"""What parties did between two days: their steps, how their relations changed, and what became of the gaps."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from tracker.domain.answers.changes import Change, NetChange, all_changes, all_net_changes
from tracker.domain.report.gaps import Gaps
from tracker.domain.report.inherited import PairTurns, inherited_changes, inherited_net
from tracker.domain.report.options import OptionShift, option_shifts
from tracker.domain.report.relations import (
    Holding,
    Relations,
    held_on,
    held_on_both,
    moved_issues,
    relation_changes,
    unmoved,
)
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.order import Timeline, last_on
from tracker.domain.timeline.statement import Pair, Statement
from tracker.questions.inheritance import Members, turns_between
from tracker.questions.reading import Question
from tracker.storage.queries import timelines
from tracker.storage.queries.stances import stances_on

Steps = Mapping[Pair, Timeline]
"""The statements of each pair after a day and up to another (see `timelines.window`)."""


class Moves(NamedTuple):
    """What parties did between two days, how that changed their relations, and what it did to the gaps."""

    changes: tuple[Change, ...]
    net: tuple[NetChange, ...]
    relations: Relations
    gaps: Gaps


def own_moves(asked: Question, after: date, steps: Steps, around: Circumstances) -> Moves:
    """Return the moves of parties by what they stated themselves."""
    scope, up_to = asked.scope, asked.day
    amounts = _amounts(asked, after, steps, around)
    then, now = held_on_both(steps, after, up_to)
    questions = [issue for issue in moved_issues(then, now) if around.form_of(issue) is not IssueForm.QUANTITY]
    everybody = replace(scope, parties=frozenset())
    stances = stances_on(asked.log.core, asked.cache, everybody, asked.cutoffs, up_to, issues=questions)
    of_all = {pair: Holding(statement) for pair, statement in stances.items()}
    of_all |= {pair: held for pair, timeline in amounts.items() if (held := held_on(timeline, up_to)) is not None}
    others = unmoved(of_all, now)
    pairs = of_parties(steps, scope)
    return Moves(
        changes=all_changes(pairs, after=after, up_to=up_to, around=around),
        net=all_net_changes(pairs, after=after, up_to=up_to, around=around),
        relations=relation_changes({**then, **others}, {**now, **others}, scope, around),
        gaps=_gaps(amounts, after, around),
    )


def inherited_moves(asked: Question, after: date, members: Members, steps: Steps, around: Circumstances) -> Moves:
    """Return the moves of parties by the positions in effect, of their own or of their blocs."""
    scope, up_to = asked.scope, asked.day
    turns = turns_between(asked, members, after, around, moved={issue for issue, _ in steps})
    shown = [pair for pair in turns if scope.includes_party(pair.party)]
    net = (inherited_net(pair, around, after=after, up_to=up_to) for pair in shown)
    then, now = ({pair.pair: held for pair in turns if (held := _held_in(pair, day))} for day in (after, up_to))
    return Moves(
        changes=tuple(change for pair in shown for change in inherited_changes(pair, around, after=after)),
        net=tuple(change for change in net if change is not None),
        relations=relation_changes(then, now, scope, around),
        gaps=_gaps(_amounts(asked, after, steps, around), after, around),
    )


def moved_options(asked: Question, after: date, steps: Steps, around: Circumstances) -> tuple[OptionShift, ...]:
    """Return what became of the options of choices between the two days, whoever supports or opposes them."""
    moved = {pair: taken for pair, taken in steps.items() if around.choice_of(pair[0]) is not None}
    now: dict[Pair, Statement] = {}
    if moved:
        scope, issues = replace(asked.scope, parties=frozenset()), sorted({issue for issue, _ in moved})
        now |= stances_on(asked.log.core, asked.cache, scope, asked.cutoffs, asked.day, issues=issues)
    then = {pair: held for pair, held in now.items() if pair not in moved}
    then |= {pair: held for pair, taken in moved.items() if (held := last_on(taken, after)) is not None}
    found = option_shifts(then, now, around, after=after)
    return tuple(shift for shift in found if asked.scope.includes_issue(shift.option))


def of_parties(steps: Steps, scope: Scope) -> Steps:
    """Return the statements of the parties in scope."""
    return {pair: taken for pair, taken in steps.items() if scope.includes_party(pair[1])}


def _held_in(pair: PairTurns, on: date) -> Holding | None:
    if (held := pair.held_on(on)) is None:
        return None
    return Holding(held.statement, held.statement.amount is not None and bool(held.in_force.conditions))


def _amounts(asked: Question, after: date, steps: Steps, around: Circumstances) -> Steps:
    """Return the statements of all parties on the quantities on which somebody stated something, as `window` does."""
    moved = {issue for issue, _ in steps if around.form_of(issue) is IssueForm.QUANTITY and not around.is_own(issue)}
    log, cache, scope = asked.log, asked.cache, replace(asked.scope, parties=frozenset())
    return timelines.window_on_issues(log, cache, sorted(moved), scope, asked.cutoffs, after=after, up_to=asked.day)


def _gaps(amounts: Steps, after: date, around: Circumstances) -> Gaps:
    units = {issue: form.unit for issue, form in around.forms.items() if form.unit is not None}
    return Gaps(amounts, after=after, units=units)
