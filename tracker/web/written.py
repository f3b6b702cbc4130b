"""What pages say of themselves where they are written as files, and not served."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple


class SiteFacts(NamedTuple):
    """The site that a page belongs to: what all its pages were made from, and which of them there are."""

    on: date
    position: int
    hash: str
    paths: frozenset[str]
    """The paths of the pages that are in it."""
    formats: frozenset[str]
    """The formats of the data beside each page, by the ending of its address."""
    remark: str = ""
    """What the slider of days leaves out."""

    def among(self, tabs: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
        """Those of the tabs that have a page here, each with its address: the whole site has the same filters."""
        return [(tab, tab.path) for tab, _ in tabs if tab.path in self.paths]
