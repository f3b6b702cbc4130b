"""What counts, when it was public, the order of a pair and what is in effect: DESIGN sections 4 to 6 over plain lines.

A day is its ISO 8601 text. Nothing is kept from one question to the next.
"""

import calendar
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from tests.oracle.values import Value, columns, differ, ends_of, value_of

STATEMENT = ("position.stated", "position.withdrawn")

EVIDENCE = ("source", "quote", "locator")

Pair = tuple[str, str]
Row = dict[str, Any]
"""A row of an answer, as it is printed as data."""


@dataclass(frozen=True)
class Entry:
    """One line of an export, at its place in the log. `kind` is the type without its version."""

    position: int
    id: str
    kind: str
    data: dict[str, Any]
    recorded_at: str
    recorded_by: str
    line: dict[str, Any]

    @property
    def target(self) -> str | None:
        """What a correction or a retraction is about."""
        return str(self.data["target"]) if self.kind in ("entry.corrected", "entry.retracted") else None


Log = list[Entry]


def read(export: bytes) -> Log:
    lines = [json.loads(line) for line in export.splitlines()]
    return [
        Entry(
            position,
            line["id"],
            line["type"].rpartition(".")[0],
            line["data"],
            line["time"],
            line["recordedby"],
            line,
        )
        for position, line in enumerate(lines, 1)
    ]


@dataclass(frozen=True)
class Question:
    """The cut-offs and filters of a question; an empty filter lets everything through."""

    known_at: str | None = None
    published_by: str | None = None
    parties: frozenset[str] = frozenset()
    issues: frozenset[str] = frozenset()
    attributions: frozenset[str] = frozenset()

    def of_everybody(self) -> "Question":
        return replace(self, parties=frozenset())

    def of_everything(self) -> "Question":
        return replace(self, parties=frozenset(), issues=frozenset())

    def party(self, party: str) -> bool:
        return not self.parties or party in self.parties

    def issue(self, issue: str) -> bool:
        return not self.issues or any(f"{issue}/".startswith(f"{prefix}/") for prefix in self.issues)

    def includes(self, data: dict[str, Any]) -> bool:
        """Whether a statement or withdrawal passes the filters."""
        attributed = not self.attributions or attribution(data) in self.attributions
        return self.party(data["party"]) and self.issue(data["issue"]) and attributed

    def concerns(self, parties: list[str], issues: list[str]) -> bool:
        """Whether what names these parties and issues bears on the filters; what names none concerns all."""
        return (not parties or any(map(self.party, parties))) and (not issues or any(map(self.issue, issues)))


# --- which entries count --------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """What an entry says, with the rank of its chain's first entry."""

    entry: Entry
    kind: str
    data: dict[str, Any] = field(hash=False)
    rank: int

    @property
    def id(self) -> str:
        return self.entry.id


def up_to(log: Log, known_at: str | None) -> Log:
    """The entries recorded at or before a cut-off: @N, or a day, which means its last instant (UTC)."""
    if known_at is None:
        return log
    if known_at.startswith("@"):
        return [entry for entry in log if entry.position <= int(known_at[1:])]
    return [entry for entry in log if entry.recorded_at[:10] <= known_at]


def versions(log: Log) -> dict[str, Version]:
    """What each entry says, by id. A retraction says nothing."""
    found: dict[str, Version] = {}
    for entry in log:
        if entry.kind == "entry.corrected":
            first = found[entry.data["target"]]
            found[entry.id] = Version(entry, first.kind, entry.data["replacement"], first.rank)
        elif entry.kind != "entry.retracted":
            found[entry.id] = Version(entry, entry.kind, entry.data, entry.position)
    return found


def counting(log: Log) -> list[Version]:
    """What no entry of this log targets with a correction or a retraction."""
    targeted = {entry.target for entry in log}
    return [version for version in versions(log).values() if version.id not in targeted]


# --- when the public could know -------------------------------------------------------------------


def source_day(log: Log, source: str | None) -> str | None:
    """The day on which a source was published, by the first of its counting registrations."""
    registered = [v for v in counting(log) if v.kind == "source.registered" and v.data["source"] == source]
    return min(registered, key=lambda v: v.rank).data.get("published_on") if registered else None


def public_on(log: Log, statement: Version) -> str | None:
    """The earliest day of a statement's evidence: its own source and what corroborates any version of it.

    No source makes it public before the first day on which it can have been said.
    """
    ranks = {event_id: version.rank for event_id, version in versions(log).items()}
    sources = [statement.data.get("source")] + [
        v.data["source"]
        for v in counting(log)
        if v.kind == "statement.corroborated" and ranks[v.data["target"]] == statement.rank
    ]
    days = [source_day(log, source) for source in sources if source is not None]
    dated = [day for day in days if day is not None]
    return max(min(dated), first_day(stated(statement.data))) if dated else None


def is_public(log: Log, statement: Version, published_by: str | None) -> bool:
    if published_by is None:
        return True
    day = public_on(log, statement)
    return day is not None and day <= published_by


def is_public_source(log: Log, source: str | None, by: str | None) -> bool:
    """Whether a source may be named: it was public by the day; without a cut-off any may."""
    return by is None or (source_day(log, source) or "9999-12-31") <= by


