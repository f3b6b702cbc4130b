"""The names of parties and the titles of issues, where an answer shows them beside codes and paths."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from tracker.domain.registers.registers import Registers


@dataclass(frozen=True, slots=True)
class Names:
    """Names and titles from the registers; without registers codes and paths stand for themselves."""

    registers: "Registers | None" = None

    def party(self, code: str) -> str:
        """A party's name and code: Russia (RUS)."""
        return _beside(self.name(code), code)

    def issue(self, path: str) -> str:
        """An issue's title and path: Extension of New START (arms-control/new-start/extension)."""
        return _beside(self.title(path), path)

    def option(self, path: str, choice: str | None) -> str:
        """An option's title; without registers its path below its choice."""
        title = self.title(path)
        return path.removeprefix(f"{choice}/") if title == path else title

    def name(self, code: str) -> str:
        """A party's name; its code without registers."""
        party = self.registers.parties.get(code) if self.registers else None
        return party.name if party else code

    def title(self, path: str) -> str:
        """An issue's title; its path without registers."""
        issue = self.registers.issues.get(path) if self.registers else None
        return issue.title if issue else path


CODES = Names()
"""No names: codes and paths alone."""


class WithNames:
    """An answer that shows the names of parties and the titles of issues, if `titles` are wanted."""

    __slots__ = ()
    names: "Registers | None"
    titles: bool

    @property
    def shown_names(self) -> Names:
        """The names and titles that it shows."""
        return Names(self.names) if self.titles else CODES


Found = TypeVar("Found", bound="_Found")


class _Found(Protocol):
    @property
    def left_out_undated(self) -> int: ...


@dataclass(frozen=True, slots=True)
class FoundWithNames(WithNames, Generic[Found]):
    """What was found, the registers with its names, and whether titles are wanted."""

    found: Found
    names: "Registers | None" = None
    titles: bool = True

    @property
    def left_out_undated(self) -> int:
        """How many statements no dated source puts on public record."""
        return self.found.left_out_undated


def _beside(name: str, code: str) -> str:
    return code if name == code else f"{name} ({code})"
