"""Many cut-offs and spans of days to ask one history at."""

from datetime import date

from hypothesis import strategies as st

from tests.histories import DAYS
from tracker.domain.log.entries import Entry

Cut = tuple[int | None, date | None, date, date]
"""A position, a day of publication, and a span of days: after the first, up to the second."""


@st.composite
def cuts(draw: st.DrawFn) -> list[Cut]:
    """Many positions, days of publication and spans of days to ask one history at."""
    positions = [None, *draw(st.lists(st.integers(9, 45), min_size=5, max_size=5, unique=True))]
    published = [None, *draw(st.lists(DAYS, min_size=2, max_size=2))]
    spans = draw(st.lists(st.tuples(DAYS, DAYS).map(sorted), min_size=2, max_size=2))
    return [(known_at, by, after, up_to) for known_at in positions for by in published for after, up_to in spans]


def within(cuts: list[Cut], log: list[Entry]) -> list[Cut]:
    """The same, with positions that the log has."""
    return [(known_at and min(known_at, len(log)), by, after, up_to) for known_at, by, after, up_to in cuts]
