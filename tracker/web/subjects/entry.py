"""The page of one entry: what it says, its evidence, and what became of it."""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.log.entries import Entry, about
from tracker.domain.log.event_parts import EventModel, TextQuote, quoted_words
from tracker.domain.log.events import EntryCorrected, EntryRetracted, Event, PositionEvent
from tracker.domain.log.kind_registry import REFERENCES, Register, kind_of
from tracker.domain.report.corrections import difference
from tracker.domain.terms.dates import instant_text
from tracker.domain.timeline.counting import Version, event_in_effect
from tracker.domain.timeline.statement import EVIDENCE_FIELDS, Statement
from tracker.presenting import registers
from tracker.reports.answers import Document, Fields
from tracker.reports.basis import basis_of
from tracker.reports.names import Names
from tracker.reports.report.items import field_label
from tracker.reports.tables.entry_table import recorded_text
from tracker.reports.wording import stated_text, value_signs
from tracker.web.asking.answering import Inquiry

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


class Field(NamedTuple):
    """A field of an entry for people: its label, and its texts; `register` has the ids that they are, if any."""

    label: str
    texts: tuple[str, ...]
    register: Register | None = None


class EntryEvidence(NamedTuple):
    """Where the words of an entry stand and who said them; `around` is what stands before and behind a quote."""

    source: str | None
    locator: str | None
    quote: str | None
    around: tuple[str | None, str | None]
    language: str | None
    translation: str | None
    speaker: str
    attributed: str | None
    by_default: bool
    ascribed_by: str | None

    @classmethod
    def of(cls, event: Any) -> "EntryEvidence | None":
        """The evidence that an event carries; None if its kind carries none."""
        if not hasattr(event, "quote"):
            return None
        find, quote = partial(_get, event), event.quote
        around = (quote.prefix, quote.suffix) if isinstance(quote, TextQuote) else (None, None)
        return cls(
            event.source,
            event.locator,
            quoted_words(quote),
            around,
            find("language"),
            find("translation"),
            ", ".join(filter(None, (find("speaker"), find("speaker_role")))),
            find("attributed") or find("attribution"),
            event.attribution is None,
            find("ascribed_by"),
        )


_IN_EVIDENCE = {*EVIDENCE_FIELDS, "speaker", "speaker_role", "attribution", "ascribed_by"}


def _get(event: Any, field: str) -> Any:
    return getattr(event, field, None)


class EntryRevision(NamedTuple):
    """A correction or retraction in the chain of an entry: why, and what was and is; nothing is after a retraction."""

    entry: Entry
    word: str
    reason: str
    changes: tuple[tuple[str, str, str], ...] = ()


def entry_page(snapshot: "Snapshot", asked: Inquiry) -> Fields:
    """The page of the entry that an address names. Raises TrackerError."""
    values, query = asked.address.values, asked.query
    cutoffs = registers.cutoffs_of(snapshot, query)
    on = values["on"] or asked.today
    found = registers.entry(snapshot, values["name"], on, cutoffs).found
    names = snapshot.registers(on, known_at=cutoffs.known_at, published_by=cutoffs.published_by)
    entry, says = found.entry, found.says
    shown = says or entry.event
    statement, evidence = _statement(found), EntryEvidence.of(says)
    last = asked.head.position
    contents = {
        "detail": found,
        "entry": entry,
        "word": shown.event_kind.noun,
        "heading": _heading(found, statement, Names(names)),
        "statement": statement,
        "evidence": evidence,
        "others": [
            (one.entry.position, EntryEvidence.of(one.event), _get(one.event, "note")) for one in found.corroborations
        ],
        "fields": tuple(_fields(shown, found, leave_out=_IN_EVIDENCE if evidence and not statement else ())),
        "revisions": tuple(_revisions(found, snapshot)),
        "target": found.positions.get(_get(entry.event, "target") or ""),
        "role": (says or entry.event).event_kind.role.name,
        "corroborates": found.positions.get(_get(says, "target") or ""),
        "reason": _get(entry.event, "reason"),
        "ended": kind_of(found.ended_by[1]).revision if found.ended_by else None,
        "ended_at": found.positions[found.ended_by[0]] if found.ended_by else None,
        "preceding": entry.position - 1 or None,
        "following": entry.position + 1 if entry.position < last else None,
        "recorded": instant_text(entry.recorded_at),
        "stated_first": instant_text(entry.origin_time) if entry.origin_time else None,
        "values": [statement.value] if statement else [],
    }
    basis = basis_of(query, on, asked.head, 0)
    signs = value_signs(statement) if statement else ""
    return Fields({}, document=Document(basis, names, signs, template="entry.html", contents=contents))


