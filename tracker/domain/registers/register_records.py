"""What the registers hold of each party, issue and source: as of a day, with its entry and what it was before."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from tracker.domain.log.events import IssueOpened, IssueReworded, PartyRegistered, PartyUpdated, SourceRegistered
from tracker.domain.registers.registers import Issue, Party, issue_of, party_of, update_party
from tracker.domain.timeline.counting import Version


class EarlierName(NamedTuple):
    """A name that a party had, and the log position of the entry that gave it."""

    name: str
    position: int


class RegisteredParty(NamedTuple):
    """A party with its names as on record on a day, and the log position of its registration."""

    party: Party
    position: int
    earlier_names: tuple[EarlierName, ...]


class Wording(NamedTuple):
    """An issue's title and question from a day on (None: from the beginning), by the entry at a log position."""

    title: str
    question: str
    since: date | None
    position: int


class RegisteredIssue(NamedTuple):
    """An issue as worded on a day, its earlier wordings, and the log position of its opening."""

    issue: Issue
    position: int
    wording: Wording
    earlier: tuple[Wording, ...]


class RegisteredSource(NamedTuple):
    """A source and the log position of its registration."""

    source: SourceRegistered
    position: int


def registered_parties(versions: Iterable[Version], on: date) -> list[RegisteredParty]:
    """Return the parties by code, each with its names as on record at the end of a day (UTC).

    A party registered later has the name with which it was registered.
    """
    return [record for _, of_party in _by_subject(versions, "party") for record in _registered_party(of_party, on)]


def _registered_party(versions: list[Version], on: date) -> Iterator[RegisteredParty]:
    opening = next((version for version in versions if isinstance(version.event, PartyRegistered)), None)
    if opening is None or not isinstance(opening.event, PartyRegistered):
        return
    party = party_of(opening.event)
    names = [EarlierName(party.name, opening.entry.position)]
    for version in versions:
        if isinstance(version.event, PartyUpdated) and version.entry.recorded_at.date() <= on:
            party = update_party(party, version.event)
            if party.name != names[-1].name:
                names.append(EarlierName(party.name, version.entry.position))
    yield RegisteredParty(party, opening.entry.position, tuple(names[:-1]))


def registered_issues(versions: Iterable[Version], on: date) -> list[RegisteredIssue]:
    """Return the issues by path, each as worded on a day (inclusive)."""
    return [record for _, of_issue in _by_subject(versions, "issue") for record in _registered_issue(of_issue, on)]


def _registered_issue(versions: list[Version], on: date) -> Iterator[RegisteredIssue]:
    opening = next((version for version in versions if isinstance(version.event, IssueOpened)), None)
    if opening is None or not isinstance(opening.event, IssueOpened):
        return
    opened = opening.event
    wordings = [Wording(opened.title, opened.question, None, opening.entry.position)]
    rewordings = [
        (event.on, version.rank, event, version.entry.position)
        for version in versions
        if isinstance(event := version.event, IssueReworded) and event.on <= on
    ]
    for day, _, event, position in sorted(rewordings, key=lambda reworded: reworded[:2]):
        before = wordings[-1]
        wordings.append(Wording(event.title or before.title, event.question or before.question, day, position))
    now = wordings[-1]
    issue = replace(issue_of(opened), title=now.title, question=now.question)
    yield RegisteredIssue(issue, opening.entry.position, now, tuple(wordings[:-1]))


def registered_sources(versions: Iterable[Version]) -> list[RegisteredSource]:
    """Return the sources by id."""
    return [
        RegisteredSource(of_source[0].event, of_source[0].entry.position)
        for _, of_source in _by_subject(versions, "source")
        if isinstance(of_source[0].event, SourceRegistered)
    ]


def _by_subject(versions: Iterable[Version], field: str) -> Iterator[tuple[str, list[Version]]]:
    """Yield each id of a register with the versions about it, by rank."""

    def subject(version: Version) -> str:
        return str(getattr(version.event, field))

    for key, found in groupby(sorted(versions, key=lambda one: (subject(one), one.rank)), key=subject):
        yield key, list(found)
