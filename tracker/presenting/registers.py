"""One party, one issue, one entry, as `party show`, `issue show` and `show` print them."""

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tracker.domain.answers.entry_detail import EntryDetail
from tracker.domain.registers.register_records import RegisteredIssue, RegisteredParty
from tracker.domain.terms.scope import NO_CUTOFFS, Cutoffs, Query
from tracker.domain.timeline.circumstances import Closing
from tracker.domain.timeline.memberships import Membership
from tracker.errors import NotYetOnRecord

if TYPE_CHECKING:
    from tracker.reports.answers import Fields
    from tracker.snapshot import Snapshot


class OnRecord(Protocol):
    """What is on record of one party, issue or entry."""

    @property
    def fields(self) -> "Fields": ...


class PartyOnRecord(NamedTuple):
    """A party, and all memberships up to the day, ended ones too."""

    found: RegisteredParty
    memberships: Sequence[Membership]

    @property
    def fields(self) -> "Fields":
        """The party as `party show` prints it."""
        from tracker.reports.register_tables import party_fields

        return party_fields(self.found, self.memberships)


class IssueOnRecord(NamedTuple):
    """An issue, its closing, the options of a choice, and all closings and reopenings of one that was reopened."""

    found: RegisteredIssue
    closing: Closing | None
    options: Sequence[str]
    endings: Sequence[Closing | date]

    @property
    def fields(self) -> "Fields":
        """The issue as `issue show` prints it."""
        from tracker.reports.register_tables import issue_fields

        return issue_fields(*self)


class EntryOnRecord(NamedTuple):
    """An entry with everything that bears on it."""

    found: EntryDetail

    @property
    def fields(self) -> "Fields":
        """The entry as `show` prints it."""
        from tracker.reports.tables.entry_table import entry_fields

        return entry_fields(self.found)


def cutoffs_of(snapshot: "Snapshot", query: Query) -> Cutoffs:
    """The cut-offs of a query as a log position and a day. Raises PositionAhead."""
    position = None if query.known_at is None else snapshot.head_at(query.known_at).position
    return Cutoffs(position, query.published_by)


def entry(snapshot: "Snapshot", name: str, on: date | None = None, cutoffs: Cutoffs = NO_CUTOFFS) -> EntryOnRecord:  # noqa: ARG001
    """An entry by `12`, `@12` or the start of its id; a day is nothing to it. Raises TrackerError."""
    named = int(name) if re.fullmatch(r"\d{1,15}", name, re.ASCII) else name
    found = snapshot.show(named, known_at=cutoffs.known_at, published_by=cutoffs.published_by)
    return EntryOnRecord(found)


def party(snapshot: "Snapshot", name: str, on: date | None = None, cutoffs: Cutoffs = NO_CUTOFFS) -> PartyOnRecord:
    """A party by any of its names. Raises TrackerError for one that is unknown, or was so at the cut-offs."""
    from tracker.domain.registers.names import resolve_party

    code = resolve_party(name, snapshot.names().parties)
    found = next((one for one in snapshot.parties(on, cutoffs) if one.party.party == code), None)
    if found is None:
        raise NotYetOnRecord(name=code, what="party", cutoff=f"known_at @{cutoffs.known_at}")
    return PartyOnRecord(found, snapshot.all_memberships(on, cutoffs))


def issue(snapshot: "Snapshot", name: str, on: date | None = None, cutoffs: Cutoffs = NO_CUTOFFS) -> IssueOnRecord:
    """An issue by its path or the end of it. Raises TrackerError for one that is unknown, or was so at the cut-offs."""
    from tracker.domain.registers.names import resolve_issue
    from tracker.domain.registers.registers import options_of

    path = resolve_issue(name, snapshot.names().issues)
    records = {one.issue.issue: one for one in snapshot.issues(on, cutoffs)}
    if path not in records:
        raise NotYetOnRecord(name=path, what="issue", cutoff=f"known_at @{cutoffs.known_at}")
    options = options_of(path, {key: one.issue for key, one in records.items()})
    closing = snapshot.closings(on, cutoffs).get(path)
    return IssueOnRecord(records[path], closing, options, snapshot.endings(on, cutoffs).get(path, ()))
