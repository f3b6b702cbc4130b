"""What parties hold with the positions that they take from their blocs: on a day, and over time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain, groupby
from typing import NamedTuple

from tracker.domain.answers.changes import Change
from tracker.domain.log.kind_registry import MEMBERSHIP_KINDS
from tracker.domain.report.inherited import PairTurns, inherited_changes, turns_by_pair
from tracker.domain.terms.scope import Cutoffs, Scope
from tracker.domain.terms.vocabulary import PartyKind
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.inheritance import OnOptions, by_choice, inherit_stances
from tracker.domain.timeline.memberships import (
    BlocsOverTime,
    Memberships,
    blocs_of,
    blocs_over_time,
    memberships,
    passing_on,
)
from tracker.domain.timeline.order import Timeline
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import Pair
from tracker.questions.reading import Question
from tracker.storage.backends.compiled_query import Transaction
from tracker.storage.queries import stances, timelines, versions
from tracker.storage.queries.filters import pages, shape_and_values
from tracker.storage.queries.registered import kinds_of_parties


class Members(NamedTuple):
    """The blocs of all members up to a day, and the scope of a question together with the blocs of its parties."""

    blocs: BlocsOverTime
    scope: Scope


def members_up_to(asked: Question) -> Members:
    """Read the memberships up to the day of a question, as known and public at its cut-offs."""
    blocs = blocs_over_time(_memberships_that_pass(asked.log, asked.cutoffs, asked.day), asked.day)
    above = frozenset(bloc for party in asked.scope.parties for bloc in blocs.ever.get(party, ()))
    return Members(blocs, replace(asked.scope, parties=asked.scope.parties | above))


def members_on(asked: Question) -> Memberships:
    """Return the blocs of each member from which positions pass to it, on the day of a question."""
    return memberships(_memberships_that_pass(asked.log, asked.cutoffs, asked.day), asked.day)


def inherited_cells(asked: Question, around: Circumstances) -> tuple[list[Cell], Scope]:
    """Return the state of the parties in scope with what they take from their blocs, and the scope with these blocs.

    Whether a member takes anything on an option depends on what it holds on the others of that choice.
    """
    log, cache, scope, cutoffs, day = asked.log, asked.cache, asked.scope, asked.cutoffs, asked.day
    members = members_on(asked)
    blocs = {bloc for party in scope.parties for near in blocs_of(party, members) for bloc in near}
    with_blocs = replace(scope, parties=scope.parties | blocs)
    choices = {choice for issue in scope.issues if (choice := around.choice_of(issue)) is not None}
    read = replace(with_blocs, issues=scope.issues | choices)
    filled = inherit_stances(stances.cells(log, cache, read, cutoffs, day, around), members, around)
    shown = [cell for cell in filled if scope.includes_party(cell.row.party) and scope.includes_issue(cell.row.issue)]
    return shown, with_blocs


def each_inherited_change(asked: Question, members: Members, around: Circumstances) -> Iterator[Change]:
    """Yield every step of the parties in scope, by issue and party, read issue by issue."""
    shape, values = shape_and_values(members.scope, asked.cutoffs, asked.day)
    read = (timelines.timelines_of_page(asked.log, shape, values, page) for page in pages(asked.log, shape, values))
    by_issue = groupby(chain.from_iterable(read), key=lambda timeline: timeline[0].issue)
    pairs = ((issue, {one[0].party: one for one in some}) for issue, some in by_issue)
    on_options = _on_options(asked, members, around)
    for pair in turns_by_pair(pairs, members.blocs, up_to=asked.day, around=around, on_options=on_options):
        if asked.scope.includes_party(pair.party):
            yield from inherited_changes(pair, around)


def turns_between(
    asked: Question, members: Members, after: date, around: Circumstances, *, moved: Iterable[str]
) -> list[PairTurns]:
    """Return the turns after a day of all parties, on the issues in scope on which there may be any.

    These are the issues that `moved`, on which somebody stated something since, those of the blocs whose memberships
    changed, and the other options of the same choices. What a party held on the first day is right too.
    """
    log, cache, scope, up_to = asked.log, asked.cache, asked.scope, asked.day
    changed = members.blocs.changed_between(after, up_to)
    issues = {*moved, *timelines.issues_of(log, changed, scope)}
    touched = {around.choice_of(issue) for issue in issues}
    for choice, options in around.options.items():
        in_scope = [option for option in options if scope.includes_issue(option)]
        if choice in touched or (in_scope and len(in_scope) < len(options)):
            issues.update(options)
    everybody = replace(scope, parties=frozenset())
    found = timelines.window_on_issues(log, cache, sorted(issues), everybody, asked.cutoffs, after=after, up_to=up_to)
    pairs = (one for one in _by_issue(found) if scope.includes_issue(one[0]))
    on_options = by_choice(found, around)
    return list(turns_by_pair(pairs, members.blocs, up_to=up_to, around=around, on_options=on_options))


def _memberships_that_pass(log: Transaction, cutoffs: Cutoffs, up_to: date) -> list[Version]:
    """Return the changes of membership up to a day by which positions pass: without those in forums."""
    facts = versions.counting_facts(log, MEMBERSHIP_KINDS, known_at=cutoffs.known_at, up_to=up_to)
    blocs = {bloc for fact in facts if (bloc := getattr(fact.event, "bloc", None)) is not None}
    kinds = kinds_of_parties(log, blocs, known_at=cutoffs.known_at)
    forums = [party for party, kind in kinds.items() if kind is PartyKind.FORUM]
    return list(passing_on(versions.public(log, facts, cutoffs), forums))


def _on_options(asked: Question, members: Members, around: Circumstances) -> OnOptions:
    """Return what members in scope stated themselves on the options of choices of which one is in scope."""
    scope = asked.scope
    choices = (options for options in around.options.values() if any(map(scope.includes_issue, options)))
    options = sorted(chain.from_iterable(choices))
    found = timelines.window_on_issues(
        asked.log, asked.cache, options, scope, asked.cutoffs, after=date.min, up_to=asked.day
    )
    return by_choice({pair: told for pair, told in found.items() if pair[1] in members.blocs.ever}, around)


def _by_issue(pairs: Mapping[Pair, Timeline]) -> Iterator[tuple[str, Mapping[str, Timeline]]]:
    for issue, some in groupby(pairs.items(), key=lambda item: item[0][0]):
        yield issue, {party: timeline for (_, party), timeline in some}
