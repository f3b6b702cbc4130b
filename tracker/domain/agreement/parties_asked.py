"""The parties of a question about agreement: those named, the members of a bloc, or all that hold anything."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tracker.domain.terms.scope import Scope
from tracker.domain.terms.vocabulary import PartyKind
from tracker.domain.timeline.memberships import Memberships, members_of

NOT_AMONG_ALL = (PartyKind.FORUM, PartyKind.OTHER)
"""The kinds of parties that a question about all parties leaves out."""


class NamedParties(NamedTuple):
    """The parties that a question names, in order, or the members of the one `bloc` that it names."""

    parties: tuple[str, ...]
    bloc: str | None


def named_parties(scope: Scope, members: Memberships) -> NamedParties | None:
    """Return the parties that a scope names on a day with these members; None if it names none.

    A party that is named alone and has members stands for these.
    """
    if not scope.parties:
        return None
    if len(scope.parties) == 1:
        (bloc,) = scope.parties
        if any(bloc in blocs for blocs in members.values()):
            return NamedParties(members_of(bloc, members), bloc)
    return NamedParties(tuple(sorted(scope.parties)), None)


def all_parties(held: Mapping[str, Mapping[str, Any]], left_out: frozenset[str]) -> tuple[str, ...]:
    """Return all parties that hold anything, or have withdrawn it, on any of the issues, in order."""
    return tuple(sorted({party for of_issue in held.values() for party in of_issue} - left_out))
