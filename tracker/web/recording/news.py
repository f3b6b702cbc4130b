"""What was recorded on a pair since somebody looked at it, for those whose form it made stale."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.terms.dates import instant_text
from tracker.usecases.on_record import label
from tracker.web.recording.attempts import Attempt

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


class NewEntry(NamedTuple):
    """An entry that somebody else recorded: its position, who and when, and in words what."""

    position: int
    recorded_by: str
    recorded_at: str
    what: str
    words: str


def news_of(snapshot: "Snapshot", attempt: Attempt) -> Sequence[NewEntry]:
    """The entries that made a form stale, in order: those on its pair since it was seen, or what ended its entry."""
    if attempt.successor is not None:
        return [_told(snapshot.show(f"@{attempt.successor}"))]
    if (moved_on := attempt.moved_on) is None:
        return ()
    accounts = snapshot.explain(moved_on.party, moved_on.issue).accounts
    new = {one.entry.position for one in accounts if one.entry.position > moved_on.expected}
    # The last one may have moved a statement away from this pair.
    positions = sorted({*new, moved_on.touched})[-_MOST_SHOWN:]
    return [_told(snapshot.show(f"@{position}")) for position in positions]


_MOST_SHOWN = 20


def _told(detail: EntryDetail) -> NewEntry:
    entry = detail.entry
    words = getattr(entry.event, "summary", None) or getattr(entry.event, "reason", None) or ""
    return NewEntry(entry.position, entry.recorded_by, instant_text(entry.recorded_at), words_on(detail), str(words))


def words_on(detail: EntryDetail) -> str:
    """What an entry says in a few words; of one that is about another, which one that is."""
    event = detail.entry.event
    target = detail.positions.get(getattr(event, "target", ""))
    return label(event) if target is None else f"{event.event_kind.noun} of @{target}"
