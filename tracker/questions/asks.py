"""What parties ask of each other, and on which conditions they agree."""

from dataclasses import replace

from tracker.domain.answers.asks import Asks, Conditions, FindStatements, asks, open_conditions
from tracker.domain.terms.scope import Listing
from tracker.questions.reading import Question
from tracker.storage.queries import stances, timelines
from tracker.storage.queries.circumstances import circumstances_on
from tracker.storage.queries.filters import undated


def asks_up_to(asked: Question, listing: Listing, *, inherit: bool) -> Asks:
    """Answer `Queries.asks`."""
    log, cache, day, query, cutoffs, head = asked
    found_asks = timelines.find_asks(log, cache, query.scope, cutoffs, up_to=day)
    asking = ((ask, end) for ask, end in found_asks if listing.shows(ask.speaker, ask.act))
    find = timelines.find_answers(log, cache, query.scope, cutoffs, up_to=day)
    answering: FindStatements = find
    if inherit:
        from tracker.domain.timeline.memberships import with_blocs
        from tracker.questions.inheritance import members_up_to

        answering = with_blocs(find, members_up_to(asked).blocs)
    found = asks(asking, answering, query.scope, circumstances_on(log, cutoffs, day), day)
    return Asks(day, head, found, undated(log, replace(query.scope, parties=frozenset()), cutoffs, day))


def conditions_on(asked: Question) -> Conditions:
    """Answer `Queries.conditions`."""
    log, cache, day, query, cutoffs, head = asked
    around = circumstances_on(log, cutoffs, day)
    cells = stances.cells(log, cache, query.scope, cutoffs, day, around, conditional=True)
    return Conditions(day, head, open_conditions(cells), undated(log, query.scope, cutoffs, day))
