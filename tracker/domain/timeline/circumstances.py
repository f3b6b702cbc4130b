"""What is in effect on a day beside positions: closings of issues, wordings of their questions, new governments.

It reads facts as data, without event models, so that a stored line serves as well as an entry.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tracker.domain.log.kind_registry import (
    ISSUE_CLOSED,
    ISSUE_OPENED,
    ISSUE_REOPENED,
    ISSUE_REWORDED,
    MILESTONE_NOTED,
    PARTY_SUCCEEDED,
    EventKind,
)
from tracker.domain.terms.amounts import Amount, amount_of
from tracker.domain.terms.columns import ForPeople
from tracker.domain.terms.vocabulary import IssueForm, MilestoneCategory, Outcome


class Closing(NamedTuple):
    """The day and the outcome of the closing of an issue: of a quantity perhaps its amount, of a choice its option.

    The amount is in the `unit` of the quantity.
    """

    on: date
    outcome: Outcome
    amount: ForPeople[Amount | None] = None
    option: ForPeople[str | None] = None
    unit: ForPeople[str | None] = None


class Succession(NamedTuple):
    """The day on which a party ended, and the parties that took its place; no stance passes to them."""

    on: date
    by: tuple[str, ...]


class Form(NamedTuple):
    """The form of answer that an issue asks for, the unit of a quantity, and whether each party answers for itself."""

    form: IssueForm = IssueForm.QUESTION
    unit: str | None = None
    own: bool = False


QUESTION_FORM = Form()


class Fact(NamedTuple):
    """A fact that counts: its kind, the rank of its chain, and its data in the newest version."""

    kind: EventKind
    rank: int
    data: Mapping[str, Any]


class Circumstances(NamedTuple):
    """What holds on a day, by issue and by party.

    `closings` has the closed issues, `wordings` the questions of an issue whose question changed up to that day, each
    with its first day, in order, and `governments` the days of a party's new governments, in order. `forms` has the
    forms of the issues that are more than a question, whenever they were opened, `options` the options of each choice.
    `reopenings` has the days on which issues that are open again were reopened, `successions` the parties that ended.
    `endings` has of issues that were reopened every closing and the day of every reopening, in order.
    """

    closings: Mapping[str, Closing] = {}
    wordings: Mapping[str, Sequence[tuple[date, str | None]]] = {}
    governments: Mapping[str, Sequence[date]] = {}
    forms: Mapping[str, Form] = {}
    options: Mapping[str, Sequence[str]] = {}
    reopenings: Mapping[str, date] = {}
    successions: Mapping[str, Succession] = {}
    endings: Mapping[str, Sequence[Closing | date]] = {}

    def form_of(self, issue: str) -> IssueForm:
        """Return the form of an issue."""
        found = self.forms.get(issue)
        return IssueForm.QUESTION if found is None else found.form

    def unit_of(self, issue: str) -> str | None:
        """Return the unit of a quantity."""
        found = self.forms.get(issue)
        return None if found is None else found.unit

    def is_own(self, issue: str) -> bool:
        """Return whether on an issue each party answers for itself: no relations, no zone, nothing is inherited."""
        found = self.forms.get(issue)
        return found is not None and found.own

    def choice_of(self, issue: str) -> str | None:
        """Return the choice of which an issue is an option; None if it is none."""
        above = issue.rpartition("/")[0]
        return above if above in self.options else None

    def is_reworded(self, issue: str, on: date, *, up_to: date = date.max) -> bool:
        """Return whether what took effect on a day answers another question than that of a later day (inclusive).

        A question that was changed and changed back is the same again, so that an answer to it is none to another.
        """
        return issue in self.wordings and self._question(issue, on) != self._question(issue, up_to)

    def _question(self, issue: str, on: date) -> str | None:
        return next((question for day, question in reversed(self.wordings[issue]) if day <= on), None)

    def government_since(self, party: str, on: date, *, up_to: date = date.max) -> date | None:
        """Return the day of a party's last new government after a day and up to another (inclusive), if any."""
        days = self.governments.get(party)
        return None if days is None else next((day for day in reversed(days) if on < day <= up_to), None)


def fact_public_on(kind: EventKind, on: date, source_day: date | None) -> date:
    """Return the day from which a fact of a day is public: that day or, with a dated source, the later of the two.

    A milestone is public with its source, as deadlines are known ahead (DESIGN section 4).
    """
    if source_day is None:
        return on
    return source_day if kind.known_ahead else max(on, source_day)


