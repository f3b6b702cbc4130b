"""The change report in sections for readers: outcomes first, then who moved and how.

This is the one list of the sections. Formats differ in how they show it.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import Any, NamedTuple

from tracker.domain.report.change_report import Report
from tracker.domain.terms.numbers import counted
from tracker.reports.answers import NARROW, most_rows
from tracker.reports.basis import nothing_found
from tracker.reports.positions.values import kind_word
from tracker.reports.report.learned import LearnedOccurrence, PairLearned, learned_occurrences, learned_pairs
from tracker.reports.report.occurrences import OccurrenceGroup, occurrence_groups
from tracker.reports.report.outcomes import outcome_briefs
from tracker.reports.report.pairs import ChoiceBrief, PairBrief, fold_options, pair_briefs
from tracker.reports.report.relations import RelationBrief, relation_briefs
from tracker.reports.report.revisions import RevisionChain, revision_chains
from tracker.reports.wording import day_text


class Section(NamedTuple):
    """A section that is not empty: its anchor, its heading, its items, and a word for one of them and for several.

    Of many items `rows` has the first ones; there are `more`.
    """

    anchor: str
    heading: str
    rows: Sequence[Any]
    one: str
    several: str
    more: int = 0

    @property
    def number(self) -> int:
        """The number of all items; of what is gathered in one, all entries count."""
        return sum(map(_entries, self.rows)) + self.more

    @property
    def cut(self) -> str:
        """A sentence on the items that are not shown; empty if all are."""
        return f"Only the first {self.number - self.more:,} of {self.number:,} are shown. {NARROW}" if self.more else ""


def sections(report: Report) -> list[Section]:
    """The sections of a report that are not empty, in reading order; each pair with changes is in one."""
    pairs: dict[str, list[PairBrief]] = {"moved": [], "amended": [], "new": [], "reaffirmed": []}
    for pair in pair_briefs(report):
        pairs[pair.anchor].append(pair)
    since = f"Learned since log position {report.known_from} about the days up to {day_text(report.from_day)}"
    found = (
        Section(
            "outcomes",
            "Outcomes",
            outcome_briefs(report.context, report.outcomes),
            "outcome",
            "outcomes",
        ),
        Section("options", "Options of choices", report.options, "option shifted", "options shifted"),
        Section("moved", "Moved", fold_options(pairs["moved"]), "position moved", "positions moved"),
        Section("amended", "Amended conditions", fold_options(pairs["amended"]), "amended", "amended"),
        Section("new", "New on record", fold_options(pairs["new"]), "new", "new"),
        Section("reaffirmed", "Reaffirmed only", pairs["reaffirmed"], "reaffirmed", "reaffirmed"),
        Section(
            "relations",
            "Relations that changed",
            relation_briefs(report.relations),
            "change of relations",
            "changes of relations",
        ),
        Section(
            "learned",
            since,
            [*learned_pairs(report.learned or ()), *learned_occurrences(report.learned_context or ())],
            "learned late",
            "learned late",
        ),
        Section(
            "corrections",
            "Our corrections (no party moved)",
            [*revision_chains(report.corrections), *revision_chains(report.context_corrections)],
            "correction of ours",
            "corrections of ours",
        ),
        Section(
            "context",
            "Context",
            occurrence_groups(row for row in report.context if row.kind != "closed"),
            "event of context",
            "events of context",
        ),
    )
    return [_first_items(section) for section in found if section.rows]


def _first_items(section: Section) -> Section:
    """Leave out the items of a section beyond the number of lines that people are shown, but not the first one."""
    lines = accumulate(map(_lines, section.rows))
    shown = max(1, sum(1 for _ in takewhile(lambda number: number <= most_rows(_COLUMNS), lines)))
    return section._replace(rows=section.rows[:shown], more=sum(map(_entries, section.rows[shown:])))


_COLUMNS = 3
"""A line of a report has a day, a word and a text."""


def _entries(item: Any) -> int:
    if isinstance(item, ChoiceBrief):
        return len(item.pairs)
    return len(item.rows) if isinstance(item, RevisionChain | OccurrenceGroup | LearnedOccurrence) else 1


def _lines(item: Any) -> int:
    match item:
        case PairBrief():
            return 1 + len(item.rows)
        case ChoiceBrief():
            return 1 + sum(map(_lines, item.pairs))
        case PairLearned():
            return 1 + len(item.chains)
        case RelationBrief():
            return len(item.now)
        case _:
            return 1


def earlier_days_text(report: Report) -> str:
    """A sentence on corrections that were recorded on the days reported and concern earlier ones; empty without any."""
    if not report.earlier_days:
        return ""
    corrections = counted(len(report.earlier_days), "correction")
    was, concern = ("was", "concerns") if len(report.earlier_days) == 1 else ("were", "concern")
    return (
        f"{corrections} of ours {was} recorded after {day_text(report.from_day)} and {concern} earlier days; "
        f"--known-from {report.from_day} shows what was learned of these."
    )


def counts_text(found: Sequence[Section], report: Report) -> str:
    """The first line of a report: how much is in each section, positions counted by party and issue."""
    counts = (counted(section.number, section.one, section.several) + _kinds(section) for section in found)
    nothing = nothing_found("Nothing changed.", "Nothing that changed", report.scope, report.listing)
    return ", ".join(counts) or nothing


def _kinds(section: Section) -> str:
    """How many positions moved in which way from the first day to the last; empty without any on quantities."""
    if section.anchor != "moved":
        return ""
    pairs = [pair for item in section.rows for pair in item.pairs]
    if not any(pair.last.unit for pair in pairs):
        return ""
    moves = Counter(_move_word(pair) for pair in pairs)
    told = [f"{number:,} {word}" for word, number in moves.items()]
    told += [f"{section.more:,} not shown"] * bool(section.more)
    return f" ({', '.join(told)})"


def _move_word(pair: PairBrief) -> str:
    kind = pair.net_kind
    return "back where it was" if kind is None else kind_word(kind, pair.last.unit)
