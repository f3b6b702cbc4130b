"""The rows of a batch of statements, as an analyst writes them, and the events that they mean."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.domain.events import PositionStated
from tracker.domain.parsing import event_from
from tracker.domain.registers import Registers, resolve_issue, resolve_party
from tracker.errors import BadEvent, Finding, TrackerError

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
"""What a batch (and `tracker record`) calls each field of a statement."""

LISTS = ("party", "conditions", "to", "on_behalf_of")
"""Fields that take a list; parties may also be separated by commas."""

NAMES = {of_event: name for name, of_event in FIELDS.items()}
"""The same the other way round."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One statement of a batch, as written: its fields, and the line on which each stands."""

    file: str
    line: int
    fields: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def findings(self, refusal: TrackerError) -> Iterator[Finding]:
        """A refusal as findings, each on the line of the field at fault."""
        problems = refusal.problems if isinstance(refusal, BadEvent) else [(_name_of(refusal.field), str(refusal))]
        for name, message in problems:
            yield Finding(self.file, self.lines.get(name or "", self.line), name, message)


def statements(fields: Mapping[str, Any], names: Registers) -> list[PositionStated]:
    """The statements of one row, one for each of its parties, with names resolved to codes and paths.

    Raises BadEvent with every problem, under the batch's names of the fields.
    """
    problems: list[tuple[str | None, str]] = []
    data = {FIELDS[key]: _listed(key, value) for key, value in fields.items() if value is not None}
    parties = data.pop("party", None) or [""]
    for key in ("addressed_to", "on_behalf_of"):
        data[key] = _codes(data.get(key), NAMES[key], names, problems)
    if data.get("ascribed_by"):
        data["ascribed_by"] = next(iter(_codes([data["ascribed_by"]], "ascribed_by", names, problems) or [""]))
    if isinstance(data.get("issue"), str):
        try:
            data["issue"] = resolve_issue(data["issue"], names.issues)
        except TrackerError as error:
            problems.append(("issue", str(error)))
    codes = _codes(parties, "party", names, problems) or []
    found = []
    for code in codes or ["-"]:
        try:
            found.append(event_from(PositionStated, {**data, "party": code}))
        except BadEvent as error:
            problems += [(_name_of(field), message) for field, message in error.problems]
    if problems:
        raise BadEvent(list(dict.fromkeys(problems)))
    return found


def _listed(key: str, value: Any) -> Any:
    if key not in LISTS or isinstance(value, list):
        return value
    if key == "conditions":
        return [value]
    return [part.strip() for part in str(value).split(",")]


def _codes(
    parties: Iterable[Any] | None, field_name: str, names: Registers, problems: list[tuple[str | None, str]]
) -> list[str] | None:
    if parties is None:
        return None
    found = []
    for party in parties:
        try:
            found.append(resolve_party(str(party), names.parties))
        except TrackerError as error:
            problems.append((field_name, "is missing." if not party else str(error)))
    return found


def _name_of(event_field: str | None) -> str | None:
    first, _, rest = (event_field or "").partition(".")
    return f"{NAMES.get(first, first)}.{rest}" if rest else NAMES.get(first, first) or None
