"""Who could agree over time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tracker.domain.agreement.convergence import Convergence, Record, convergence
from tracker.domain.log.events import ContextEvent, occurred_on
from tracker.domain.log.kind_registry import ISSUE_CLOSED, ISSUE_REOPENED, MEMBERSHIP_KINDS
from tracker.domain.terms.vocabulary import PartyKind
from tracker.domain.timeline.counting import Version
from tracker.domain.timeline.memberships import MembershipEvent
from tracker.questions.agreement.consensus import issues_asked, left_out_of_all, of_kinds
from tracker.questions.reading import Question
from tracker.storage.queries import timelines, versions
from tracker.storage.queries.circumstances import circumstances_on


def convergence_between(asked: Question, after: date, *, inherit: bool = False) -> Convergence:
    """Answer `Queries.convergence`, from a day up to that of the question."""
    around = circumstances_on(asked.log, asked.cutoffs, asked.day)
    issues, scope = issues_asked(asked, around)
    everybody = replace(scope, parties=frozenset())
    found = timelines.timelines(asked.log, asked.cache, everybody, asked.cutoffs, up_to=asked.day)
    members = _facts(asked, MEMBERSHIP_KINDS) if inherit or scope.parties else []
    record = Record(
        issues=issues,
        timelines=found.by_pair,
        around=around,
        changes_of_members=members,
        forums=of_kinds(asked, _blocs(members), [PartyKind.FORUM]),
        member_days=_days(members),
        closing_days=_days(_facts(asked, (ISSUE_CLOSED, ISSUE_REOPENED))),
        closings_on=lambda on: circumstances_on(asked.log, asked.cutoffs, on).closings,
        scope=scope,
        left_out=left_out_of_all(asked, {party for _, party in found.by_pair} | _members(members)),
        inherits=inherit,
    )
    series, named = convergence(record, after, asked.day)
    return Convergence(
        from_day=after,
        to_day=asked.day,
        **asked.basis(found.undated),
        series=series,
        bloc=named.bloc if named else None,
        inherits=inherit,
    )


def _facts(asked: Question, kinds: Sequence[str]) -> list[Version]:
    found = versions.counting_facts(asked.log, kinds, known_at=asked.cutoffs.known_at, up_to=asked.day)
    return list(versions.public(asked.log, found, asked.cutoffs))


def _members(facts: Sequence[Version]) -> set[str]:
    return {fact.event.party for fact in facts if isinstance(fact.event, MembershipEvent)}


def _blocs(facts: Sequence[Version]) -> set[str]:
    return {fact.event.bloc for fact in facts if isinstance(fact.event, MembershipEvent)}


def _days(facts: Sequence[Version]) -> frozenset[date]:
    return frozenset(occurred_on(version.event) for version in facts if isinstance(version.event, ContextEvent))
