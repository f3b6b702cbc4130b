"""The registers of parties, issues and sources, folded from the entries that count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, assert_never

from tracker.domain.log.events import (
    IssueOpened,
    IssueReworded,
    PartyRegistered,
    PartyUpdated,
    RegisterEvent,
    SourceRegistered,
)
from tracker.domain.terms.text_key import text_key
from tracker.domain.terms.vocabulary import IssueForm, PartyKind
from tracker.domain.timeline.counting import Version


@dataclass(frozen=True, slots=True)
class Party:
    """An actor whose positions are tracked, with all its names."""

    party: str
    name: str
    kind: PartyKind
    aliases: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the party goes by: its code, its name and its aliases, with its former names."""
        return (self.party, self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Issue:
    """One question on which parties can differ, in the wording of a day, and the form of answer that it asks for."""

    issue: str
    title: str
    question: str
    form: IssueForm = IssueForm.QUESTION
    unit: str | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers. The first counting registration of an id holds; later equal ones have no effect."""

    parties: Mapping[str, Party]
    issues: Mapping[str, Issue]
    sources: Mapping[str, SourceRegistered]


def registers(versions: Iterable[Version], *, on: date = date.max, published_by: date | None = None) -> Registers:
    """Fold what counts, in any order, into registers sorted by id, with issues as worded on a day (inclusive).

    With `published_by`, in a wording that was public by that day too: a wording is public from its own day
    (DESIGN section 4). Names of parties and sources do not run on that clock.
    """
    worded_on = on if published_by is None else min(on, published_by)
    parties: dict[str, Party] = {}
    issues: dict[str, Issue] = {}
    sources: dict[str, SourceRegistered] = {}
    for version in sorted(versions, key=_fold_order):
        event = version.event
        if not isinstance(event, RegisterEvent):
            continue
        match event:
            case PartyRegistered():
                parties.setdefault(event.party, party_of(event))
            case PartyUpdated():
                if event.party in parties:
                    parties[event.party] = update_party(parties[event.party], event)
            case IssueOpened():
                issues.setdefault(event.issue, issue_of(event))
            case IssueReworded():
                if event.issue in issues and event.on <= worded_on:
                    old = issues[event.issue]
                    issues[event.issue] = reword_issue(old, event)
            case SourceRegistered():
                sources.setdefault(event.source, event)
            case _:
                assert_never(event)
    return Registers(dict(sorted(parties.items())), dict(sorted(issues.items())), dict(sorted(sources.items())))


def party_of(event: PartyRegistered) -> Party:
    """Return the party that an event registers."""
    return Party(event.party, event.name, event.kind, tuple(dict.fromkeys(event.aliases)))


def issue_of(event: IssueOpened) -> Issue:
    """Return the issue that an event opens."""
    return Issue(event.issue, event.title, event.question, event.form, event.unit, event.own)


def reword_issue(issue: Issue, event: IssueReworded) -> Issue:
    """Return an issue with its new title and question."""
    return replace(issue, title=event.title or issue.title, question=event.question or issue.question)


def options_of(issue: str, issues: Mapping[str, Issue]) -> list[str]:
    """Return the options of a choice, in order: the issues directly below it; none of an issue of another form."""
    if (found := issues.get(issue)) is None or found.form is not IssueForm.CHOICE:
        return []
    return sorted(path for path in issues if path.rpartition("/")[0] == issue)


def update_party(party: Party, event: PartyUpdated) -> Party:
    """Return a party with the new name and the further aliases; the former name stays as an alias."""
    name = event.name or party.name
    former = () if text_key(party.name) == text_key(name) else (party.name,)
    return replace(party, name=name, aliases=tuple(dict.fromkeys((*party.aliases, *former, *event.aliases_added))))


def differing(now: Party | Issue | SourceRegistered, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of some values of fields that do not hold of what is registered.

    Of aliases these are the names that the party does not go by yet, as people see names; a name that is shown
    otherwise, if only in its case, is another one.
    """
    found = {field: value for field, value in values.items() if value != getattr(now, field)}
    if isinstance(now, Party) and (aliases := found.get("aliases")):
        known = set(map(text_key, now.names))
        found["aliases"] = [alias for alias in aliases if text_key(alias) not in known]
        if not found["aliases"]:
            del found["aliases"]
    return found


def _fold_order(version: Version) -> tuple[bool, date, int]:
    """Sort registrations first, then updates by rank, then rewordings by their day and rank."""
    event = version.event
    later = isinstance(event, PartyUpdated | IssueReworded)
    return (later, event.on if isinstance(event, IssueReworded) else date.min, version.rank)
