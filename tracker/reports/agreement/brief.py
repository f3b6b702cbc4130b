"""Who could agree in words, the same in every format: what is objected to comes first (DESIGN section 16).

Each issue is a block of lines: who objects, to what, and what would be needed; then everybody else.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tracker.domain.agreement.consensus import (
    Consensus,
    Holding,
    IssueConsensus,
    PartyClass,
    Verdict,
)
from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import IssueForm, Stance
from tracker.domain.timeline.statement import WITHDRAWN, Value
from tracker.reports.agreement.contests import NO_CONTESTS, Contests, contested_text, settling_text
from tracker.reports.agreement.quantity import at_counts, at_heading, quantity_lines, quantity_verdict
from tracker.reports.agreement.words import (
    RED_LINE,
    Line,
    all_of,
    closed_text,
    counted_parties,
    listed,
    listed_by_bloc,
    party_text,
)
from tracker.reports.answers import most_rows
from tracker.reports.basis import nothing_found
from tracker.reports.conditions import conditions_text
from tracker.reports.names import Names
from tracker.reports.positions.values import CONVERTED
from tracker.reports.wording import day_text


class Block(NamedTuple):
    """An issue with its verdict in words, its lines, and the blocks of its options."""

    issue: str
    title: str
    verdict: str
    lines: tuple[Line, ...]
    options: tuple["Block", ...] = ()


class Part(NamedTuple):
    """Issues that stand alike, below a heading; those in `others` have a line each: a title and a text."""

    heading: str
    blocks: tuple[Block, ...]
    others: tuple[tuple[str, str], ...] = ()


class Brief(NamedTuple):
    """An answer in words: a title, a sentence on what stands how, the parts, and what is not shown and why, if any."""

    title: str
    summary: str
    parts: tuple[Part, ...]
    cut: str = ""
    hints: tuple[str, ...] = ()

    @property
    def signs(self) -> str:
        """The signs for the legend: that of our conversions, since the words of all others stand beside them."""
        blocks = [block for part in self.parts for one in part.blocks for block in (one, *one.options)]
        shown = (f"{line.label} {line.text} {line.more}" for block in blocks for line in block.lines)
        return CONVERTED if any(CONVERTED in text for text in shown) else ""


MOST_LINES = most_rows(3)
"""How many lines people are shown of an answer: whole issues, the most disputed ones first, and at least one."""


def cut_brief(brief: Brief) -> Brief:
    """Return a brief with as many of its issues as people are shown."""
    shown: list[Part] = []
    number = lines = 0
    for part in brief.parts:
        blocks = []
        for block in part.blocks:
            lines += 1 + len(block.lines) + sum(1 + len(option.lines) for option in block.options)
            if number and lines > MOST_LINES:
                break
            blocks.append(block)
            number += 1
        others = part.others[: max(0, MOST_LINES - lines)]
        lines += len(others)
        number += len(others)
        if blocks or others:
            shown.append(part._replace(blocks=tuple(blocks), others=others))
    total = sum(len(part.blocks) + len(part.others) for part in brief.parts)
    if number == total:
        return brief
    narrow = "Name an issue or --of some parties, or take --format json or csv for all."
    return brief._replace(parts=tuple(shown), cut=f"Only {number:,} of {total:,} issues are shown. {narrow}")


OBJECTED, DOUBTED, SETTLED, EMPTY = "Objected to", "Not settled", "Nobody objects", "Nothing stated"
OWN, CLOSED = "Each answers for itself", "Closed"
_HEADINGS = {
    Verdict.OBJECTED: OBJECTED,
    Verdict.APART: OBJECTED,
    Verdict.DOUBTED: DOUBTED,
    Verdict.OPEN: DOUBTED,
    Verdict.ALL_SUPPORT: SETTLED,
    Verdict.NO_OBJECTION: SETTLED,
    Verdict.AGREED: SETTLED,
    Verdict.ZONE: SETTLED,
    Verdict.NONE: EMPTY,
}


def brief_of(found: Consensus, names: Names, contests: Contests = NO_CONTESTS) -> Brief:
    """Put an answer into words, with both sides of what is contested."""
    shown = [one for one in found.issues if one.closed is None or asked_for(one, found.scope)]
    closed = [one for one in found.issues if one.closed is not None and not asked_for(one, found.scope)]
    at_figure = [one for one in shown if one.at is not None]
    shown = [one for one in shown if one.at is None]
    parts = [Part(at_heading(one), (block_of(one, names, contests),)) for one in at_figure]
    parts += [
        Part(heading, tuple(block_of(one, names, contests) for one in some))
        for heading in (OBJECTED, DOUBTED, SETTLED, OWN)
        if (some := [one for one in shown if heading_of(one) == heading])
    ]
    if empty := [one for one in shown if heading_of(one) == EMPTY]:
        parts.append(Part(EMPTY, (), tuple((names.issue(one.issue), _nothing(one)) for one in empty)))
    whole = tuple(block_of(one, names, contests) for one in shown if heading_of(one) == CLOSED)
    if closed or whole:
        others = tuple((names.issue(one.issue), closed_text(one.closed, names)) for one in closed if one.closed)
        parts.append(Part(CLOSED, whole, others))
    told = [f"{at_heading(one)}: {at_counts(one)}." for one in at_figure]
    told += [_summary(shown, found)] if shown or not told else []
    hints = tuple(filter(None, (settling_text(contests), _hint(found, names))))
    return cut_brief(Brief(title_of(found, names), " ".join(told), tuple(parts), hints=hints))


def _hint(found: Consensus, names: Names) -> str:
    """What asking for inheritance would tell of silent parties, if anything."""
    if not (blocs := found.unheard_blocs):
        return ""
    do = "speaks" if len(blocs) == 1 else "speak"
    return f"{listed(blocs, names)} {do} for members that are silent here: --inherit counts these with their blocs."


def asked_for(one: IssueConsensus, scope: Scope) -> bool:
    """Whether a question names an issue, or an option of it, by its path."""
    return any(path in scope.issues for path in (one.issue, *(option.issue for option in one.options)))


def title_of(found: Consensus, names: Names) -> str:
    """The title of an answer: its day, and of whom it is asked."""
    return f"Consensus on {day_text(found.on)}, {of_whom(found.scope, found.bloc, len(found.parties), names)}"


def of_whom(scope: Scope, bloc: str | None, number: int, names: Names) -> str:
    """The parties of a question in words."""
    if bloc is not None:
        return f"the {counted_parties(number, 'member')} of {names.party(bloc)}"
    if scope.parties:
        return ", ".join(map(names.party, dict.fromkeys(scope.asked or sorted(scope.parties))))
    return f"all {counted_parties(number)} on record"


def heading_of(one: IssueConsensus) -> str:
    """The heading below which an issue stands; a choice by whether there is an option that nobody opposes."""
    if one.closed is not None:
        return CLOSED
    if one.form.form is IssueForm.CHOICE:
        if not any(option.holdings for option in one.options):
            return EMPTY
        return SETTLED if one.unopposed else OBJECTED
    if one.verdict is None:
        return OWN if one.classes[PartyClass.STATED] else EMPTY
    if one.verdict is Verdict.NONE and any(one.classes[some] for some in _STATED):
        return DOUBTED
    return _HEADINGS[one.verdict]


_STATED = (PartyClass.CONTESTED, PartyClass.DISSOCIATED)


def _summary(shown: Sequence[IssueConsensus], found: Consensus) -> str:
    """How many issues stand how."""
    nothing = f"Nothing on record on {day_text(found.on)}"
    if not shown:
        return nothing_found("No open issue is asked about.", "No open issue" if found.issues else nothing, found.scope)
    headings = [heading_of(one) for one in shown]
    words = {OBJECTED: "objected to", DOUBTED: "not settled", SETTLED: "without objection", EMPTY: "without a word"}
    words[OWN] = "where each answers for itself"
    words[CLOSED] = "closed"
    told = [f"{headings.count(heading)} {text}" for heading, text in words.items() if heading in headings]
    counts = f"Of {len(shown)} issue{'s' if len(shown) > 1 else ''}: {', '.join(told)}."
    is_silent = all(heading_of(one) == EMPTY and _nothing(one) == _SILENCE for one in shown)
    return nothing_found(counts, nothing, found.scope) if is_silent else counts


def _nothing(one: IssueConsensus) -> str:
    undecided = [*one.classes.get(PartyClass.UNDECIDED, ()), *one.classes.get(PartyClass.CAN_ACCEPT, ())]
    refusing = one.classes.get(PartyClass.NO_FIGURE, ())
    if undecided:
        return f"nobody supports or opposes it; undecided: {listed(undecided)}"
    return f"nobody named an amount; no figure: {listed(refusing)}" if refusing else _SILENCE


_SILENCE = "nothing on record"


# --- an issue -------------------------------------------------------------------------------------


def block_of(one: IssueConsensus, names: Names, contests: Contests) -> Block:
    """Put an issue into words."""
    title = names.issue(one.issue)
    if one.form.form is IssueForm.CHOICE:
        options = sorted(one.options, key=lambda option: option.issue not in one.unopposed)
        return Block(
            one.issue, title, choice_verdict(one, names), (), tuple(_option(each, names, contests) for each in options)
        )
    if one.form.form is IssueForm.QUANTITY:
        return Block(one.issue, title, quantity_verdict(one), tuple(quantity_lines(one, names, contests)))
    return Block(one.issue, title, question_verdict(one, names), tuple(question_lines(one, names, contests)))


def choice_verdict(one: IssueConsensus, names: Names) -> str:
    """The options that nobody opposes in words or, if there are none, what is against them."""
    if one.closed is not None:
        return f"closed: {closed_text(one.closed, names)}"
    if not one.unopposed:
        against = [text for text, is_so in _AGAINST if any(map(is_so, one.options))]
        return f"every option is {' or '.join(against)}"
    return f"nobody opposes {', '.join(option_name(option, names) for option in one.unopposed)}"


_AGAINST: Sequence[tuple[str, Callable[[IssueConsensus], bool]]] = (
    ("objected to", lambda one: bool(one.classes[PartyClass.OPPOSES])),
    ("doubted", lambda one: one.verdict is Verdict.DOUBTED),
    ("ruled out by a red line for another", lambda one: bool(one.rivals)),
    ("supported by nobody", lambda one: not one.classes[PartyClass.SUPPORTS]),
)


def option_name(option: str, names: Names) -> str:
    """An option by its title or, without titles, by the last part of its path."""
    title = names.title(option)
    return option.rpartition("/")[2] if title == option else title


def _option(option: IssueConsensus, names: Names, contests: Contests) -> Block:
    lines = list(question_lines(option, names, contests))
    by_option: dict[str, list[Holding]] = {}
    for other, held in option.rivals or ():
        by_option.setdefault(other, []).append(held)
    insisting = [
        f"{', '.join(party_text(held, names) for held in some)} on {option_name(other, names)}"
        for other, some in by_option.items()
    ]
    if insisting:
        lines.insert(0, Line("insists", "; ".join(insisting), Stance.OPPOSES, RED_LINE))
    return Block(option.issue, option_name(option.issue, names), question_verdict(option, names), tuple(lines))


def question_verdict(one: IssueConsensus, names: Names) -> str:
    """The verdict on a question in words, with how many say so, and whose red lines rule an option out."""
    if closed := one.closed:
        return f"closed: {closed_text(closed)}"
    if not one.rivals:
        return _bare_verdict(one)
    several = "s" * (len(one.rival_red_lines) > 1)
    ruled_out = f"ruled out by the red line{several} of {listed(one.rival_red_lines, names)}"
    if one.verdict is Verdict.NO_OBJECTION:
        return f"{ruled_out}: nobody opposes it, {_number_for(one)}"
    return f"{_bare_verdict(one)}; {ruled_out}"


def _number_for(one: IssueConsensus) -> str:
    number = len(one.classes[PartyClass.SUPPORTS]) + len(one.classes[PartyClass.CONDITIONAL])
    return f"{number} of {one.parties} for it{', under conditions' if one.under_conditions else ''}"


def _bare_verdict(one: IssueConsensus) -> str:
    number = {name: len(parties) for name, parties in one.classes.items()}
    doubting = sum(number[name] for name in _DOUBTING)
    opposed = number[PartyClass.OPPOSES]
    terms = ", under conditions" if one.under_conditions else ""
    match one.verdict:
        case Verdict.OBJECTED:
            doubts = f", {doubting} more {'has' if doubting == 1 else 'have'} doubts" if doubting else ""
            return f"objected to: {opposed} of {one.parties} {'opposes' if opposed == 1 else 'oppose'} it{doubts}"
        case Verdict.DOUBTED:
            return (
                f"doubted: nobody opposes it, {doubting} of {one.parties} {'has' if doubting == 1 else 'have'} doubts"
            )
        case Verdict.ALL_SUPPORT:
            return f"{all_of(one.parties)} support{'s' * (one.parties == 1)} it{terms}"
        case Verdict.NO_OBJECTION:
            return f"no objection: {_number_for(one)}"
        case _:
            return "nobody supports or opposes it"


_DOUBTING = (PartyClass.SCEPTICAL, PartyClass.CONTESTED, PartyClass.DISSOCIATED)

_LABELS: Sequence[tuple[PartyClass, str, Value | None]] = (
    (PartyClass.OPPOSES, "opposes", Stance.OPPOSES),
    (PartyClass.SCEPTICAL, "sceptical", Stance.SCEPTICAL),
    (PartyClass.CONTESTED, "contested", Stance.SCEPTICAL),
    (PartyClass.DISSOCIATED, "left its bloc", WITHDRAWN),
    (PartyClass.CONDITIONAL, "conditional", Stance.CONDITIONAL),
    (PartyClass.UNDECIDED, "undecided", Stance.NEUTRAL),
    (PartyClass.CAN_ACCEPT, "can accept", Stance.NEUTRAL),
    (PartyClass.SUPPORTS, "supports", Stance.SUPPORTS),
    (PartyClass.SILENT, "silent", None),
)


def question_lines(one: IssueConsensus, names: Names, contests: Contests) -> Iterator[Line]:
    """Yield a line for each class that has parties: those with something to say first, then the others."""
    for name, label, value in _LABELS:
        plain = []
        for party in one.classes[name]:
            held = one.holdings.get(party)
            told = "" if held is None else _remarks(name, held)
            if held is not None and (told or held.red_line or held.contested):
                who = contested_text(one.issue, held, contests, names) if held.contested else party_text(held, names)
                yield Line(label, f"{who}{told}", value, RED_LINE if held.red_line else "")
            else:
                plain.append(party)
        if plain:
            yield Line(label, listed_by_bloc(plain, one.holdings, names), value)


def _remarks(name: PartyClass, held: Holding) -> str:
    """What a party says of its position beyond its class: conditions, and the position left."""
    told = []
    if name is PartyClass.DISSOCIATED:
        told.append(f" left the position of {', '.join(held.left)}")
    if held.conditions:
        told.append(f", {conditions_text(held.conditions, held.value)}")
    return "".join(told)