def _statement(found: EntryDetail) -> Statement | None:
    """What a statement, a withdrawal or a correction of one says."""
    if not isinstance(found.says, PositionEvent):
        return None
    return Version(found.entry, found.says, found.entry.position).statement


def _heading(found: EntryDetail, statement: Statement | None, names: Names) -> str:
    shown = found.says or found.entry.event
    if statement is not None:
        return f"{names.name(statement.party)} on {names.title(statement.issue)}, {stated_text(statement.stated_on)}"
    kind, target = shown.event_kind, _get(shown, "target")
    noun = f"{kind.noun[0].upper()}{kind.noun[1:]}"
    if target is not None:
        return f"{noun} of @{found.positions[target]}"
    subjects = [_subject(names, REFERENCES[field], _get(shown, field)) for field in (kind.key, kind.within) if field]
    return f"{noun}: {', '.join(subjects) or about(shown)}"


def _subject(names: Names, register: Register, name: str) -> str:
    if register is Register.PARTY:
        return names.party(name)
    return names.title(name) if register is Register.ISSUE else name


def _fields(event: EventModel, found: EntryDetail, *, leave_out: Collection[str]) -> Iterator[Field]:
    """What an entry says, field by field, in the order of its kind."""
    data = event.data()
    for name in (name for name in type(event).model_fields if name in data):
        if name not in leave_out and name not in ("target", "reason"):
            yield from _field(name, data[name], found)


def _field(name: str, value: Any, found: EntryDetail) -> Iterator[Field]:
    label, register = field_label(name).replace("_", " "), REFERENCES.get(name)
    if isinstance(value, Mapping) and "exact" in value:
        yield from (
            Field(label if part == "exact" else f"{part} of the quote", (text,)) for part, text in value.items()
        )
    elif isinstance(value, list):
        yield Field(label, tuple(map(str, value)) or ("none",), register if value else None)
    elif name == "answers":
        yield Field(label, (f"@{found.positions[value]}" if value in found.positions else value,))
    elif name in _DAYS:
        yield Field(label, (stated_text(value),))
    else:
        yield Field(label, (recorded_text(value, found.unit),), register)


_DAYS = ("on", "stated_on", "published_on", "dated_on")


def _revisions(found: EntryDetail, snapshot: "Snapshot") -> Iterator[EntryRevision]:
    """The corrections of an entry's chain, in order, and its retraction."""
    first_type = next((one.type for one in (found.versions[0].event, found.says) if one), "") if found.versions else ""
    before: Event | None = None
    for version in found.versions:
        event = event_in_effect(version, first_type)
        if isinstance(version.event, EntryCorrected) and event is not None:
            yield EntryRevision(version, "corrected", version.event.reason, _changes(before, event, found.unit))
        before = event
    if found.ended_by and kind_of(found.ended_by[1]).name == "entry.retracted":
        ending = snapshot.show(found.ended_by[0]).entry
        assert isinstance(ending.event, EntryRetracted)
        yield EntryRevision(ending, "retracted", ending.event.reason)


def _changes(before: Event | None, after: Event, unit: str | None) -> tuple[tuple[str, str, str], ...]:
    changed = difference(before.data() if before else {}, after.data()) if before else ()
    return tuple(
        (field_label(one.field).replace("_", " "), recorded_text(one.before, unit), recorded_text(one.after, unit))
        for one in changed
    )