def circumstances(
    facts: Iterable[Fact], on: date, source_days: Mapping[str, date], published_by: date | None = None
) -> Circumstances:
    """Return what holds on a day (inclusive), of facts that count and were public by another.

    Of several facts on one issue the last by day and rank holds. The facts include the openings of reworded issues, of
    those that are more than a question, and of the options of closed choices.
    """
    known = sorted(facts, key=lambda fact: fact.rank)
    questions: dict[str, str] = {}
    forms: dict[str, Form] = {}
    for fact in known:
        if fact.kind.name == ISSUE_OPENED:
            questions.setdefault(fact.data["issue"], fact.data["question"])
            forms.setdefault(fact.data["issue"], _form(fact.data))
    options = _options(forms)
    happened = sorted(_happened(known, on, source_days, published_by), key=lambda dated: dated[0])
    closings, reopenings, endings = _closings_and_reopenings(happened, forms, options)
    governments: dict[str, list[date]] = {}
    successions: dict[str, Succession] = {}
    for day, fact in happened:
        data = fact.data
        if fact.kind.name == PARTY_SUCCEEDED:
            successions[data["party"]] = Succession(day, tuple(data["by"]))
        elif fact.kind.name == MILESTONE_NOTED and data.get("category") == MilestoneCategory.GOVERNMENT:
            for party in data.get("parties", ()):
                governments.setdefault(party, []).append(day)
    special = {issue: form for issue, form in forms.items() if form != QUESTION_FORM}
    return Circumstances(
        closings, _wordings(happened, questions), governments, special, options, reopenings, successions, endings
    )


def _form(data: Mapping[str, Any]) -> Form:
    return Form(IssueForm(data.get("form", "question")), data.get("unit"), data.get("own", False))


def _closings_and_reopenings(
    happened: Iterable[tuple[date, Fact]], forms: Mapping[str, Form], options: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Closing], dict[str, date], dict[str, list[Closing | date]]]:
    """Return how each closed issue was closed, since when those that are open again are, and all endings."""
    closings: dict[str, Closing] = {}
    reopenings: dict[str, date] = {}
    befell: dict[str, list[Closing | date]] = {}
    reopened: set[str] = set()
    for day, fact in happened:
        if fact.kind.name == ISSUE_CLOSED:
            for issue, closing in _closings(fact.data, day, forms, options):
                closings[issue] = closing
                reopenings.pop(issue, None)
                befell.setdefault(issue, []).append(closing)
        elif fact.kind.name == ISSUE_REOPENED:
            for issue in (fact.data["issue"], *options.get(fact.data["issue"], ())):
                if closings.pop(issue, None) is not None:
                    reopenings[issue] = day
                    befell[issue].append(day)
                    reopened.add(issue)
    return closings, reopenings, {issue: befell[issue] for issue in sorted(reopened)}


def _closings(
    data: Mapping[str, Any], day: date, forms: Mapping[str, Form], options: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, Closing]]:
    """Yield what a closing closes: its issue, and of a choice the options, those not named as superseded."""
    issue, outcome, option = data["issue"], Outcome(data["outcome"]), data.get("option")
    ends, form = data.get("amount"), forms.get(issue)
    amount = None if ends is None else amount_of(ends.get("at_least"), ends.get("at_most"))
    yield issue, Closing(day, outcome, amount, option, form.unit if form else None)
    for one in options.get(issue, ()):
        yield one, Closing(day, outcome if one == option or option is None else Outcome.SUPERSEDED)


def _wordings(
    happened: Iterable[tuple[date, Fact]], questions: dict[str, str]
) -> dict[str, list[tuple[date, str | None]]]:
    """Return the questions of the issues whose question changed, each with its first day; they opened with others."""
    wordings: dict[str, list[tuple[date, str | None]]] = {}
    for day, fact in happened:
        issue, question = fact.data.get("issue", ""), fact.data.get("question")
        if fact.kind.name == ISSUE_REWORDED and question is not None and question != questions.get(issue):
            wordings.setdefault(issue, [(date.min, questions.get(issue))]).append((day, question))
            questions[issue] = question
    return wordings


def _options(forms: Mapping[str, Form]) -> dict[str, list[str]]:
    """Return the options of each choice: the issues directly below it."""
    found: dict[str, list[str]] = {issue: [] for issue, form in forms.items() if form.form is IssueForm.CHOICE}
    for issue in sorted(forms) if found else ():
        if (options := found.get(issue.rpartition("/")[0])) is not None:
            options.append(issue)
    return found


def _happened(
    facts: Iterable[Fact], on: date, source_days: Mapping[str, date], published_by: date | None
) -> Iterator[tuple[date, Fact]]:
    for fact in facts:
        if fact.kind.day is None or (text := fact.data.get(fact.kind.day)) is None:
            continue
        day = date.fromisoformat(text)
        source_day = source_days.get(fact.data.get("source", ""))
        if day <= on and (published_by is None or fact_public_on(fact.kind, day, source_day) <= published_by):
            yield day, fact
