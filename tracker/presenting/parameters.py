"""What each question takes: its parameters, with the words that explain them.

The command line makes options of them (`--known-at @12`), the page and the API parameters of an address
(`?known_at=@12`). Both read a kind of value in the same way (`typed_values.py` and its like in `domain/terms/`).
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, NamedTuple

from tracker.domain.timeline.staleness import STALE_AFTER


class Kind(Enum):
    """What the value of a parameter is."""

    FLAG = auto()
    TEXT = auto()
    NAME = auto()
    """A party, an issue, a source, a speaker."""
    DAY = auto()
    MOMENT = auto()
    """Of recording: a day, an instant or a log position."""
    NUMBER = auto()
    FIGURE = auto()
    ATTRIBUTIONS = auto()
    """Words of a closed list, as the next two."""
    ACTS = auto()
    PRIORITIES = auto()


class Parameter(NamedTuple):
    """A parameter of a question: the name that people type, and the keyword by which it is passed on.

    One that is `repeated` may be given several times. `metavar` says in help what its value is, unless its kind does.
    """

    name: str
    explained: str
    kind: Kind = Kind.TEXT
    keyword: str = ""
    repeated: bool = False
    metavar: str | None = None
    default: Any = None
    least: int = 0
    most: int = 2**53

    @property
    def passed_as(self) -> str:
        """The keyword."""
        return self.keyword or self.name.replace("-", "_")


def _naming(name: str, keyword: str, explained: str, metavar: str = "TEXT") -> Parameter:
    return Parameter(name, f"{explained}; may be repeated.", Kind.TEXT, keyword, repeated=True, metavar=metavar)


def _day(explained: str) -> Parameter:
    return Parameter("on", explained, Kind.DAY)


LISTING = (
    _naming("speaker", "speakers", "List only what was said by this speaker, such as Lavrov", "NAME"),
    Parameter("act", "List only statements with such an act, such as offers,demands.", Kind.ACTS, "acts"),
    _naming("tag", "tags", "List only what has this tag", "TAG"),
    Parameter("priority", "List only what is of such a priority.", Kind.PRIORITIES, "priorities"),
    Parameter("red-line", "List only red lines.", Kind.FLAG),
    _naming("condition", "conditions", "List only what has a condition with these words"),
    _naming("reason", "reasons", "List only what has a reason with these words"),
    _naming("note", "notes", "List only what has a note with these words"),
)
"""What an answer lists (`Listing` in `tracker.domain.terms.scope`)."""

PARTY = Parameter("party", "Only this party; may be repeated.", Kind.NAME, "parties", repeated=True, metavar="PARTY")
ISSUE = Parameter(
    "issue", "Only this issue or group; may be repeated.", Kind.NAME, "issues", repeated=True, metavar="ISSUE"
)
CUTS = (
    Parameter("attribution", "Only statements so attributed, such as direct,reported.", Kind.ATTRIBUTIONS),
    Parameter("known-at", "Only what was recorded by then: a day, an instant with zone, or @N.", Kind.MOMENT),
    Parameter("published-by", "Only what was public by that day.", Kind.DAY),
)
"""The cut-offs of a question, and the attributions that it takes."""

THE_DAY = _day("The day (inclusive); today by default.")
STATE = (
    THE_DAY,
    Parameter("inherit", "Show its bloc's stance where a member has none of its own.", Kind.FLAG),
    Parameter("wide", "Show below each issue what every party said: how, to whom, where.", Kind.FLAG),
    Parameter("closed", "Give closed issues their rows too, instead of a line each.", Kind.FLAG),
    Parameter("questions", "Show below each issue the question that the stances answer.", Kind.FLAG),
    Parameter(
        "stale-after",
        "Mark a stance that was not affirmed for so many days.",
        Kind.NUMBER,
        metavar="DAYS",
        default=STALE_AFTER,
        most=99_999,
    ),
)
HISTORY = (
    _day("Up to this day (inclusive); today by default."),
    Parameter("inherit", "Also what a member took from its blocs while it had no stance.", Kind.FLAG),
)
SEARCH = (
    _day("Only what took effect up to this day (inclusive); everything by default."),
    Parameter("limit", "At most so many hits.", Kind.NUMBER, metavar="N", default=1_000, least=1, most=2**31),
)
EXPLANATION = (
    THE_DAY,
    Parameter("inherit", "Without a stance of its own, explain the bloc's that it shows.", Kind.FLAG),
    Parameter(
        "within-cutoffs", "Only entries that the cut-offs let through, not those that they leave out.", Kind.FLAG
    ),
)
ASKS = (
    THE_DAY,
    Parameter("all", "Also what was answered, with the answer.", Kind.FLAG, "with_answered"),
    Parameter("inherit", "What a bloc says answers for its members too.", Kind.FLAG),
)
CONDITIONS = (THE_DAY, Parameter("closed", "Show people the stances on closed issues too.", Kind.FLAG))
REPORT = (
    Parameter("from", "What took effect after this day (exclusive) ...", Kind.DAY, "after"),
    Parameter("to", "... and up to this one (inclusive); today by default.", Kind.DAY, "up_to"),
    Parameter("including", "Take what took effect on the day of --from too.", Kind.FLAG),
    Parameter(
        "known-from", "Also what was learned about earlier days since a report that knew the log so far.", Kind.MOMENT
    ),
    Parameter("since", "Everything new since an earlier report: its JSON, or its log position as @N.", metavar="FILE"),
    Parameter("inherit", "Members without a stance of their own move with their blocs.", Kind.FLAG),
)
CONSENSUS = (
    THE_DAY,
    Parameter("of", "Of these parties, or of the members of one bloc; of all by default.", Kind.NAME, metavar="PARTY"),
    Parameter("inherit", "Members without a position of their own take their bloc's.", Kind.FLAG),
    Parameter("at", "How this figure fares with each party, on the one quantity asked about.", Kind.FIGURE),
    Parameter("from", "Over time: from this day ...", Kind.DAY, "after"),
    Parameter("to", "... to this one (inclusive); today by default.", Kind.DAY, "up_to"),
    ISSUE,
)
AGREEMENT = (
    THE_DAY,
    Parameter("from", "Compare two days: this one ...", Kind.DAY, "after"),
    Parameter("to", "... with this one (inclusive); today by default.", Kind.DAY, "up_to"),
    Parameter("rows", "List every two parties, the highest index first.", Kind.FLAG, "as_rows"),
)
TIMELINE = (
    *HISTORY,
    Parameter("from", "Draw from this day on; by default from the first statement.", Kind.DAY, "after"),
)
AMOUNTS = tuple(one for one in CONSENSUS if one.name not in ("from", "to"))
HEAT_MAP = (
    *(one for one in AGREEMENT if one.name != "rows"),
    Parameter("network", "Draw a network of parties instead of a heat map.", Kind.FLAG),
)
MATRIX = tuple(one for one in STATE if one.name not in ("wide", "questions"))
SITE = (THE_DAY, PARTY, ISSUE, *CUTS)
TITLES = Parameter(
    "titles", "Show the names of parties and the titles of issues; by default in Markdown and HTML.", Kind.FLAG
)

QUESTIONS: Mapping[str, tuple[Parameter, ...]] = {
    "state": (*STATE, *LISTING, PARTY, ISSUE, *CUTS),
    "history": (*HISTORY, *LISTING, PARTY, ISSUE, *CUTS),
    "find": (*SEARCH, *LISTING, PARTY, ISSUE, *CUTS),
    "explain": (*EXPLANATION, *CUTS),
    "asks": (*ASKS, *LISTING, PARTY, ISSUE, *CUTS),
    "conditions": (*CONDITIONS, *LISTING, PARTY, ISSUE, *CUTS),
    "report": (*REPORT, *LISTING, PARTY, ISSUE, *CUTS),
    "consensus": (*CONSENSUS, *CUTS),
    "agreement": (*AGREEMENT, PARTY, ISSUE, *CUTS),
}
"""By the command that asks: its parameters, in the order of its help."""
CHARTS: Mapping[str, tuple[Parameter, ...]] = {
    "chart timeline": (*TIMELINE, *LISTING, PARTY, ISSUE, *CUTS),
    "chart matrix": (*MATRIX, *LISTING, PARTY, ISSUE, *CUTS),
    "chart amounts": (*AMOUNTS, *CUTS),
    "chart agreement": (*HEAT_MAP, PARTY, ISSUE, *CUTS),
}
"""Those of the commands that draw an answer."""