def in_public(log: Log, statement: Version, by: str | None) -> Version:
    """A statement with the evidence that was public: its own, else that of the first public source with it, else none.

    Who said it, and on what basis we say so, is no matter of the source.
    """
    if is_public_source(log, statement.data.get("source"), by):
        return statement
    ranks = {event_id: version.rank for event_id, version in versions(log).items()}
    others = [
        v
        for v in counting(log)
        if v.kind == "statement.corroborated"
        and ranks[v.data["target"]] == statement.rank
        and is_public_source(log, v.data["source"], by)
    ]
    first = min(others, key=lambda v: (source_day(log, v.data["source"]) or "", v.rank), default=None)
    rest = {name: value for name, value in statement.data.items() if name not in EVIDENCE}
    carried = {name: first.data[name] for name in EVIDENCE if name in first.data} if first else {}
    return replace(statement, data=rest | {"attribution": attribution(statement.data)} | carried)


# --- a statement and its days ---------------------------------------------------------------------


def first_day(text: str) -> str:
    """The first day that a date of a day, a month, a year or an interval of days can mean."""
    return (text.partition("/")[0].rstrip("~?") + "-01-01")[:10]


def effective_day(text: str) -> str:
    """The last day that a date of a day, a month, a year or an interval can mean: on it the statement takes effect."""
    parts = [int(part) for part in text.rpartition("/")[2].rstrip("~?").split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return f"{year:04}-{month:02}-{day:02}"


def days_before(day: str, number: int) -> str:
    return (date.fromisoformat(day) - timedelta(number)).isoformat()


def stated(data: dict[str, Any]) -> str:
    """When it was said, as recorded."""
    return str(data["stated_on"] if "stated_on" in data else data["on"])


def effective(version: Version) -> str:
    return effective_day(stated(version.data))


def value(version: Version | None) -> Value:
    """The position; None for a withdrawal, and for nothing."""
    return value_of(version.data) if version is not None else None


def position_columns(prefix: str, version: Version | None) -> Row:
    """The columns of an answer that hold the position of a statement; without one they are null and false."""
    return columns(prefix, None if version is None else version.data)


def attribution(data: dict[str, Any]) -> str:
    return str(data.get("attribution") or ("direct" if "quote" in data else "reported"))


def words(data: dict[str, Any]) -> str | None:
    """The words of a quotation, which may come with what stands around them."""
    quote = data.get("quote")
    return quote["exact"] if isinstance(quote, dict) else quote


def standing(version: Version) -> str | None:
    return version.data.get("standing", "official") if version.kind == "position.stated" else None


def order(version: Version) -> tuple[str, int, int]:
    return effective(version), version.data.get("sequence", 0), version.rank


# --- the timeline of a pair -----------------------------------------------------------------------

Timeline = list[Version]


def statements(log: Log, question: Question) -> Iterator[Version]:
    """The counting statements and withdrawals that pass the filters."""
    return (v for v in counting(log) if v.kind in STATEMENT and question.includes(v.data))


def timelines(whole: Log, question: Question, on: str) -> dict[Pair, Timeline]:
    """What took effect up to a day, in order, by issue and party; only what was public by then if that is asked."""
    log = up_to(whole, question.known_at)
    found: dict[Pair, Timeline] = {}
    for version in statements(log, question):
        if effective(version) <= on and is_public(log, version, question.published_by):
            shown = in_public(log, version, question.published_by)
            found.setdefault((version.data["issue"], version.data["party"]), []).append(shown)
    return {pair: sorted(found[pair], key=order) for pair in sorted(found)}


def left_out_undated(whole: Log, question: Question, on: str) -> int:
    """How many statements a cut-off on the published clock leaves out since none of their evidence is dated."""
    log = up_to(whole, question.known_at)
    if question.published_by is None:
        return 0
    return sum(effective(v) <= on and public_on(log, v) is None for v in statements(log, question))


def run(timeline: Timeline) -> Timeline:
    """The unbroken row of equal positions that ends a timeline."""
    found: Timeline = []
    for version in reversed(timeline):
        if value(version) != value(timeline[-1]):
            break
        found.insert(0, version)
    return found


def last_named(timeline: Timeline, field: str) -> Any:
    """What the last statement that names a field says in it; None if none does."""
    return next((version.data[field] for version in reversed(timeline) if field in version.data), None)


def conditions_in_force(timeline: Timeline) -> list[str]:
    """Those of the last statement in the run that mentions any, else none."""
    return last_named(run(timeline), "conditions") or []


def terms_in_force(timeline: Timeline) -> Any:
    """What is in force in the run beside the position: naming another of these amends it."""
    if not timeline:
        return set(), None, False
    could_accept = last_named(run(timeline), "could_accept")
    return (
        set(conditions_in_force(timeline)),
        ends_of(could_accept) if could_accept else None,
        bool(last_named(run(timeline), "red_line")),
    )


def contested(timeline: Timeline) -> bool:
    """Whether somebody else took a differing position no more than three days before what is in effect."""
    last = timeline[-1]
    since, speaker = days_before(first_day(stated(last.data)), 3), seen(last.data.get("speaker", ""))
    return any(
        value(other) is not None
        and differ(value(other), value(last))
        and (not speaker or seen(other.data.get("speaker", "")) != speaker)
        and effective(other) >= since
        for other in timeline[:-1]
    )


def seen(name: str) -> str:
    """What people see of a name, whatever its case: no soft hyphens or marks of direction, every space alike."""
    visible = "".join(character for character in name if unicodedata.category(character) != "Cf")
    composed = unicodedata.normalize("NFC", visible).replace("\u0130", "i").replace("\u0131", "i")
    return " ".join(unicodedata.normalize("NFC", composed.casefold()).split())
