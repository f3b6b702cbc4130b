"""What admission and its rules see of the log: the lookups that they make in it, and the entries that these find."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Protocol

from tracker.domain.log.entries import Entry
from tracker.domain.log.events import Event, StatementCorroborated
from tracker.domain.log.form_rules import FormView
from tracker.domain.log.kind_registry import Key
from tracker.domain.log.membership_rules import MembershipView
from tracker.errors import NamedEntry


@dataclass(frozen=True, slots=True)
class LocatedEntry:
    """An entry of the log in its chain of corrections.

    `rank` is the position of the chain's first entry and `first_type` its type (a retraction has its own). `event` is
    the content: for a correction its replacement, for a retraction None. `ended_by` is the id and type of the entry
    that corrected or retracted it.
    """

    entry: Entry
    rank: int
    event: Event | None
    first_type: str
    ended_by: tuple[str, str] | None

    @property
    def id(self) -> str:
        """The entry's id."""
        return self.entry.id

    @property
    def position(self) -> int:
        """The entry's log position."""
        return self.entry.position

    @property
    def named(self) -> NamedEntry:
        """The entry as messages name it."""
        return NamedEntry(self.id, self.position)


class LogView(MembershipView, FormView, Protocol):
    """The lookups that admission makes in the log as it stands before the next entry."""

    def locate(self, event_id: str) -> LocatedEntry | None:
        """Return the entry with this id, if there is one."""

    def is_registered(self, key: Key) -> bool:
        """Return whether a counting registration of this id exists."""

    def registration(self, key: Key) -> tuple[Event, NamedEntry | None] | None:
        """Return the registration of an id that holds, if it is registered.

        Its entry comes with it unless it is recorded in the same transaction.
        """

    def differing_now(self, key: Key, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return those of some values of a registered id that do not hold by now, after what changed it since.

        Of aliases these are the names that the party does not go by yet.
        """

    def find_holders(self, name: str, *, without: str | None = None) -> Collection[str]:
        """Return the codes of the parties with this code, name, former name or alias.

        The entry with the id `without` is taken not to count.
        """

    def find_spellings(self, key: Key) -> AbstractSet[str]:
        """Return the ids on record, or groups of issues, that look like an id of a register, as they are spelled."""

    def find_referrer(self, key: Key) -> LocatedEntry | None:
        """Return a counting entry that only this registration of the key supports, if there is one."""

    def find_corroborations(self, statement_rank: int) -> Collection[tuple[int, StatementCorroborated]]:
        """Return the counting corroborations of a statement or withdrawal of some rank, each with its own rank."""

    def nearest(self, key: Key) -> Sequence[str]:
        """Return the registered ids nearest to an unknown one."""
