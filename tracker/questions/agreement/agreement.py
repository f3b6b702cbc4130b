"""How often every two parties agree on a day, and on an earlier one."""

from dataclasses import replace
from datetime import date

from tracker.domain.agreement.agreement import Agreement, Position, pair_agreements
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import IssueForm
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.statement import WITHDRAWN
from tracker.questions.reading import Question
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import undated
from tracker.storage.queries.values import pairs_under_conditions, values_on


def agreement_on(asked: Question, after: date | None) -> Agreement:
    """Answer `Queries.agreement`."""
    log, _, day, _, cutoffs, _ = asked
    around = circumstances_on(log, cutoffs, day)
    # The parties of a scope are those of which either is: all others are read too. An option asks for its choice.
    issues = frozenset(around.choice_of(issue) or issue for issue in asked.scope.issues)
    scope = replace(asked.scope, parties=frozenset(), issues=issues)
    now = _positions(asked, scope, around, day)
    before = None if after is None else _positions(asked, scope, around, after)
    pairs = pair_agreements(now, before, asked.scope, around)
    holding = {
        one.party for one in (*now, *(before or ())) if one.has_relations and asked.scope.includes_party(one.party)
    }
    return Agreement(
        on=day,
        after=after,
        **asked.basis(undated(log, scope, cutoffs, day)),
        parties=tuple(sorted(holding.union(*(pair.parties for pair in pairs)))),
        pairs=pairs,
    )


def _positions(asked: Question, scope: Scope, around: Circumstances, on: date) -> list[Position]:
    log, cache, cutoffs = asked.log, asked.cache, asked.cutoffs
    values = values_on(log, scope, cutoffs, on)
    quantities = {issue for issue, _ in values if around.form_of(issue) is IssueForm.QUANTITY}
    terms = pairs_under_conditions(log, cache, quantities, scope, cutoffs, on)
    return [Position(*pair, value, pair in terms) for pair, value in values.items() if value is not WITHDRAWN]
