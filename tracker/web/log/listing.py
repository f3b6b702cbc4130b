"""The part of the log that an address asks for: which entries, after or before which position."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from tracker.presenting.log_list import EntryFilter, wanted_entries
from tracker.presenting.parameters import Kind, Parameter
from tracker.reports.formats import formats_of, render
from tracker.reports.tables.entry_table import Positions, log_rows
from tracker.web.asking.address import query_text, read_values

if TYPE_CHECKING:
    from tracker.questions.entries import LogPage, ShowsLine
    from tracker.snapshot import Snapshot

MOST_ENTRIES = 20_000
"""How many entries one answer of data has; the rest is behind its link to the next."""
LONGEST_WAIT = 30
"""Seconds for which an answer waits for a new entry at most."""

AFTER = Parameter("after", "Only entries after this position.", Kind.NUMBER, metavar="N")
BEFORE = Parameter("before", "Only entries before this position.", Kind.NUMBER, metavar="N", least=1)
LIMIT = Parameter("limit", "At most so many.", Kind.NUMBER, metavar="N", default=MOST_ENTRIES, least=1)
WANTED = (
    Parameter("type", "Only of this type or family, such as position.stated or entry.", metavar="TYPE"),
    Parameter("by", "Only what NAME recorded.", metavar="NAME"),
)
WAIT = Parameter(
    "wait",
    "Without an entry, wait so many seconds for one.",
    Kind.NUMBER,
    metavar="SECONDS",
    default=0,
    most=LONGEST_WAIT,
)
FORMAT = Parameter("format", "The format of the answer: json, csv, md.", metavar="FORMAT", default="json")
OF_ENTRIES = (AFTER, LIMIT, *WANTED, WAIT, FORMAT)
OF_PAGES = (AFTER, BEFORE, *WANTED)


class Listing(NamedTuple):
    """Which part of the log is asked for. None for a position is from the beginning, or up to the last entry."""

    wanted: EntryFilter
    after: int | None = None
    before: int | None = None
    limit: int = MOST_ENTRIES
    wait: int = 0
    form: str = "json"

    @property
    def where(self) -> "ShowsLine | None":
        """The test for its entries; None for all."""
        return self.wanted.include if self.wanted else None

    def query(self, **more: object) -> str:
        """The query of an address for the same entries elsewhere in the log."""
        own = {"type": self.wanted.kind, "by": self.wanted.recorded_by, **more}
        return query_text((name, str(value)) for name, value in own.items() if value is not None)


def read_listing(parameters: Iterable[Parameter], given: Iterable[tuple[str, str]], snapshot: "Snapshot") -> Listing:
    """Read what an address asks of the log. Raises BadValue."""
    values = read_values(parameters, given, snapshot.today)
    wanted = wanted_entries(values.pop("type"), values.pop("by"))
    values["form"] = values.pop("format", "json")
    return Listing(wanted, **values)


def entries_body(found: "LogPage", asked: Listing, positions: Positions) -> bytes:
    """Entries in a format, as `tracker log` prints them."""
    rows = log_rows(found.lines, positions, after=found.after, which=asked.wanted.words)
    body = render("log", asked.form, rows).body
    assert not callable(body)
    return (body if isinstance(body, str) else "".join(body)).encode()


LOG_FORMATS = tuple(form for form in formats_of("log") if form != "table")
"""The formats in which an address may ask for entries; a terminal's table is none."""
