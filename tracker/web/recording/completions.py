"""What completes the fields of a form: the parties, issues and sources on record, and who spoke of late."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from tracker.web.recording.fields import Field, Register

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

AT_MOST = 2_000
"""How many words a page brings along to complete a field; more would keep the page waiting."""

Completions = Mapping[Register, Sequence[tuple[str, str]]]
"""By register: what is typed, and what it means."""


def completions(snapshot: "Snapshot", fields: Iterable[Field]) -> Completions:
    """What completes these fields."""
    wanted = {field.register for field in fields if field.register is not None}
    known = snapshot.registers() if wanted & {Register.PARTIES, Register.ISSUES, Register.SOURCES} else None
    found: dict[Register, Iterator[tuple[str, str]]] = {}
    if known is not None:
        found[Register.PARTIES] = ((one.party, one.name) for one in known.parties.values())
        found[Register.ISSUES] = ((one.issue, one.title) for one in known.issues.values())
        found[Register.SOURCES] = ((one.source, one.title) for one in known.sources.values())
    if wanted & {Register.SPEAKERS, Register.ROLES}:
        spoke = snapshot.speakers()
        found[Register.SPEAKERS] = ((name, role or "") for name, role in dict(reversed(spoke)).items())
        found[Register.ROLES] = ((role, name) for role, name in {role: name for name, role in spoke if role}.items())
    return {register: list(islice(found[register], AT_MOST)) for register in Register if register in wanted}
