"""What a form sends, read from the body of a request."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request

from tracker.errors import BadValue

MOST_FIELDS = 100
"""How many fields a form has at most."""


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form, the last of each name, with line ends as this server has them. Raises BadValue."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise BadValue("The form is not one of this server's: it is sent as application/x-www-form-urlencoded.")
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise BadValue("The form cannot be read: it has too many fields, or text that is not UTF-8.") from None
    return {name: with_one_line_end(text) for name, text in pairs}


def with_one_line_end(text: str) -> str:
    """A text whose lines all end in the same way: browsers send other ends than an entry has."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
