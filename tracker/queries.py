"""Every question that can be asked of the log.

Each verb poses its question to `questions`, which it imports when it runs, as commands do: the state needs no event
models, which take a tenth of a second to import.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Unpack, cast

from tracker.domain.log.kind_registry import Register
from tracker.domain.terms.scope import EVERYTHING, WHOLE_LIST, Cutoffs, KnownAt, Listing, Query
from tracker.domain.terms.typed_amounts import read_decimal
from tracker.errors import BadValue
from tracker.questions.filters import (
    Cuts,
    Day,
    Filters,
    HistoryFilters,
    ListFilters,
    Moment,
    Names,
    day_of,
    listing_of,
    moment_of,
    name_in,
    query_of,
)
from tracker.questions.reading import Question, pose, uncollected
from tracker.record_queries import RecordQueries
from tracker.storage.log import event_log

if TYPE_CHECKING:
    from tracker.domain.agreement.agreement import Agreement
    from tracker.domain.agreement.consensus import Consensus
    from tracker.domain.agreement.convergence import Convergence
    from tracker.domain.answers.asks import Asks, Conditions
    from tracker.domain.answers.changes import History
    from tracker.domain.answers.entry_detail import EntryDetail
    from tracker.domain.answers.explanation import Explanation
    from tracker.domain.answers.search import Search
    from tracker.domain.report.change_report import EarlierReport, Report
    from tracker.domain.timeline.state import State
    from tracker.questions.surroundings import Surroundings


class Queries(RecordQueries):
    """The verbs that ask. Days that a caller leaves out are the present one (UTC).

    Filters and cut-offs are keywords (see `Filters`), or a `Query` made of them before.
    """

    @contextmanager
    def _asking(self, day: Day | None, query: Query, filters: Filters | None = None) -> Iterator[Question]:
        """Open the transaction of a question about a day; today without one."""
        query = query_of(query, filters or {}, self.names)
        with self._reading() as reading:
            yield pose(reading, day_of(day) or reading.today, query)

    @contextmanager
    def _listing(
        self, day: Day | None, query: Query, listing: Listing, filters: ListFilters
    ) -> Iterator[tuple[Question, Listing]]:
        """Open the transaction of a question that lists statements, all of them or those that its filters name."""
        named, rest = listing_of(filters)
        if named and listing:
            raise TypeError("a question takes a Listing or what it lists by name, not both")
        with self._asking(day, query, rest) as asked:
            yield asked, named or listing

    # --- ask --------------------------------------------------------------------------------------

    def query(self, **filters: Unpack[Filters]) -> Query:
        """The filters and cut-offs of a question, with names resolved against today's registers.

        Raises UnknownParty, UnknownIssue or AmbiguousName, BadValue for a day, a moment or a word that is none, and
        TypeError for another keyword.
        """
        return query_of(EVERYTHING, filters, self.names)

    def state(
        self,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        inherit: bool = False,
        at_most: int | None = None,
        listing: Listing = WHOLE_LIST,
        **filters: Unpack[ListFilters],
    ) -> State:
        """The stances in effect on a day (inclusive; today without one), by issue and party.

        With `inherit`, members without a stance of their own show their bloc's. With `at_most`, only the first issues
        that have so many stances together, or the first one.
        """
        from tracker.questions.state import state_on

        with self._listing(on, query, listing, filters) as (asked, listed), uncollected():
            return state_on(asked, listed, inherit=inherit, at_most=at_most)

    def conditions(
        self,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        listing: Listing = WHOLE_LIST,
        **filters: Unpack[ListFilters],
    ) -> Conditions:
        """The stances on a day (inclusive; today without one) that are conditional or have conditions in force."""
        from tracker.questions.asks import conditions_on

        with self._listing(on, query, listing, filters) as (asked, listed):
            return conditions_on(asked, listed)

    def explain(
        self,
        party: str,
        issue: str,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        inherit: bool = False,
        within_cutoffs: bool = False,
        **cuts: Unpack[Cuts],
    ) -> Explanation:
        """Why a party has its stance on an issue on a day (inclusive; today without one), entry by entry.

        With `inherit`, a party without a stance of its own shows its bloc's, and why that has it. With
        `within_cutoffs`, entries that the cut-offs leave out are not among them. Of the filters only the attributions
        matter. Raises UnknownParty, UnknownIssue or AmbiguousName.
        """
        from tracker.domain.registers.names import resolve_issue, resolve_party
        from tracker.questions.explanation import explanation_of
        from tracker.questions.registers import registers_on

        query = query_of(query, cast("Filters", cuts), self.names, known=Cuts.__annotations__)
        with self._reading() as reading:
            names = registers_on(reading, (Register.PARTY, Register.ISSUE), None)
            party = resolve_party(name_in(party, "party"), names.parties, names.issues)
            issue = resolve_issue(name_in(issue, "issue"), names.issues)
            asked = pose(reading, day_of(on) or reading.today, query)
            return explanation_of(asked, issue, party, inherit=inherit, within_cutoffs=within_cutoffs)

    def consensus(
        self,
        issue: Names | None = None,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        of: Names | None = None,
        inherit: bool = False,
        at: Decimal | int | str | None = None,
        **cuts: Unpack[Cuts],
    ) -> Consensus:
        """Who could agree on each issue on a day (inclusive; today without one): who objects, and to what.

        It is asked of the parties `of` a list, or of the members of a bloc that is named alone, else of all parties
        that hold anything on any of these issues. With `inherit`, members without a position of their own take their
        bloc's. With `at`, how that figure fares on the one quantity asked about. Raises NotOneQuantity.
        """
        from tracker.questions.agreement.consensus import consensus_on

        figure = None if at is None else read_decimal(str(at))
        with self._asking(on, query, _about(issue, of, cuts)) as asked, uncollected():
            return consensus_on(asked, inherit=inherit, at=figure)

    def convergence(
        self,
        after: Day,
        up_to: Day | None = None,
        issue: Names | None = None,
        query: Query = EVERYTHING,
        *,
        of: Names | None = None,
        inherit: bool = False,
        **cuts: Unpack[Cuts],
    ) -> Convergence:
        """Who could agree over time: `consensus` on a day, and on every later one on which anything changed.

        It goes up to a day (inclusive; today without one).
        """
        from tracker.questions.agreement.convergence import convergence_between

        first = day_of(after)
        with self._asking(up_to, query, _about(issue, of, cuts)) as asked, uncollected():
            if asked.day < first:
                raise BadValue(f"A series goes from one day to a later one, not from {first} to {asked.day}.")
            return convergence_between(asked, first, inherit=inherit)

    def agreement(
        self,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        after: Day | None = None,
        **filters: Unpack[Filters],
    ) -> Agreement:
        """How often every two parties agree on a day (inclusive; today without one), over the issues that they share.

        With `after`, an earlier day, also how often they did then. Of parties that are named, with all others. Nothing
        is inherited.
        """
        from tracker.questions.agreement.agreement import agreement_on

        first = day_of(after)
        with self._asking(on, query, filters) as asked, uncollected():
            if first is not None and asked.day < first:
                raise BadValue(f"A comparison goes from one day to a later one, not from {first} to {asked.day}.")
            return agreement_on(asked, first)

    def asks(
        self,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        inherit: bool = False,
        listing: Listing = WHOLE_LIST,
        **filters: Unpack[ListFilters],
    ) -> Asks:
        """The asks between parties up to a day (inclusive; today without one), each with its first answer.

        With `inherit`, what a bloc says answers for its members too; what a member says answers for itself alone.
        """
        from tracker.questions.asks import asks_up_to

        with self._listing(on, query, listing, filters) as (asked, listed):
            return asks_up_to(asked, listed, inherit=inherit)

    def history(
        self,
        party: Names | None = None,
        issue: Names | None = None,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        inherit: bool = False,
        listing: Listing = WHOLE_LIST,
        **filters: Unpack[HistoryFilters],
    ) -> History:
        """Every step of a party on an issue, or of all in scope, up to a day (inclusive; today without one).

        With `inherit`, also the steps by which members without a stance of their own moved with their blocs.
        """
        from tracker.questions.history import history_up_to

        named = {name: value for name, value in (("party", party), ("issue", issue)) if value is not None}
        with self._listing(on, query, listing, cast("ListFilters", {**filters, **named})) as (asked, listed):
            return history_up_to(asked, listed, inherit=inherit)

    def surroundings(
        self, on: Day | None = None, query: Query = EVERYTHING, **filters: Unpack[Filters]
    ) -> Surroundings:
        """What happened beside positions up to a day (inclusive; today without one), and what we corrected of them.

        These are the `context` and the `corrections` of a report on all days up to that one.
        """
        from tracker.questions.surroundings import surroundings_up_to

        with self._asking(on, query, filters) as asked:
            return surroundings_up_to(asked)

    def report(
        self,
        after: Day,
        up_to: Day | None = None,
        query: Query = EVERYTHING,
        *,
        known_from: Moment | None = None,
        inherit: bool = False,
        listing: Listing = WHOLE_LIST,
        **filters: Unpack[ListFilters],
    ) -> Report:
        """The changes after one day and up to another (inclusive; today without one).

        With `known_from`, the cut of an earlier report up to `after`, also what was learned since about its days. With
        `inherit`, members without a stance of their own move with their blocs.
        """
        from tracker.domain.report.learned import EarlierCut
        from tracker.questions.report.change_report import report_on

        first = day_of(after)
        with self._listing(up_to, query, listing, filters) as (asked, listed), uncollected():
            if asked.day < first:
                raise BadValue(f"A report goes from one day to a later one, not from {first} to {asked.day}.")
            earlier = None
            if known_from is not None:
                known = event_log.position_at(asked.log, moment_of(known_from))
                earlier = EarlierCut(known, asked.query.published_by, first)
            return report_on(asked, first, earlier, listed, inherit=inherit)

    def report_since(
        self,
        earlier: EarlierReport,
        up_to: date | None = None,
        *,
        known_at: KnownAt | None = None,
        published_by: date | None = None,
        inherit: bool = False,
    ) -> Report:
        """All that is new since an earlier report, in its scope: later steps, late knowledge, corrections.

        Members move with their blocs if they did in that report, or with `inherit`.
        It goes up to a day (inclusive; today without one). Raises AnotherLog if the earlier report was made from
        another log, and NarrowerThanEarlier if this one would end before it on one of the clocks.
        """
        from tracker.questions.report.change_report import report_since

        with self._asking(up_to, Query(earlier.scope, known_at, published_by)) as asked, uncollected():
            return report_since(asked, earlier, inherit=inherit)

    def find(
        self,
        text: str,
        on: Day | None = None,
        query: Query = EVERYTHING,
        *,
        listing: Listing = WHOLE_LIST,
        limit: int | None = None,
        **filters: Unpack[ListFilters],
    ) -> Search:
        """The entries that hold all words of a text, the best first: `limit` of them at most (1,000 without one).

        They are the counting statements, withdrawals and corroborations up to a day (inclusive; all of them without
        one) and, unless the query filters by party or attribution or the listing by anything, issues and sources.
        Words may go on (`nucl`) and are compared as people see them; a phrase stands in quotation marks. Without a day
        they are marked by today's wordings. Raises BadValue for a text without words.
        """
        from tracker.domain.answers.search import MOST_HITS, parse_search
        from tracker.storage.queries.search import find

        terms = parse_search(text)
        most = MOST_HITS if limit is None else limit
        with self._listing(on, query, listing, filters) as (asked, listed):
            log, cache, day, posed, cutoffs, head = asked
            last = date.max if on is None else day
            return find(log, cache, terms, posed.scope, cutoffs, head, listed, up_to=last, worded_on=day, limit=most)

    def show(self, name: str | int, *, known_at: int | None = None, published_by: date | None = None) -> EntryDetail:
        """One entry with its chain of corrections and its evidence, as known at a log position, public by a day.

        It is named by an unambiguous prefix of its id or by its position, 12 or `@12`. Raises UnknownEntry,
        PositionAhead, AmbiguousName or, where the entry lies beyond a cut-off, NotYetOnRecord.
        """
        from tracker.questions.show import entry_detail

        with self._reading() as (log, *_):
            return entry_detail(
                log.core, f"@{name}" if isinstance(name, int) else name, Cutoffs(known_at, published_by)
            )


def _about(issue: Names | None, of: Names | None, cuts: Cuts) -> Filters:
    """Return the filters of a question about some issues, and of some parties."""
    named = {name: value for name, value in (("issue", issue), ("party", of)) if value is not None}
    return cast("Filters", {**cuts, **named})
