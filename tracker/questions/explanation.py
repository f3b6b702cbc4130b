"""Why a party has its stance on an issue, its own or its bloc's."""

from dataclasses import replace

from tracker.domain.answers.explanation import Exclusion, Explanation, explain
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.questions.reading import Question
from tracker.questions.state import state_on
from tracker.storage.queries import log_parts
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.stances import stances_on


def explanation_of(
    asked: Question, issue: str, party: str, *, inherit: bool = False, within_cutoffs: bool = False
) -> Explanation:
    """Answer `Queries.explain`, of a pair by its codes; of a choice with what the party holds on its options."""
    log, _, day, query, cutoffs, head = asked
    around = circumstances_on(log, cutoffs, day)
    ranks = log_parts.find_ranks_of_pair(log.core, issue, party)
    last = head.position if within_cutoffs else None
    found = explain(
        log_parts.read_log_part(log.core, statements=ranks, issue=issue, up_to=last),
        (issue, party),
        on=day,
        cutoffs=cutoffs,
        attributions=query.scope.attributions,
        around=around,
        known_at=asked.known_at,
        log=head,
    )
    if within_cutoffs:
        found = replace(found, accounts=tuple(one for one in found.accounts if one.because not in _BY_CUTOFF))
    if issue in around.options:
        pair = replace(query, scope=replace(query.scope, parties=frozenset({party}), issues=frozenset({issue})))
        cells = state_on(asked._replace(query=pair), inherit=inherit).cells
        return replace(found, options=tuple(cell for cell in cells if cell.choice == issue))
    if not inherit or (found.row is not None and not found.row.withdrawn):
        return found
    pair = replace(query, scope=replace(query.scope, parties=frozenset({party}), issues=frozenset({issue})))
    cells = state_on(asked._replace(query=pair), inherit=True).cells
    cell = next((cell for cell in cells if cell.row.issue == issue and cell.inherited_from), None)
    if cell is None or cell.inherited_from is None:
        return replace(found, beside=_held_beside(asked, issue, party, around))
    return replace(
        found, cell=cell, inherited=explanation_of(asked, issue, cell.inherited_from, within_cutoffs=within_cutoffs)
    )


_BY_CUTOFF = (Exclusion.ATTRIBUTION, Exclusion.UNDATED, Exclusion.NOT_PUBLIC)


def _held_beside(asked: Question, issue: str, party: str, around: Circumstances) -> tuple[str, ...]:
    """Return the other options of an issue's choice on which a party holds a stance of its own."""
    others = [one for one in around.options.get(around.choice_of(issue) or "", ()) if one != issue]
    scope = replace(asked.scope, parties=frozenset({party}))
    held = stances_on(asked.log, asked.cache, scope, asked.cutoffs, asked.day, issues=others)
    return tuple(sorted(pair[0] for pair, statement in held.items() if statement.value is not WITHDRAWN))
