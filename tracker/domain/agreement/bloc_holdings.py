"""What members take from their blocs, of what parties hold as far as it bears on agreement (DESIGN section 6).

The same as `inherit_stances`, over holdings instead of the cells of the state; a property test compares the two.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tracker.domain.agreement.consensus import Holding, HoldingsByIssue, IssueConsensus, PartyClass
from tracker.domain.timeline.circumstances import Circumstances
from tracker.domain.timeline.contests import differ
from tracker.domain.timeline.memberships import Memberships, blocs_of
from tracker.domain.timeline.statement import WITHDRAWN

PlaceOf = Callable[[Holding], Any]
"""The place in the order of a timeline at which something held was stated."""


def inherit_holdings(
    held: HoldingsByIssue, members: Memberships, around: Circumstances, place_of: PlaceOf
) -> dict[str, dict[str, Holding]]:
    """Return what parties hold, with what members without a position take from their nearest blocs.

    Of several blocs that are equally near the one that stated last counts. `held` has all options of a choice.
    """
    found = {issue: {**of_issue} for issue, of_issue in held.items()}
    ways = {member: list(blocs_of(member, members)) for member in members}
    choosing = {
        (choice, party)
        for issue, of_issue in held.items()
        if (choice := around.choice_of(issue)) is not None
        for party, one in of_issue.items()
        if one.value is not WITHDRAWN
    }
    for issue, of_issue in held.items():
        if around.is_own(issue):
            continue
        choice = around.choice_of(issue)
        stated = {party: one for party, one in of_issue.items() if one.value is not WITHDRAWN}
        for member, levels in ways.items():
            if member in stated or (choice, member) in choosing:
                continue
            left = own.left if (own := of_issue.get(member)) is not None else ()
            nearest = list(blocs_of(member, members, without=left)) if left else levels
            for level in nearest:
                if blocs := [stated[bloc] for bloc in level if bloc in stated]:
                    found[issue][member] = _taken(member, blocs, place_of)._replace(left=left)
                    break
    return found


def _taken(member: str, blocs: list[Holding], place_of: PlaceOf) -> Holding:
    last = blocs[0] if len(blocs) == 1 else max(blocs, key=place_of)
    contested = last.contested or any(differ(other.value, last.value) for other in blocs)
    return last._replace(party=member, contested=contested, through=last.party)


def blocs_side_by_side(members: Memberships) -> frozenset[str]:
    """Return the blocs that are for some member as near as another one."""
    levels = (level for member in members for level in blocs_of(member, members))
    return frozenset(bloc for level in levels if len(level) > 1 for bloc in level)


def blocs_of_the_silent(
    issues: Iterable[IssueConsensus], of_blocs: HoldingsByIssue, blocs: Mapping[str, Iterable[str]]
) -> tuple[str, ...]:
    """Return the blocs, in order, that hold a position on an open issue on which a member is silent.

    `blocs` are those of each member, directly or through others.
    """
    found: set[str] = set()
    for one in issues:
        if one.closed is not None or one.form.own:
            continue
        rows = one.options or (one,)
        silent = set.intersection(*(set(row.classes.get(PartyClass.SILENT, ())) for row in rows)) & blocs.keys()
        above = {bloc for party in silent for bloc in blocs[party]} - found
        for row in rows if above else ():
            held = of_blocs.get(row.issue, {})
            found |= {bloc for bloc in above if bloc in held and held[bloc].value is not WITHDRAWN}
    return tuple(sorted(found))
