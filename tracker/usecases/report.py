"""Report changes between two days, and what was learned since an earlier report, within one snapshot."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from tracker.domain.answers.changes import all_changes, all_net_changes, collect_conditions
from tracker.domain.answers.context import context
from tracker.domain.answers.corrections import corrections
from tracker.domain.answers.learned import EarlierCut, LateContext, LateEntry, add_values, late_context, late_entries
from tracker.domain.answers.relations import moved_issues, relation_changes, stances_on_both, unmoved
from tracker.domain.answers.report import EarlierReport, Report
from tracker.domain.log.chain import LogHead
from tracker.domain.log.kinds import context_kinds
from tracker.domain.terms.scope import Cutoffs, KnownAt, Query, Scope
from tracker.errors import AnotherLog, NarrowerThanEarlier
from tracker.storage.log import event_log
from tracker.storage.queries import log_parts, timelines, versions
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import undated
from tracker.storage.queries.stances import stances_on
from tracker.storage.queries.statement_cache import StatementCache


def report_on(
    connection: Connection,
    cache: StatementCache,
    after: date,
    up_to: date,
    query: Query,
    earlier: EarlierCut | None = None,
) -> Report:
    """Report the changes after one day and up to another, and what was learned since an `earlier` report."""
    scope = query.scope
    everybody = replace(scope, parties=frozenset())
    cutoffs, head = event_log.cutoffs_of(connection, query)
    left_out = undated(connection, scope, cutoffs, up_to)
    steps = timelines.window(connection, cache, everybody, cutoffs, after=after, up_to=up_to)
    happened = versions.counting_facts(connection, context_kinds(), known_at=cutoffs.known_at, after=after, up_to=up_to)
    around = circumstances_on(connection, cutoffs, up_to)
    revised = log_parts.find_revised_ranks(connection, after=after, up_to=up_to)
    revisions = log_parts.read_log_part(connection, statements=revised, up_to=head.position)
    learned = learned_context = None
    if earlier is not None:
        learned, learned_context = _learned_since(connection, cache, scope, cutoffs, earlier, head.position)
    then, now = stances_on_both(steps, after)
    stances = stances_on(connection, cache, everybody, cutoffs, up_to, issues=moved_issues(then, now))
    others = unmoved(stances, now)
    pairs = {pair: taken for pair, taken in steps.items() if scope.includes_party(pair[1])}
    return Report(
        from_day=after,
        to_day=up_to,
        known_at=query.known_at.text if query.known_at else None,
        known_from=earlier.known_at if earlier else None,
        published_by=query.published_by,
        scope=scope,
        log=head,
        left_out_undated=left_out,
        changes=all_changes(pairs, after=after, up_to=up_to, around=around),
        net=all_net_changes(pairs, after=after, up_to=up_to, around=around),
        corrections=corrections(revisions, scope, after=after, up_to=up_to, published_by=query.published_by),
        learned=learned,
        learned_context=learned_context,
        relations=relation_changes({**then, **others}, {**now, **others}, scope, around),
        context=context(versions.public(connection, happened, cutoffs), scope, after=after, up_to=up_to),
        conditions=collect_conditions(pairs),
    )


def _learned_since(
    connection: Connection, cache: StatementCache, scope: Scope, cutoffs: Cutoffs, earlier: EarlierCut, head: int
) -> tuple[tuple[LateEntry, ...], tuple[LateContext, ...]]:
    """Return what was learned of positions since an earlier report, with the stances then and now, and of context."""
    late_ranks = log_parts.find_late_ranks(connection, scope, cutoffs, earlier)
    late = log_parts.read_log_part(connection, statements=late_ranks, up_to=head)
    facts = log_parts.find_late_facts(connection, context_kinds(), earlier)
    late_facts = log_parts.read_log_part(connection, facts=facts, up_to=head)
    found = late_entries(late, scope, cutoffs, earlier)
    about = Scope(frozenset(one.party for one in found), attributions=scope.attributions)
    issues = sorted({one.issue for one in found})
    then = stances_on(connection, cache, about, earlier.cutoffs, earlier.up_to, issues=issues)
    now = stances_on(connection, cache, about, cutoffs, earlier.up_to, issues=issues)
    return add_values(found, then, now), late_context(late_facts, scope, cutoffs, earlier)


def report_since(
    connection: Connection,
    cache: StatementCache,
    earlier: EarlierReport,
    up_to: date,
    *,
    known_at: KnownAt | None,
    published_by: date | None,
) -> Report:
    """Answer `Queries.report_since`. Raises AnotherLog and NarrowerThanEarlier."""
    query = Query(earlier.scope, known_at, published_by)
    if up_to < earlier.up_to:
        raise NarrowerThanEarlier(f"The earlier report goes up to {earlier.up_to}, this one to {up_to}.")
    if published_by is not None and (earlier.published_by is None or published_by < earlier.published_by):
        before = f"by {earlier.published_by}" if earlier.published_by else "on any day"
        raise NarrowerThanEarlier(f"The earlier report used what was public {before}, this one by {published_by}.")
    there = event_log.head(connection, at=earlier.position)
    _, head = event_log.cutoffs_of(connection, query)
    if head.position < there.position:
        raise NarrowerThanEarlier(
            f"The earlier report knew the log up to position {there.position}, this one up to {head.position}."
        )
    if earlier.hash is not None and there != LogHead(earlier.position, earlier.hash):
        raise AnotherLog(earlier.position)
    cut = EarlierCut(earlier.position, earlier.published_by, earlier.up_to, once=True)
    found = report_on(connection, cache, earlier.up_to, up_to, query, cut)
    return replace(found, earlier_rules=earlier.rules)
