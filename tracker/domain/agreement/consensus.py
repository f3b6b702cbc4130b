"""Who could agree: what each party of a question holds on an issue, in classes, and the verdict (DESIGN section 16).

It counts objections as stated. It does not say whether a text passes: there are no voting rules here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tracker.domain.agreement.ground import NO_GROUND, AtFigure, Ground, at_figure, ground_of
from tracker.domain.terms.amounts import NO_FIGURE, Amount
from tracker.domain.terms.vocabulary import Act, IssueForm, Stance, Word
from tracker.domain.timeline.circumstances import QUESTION_FORM, Closing, Form
from tracker.domain.timeline.state import Answer, Cell
from tracker.domain.timeline.statement import WITHDRAWN, Value


class PartyClass(Word):
    """The class of a party by what it holds on an issue; each party of a question is in exactly one."""

    SUPPORTS = "supports"
    CONDITIONAL = "conditional"
    CAN_ACCEPT = "can_accept"
    UNDECIDED = "undecided"
    SCEPTICAL = "sceptical"
    OPPOSES = "opposes"
    STATED = "stated"
    NO_FIGURE = "no_figure"
    CONTESTED = "contested"
    DISSOCIATED = "dissociated"
    SILENT = "silent"


_WITHOUT_POSITION = (PartyClass.CONTESTED, PartyClass.DISSOCIATED, PartyClass.SILENT)
OF_QUESTION = (*(one for one in PartyClass if one.value in {*Stance, "can_accept", "undecided"}), *_WITHOUT_POSITION)
OF_QUANTITY = (PartyClass.STATED, PartyClass.NO_FIGURE, *_WITHOUT_POSITION)
"""The classes of a question and of a quantity, in the order of data."""


class Verdict(Word):
    """What the classes on an issue come to: the first six of a question, the others (and none) of a quantity."""

    OBJECTED = "objected"
    DOUBTED = "doubted"
    ALL_SUPPORT = "all_support"
    NO_OBJECTION = "no_objection"
    NONE = "none"
    APART = "apart"
    AGREED = "agreed"
    ZONE = "zone"
    OPEN = "open"


class Holding(NamedTuple):
    """What a party holds on an issue, as far as it bears on agreement.

    `position` is that of the entry in effect. `can_accept` says of a neutral party that its act was to accept. `left`
    are the blocs whose position it left with its withdrawal. `through` is the bloc whose position it takes, None for
    its own. An amount that `is_converted` is ours for what the party said in other words.
    """

    party: str
    value: Value
    position: int
    conditions: tuple[str, ...] = ()
    could_accept: Amount | None = None
    red_line: bool = False
    can_accept: bool = False
    contested: bool = False
    left: tuple[str, ...] = ()
    through: str | None = None
    is_converted: bool = False

    @property
    def amount(self) -> Amount | None:
        """The amount; None where none is stated."""
        return self.value if isinstance(self.value, Amount) else None

    @property
    def stance(self) -> Stance | None:
        """The stance; None for a withdrawal, and on a quantity."""
        return self.value if isinstance(self.value, Stance) else None

    @property
    def is_for(self) -> bool:
        """Whether it is a yes, perhaps under conditions."""
        return self.value in (Stance.SUPPORTS, Stance.CONDITIONAL)

    @property
    def is_conditional(self) -> bool:
        """Whether it is a yes under conditions, or has conditions in force."""
        return bool(self.conditions) or self.value is Stance.CONDITIONAL


def holding_of(cell: Cell) -> Holding:
    """Return what the party of a cell holds."""
    row = cell.row
    return Holding(
        row.party,
        row.value,
        row.position,
        row.conditions,
        row.could_accept,
        row.red_line,
        row.value is Stance.NEUTRAL and row.act is Act.ACCEPTS,
        row.contested,
        cell.left_blocs,
        cell.inherited_from,
        cell.statement.details.stated_as is not None,
    )


def class_of(held: Holding | None) -> PartyClass:
    """Return the class of a party by what it holds; of one that is contested whatever that is."""
    if held is None:
        return PartyClass.SILENT
    return PartyClass.CONTESTED if held.contested else _class_in_effect(held)


def _class_in_effect(held: Holding) -> PartyClass:
    """Return the class of a party by what is in effect, contested or not."""
    value = held.value
    if value is Stance.NEUTRAL:
        return PartyClass.CAN_ACCEPT if held.can_accept else PartyClass.UNDECIDED
    if isinstance(value, Stance):
        return _BY_STANCE[value]
    if value is WITHDRAWN:
        return PartyClass.DISSOCIATED if held.left else PartyClass.SILENT
    return PartyClass.NO_FIGURE if value is NO_FIGURE else PartyClass.STATED


_BY_STANCE = {stance: PartyClass(stance.value) for stance in Stance if stance is not Stance.NEUTRAL}

Classes = Mapping[PartyClass, tuple[str, ...]]
"""The parties of a question by class, in order; a class without parties is empty."""


class RivalRedLine(NamedTuple):
    """What a party holds on another option of a choice, for which it has a red line."""

    option: str
    held: Holding


@dataclass(frozen=True, slots=True)
class IssueConsensus:
    """What the parties of a question hold on one issue, and what that comes to.

    `parties` is their number, `holdings` what those hold that have anything on record, in order. A quantity has a
    `ground`, and `at` a figure where one is asked about; a choice has its `options`, and of these the `unopposed`, and
    neither a verdict nor classes of its own. Each option has the `rivals` that rule it out; None for all else.
    """

    issue: str
    form: Form
    closed: Closing | None
    verdict: Verdict | None
    under_conditions: bool
    parties: int
    classes: Classes
    holdings: Mapping[str, Holding]
    ground: Ground = NO_GROUND
    at: AtFigure | None = None
    options: tuple["IssueConsensus", ...] = ()
    unopposed: tuple[str, ...] = ()
    rivals: tuple[RivalRedLine, ...] | None = None

    @property
    def rival_red_lines(self) -> tuple[str, ...]:
        """The parties that rule an option out by a red line for another one, in order."""
        return tuple(sorted({rival.held.party for rival in self.rivals or ()}))

    @property
    def conditions(self) -> Iterator[Holding]:
        """The holdings with conditions in force."""
        return (held for held in self.holdings.values() if held.conditions)

    @property
    def red_lines(self) -> tuple[str, ...]:
        """The parties with a red line in force."""
        return tuple(party for party, held in self.holdings.items() if held.red_line)

    @property
    def through(self) -> dict[str, str]:
        """The blocs whose position members take, by member."""
        return {party: held.through for party, held in self.holdings.items() if held.through is not None}

    @property
    def amounts(self) -> dict[str, Amount]:
        """The amounts that count, by party."""
        stated = self.classes[PartyClass.STATED]
        return {party: amount for party in stated if (amount := self.holdings[party].amount) is not None}

    @property
    def could_accept(self) -> dict[str, Amount]:
        """The wider ranges that some of these parties could accept."""
        stated = self.classes[PartyClass.STATED]
        return {party: wider for party in stated if (wider := self.holdings[party].could_accept) is not None}

    def same_as(self, other: "IssueConsensus") -> bool:
        """Return whether another day comes to the same in all that data show of it."""
        return _shown(self) == _shown(other)


def _shown(one: IssueConsensus) -> tuple[object, ...]:
    """Return what data show of an issue but its own name and form."""
    return (
        one.closed and one.closed[:2],
        *(one.verdict, one.under_conditions, one.parties, one.classes, one.unopposed),
        *(one.red_lines, one.rival_red_lines, one.through, one.ground[: len(NO_GROUND) - 1]),
        {held.party: (held.conditions, held.value) for held in one.conditions},
        one.amounts if PartyClass.STATED in one.classes else {},
        tuple(map(_shown, one.options)),
    )


@dataclass(frozen=True, slots=True)
class Consensus(Answer):
    """Who could agree on a day: a row for each issue that is not an option of a choice, in order.

    `parties` are those of the question, in order, and `bloc` the one whose members they are, if one was asked for.
    Where nothing is inherited, `unheard_blocs` hold positions on issues on which members of theirs are silent.
    """

    on: date
    parties: tuple[str, ...]
    issues: tuple[IssueConsensus, ...]
    bloc: str | None = None
    inherits: bool = False
    unheard_blocs: tuple[str, ...] = ()


# --- one issue ------------------------------------------------------------------------------------


HoldingsByIssue = Mapping[str, Mapping[str, Holding]]
"""What parties hold, by issue and party."""


class Issues(NamedTuple):
    """The issues that a question asks about, in order, without options; and the options of each choice among them."""

    forms: Mapping[str, Form]
    options: Mapping[str, Sequence[str]]


def consensus_on_issues(
    issues: Issues, held: HoldingsByIssue, parties: Sequence[str], closings: Mapping[str, Closing], at: Decimal | None
) -> tuple[IssueConsensus, ...]:
    """Return what the parties of a question, in order, hold on each issue."""
    return tuple(consensus_on_issue(issue, issues, held, parties, closings, at) for issue in issues.forms)


def consensus_on_issue(
    issue: str,
    issues: Issues,
    held: HoldingsByIssue,
    parties: Sequence[str],
    closings: Mapping[str, Closing],
    at: Decimal | None = None,
) -> IssueConsensus:
    """Return what the parties of a question, in order, hold on one issue."""
    form = issues.forms[issue]
    if form.form is IssueForm.CHOICE:
        options = [_on_one(one, QUESTION_FORM, held, parties, closings) for one in issues.options[issue]]
        return _on_choice(issue, options, parties, closings)
    one = _on_one(issue, form, held, parties, closings)
    if at is None or form.form is not IssueForm.QUANTITY or form.own:
        return one
    return replace(one, at=at_figure(at, one.amounts, one.could_accept, one.classes[PartyClass.CONTESTED], parties))


def _on_one(
    issue: str, form: Form, held: HoldingsByIssue, parties: Sequence[str], closings: Mapping[str, Closing]
) -> IssueConsensus:
    of_issue = held.get(issue, {})
    holdings: dict[str, Holding] = {}
    is_quantity = form.form is IssueForm.QUANTITY
    classes: dict[PartyClass, list[str]] = {one: [] for one in (OF_QUANTITY if is_quantity else OF_QUESTION)}
    for party in parties:
        if (one := of_issue.get(party)) is not None:
            holdings[party] = one
        classes[class_of(one)].append(party)
    found = {one: tuple(some) for one, some in classes.items()}
    objecting = set(found.get(PartyClass.OPPOSES, ()))
    conditional = any(one.is_conditional for party, one in holdings.items() if party not in objecting)
    answer = IssueConsensus(issue, form, closings.get(issue), None, conditional, len(parties), found, holdings)
    if not is_quantity:
        return replace(answer, verdict=verdict_on_question(found))
    if form.own:
        return answer
    amounts = answer.amounts
    ground = ground_of(amounts, answer.could_accept)
    return replace(answer, verdict=verdict_on_quantity(found, amounts, ground), ground=ground)


def verdict_on_question(classes: Classes) -> Verdict:
    """Return what the classes of a question come to."""
    if classes[PartyClass.OPPOSES]:
        return Verdict.OBJECTED
    if classes[PartyClass.SCEPTICAL] or classes[PartyClass.CONTESTED] or classes[PartyClass.DISSOCIATED]:
        return Verdict.DOUBTED
    if classes[PartyClass.SUPPORTS] and not any(some for one, some in classes.items() if one != PartyClass.SUPPORTS):
        return Verdict.ALL_SUPPORT
    if classes[PartyClass.SUPPORTS] or classes[PartyClass.CONDITIONAL]:
        return Verdict.NO_OBJECTION
    return Verdict.NONE


def verdict_on_quantity(classes: Classes, amounts: Mapping[str, Amount], ground: Ground) -> Verdict:
    """Return what the classes and amounts of a quantity come to."""
    if not amounts:
        return Verdict.NONE
    if ground.zone is None:
        return Verdict.APART
    is_whole = not any(some for one, some in classes.items() if one != PartyClass.STATED)
    if is_whole and len(set(amounts.values())) == 1:
        return Verdict.AGREED
    if is_whole and ground.zone.at_least is not None and ground.zone.at_most is not None:
        return Verdict.ZONE
    return Verdict.OPEN


def _on_choice(
    issue: str, found: Sequence[IssueConsensus], parties: Sequence[str], closings: Mapping[str, Closing]
) -> IssueConsensus:
    options = tuple(replace(option, rivals=tuple(_rivals(option, found))) for option in found)
    return IssueConsensus(
        issue,
        Form(IssueForm.CHOICE),
        closings.get(issue),
        None,
        any(option.under_conditions for option in options),
        len(parties),
        {},
        {},
        options=options,
        unopposed=tuple(option.issue for option in options if _is_unopposed(option)),
    )


def _is_unopposed(option: IssueConsensus) -> bool:
    """Return whether somebody supports an option and nobody is against it: by a red line for another one either."""
    classes = option.classes
    against = (PartyClass.OPPOSES, PartyClass.SCEPTICAL, PartyClass.CONTESTED)
    return bool(classes[PartyClass.SUPPORTS]) and not (option.rivals or any(classes[one] for one in against))


def _rivals(option: IssueConsensus, options: Iterable[IssueConsensus]) -> Iterator[RivalRedLine]:
    """Yield the red lines for other options of parties that will not agree to this one: that are not ready for both."""
    ready = {party for party, held in option.holdings.items() if _class_in_effect(held) in _READY}
    for other in options:
        if other.issue != option.issue:
            for party, held in other.holdings.items():
                if held.red_line and held.is_for and party not in ready:
                    yield RivalRedLine(other.issue, held)


_READY = (PartyClass.SUPPORTS, PartyClass.CONDITIONAL, PartyClass.CAN_ACCEPT)
