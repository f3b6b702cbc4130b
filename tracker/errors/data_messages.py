"""Refused data: values, events and lines from outside that cannot be what they should be."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

from tracker.errors.base import TrackerError
from tracker.errors.shared_parts import did_you_mean, named


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem in data from outside: where it is, and what is wrong with it."""

    file: str
    line: int | None
    field: str | None
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {_in_words(self.field)}: {self.message}" if self.field else f"{place}: {self.message}"


class BadData(TrackerError):
    """Data from outside with findings; nothing of it was kept. Of very many, `number` in all, the first are kept."""

    SHOWN = 1_000

    findings: Sequence[Finding]
    number: int | None = None
    repeated: int = 0
    """How many findings say that a row was recorded before."""

    @property
    def lines(self) -> Sequence[str]:
        number = len(self.findings) if self.number is None else self.number
        lines = [str(finding) for finding in self.findings[: self.SHOWN]]
        if number > len(lines):
            lines.append(f"... and {number - len(lines):,} more.")
        problems = "1 problem" if number == 1 else f"{number:,} problems"
        advice = [] if self.repeated == number else ["Correct the lines above and run the command again."]
        if self.repeated:
            advice.append("With --skip-recorded, rows that were recorded before are passed over.")
        return *lines, f"{problems} found; nothing was recorded. {' '.join(advice)}"

    def __str__(self) -> str:
        return "\n".join(self.lines)


class RefusedEntries(TrackerError):
    """Some of several entries were refused, so that none was recorded; each refusal comes with its entry's index."""

    refusals: Sequence[tuple[int, TrackerError]]

    @property
    def lines(self) -> Sequence[str]:
        messages = list(dict.fromkeys(str(refusal) for _, refusal in self.refusals))
        alone = len(messages) == 1 or len({index for index, _ in self.refusals}) == 1
        return messages if alone else [f"entry {index + 1}: {refusal}" for index, refusal in self.refusals]

    def __str__(self) -> str:
        return "\n".join(self.lines)


class BadValue(TrackerError, ValueError):
    """A value that cannot be what its field asks for (a ValueError, so that a model can collect it)."""

    message: str
    _: KW_ONLY
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class Contradiction(BadValue):
    """Parts of a question that do not go together, by the names that people type for them."""


class BadEvent(TrackerError):
    """An event with problems in one or more fields: the first of them, and the number of `more`."""

    SHOWN = 100

    first: Sequence[tuple[str | None, str]]
    _: KW_ONLY
    more: int = 0

    @property
    def problems(self) -> Sequence[tuple[str | None, str]]:
        rest = [(None, f"... and {self.more:,} more like these.")] if self.more > 0 else []
        return (*self.first, *rest)

    @property
    def lines(self) -> Sequence[str]:
        return [f"{_in_words(field)}: {text}" if field else text for field, text in self.problems]

    def __str__(self) -> str:
        return " ".join(self.lines)


def _in_words(field: str) -> str:
    """A field with the place in a list as people count: `conditions.0` is item 1 of conditions."""
    name, _, place = field.rpartition(".")
    return f"{name}, item {int(place) + 1}" if place.isdecimal() else field


class UnknownEventType(TrackerError):
    """A type name, or a version of one, that this release does not read."""

    field = "type"

    type_name: str
    nearest: Sequence[str]
    _: KW_ONLY
    newer: bool = False

    def __str__(self) -> str:
        what = "is a version that this release does not read. Upgrade the tracker." if self.newer else "is unknown."
        return f"Event type {named(self.type_name)} {what}{did_you_mean(self.nearest)}"


class BlankText(TrackerError):
    """A text in which nothing can be seen."""

    field: str

    @property
    def problems(self) -> Sequence[tuple[str | None, str]]:
        return ((self.field, self._why),)

    def __str__(self) -> str:
        return f"{self.field}: {self._why}"

    _why = "holds nothing that can be seen. Write a text, or leave it out."


class EntryTooLong(TrackerError):
    """An entry longer than the log takes."""

    size: int
    longest: int

    sentence = "The entry is {size:,} bytes long; at most {longest:,} are allowed. Shorten its texts or its lists."
