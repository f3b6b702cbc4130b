"""How a reader wants an answer: its format, and whether names and titles show."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from tracker.errors import Contradiction
from tracker.reports.formats import FORMATS

if TYPE_CHECKING:
    from tracker.domain.log.chain import LogHead
    from tracker.domain.registers.registers import Registers
    from tracker.snapshot import Snapshot


class WithCut(Protocol):
    """What every answer says of its cut: the log's last entry there, and the day of its public record."""

    @property
    def log(self) -> "LogHead": ...
    @property
    def published_by(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Presentation:
    """The format of an answer, by its name in `reports.formats`."""

    form: str
    titles: bool = False
    """Whether names and titles show beside codes and paths."""

    @property
    def cites(self) -> bool:
        """Whether the answer must come with the registers: for titles, or for the sources of a document."""
        return self.titles or FORMATS[self.form].is_document

    @property
    def is_data(self) -> bool:
        """Whether the format is data, which is written whole as it is read, while people are shown a part."""
        return FORMATS[self.form].is_data


def registers_of(snapshot: "Snapshot", answer: WithCut, worded_on: date | None) -> "Registers":
    """The registers as an answer may show them: as known and public at its cut-offs, worded on a day or today."""
    return snapshot.registers(worded_on, known_at=answer.log.position, published_by=answer.published_by)


def cited(snapshot: "Snapshot", answer: WithCut, worded_on: date | None, wanted: Presentation) -> "Registers | None":
    """The registers, as an answer may show them, if its format shows names or cites sources."""
    return registers_of(snapshot, answer, worded_on) if wanted.cites else None


def refuse_swapped_days(after: date | None, up_to: date | None) -> None:
    """Refuse a last day that lies before the first. Raises Contradiction."""
    if after is not None and up_to is not None and up_to < after:
        raise Contradiction(f"--to {up_to} lies before --from {after}. Swap them.")
