"""Who could agree on a day: the parties of a question, and what they hold on each issue."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from tracker.domain.agreement.consensus import (
    Consensus,
    Holding,
    HoldingsByIssue,
    IssueConsensus,
    Issues,
    consensus_on_issues,
    holding_of,
)
from tracker.domain.agreement.parties_asked import NOT_AMONG_ALL, all_parties, named_parties
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import IssueForm, PartyKind
from tracker.domain.timeline.circumstances import QUESTION_FORM, Circumstances
from tracker.domain.timeline.memberships import blocs_of
from tracker.domain.timeline.state import Cell
from tracker.errors import FigureAskedOfNobody, NotOneQuantity
from tracker.questions.reading import Question
from tracker.questions.registers import memberships_on
from tracker.questions.state import state_on
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import undated
from tracker.storage.queries.holdings import holdings
from tracker.storage.queries.registered import kinds_of_parties, registered_issues


def consensus_on(asked: Question, *, inherit: bool = False, at: Decimal | None = None) -> Consensus:
    """Answer `Queries.consensus`. Raises NotOneQuantity or FigureAskedOfNobody."""
    log, _, day, query, cutoffs, _ = asked
    around = circumstances_on(log, cutoffs, day)
    issues, scope = issues_asked(asked, around)
    if at is not None:
        _check_is_one_quantity(issues)
    named = named_parties(asked.scope, memberships_on(log, cutoffs, day) if asked.scope.parties else {})
    of_parties = frozenset(named.parties) if named else frozenset()
    posed = asked._replace(query=replace(query, scope=replace(scope, parties=of_parties)))
    held, left_out_undated = _holdings(posed, around, inherit=inherit)
    parties = named.parties if named else all_parties(held, left_out_of_all(asked, chain.from_iterable(held.values())))
    found = consensus_on_issues(issues, held, parties, around.closings, at)
    return Consensus(
        on=day,
        **asked.basis(left_out_undated),
        parties=parties,
        issues=found,
        bloc=named.bloc if named else None,
        inherits=inherit,
        unheard_blocs=() if inherit else _unheard_blocs(posed, around, found, parties, held),
    )


def _unheard_blocs(
    asked: Question,
    around: Circumstances,
    issues: Sequence[IssueConsensus],
    parties: Sequence[str],
    held: HoldingsByIssue,
) -> tuple[str, ...]:
    """Return the blocs that hold positions on issues on which members of theirs among the parties are silent."""
    from tracker.domain.agreement.bloc_holdings import blocs_of_the_silent
    from tracker.questions.inheritance import members_on

    members = members_on(asked)
    blocs = {party: {*chain.from_iterable(blocs_of(party, members))} for party in parties if party in members}
    if not blocs:
        return ()
    if asked.scope.parties:
        above = replace(asked.scope, parties=frozenset(chain.from_iterable(blocs.values())))
        held, _ = _holdings(asked._replace(query=replace(asked.query, scope=above)), around, inherit=False)
    return blocs_of_the_silent(issues, held, blocs)


def _holdings(asked: Question, around: Circumstances, *, inherit: bool) -> tuple[HoldingsByIssue, int]:
    """Return what the parties in scope hold, and how many statements a cut-off left out as no dated source has them."""
    log, cache, day, query, cutoffs, _ = asked
    if not inherit:
        return holdings(log, cache, query.scope, cutoffs, day), undated(log, query.scope, cutoffs, day)
    if not (query.scope.attributions or query.known_at or query.published_by):
        return _inherited(asked, around), 0
    state = state_on(asked, inherit=True)
    return holdings_of(state.cells), state.left_out_undated


def _inherited(asked: Question, around: Circumstances) -> HoldingsByIssue:
    """Return what the parties in scope hold with what they take from their blocs, as of today's record."""
    from tracker.domain.agreement.bloc_holdings import blocs_side_by_side, inherit_holdings
    from tracker.domain.timeline.order import place_of
    from tracker.questions.inheritance import members_on

    members, scope = members_on(asked), asked.scope
    above = {bloc for party in scope.parties for near in blocs_of(party, members) for bloc in near}
    held = holdings(asked.log, asked.cache, replace(scope, parties=scope.parties | above), asked.cutoffs, asked.day)
    beside = blocs_side_by_side(members)
    positions = [one.position for of_issue in held.values() for party, one in of_issue.items() if party in beside]
    statements = asked.cache.at(asked.log, positions)
    filled = inherit_holdings(held, members, around, lambda one: place_of(statements[one.position]))
    return {
        issue: {party: one for party, one in of_issue.items() if scope.includes_party(party)}
        for issue, of_issue in filled.items()
    }


def left_out_of_all(asked: Question, parties: Iterable[str]) -> frozenset[str]:
    """Return those parties that a question about all of them leaves out."""
    return of_kinds(asked, parties, NOT_AMONG_ALL)


def of_kinds(asked: Question, parties: Iterable[str], kinds: Collection[PartyKind]) -> frozenset[str]:
    """Return those parties that are registered as one of some kinds."""
    found = kinds_of_parties(asked.log, set(parties), known_at=asked.cutoffs.known_at)
    return frozenset(party for party, kind in found.items() if kind in kinds)


def issues_asked(asked: Question, around: Circumstances) -> tuple[Issues, Scope]:
    """Return the issues of a question, without the options of choices, and its scope; an option asks for its choice."""
    registered = registered_issues(asked.log, known_at=asked.cutoffs.known_at)
    choice_of = {option: choice for choice, options in around.options.items() for option in options}
    scope = replace(asked.scope, issues=frozenset(choice_of.get(one, one) for one in asked.scope.issues))
    wanted = (one for one in registered if one not in choice_of and scope.includes_issue(one))
    return Issues({one: around.forms.get(one, QUESTION_FORM) for one in wanted}, around.options), scope


def holdings_of(cells: Iterable[Cell]) -> dict[str, dict[str, Holding]]:
    """Return what parties hold, by issue and party."""
    found: dict[str, dict[str, Holding]] = {}
    for cell in cells:
        found.setdefault(cell.row.issue, {})[cell.row.party] = holding_of(cell)
    return found


def _check_is_one_quantity(issues: Issues) -> None:
    quantities = {issue: form for issue, form in issues.forms.items() if form.form is IssueForm.QUANTITY}
    shared = {issue: form.unit or "" for issue, form in quantities.items() if not form.own}
    if quantities and not shared:
        raise FigureAskedOfNobody(tuple(quantities))
    if len(shared) != 1:
        raise NotOneQuantity(shared)
