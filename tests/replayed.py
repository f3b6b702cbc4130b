"""Answers by plain replay over the domain's types, for tests to hold what the database picks out to."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from tracker.domain.answers.search import parse_search, ranked_terms
from tracker.domain.log.entries import Entry
from tracker.domain.log.events import (
    IssueOpened,
    IssueReworded,
    MembershipEnded,
    MembershipStarted,
    PositionEvent,
    SourceRegistered,
    StatementCorroborated,
)
from tracker.domain.log.kind_registry import Role
from tracker.domain.report.relations import Holding
from tracker.domain.terms.scope import Query
from tracker.domain.terms.words import searched_words
from tracker.domain.timeline.circumstances import Circumstances, Fact, circumstances
from tracker.domain.timeline.counting import Replay, Version, replay
from tracker.domain.timeline.order import in_order, last_on, place_of
from tracker.domain.timeline.publication import PublicEvidence, is_public, published_days, source_days
from tracker.domain.timeline.runs import in_effect
from tracker.domain.timeline.state import Cell
from tracker.domain.timeline.statement import EVIDENCE_FIELDS, WITHDRAWN, Pair, Statement
from tracker.domain.timeline.timelines import Timelines


def circumstances_in(history: Replay, on: date, published_by: date | None = None) -> Circumstances:
    """What holds beside positions on a day (inclusive), of what was public by another."""
    kinds = ((version, version.event.event_kind) for version in history.counting)
    facts = [
        Fact(kind, one.rank, one.event.data())
        for one, kind in kinds
        if kind.role is Role.FACT and not isinstance(one.event, MembershipStarted | MembershipEnded)
    ]
    return circumstances(facts, on, source_days(history), published_by)


def state_cells(pairs: Timelines, around: Circumstances, on: date) -> Iterator[Cell]:
    """The state on a day (inclusive), ordered by issue, then party."""
    for timeline in pairs.by_pair.values():
        held = in_effect(timeline, on)
        if held is not None:
            yield held.cell(around)


def stances_on(pairs: Timelines, on: date) -> dict[Pair, Statement]:
    """The statement in effect on a day (inclusive) of each pair that has one."""
    found = ((pair, last_on(timeline, on)) for pair, timeline in pairs.by_pair.items())
    return {pair: statement for pair, statement in found if statement is not None}


def all_held_on(pairs: Timelines, on: date) -> dict[Pair, Holding]:
    """What relations depend on: the statement in effect on a day, and whether an amount has conditions in force."""
    found = {pair: in_effect(timeline, on) for pair, timeline in pairs.by_pair.items()}
    return {
        pair: Holding(held.statement, held.statement.amount is not None and bool(held.conditions))
        for pair, held in found.items()
        if held is not None
    }


def stated_in(pairs: Timelines, on: date) -> Callable[..., Iterator[Statement]]:
    """All statements of an addressee in the timelines of all parties, up to a day (inclusive) or between two."""

    def stated(
        _ask: Statement, addressee: str, first: date = date.min, last: date = date.max, /
    ) -> Iterator[Statement]:
        for (_, party), timeline in pairs.by_pair.items():
            if party == addressee:
                yield from (one for one in timeline if first <= one.on <= min(on, last))

    return stated


def asking(steps: Iterable[Statement]) -> list[tuple[Statement, Statement | None]]:
    """Each statement with its party's first later withdrawal on the issue."""
    ordered = in_order(steps)
    return [(one, next((end for end in ordered if end.pair == one.pair and _ends(end, one)), None)) for one in ordered]


def claims_in(steps: Iterable[Statement], history: Replay) -> dict[int, list[Statement]]:
    """The statements that say themselves which ask they answer, by the rank of that, in order."""
    found: dict[int, list[Statement]] = {}
    for one in in_order(steps):
        if one.details.answers is not None and one.details.answers in history.versions:
            found.setdefault(history.versions[one.details.answers].rank, []).append(one)
    return found


def _ends(end: Statement, one: Statement) -> bool:
    return end.value is WITHDRAWN and place_of(end) > place_of(one)


def found_positions(log: list[Entry], text: str, up_to: date, query: Query) -> list[int]:
    """The entries with the words of a search, the best first: every entry is looked through."""
    history = replay(log, known_at=query.known_at.position if query.known_at else None)
    terms, hits = parse_search(text), []
    for version in history.counting:
        event = version.event
        texts = list(event.event_kind.texts_in(event.data()))
        if isinstance(event, PositionEvent) and not PublicEvidence(history, query.published_by).has(event.source):
            texts = [(field, words) for field, words in texts if field not in EVIDENCE_FIELDS]
        words = searched_words(words for _, words in texts)
        ranks = [at for at, better in enumerate(ranked_terms(terms)) if all(term.occurs_in(words) for term in better)]
        if words and ranks and _is_shown(version, history, up_to, query):
            hits.append((ranks[0], -version.entry.position))
    return [-position for _, position in sorted(hits)]


def _is_shown(version: Version, history: Replay, up_to: date, query: Query) -> bool:
    scope, by, event = query.scope, query.published_by, version.event
    sources = source_days(history)
    if isinstance(event, PositionEvent):
        shown = version.statement.is_in(scope) and version.statement.on <= up_to
        return shown and is_public(published_days(history).get(version.rank), by)
    if isinstance(event, StatementCorroborated):
        rank = history.versions[event.target].rank
        about = [one for one in history.counting if one.rank == rank and isinstance(one.event, PositionEvent)]
        is_known = is_public(sources.get(event.source), by)
        return is_known and any(_is_shown(statement, history, up_to, query) for statement in about)
    if scope.parties or scope.attributions:
        return False
    if isinstance(event, IssueOpened | IssueReworded):
        day = event.on if isinstance(event, IssueReworded) else date.min
        return scope.includes_issue(event.issue) and day <= min(up_to, by or up_to)
    assert isinstance(event, SourceRegistered)
    published = event.published_on
    return not scope.issues and (published or date.min) <= up_to and is_public(published, by)
