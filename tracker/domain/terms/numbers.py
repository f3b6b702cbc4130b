"""Numbers of things: in words, and with the entries that they count."""


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with the word for one thing or for several: 1 party, 2,000 parties."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


class UndatedCount(int):
    """The number of statements that `published_by` leaves out, with the log positions of the first ones."""

    positions: tuple[int, ...]

    def __new__(cls, number: int, positions: tuple[int, ...] = ()) -> "UndatedCount":
        """Return the number; `positions` are shown to people beside it."""
        counted_ones = super().__new__(cls, number)
        counted_ones.positions = positions
        return counted_ones
