"""Joint statements as one thing: where issue, value, day, sequence and the list of parties agree (DESIGN 15)."""

from collections.abc import Hashable, Iterable, Sequence

from tracker.domain.timeline.statement import Statement


def joint_key(statement: Statement) -> Hashable | None:
    """Return what the statements have in common that are one joint statement; None if a party made it alone."""
    if len(statement.details.joint_with) < 2:
        return None
    one = statement
    return one.issue, one.value, one.stated_on, one.sequence, one.details.joint_with


def joint_groups(statements: Iterable[Statement]) -> list[Sequence[Statement]]:
    """Gather joint statements: all of one thing in a group, those of which a party's record differs each alone."""
    found: dict[Hashable, list[Statement]] = {}
    for statement in statements:
        if (key := joint_key(statement)) is not None:
            found.setdefault(key, []).append(statement)
    groups: list[Sequence[Statement]] = []
    for together in found.values():
        is_whole = {one.party for one in together} == set(together[0].details.joint_with)
        groups += [together] if is_whole else [[one] for one in together]
    return groups
