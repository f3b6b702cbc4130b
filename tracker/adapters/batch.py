"""The rows of a batch of statements, as an analyst writes them, and their events."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.domain.log.events import PositionStated
from tracker.domain.log.parsing import event_from
from tracker.domain.terms.dates import read_stated
from tracker.domain.terms.safe_text import shown
from tracker.domain.timeline.names import resolve_issue, resolve_party, split_parties
from tracker.domain.timeline.registers import Registers
from tracker.errors import BadEvent, BadValue, Finding, TrackerError, UnknownSource

FIELDS = {
    "party": "party",
    "issue": "issue",
    "stance": "stance",
    "on": "stated_on",
    "summary": "summary",
    "quote": "quote",
    "source": "source",
    "locator": "locator",
    "speaker": "speaker",
    "role": "speaker_role",
    "act": "act",
    "standing": "standing",
    "conditions": "conditions",
    "to": "addressed_to",
    "on_behalf_of": "on_behalf_of",
    "attribution": "attribution",
    "ascribed_by": "ascribed_by",
    "sequence": "sequence",
}
"""The field of an event for each field of a batch (and of `tracker record`)."""

NAMES = {of_event: name for name, of_event in FIELDS.items()}
"""The field of a batch for each field of an event."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One statement of a batch, as written: its fields, and the line on which each stands."""

    file: str
    line: int
    fields: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def findings(self, refusal: TrackerError) -> Iterator[Finding]:
        """A refusal as findings, each on the line of the field at fault."""
        for field_name, message in refusal.problems:
            name = _name_of(field_name)
            yield Finding(self.file, self.lines.get(name or "", self.line), name, message)


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of a batch, and the problems of its form."""

    rows: tuple[BatchRow, ...]
    findings: tuple[Finding, ...]


def statements(
    fields: Mapping[str, Any], names: Registers, known_sources: Callable[[], Container[str]] | None = None
) -> list[PositionStated]:
    """The statements of one row, one for each of its parties, with names resolved to codes and paths.

    Raises BadEvent with every problem, under the batch's names of the fields. An unknown source, which the log refuses
    by itself, is among them if there are others and the `known_sources` can be asked for.
    """
    problems: Problems = []
    data = {FIELDS[key]: value for key, value in fields.items() if value is not None and key in FIELDS}
    data |= {key: data[key].lower() for key in _WORDS if isinstance(data.get(key), str)}
    if isinstance(data.get("conditions"), str):
        data["conditions"] = [data["conditions"]]
    parties = _codes(data.pop("party", None) or "", "party", names, problems)
    for key in ("addressed_to", "on_behalf_of"):
        if key in data:
            data[key] = _codes(data[key], NAMES[key], names, problems)
    if "ascribed_by" in data:
        ascribing = _codes(data["ascribed_by"], "ascribed_by", names, problems)
        data["ascribed_by"] = next(iter(ascribing), None)
        if len(ascribing) > 1:
            problems.append(("ascribed_by", "names several parties; it takes one."))
    _read(data, "issue", lambda text: resolve_issue(text, names.issues), problems, otherwise="-")
    _read(data, "stated_on", lambda text: read_stated(text, today=None), problems, otherwise="2000")
    found = []
    for code in parties or ["-"]:
        try:
            found.append(event_from(PositionStated, {**data, "party": code}))
        except BadEvent as error:
            problems += [(_name_of(field), message) for field, message in error.problems]
    if problems:
        source = data.get("source")
        if known_sources is not None and isinstance(source, str) and source not in known_sources():
            problems.append(("source", str(UnknownSource(source))))
        raise BadEvent(list(dict.fromkeys(problems)))
    return found


Problems = list[tuple[str | None, str]]
"""What is wrong, each with the field of a batch."""


def _read(data: dict[str, Any], field: str, read: Callable[[str], str], problems: Problems, *, otherwise: str) -> None:
    """Read a field that holds text; `otherwise` stands in for what cannot be read, so that it is named once."""
    if not isinstance(data.get(field), str):
        return
    try:
        data[field] = read(data[field])
    except TrackerError as error:
        problems.append((NAMES[field], str(error)))
        data[field] = otherwise


_WORDS = ("stance", "act", "standing", "attribution")


def _codes(written: Any, field_name: str, names: Registers, problems: Problems) -> list[str]:
    """The codes of parties, written as a list or separated by commas."""
    found: list[str] = []
    wrong = 0
    for name in _names(written if isinstance(written, list) else [written], names):
        try:
            if not isinstance(name, str):
                raise BadValue(f"{shown(name)} is not the name of a party.")
            found.append(resolve_party(name, names.parties))
        except TrackerError as error:
            problems.append((field_name, str(error) if name != "" else "is missing."))
            wrong += 1
            if wrong == _WRONG_NAMES:
                break
    return found


_WRONG_NAMES = 20
"""After so many unknown names in one field the rest is not looked up: it is not a list of parties."""


def _names(written: Iterable[Any], names: Registers) -> Iterator[Any]:
    """The names in a list of them; one text of it may name several parties."""
    for item in written:
        yield from split_parties(item, names.parties) if isinstance(item, str) else (item,)


def _name_of(event_field: str | None) -> str | None:
    first, _, rest = (event_field or "").partition(".")
    return f"{NAMES.get(first, first)}.{rest}" if rest else NAMES.get(first, first) or None
