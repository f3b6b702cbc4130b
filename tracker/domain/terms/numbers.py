"""Numbers of things in words."""


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with the word for one thing or for several: 1 party, 2,000 parties."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
