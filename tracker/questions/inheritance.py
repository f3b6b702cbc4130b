"""What parties hold over time, with the positions that they take from their blocs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain, groupby
from typing import NamedTuple

from tracker.domain.answers.changes import Change
from tracker.domain.answers.inherited import PairTurns, inherited_changes, turns_by_pair
from tracker.domain.log.kind_registry import MEMBERSHIP_KINDS
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.memberships import BlocsOverTime, blocs_over_time
from tracker.domain.timeline.statement import Pair
from tracker.domain.timeline.timelines import Timeline
from tracker.questions.reading import Question
from tracker.storage.queries import timelines, versions
from tracker.storage.queries.filters import pages, shape_and_values


class Members(NamedTuple):
    """The blocs of all members up to a day, and the scope of a question together with the blocs of its parties."""

    blocs: BlocsOverTime
    scope: Scope


def members_up_to(asked: Question) -> Members:
    """Read the memberships up to the day of a question, as known and public at its cut-offs."""
    log, scope, cutoffs = asked.log, asked.scope, asked.cutoffs
    facts = versions.counting_facts(log, MEMBERSHIP_KINDS, known_at=cutoffs.known_at, up_to=asked.day)
    blocs = blocs_over_time(versions.public(log, facts, cutoffs), asked.day)
    above = frozenset(bloc for party in scope.parties for bloc in blocs.ever.get(party, ()))
    return Members(blocs, replace(scope, parties=scope.parties | above))


def each_inherited_change(asked: Question, members: Members, around: Circumstances) -> Iterator[Change]:
    """Yield every step of the parties in scope, by issue and party, read issue by issue."""
    shape, values = shape_and_values(members.scope, asked.cutoffs, asked.day)
    read = (timelines.timelines_of_page(asked.log, shape, values, page) for page in pages(asked.log, shape, values))
    by_issue = groupby(chain.from_iterable(read), key=lambda timeline: timeline[0].issue)
    pairs = ((issue, {one[0].party: one for one in some}) for issue, some in by_issue)
    for pair in turns_by_pair(pairs, members.blocs, up_to=asked.day):
        if asked.scope.includes_party(pair.party):
            yield from inherited_changes(pair, around)


def turns_between(asked: Question, members: Members, after: date, moved: Iterable[str]) -> list[PairTurns]:
    """Return the turns after a day of all parties, on the issues on which there may be any.

    These are the issues that `moved`, on which somebody stated something since, and those of the blocs whose
    memberships changed. What a party held on the first day is right too.
    """
    log, cache, up_to = asked.log, asked.cache, asked.day
    changed = members.blocs.changed_between(after, up_to)
    issues = sorted({*moved, *timelines.issues_of(log, changed, asked.scope)})
    about = replace(asked.scope, parties=frozenset())
    found = timelines.window_on_issues(log, cache, issues, about, asked.cutoffs, after=after, up_to=up_to)
    return list(turns_by_pair(_by_issue(found), members.blocs, up_to=up_to))


def _by_issue(pairs: Mapping[Pair, Timeline]) -> Iterator[tuple[str, Mapping[str, Timeline]]]:
    for issue, some in groupby(pairs.items(), key=lambda item: item[0][0]):
        yield issue, {party: timeline for (_, party), timeline in some}
