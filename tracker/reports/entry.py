"""One entry with its evidence, as data and as lines to read."""

from collections.abc import Iterator
from typing import Any

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.log.events import PositionEvent, StatementCorroborated, quoted_words
from tracker.domain.terms.dates import instant_text
from tracker.domain.terms.safe_text import plain


def entry_data(shown: EntryDetail) -> dict[str, Any]:
    """Everything about an entry as JSON values."""
    entry = shown.entry
    return {
        "id": entry.id,
        "type": entry.type,
        "position": entry.position,
        "hash": shown.hash.hex(),
        "recorded_at": instant_text(entry.recorded_at),
        "recorded_by": entry.recorded_by,
        "data": entry.event.data(),
        "says": shown.says.data() if shown.says else None,
        "attribution": shown.says.attributed if isinstance(shown.says, PositionEvent) else None,
        "counts": shown.says is not None and shown.ended_by is None,
        "ended_by": {"id": shown.ended_by[0], "type": shown.ended_by[1]} if shown.ended_by else None,
        "versions": [version.id for version in shown.versions],
        "question": shown.question,
        "source": shown.source.data() if shown.source else None,
        "corroborations": [
            {"id": version.entry.id, "position": version.entry.position, **version.event.data()}
            for version in shown.corroborations
        ],
    }


def entry_rows(shown: EntryDetail) -> list[tuple[str, str]]:
    """Everything about an entry as labelled lines."""
    return [(label, plain(text)) for label, text in _lines(shown)]


def _lines(shown: EntryDetail) -> Iterator[tuple[str, str]]:
    entry = shown.entry
    yield "entry", f"@{entry.position}  {entry.id}  {entry.type}"
    yield "recorded", f"{instant_text(entry.recorded_at)} by {entry.recorded_by}"
    yield "counts", _counts(shown)
    if shown.question:
        yield "question", shown.question
    for name, value in entry.event.data().items():
        yield from _field(name, value)
    if isinstance(shown.says, PositionEvent) and shown.says.attribution is None:
        yield "attribution", f"{shown.says.attributed} (by default)"
    if shown.source:
        yield "published", _source(shown)
    for version in shown.corroborations:
        event = version.event
        assert isinstance(event, StatementCorroborated)
        words = quoted_words(event.quote)
        yield "also in", f"{event.source}" + (f": “{words}”" if words else "") + f"  [@{version.entry.position}]"
    if len(shown.versions) > 1:
        yield "versions", ", ".join(f"@{version.position}" for version in shown.versions)


def _counts(shown: EntryDetail) -> str:
    if shown.says is None:
        return "as the retraction of its target"
    if shown.ended_by is None:
        return "yes"
    event_id, type_name = shown.ended_by
    return f"no: {'corrected' if type_name.startswith('entry.corrected') else 'retracted'} by {event_id}"


def _field(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for part, inner in value.items():
            yield from _field(f"{name}.{part}", inner)
    elif isinstance(value, list):
        yield name, "; ".join(map(str, value)) or "none"
    else:
        yield name, f"“{value}”" if name == "quote" else str(value)


def _source(shown: EntryDetail) -> str:
    source = shown.source
    assert source is not None
    day = source.published_on.isoformat() if source.published_on else "undated"
    return f"{source.title} ({source.publisher}, {day})" + (f" {source.url}" if source.url else "")
