"""Who could agree as data (DESIGN section 16): objects for JSON, and flat rows for CSV."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tracker.domain.agreement.consensus import OF_QUANTITY, OF_QUESTION, Consensus, Holding, IssueConsensus, PartyClass
from tracker.domain.agreement.convergence import Convergence, IssueOnDay
from tracker.domain.agreement.ground import AtFigure, Ground
from tracker.domain.terms.amounts import Amount
from tracker.domain.terms.vocabulary import IssueForm
from tracker.reports.agreement.contests import Contests
from tracker.reports.answers import render_parts
from tracker.reports.basis import Basis
from tracker.reports.names import FoundWithNames

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ConsensusAnswer(FoundWithNames[Consensus]):
    """Who could agree on a day, and how a reader wants to see it: with the names of parties and issues or without.

    People are shown both sides of what is contested: the `contests`.
    """

    contests: Contests = field(default_factory=dict)

    @property
    def data(self) -> list[_Row]:
        return list(map(issue_data, self.found.issues))

    @property
    def columns(self) -> Sequence[str]:
        figures = [one.at for one in self.found.issues if one.at is not None]
        return (*_COLUMNS, *(f"at_{name}" for name in _AT if figures))

    def render_parts(self, render: Callable[[Iterable[Mapping[str, Any]]], str]) -> Iterator[str]:
        """Yield the text of the rows in parts: an option of a choice has a row of its own below it."""
        return render_parts(map(_flat, _with_options(self.found.issues)), render)


@dataclass(frozen=True, slots=True)
class ConvergenceAnswer(FoundWithNames[Convergence]):
    """Who could agree over time, and how a reader wants to see it."""

    @property
    def data(self) -> list[_Row]:
        return list(map(day_data, self.found.series))

    @property
    def columns(self) -> Sequence[str]:
        return _DAY_COLUMNS

    def render_parts(self, render: Callable[[Iterable[Mapping[str, Any]]], str]) -> Iterator[str]:
        """Yield the text of the rows in parts: an option of a choice has rows of its own below it."""
        days = (IssueOnDay(one.on, found) for one in self.found.series for found in (one.found, *one.found.options))
        return render_parts(map(_flat_day, days), render)


def basis_of_answer(found: Consensus | Convergence) -> Basis:
    """What an answer rests on, without its parties, of whom it speaks anyway."""
    on = found.on if isinstance(found, Consensus) else found.to_day
    scope = replace(found.scope, parties=frozenset(), asked=())
    return Basis(on, found.known_at, found.published_by, scope, found.log, found.left_out_undated)


# --- JSON -----------------------------------------------------------------------------------------


def issue_data(one: IssueConsensus) -> _Row:
    """An issue as an object: a choice with its options, a quantity with its common ground."""
    data = _head(one)
    if one.form.form is IssueForm.CHOICE:
        return data | {"options": list(map(issue_data, one.options)), "unopposed": list(one.unopposed)}
    if one.form.form is IssueForm.QUANTITY:
        data |= _ground_data(one.ground)
    data |= _classes_data(one)
    data["conditions"] = [_conditions(held, one.form.form) for held in one.conditions]
    data["red_lines"] = list(one.red_lines)
    if one.rivals is not None:
        data["rival_red_lines"] = list(one.rival_red_lines)
    data["through"] = one.through
    return data if one.at is None else data | {"at": _at_data(one.at)}


def day_data(day: IssueOnDay) -> _Row:
    """A day of a series as an object, with the parties in each class and their numbers."""
    one = day.found
    data = {"on": day.on.isoformat(), **_head(one)}
    if one.form.form is IssueForm.CHOICE:
        options = [day_data(IssueOnDay(day.on, option)) for option in one.options]
        return data | {"options": options, "unopposed": list(one.unopposed)}
    data["counts"] = {name.value: len(parties) for name, parties in one.classes.items()}
    if one.form.form is IssueForm.QUANTITY:
        ground = _ground_data(one.ground)
        data |= {name: ground[name] for name in ("zone", "reach", "gap", "gap_between")}
    return data | _classes_data(one)


def _head(one: IssueConsensus) -> _Row:
    return {
        "issue": one.issue,
        "form": one.form.form.value,
        "closed": one.closed,
        "verdict": None if one.verdict is None else one.verdict.value,
        "under_conditions": one.under_conditions,
        "parties": one.parties,
    }


def _classes_data(one: IssueConsensus) -> _Row:
    return {name.value: _class_data(one, name) for name in one.classes}


def _class_data(one: IssueConsensus, name: PartyClass) -> list[Any]:
    parties = one.classes[name]
    if name is not PartyClass.STATED:
        return list(parties)
    return [{"party": party, "amount": _amount(one.holdings[party].amount)} for party in parties]


def _ground_data(ground: Ground) -> _Row:
    gap = ground.gap
    between = None if gap is None else {"at_least": list(gap.highest), "at_most": list(gap.lowest)}
    return {
        "zone": _amount(ground.zone),
        "reach": _amount(ground.reach),
        "overlapping": [list(parties) for parties in ground.overlapping],
        "gap": None if gap is None else f"{gap.size:f}",
        "gap_between": between,
    }


def _conditions(held: Holding, form: IssueForm) -> _Row:
    value = {"amount": _amount(held.amount)} if form is IssueForm.QUANTITY else {"stance": held.stance}
    return {"party": held.party, "conditions": list(held.conditions), **value}


_AT = ("figure", "holds", "could_accept", "short", "contested", "named_none")


def _at_data(at: AtFigure) -> _Row:
    short = [
        {
            "party": one.party,
            "by": f"{one.by:f}",
            "could_accept_by": None if one.by_could_accept is None else f"{one.by_could_accept:f}",
        }
        for one in at.short
    ]
    lists = (list(at.holds), list(at.could_accept), short, list(at.contested), list(at.named_none))
    return dict(zip(_AT, (f"{at.figure:f}", *lists), strict=True))


def _amount(amount: Amount | None) -> dict[str, str] | None:
    return None if amount is None else amount.data


# --- CSV ------------------------------------------------------------------------------------------


_HEAD = ("issue", "form", "closed", "verdict", "under_conditions", "parties")
_CLASSES = tuple(dict.fromkeys(name.value for name in (*OF_QUESTION[:6], *OF_QUANTITY)))
_ENDS = ("at_least", "at_most")
_RANGES = ("zone", "reach")
_GROUND = (*(f"{name}_{end}" for name in _RANGES for end in _ENDS), "gap", *(f"gap_{end}" for end in _ENDS))
_COLUMNS = (
    *_HEAD,
    *_CLASSES,
    *_GROUND,
    "overlapping",
    "unopposed",
    "conditions",
    "red_lines",
    "rival_red_lines",
    "through",
)
_DAY_COLUMNS = ("on", *_HEAD, *_CLASSES, *_GROUND, "unopposed", *(f"{name}_parties" for name in _CLASSES))


def _with_options(issues: Iterable[IssueConsensus]) -> Iterator[IssueConsensus]:
    for one in issues:
        yield one
        yield from one.options


def _flat(one: IssueConsensus) -> _Row:
    """A row of CSV: the ends of ranges in columns of their own, and lists whose items are plain text."""
    flat = _flat_ranges(issue_data(one)) | _flat_classes(one)
    flat["overlapping"] = [" ".join(parties) for parties in one.ground.overlapping]
    flat["conditions"] = [f"{held.party}: {'; '.join(held.conditions)}" for held in one.conditions]
    flat["through"] = [f"{member} from {bloc}" for member, bloc in one.through.items()]
    if one.at is not None:
        flat |= {f"at_{name}": value for name, value in _at_data(one.at).items()}
        flat["at_figure"] = _number(flat["at_figure"])
        flat["at_short"] = [f"{short.party} {short.by:f}" for short in one.at.short]
    return flat


def _flat_classes(one: IssueConsensus) -> _Row:
    """The parties in each class, with their amounts."""
    stated = [f"{party} {one.holdings[party].amount}" for party in one.classes.get(PartyClass.STATED, ())]
    return {name.value: stated if name is PartyClass.STATED else list(of) for name, of in one.classes.items()}


def _flat_day(day: IssueOnDay) -> _Row:
    """A row of CSV: in the column of each class its number, and its parties in another."""
    data = day_data(day)
    parties = {f"{name}_parties": of_class for name, of_class in _flat_classes(day.found).items()}
    return _flat_ranges(data | data.get("counts", {}) | parties)


def _flat_ranges(data: _Row) -> _Row:
    flat = {**data}
    for name in _RANGES:
        flat |= {f"{name}_{end}": _number((data.get(name) or {}).get(end)) for end in _ENDS}
    return flat | {f"gap_{end}": (data.get("gap_between") or {}).get(end) for end in _ENDS}


def _number(text: str | None) -> Decimal | None:
    """A decimal as data hold it, which no spreadsheet takes for a formula, whatever its sign."""
    return None if text is None else Decimal(text)
