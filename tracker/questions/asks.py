"""What parties ask of each other, and on which conditions they agree."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from tracker.domain.answers.asks import Asks, Conditions, asks, open_conditions
from tracker.domain.answers.who_speaks import Answering, BlocAnswers, OwnAnswers
from tracker.domain.terms.scope import Listing, Scope
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.listed import shows_cell, shows_statement
from tracker.domain.timeline.order import Timeline, place_of
from tracker.domain.timeline.statement import Statement
from tracker.questions.reading import Question
from tracker.storage.queries import stances, timelines
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import undated
from tracker.storage.queries.versions import chains


def asks_up_to(asked: Question, listing: Listing, *, inherit: bool) -> Asks:
    """Answer `Queries.asks`."""
    log, cache, day, query, cutoffs, head = asked
    around = circumstances_on(log, cutoffs, day)
    found_asks = timelines.find_asks(log, cache, query.scope, cutoffs, up_to=day)
    asking = ((ask, end) for ask, end in found_asks if shows_statement(listing, ask))
    find = timelines.find_answers(log, cache, query.scope, cutoffs, up_to=day)
    answering: Answering = _of_blocs(asked, find, around) if inherit else OwnAnswers(find)
    found = asks(asking, answering, query.scope, around, day, claims=_claims(asked))
    return Asks(day, head, found, undated(log, replace(query.scope, parties=frozenset()), cutoffs, day))


def _claims(asked: Question) -> Mapping[int, Sequence[Statement]]:
    """Return the visible statements that say which ask they answer, by the rank of that ask, in order."""
    everybody = Scope(attributions=asked.scope.attributions)
    claiming = timelines.find_claiming(asked.log, asked.cache, everybody, asked.cutoffs, up_to=asked.day)
    ids = sorted({one.details.answers for one in claiming if one.details.answers is not None})
    ranks = {event_id: rank for event_id, _, _, rank, *_ in chains(asked.log, ids)}
    found: dict[int, list[Statement]] = {}
    for one in sorted(claiming, key=place_of):
        if (rank := ranks.get(one.details.answers)) is not None:
            found.setdefault(rank, []).append(one)
    return found


def _of_blocs(asked: Question, find: timelines.FindAnswers, around: Circumstances) -> Answering:
    from tracker.questions.inheritance import members_up_to

    log, cache, cutoffs, day = asked.log, asked.cache, asked.cutoffs, asked.day
    everybody = Scope(attributions=asked.scope.attributions)
    leaving = timelines.find_leaving(log, cache, everybody, cutoffs, up_to=day)
    all_said: dict[tuple[str, str], Sequence[Timeline]] = {}

    def find_all(ask: Statement, party: str, first: date, last: date, /) -> list[Statement]:
        if (key := (party, ask.issue)) not in all_said:
            scope = replace(everybody, parties=frozenset({party}), issues=frozenset({ask.issue}))
            all_said[key] = list(timelines.timelines(log, cache, scope, cutoffs, up_to=day).by_pair.values())
        return [one for timeline in all_said[key] for one in timeline if first <= one.on <= last]

    return BlocAnswers(find, find_all, members_up_to(asked).blocs, leaving, around)


def conditions_on(asked: Question, listing: Listing) -> Conditions:
    """Answer `Queries.conditions`."""
    log, cache, day, query, cutoffs, head = asked
    around = circumstances_on(log, cutoffs, day)
    cells = stances.cells(log, cache, query.scope, cutoffs, day, around, conditional=True)
    listed = (cell for cell in cells if shows_cell(listing, cell))
    return Conditions(day, head, open_conditions(listed), undated(log, query.scope, cutoffs, day))
