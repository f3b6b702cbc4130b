"""What changed between two days, and what was learned since an earlier report."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tracker.domain.answers.changes import collect_conditions
from tracker.domain.log.chain import LogHead
from tracker.domain.log.kind_registry import context_kinds
from tracker.domain.report.change_report import EarlierReport, Report, listed_in
from tracker.domain.report.context import context
from tracker.domain.report.context_revisions import LateContext, context_corrections, late_context
from tracker.domain.report.corrections import Correction, corrections
from tracker.domain.report.learned import EarlierCut, LateEntry, add_values, late_entries
from tracker.domain.terms.scope import WHOLE_LIST, Listing, Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.errors import AnotherLog, NarrowerThanEarlier
from tracker.questions.filters import moment_of
from tracker.questions.inheritance import members_up_to
from tracker.questions.reading import Question
from tracker.questions.report.moves import inherited_moves, moved_options, of_parties, own_moves
from tracker.questions.report.outcomes import outcomes_of
from tracker.storage.log import event_log
from tracker.storage.queries import log_parts, timelines, versions
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import undated
from tracker.storage.queries.stances import stances_on


def report_on(
    asked: Question,
    after: date,
    earlier: EarlierCut | None = None,
    listing: Listing = WHOLE_LIST,
    *,
    inherit: bool = False,
) -> Report:
    """Report the changes after one day and up to the question's, and what was learned since an `earlier` report.

    With `inherit`, what is on record about the blocs of a party in scope concerns the report as well.
    """
    connection, cache, up_to, query, cutoffs, _ = asked.log.core, *asked[1:]
    everybody = replace(asked.scope, parties=frozenset())
    steps = timelines.window(connection, cache, everybody, cutoffs, after=after, up_to=up_to)
    facts = versions.counting_facts(connection, context_kinds(), known_at=cutoffs.known_at, after=after, up_to=up_to)
    happened = versions.public(connection, facts, cutoffs)
    around = circumstances_on(connection, cutoffs, up_to)
    if inherit:
        members = members_up_to(asked)
        moves, scope = inherited_moves(asked, after, members, steps, around), members.scope
    else:
        moves, scope = own_moves(asked, after, steps, around), asked.scope
    widened = asked._replace(query=replace(query, scope=scope))
    revised, context_revised = _revised_between(widened, after, around)
    learned, learned_context = _learned_since(widened, earlier, around) if earlier else (None, None)
    earlier_days = [] if earlier else _revised_of_earlier_days(widened, after, around)
    told = {row.entry.id for rows in (revised, context_revised) for row in rows}
    occurrences = context(happened, scope, after=after, up_to=up_to, around=around)
    found = Report(
        from_day=after,
        to_day=up_to,
        known_from=earlier.known_at if earlier else None,
        **asked.basis(undated(connection, scope, cutoffs, up_to)),
        changes=moves.changes,
        net=moves.net,
        corrections=revised,
        context_corrections=context_revised,
        learned=learned,
        learned_context=learned_context,
        relations=moves.relations,
        context=occurrences,
        conditions=collect_conditions(of_parties(steps, scope)),
        gaps=moves.gaps,
        outcomes=outcomes_of(asked, occurrences, inherit=inherit),
        options=moved_options(asked, after, steps, around),
        inherits=inherit,
        listing=listing,
        earlier_days=tuple(row for row in earlier_days if row.entry.id not in told),
    )
    return listed_in(found, listing) if listing else found


_Revisions = tuple[tuple[Correction, ...], tuple[LateContext, ...]]
"""What was corrected or retracted of positions, and of context."""


def _revised_between(asked: Question, after: date, around: Circumstances) -> _Revisions:
    """Return what was corrected or retracted of what took effect between the two days."""
    connection, up_to = asked.log.core, asked.day
    ranks = log_parts.find_revised_ranks(connection, after=after, up_to=up_to)
    facts = log_parts.find_revised_facts(connection, context_kinds(), after=after, up_to=up_to)
    return _revised(asked, ranks, facts, days=(after, up_to), around=around)


def _revised_of_earlier_days(asked: Question, after: date, around: Circumstances) -> list[Correction | LateContext]:
    """Return what was corrected or retracted on the days reported of what took effect up to the first of them."""
    connection = asked.log.core
    since = event_log.position_at(connection, moment_of(after))
    until = min(asked.head.position, event_log.position_at(connection, moment_of(asked.day)))
    ranks = log_parts.find_ranks_revised_since(connection, since=since, until=until, up_to=after)
    facts = log_parts.find_facts_revised_since(connection, context_kinds(), since=since, until=until, up_to=after)
    if not ranks and not facts:
        return []
    found: list[Correction | LateContext] = []
    for rows in _revised(asked, ranks, facts, days=(date.min, after), around=around):
        found += [row for row in rows if since < row.entry.position <= until]
    return found


def _revised(
    asked: Question, ranks: Iterable[int], facts: Iterable[int], *, days: tuple[date, date], around: Circumstances
) -> _Revisions:
    found = log_parts.read_log_part(asked.log.core, statements=ranks, facts=facts, up_to=asked.head.position)
    after, up_to = days
    by = asked.query.published_by
    return (
        corrections(found, asked.scope, after=after, up_to=up_to, around=around, published_by=by),
        context_corrections(found, asked.scope, after=after, up_to=up_to, around=around, published_by=by),
    )


def _learned_since(
    asked: Question, earlier: EarlierCut, around: Circumstances
) -> tuple[tuple[LateEntry, ...], tuple[LateContext, ...]]:
    """Return what was learned of positions since an earlier report, with the stances then and now, and of context."""
    connection, cache, scope, cutoffs, known = asked.log.core, asked.cache, asked.scope, asked.cutoffs, asked.head
    late_ranks = log_parts.find_late_ranks(connection, scope, cutoffs, earlier)
    late = log_parts.read_log_part(connection, statements=late_ranks, up_to=known.position)
    facts = log_parts.find_late_facts(connection, context_kinds(), earlier)
    late_facts = log_parts.read_log_part(connection, facts=facts, up_to=known.position)
    found = late_entries(late, scope, cutoffs, earlier)
    about = Scope(frozenset(one.statement.party for one in found), attributions=scope.attributions)
    issues = sorted({one.statement.issue for one in found})
    then = stances_on(connection, cache, about, earlier.cutoffs, earlier.up_to, issues=issues)
    now = stances_on(connection, cache, about, cutoffs, earlier.up_to, issues=issues)
    around_then = circumstances_on(connection, earlier.cutoffs, asked.day)
    return add_values(found, then, now, around_then, around), late_context(late_facts, scope, cutoffs, earlier, around)


def report_since(asked: Question, earlier: EarlierReport, *, inherit: bool = False) -> Report:
    """Answer `Queries.report_since`, in the earlier report's scope. Raises AnotherLog and NarrowerThanEarlier."""
    up_to, by = asked.day, asked.query.published_by
    if up_to < earlier.up_to:
        raise NarrowerThanEarlier(f"The earlier report goes up to {earlier.up_to}, this one to {up_to}.")
    if by is not None and (earlier.published_by is None or by < earlier.published_by):
        before = f"by {earlier.published_by}" if earlier.published_by else "on any day"
        raise NarrowerThanEarlier(f"The earlier report used what was public {before}, this one by {by}.")
    there = event_log.head(asked.log, at=earlier.position)
    if asked.head.position < there.position:
        raise NarrowerThanEarlier(
            f"The earlier report knew the log up to position {there.position}, this one up to {asked.head.position}."
        )
    if earlier.hash is not None and there != LogHead(earlier.position, earlier.hash):
        raise AnotherLog(earlier.position)
    cut = EarlierCut(earlier.position, earlier.published_by, earlier.up_to)
    found = report_on(asked, earlier.up_to, cut, earlier.listing, inherit=inherit or earlier.inherits)
    return replace(found, earlier_rules=earlier.rules)
