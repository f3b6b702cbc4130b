"""The entries of an explanation: what each says, and its effect on the answer."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.text import Text
from rich.tree import Tree

from tracker.domain.answers.explanation import EntryAccount, Exclusion, Explanation
from tracker.domain.log.event_parts import quoted_words
from tracker.domain.log.events import StatementCorroborated
from tracker.domain.terms.numbers import counted
from tracker.domain.terms.safe_text import plain
from tracker.domain.timeline.runs import StanceInEffect
from tracker.domain.timeline.statement import Statement
from tracker.reports.answers import most_rows
from tracker.reports.explanation.conclusion import own_evidence
from tracker.reports.positions.details import details_text, quote_text
from tracker.reports.tables.terminal import style_of
from tracker.reports.wording import day_text, marked_value, marks, quoted, stated_text, value_signs, with_voice


def entries_shown(explanation: Explanation) -> Sequence[EntryAccount]:
    """Return the entries that people are shown: of very many the last ones."""
    return explanation.accounts[-most_rows(_COLUMNS) :]


_COLUMNS = 3
"""An entry has a position, what it says, and its effect."""


def cut_sentence(explanation: Explanation) -> str:
    """A sentence on the entries that are not shown; empty if all are."""
    shown, number = len(entries_shown(explanation)), len(explanation.accounts)
    if shown == number:
        return ""
    return f"Only the last {shown:,} of {number:,} entries are shown. Take --format json for all, or an earlier day."


def chains(explanation: Explanation) -> list[list[tuple[EntryAccount, str, str]]]:
    """The statements that are shown, each with its corrections and corroborations: what each says, and its effect."""
    positions = _positions(explanation)
    return [
        [(one, _what(one, explanation).plain, _effect_of(one, explanation.held, positions)) for one in some]
        for _, some in groupby(entries_shown(explanation), key=lambda account: account.rank)
    ]


def entry_tree(explanation: Explanation) -> Tree:
    """Return the entries that are shown as a tree: under each statement what targets it."""
    positions = _positions(explanation)
    tree = Tree(f"{counted(number_of_statements(explanation), 'statement')} on record, in order", guide_style="dim")
    for _, some in groupby(entries_shown(explanation), key=lambda account: account.rank):
        node: Tree | None = None
        for account in some:
            line = _line(account, explanation, positions)
            node = tree.add(line) if node is None else (node.add(line) and node)
    return tree


def _line(account: EntryAccount, explanation: Explanation, positions: dict[str, int]) -> Text:
    counts = account.because is None
    text = Text(style="" if counts else "dim")
    text.append(f"@{account.entry.position} ")
    text.append_text(_what(account, explanation))
    if effect := _effect_of(account, explanation.held, positions):
        text.append(f"\n{plain(effect)}", style="bold" if counts else "")
    return text


def number_of_statements(explanation: Explanation) -> int:
    """Return how many statements the entries are about."""
    return len({account.rank for account in explanation.accounts})


def _positions(explanation: Explanation) -> dict[str, int]:
    return {account.entry.id: account.entry.position for account in explanation.accounts}


def signs(explanation: Explanation) -> str:
    """Return the marks of all entries and of positions on options, for the legend."""
    on_options = "".join(marks(cell, explanation.on) for cell in explanation.options)
    return "".join(_marks(account.says) for account in explanation.accounts) + on_options


def _marks(says: object) -> str:
    if not isinstance(says, Statement):
        return ""
    return value_signs(says)


def _effect_of(account: EntryAccount, held: StanceInEffect | None, positions: dict[str, int]) -> str:
    """The roles of an entry in the answer, or why it has none; empty where there is nothing to say."""
    return ", ".join(_roles(account, held)) if account.because is None else _why(account, positions)


def _what(account: EntryAccount, explanation: Explanation) -> Text:
    """What an entry says, with the words that it quotes unless they stand with the evidence below."""
    pair, unit = (explanation.path, explanation.party), explanation.form.unit
    says, event = account.says, account.entry.event
    recorded = day_text(account.entry.recorded_at.date())
    revised = f" ({recorded}, {account.entry.recorded_by}: {plain(event.reason)})" if hasattr(event, "reason") else ""
    if says is None:
        return Text(f"retracted{plain(revised)}")
    text = Text("corrected to " if revised else "")
    if isinstance(says, StatementCorroborated):
        return text.append(plain(f"also in {says.source}{quoted(quoted_words(says.quote))}{revised}"))
    if account.because is Exclusion.MOVED or (account.because is Exclusion.CORRECTED and says.pair != pair):
        text.append(plain(f"{says.party} on {says.issue}, "))
    text.append(f"{stated_text(says.stated_on)}  ")
    text.append(plain(marked_value(says, unit)), style=style_of(says.value))
    besides = details_text(says, unit)
    is_below = any(evidence.event_id == account.entry.id for evidence in own_evidence(explanation))
    quote = f" {quote_text(says)}" if says.quote and not is_below else ""
    return text.append(plain(f"  {with_voice(says)}{quote}{f' ({besides})' if besides else ''}{revised}"))


def _roles(account: EntryAccount, held: StanceInEffect | None) -> Iterator[str]:
    """The roles of the entry in the answer."""
    if not isinstance(account.says, Statement):
        return
    if held is None:
        yield "counts"
        return
    own = account.entry.id
    if held.statement.event_id == own:
        yield "in effect"
    elif any(statement.event_id == own for statement in held.run):
        yield "same stance, unbroken since"
    else:
        yield "counts, before the stance in effect"
    if held.conditions_from and held.conditions and held.conditions_from.event_id == own:
        yield "states the conditions in force"
    if any(statement.event_id == own for statement in held.contested_by):
        yield "contests it"


def _why(account: EntryAccount, positions: dict[str, int]) -> str:
    """The reason why an entry does not count, or not yet at the moment asked for."""
    says = account.says
    match account.because:
        case Exclusion.CORRECTED | Exclusion.RETRACTED:
            return f"does not count: {account.because} by @{positions.get(account.because_of or '', 0)}"
        case Exclusion.RECORDED_LATER:
            return f"not yet recorded at that moment, only on {day_text(account.entry.recorded_at.date())}"
        case Exclusion.MOVED if isinstance(says, Statement):
            return f"does not count here: it is about {says.party} on {says.issue}"
        case Exclusion.ATTRIBUTION:
            return "left out: its attribution is not among those asked for"
        case Exclusion.NOT_PUBLIC if account.public_on:
            return f"not public before {day_text(account.public_on)}"
        case Exclusion.UNDATED:
            return "left out: no dated source puts it on public record"
        case Exclusion.SAID_LATER if isinstance(says, Statement):
            return f"not yet said on that day: {_later(says)}"
        case _:
            return f"does not count: {account.because}"


def _later(says: Statement) -> str:
    """The day of a statement, for an imprecise one with the day on which it takes effect."""
    said = stated_text(says.stated_on)
    return said if says.first_day == says.on else f"{said}, in effect from {day_text(says.on)}"
