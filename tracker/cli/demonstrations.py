"""The shipped corpora, and what `demo` shows of each."""

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from tracker.domain.terms.scope import Scope


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What `demo` loads and shows: a state and a report, with a text before, between and after them.

    `folder` is that of the events files within the corpus, `database` the file that holds them unless --db names one.
    `{entries}`, `{sources}`, `{tracker}`, `{init}` and `{db}` in the texts stand for what they say, `{example}` for
    the log position of the statement by which the pair `example` has its position in the state.
    """

    folder: str
    database: str
    introduction: str
    day: date
    state: Scope
    between: str
    days: tuple[date, date]
    report: Scope
    example: tuple[str, str]
    next: str

    def files(self) -> list[Path]:
        """Return the events files: inside the installed package, or beside it in a checkout."""
        inside = Path(str(files("tracker"))) / "_corpus"
        corpus = inside if inside.exists() else inside.parent.parent / "events"
        return sorted((corpus / self.folder).glob("*.jsonl"))


NUCLEAR = Demonstration(
    folder="",
    database="tracker-demo.db",
    introduction="""\
The tracker keeps what parties to a negotiation say, each time with day, words
and source: here {entries} entries from {sources} sources on nuclear arms control. Where
did they stand when Pompeo and Lavrov met in Washington on 10 December 2019?
""",
    day=date(2019, 12, 10),
    state=Scope(issues=frozenset({"arms-control/new-start", "arms-control/china-inclusion"})),
    between="""
And how did the United States come round to extending New START?
""",
    days=(date(2021, 1, 20), date(2021, 1, 22)),
    report=Scope(frozenset({"USA"}), frozenset({"arms-control/new-start/extension"})),
    example=("RUS", "arms-control/new-start/extension-terms"),
    next="""
What to try next:
  {tracker} state --on 2019-12-10
  {tracker} show @{example}
  {tracker} explain USA new-start/extension --on 2019-12-10
  {tracker} report --from 2019-12-10 --format html --output changes.html
The database is {db}; delete it when you are done. The tutorial is
docs/tutorial.md. A database of your own: {init}\
""",
)

CLIMATE = Demonstration(
    folder="climate",
    database="tracker-climate.db",
    introduction="""\
The tracker keeps what parties to a negotiation say, each time with day, words
and source: here {entries} entries from {sources} sources on climate finance and fossil
fuels. Where did they stand on the last night of Baku, 23 November 2024?
""",
    day=date(2024, 11, 23),
    state=Scope(frozenset({"EUN", "G77", "USA"}), frozenset({"climate/finance/goal", "climate/finance/contributors"})),
    between="""
And how far did the developing countries' group move on the goal that night?
""",
    days=(date(2024, 11, 22), date(2024, 11, 23)),
    report=Scope(frozenset({"G77"}), frozenset({"climate/finance/goal"})),
    example=("G77", "climate/finance/goal"),
    next="""
What to try next:
  {tracker} consensus finance/goal --on 2024-11-23 --at 300
  {tracker} show @{example}
  {tracker} state --on 2023-12-12 --issue fossil-fuels
  {tracker} report --from 2024-11-19 --to 2024-11-24 --format html --output changes.html
The database is {db}; delete it when you are done. The tutorial is
docs/tutorial.md. A database of your own: {init}\
""",
)

DEMONSTRATIONS = {"nuclear": NUCLEAR, "climate": CLIMATE}
"""The corpora by the names that `demo --corpus` takes; the first is the default."""
