"""Who spoke of late: the speakers in the last entries, with their offices."""

from itertools import islice

import orjson
from sqlalchemy import Connection

from tracker.storage.log.reader import rows_backwards

LOOKED_AT = 3_000
"""The last entries that are looked at; more would keep whoever types waiting."""


def last_speakers(connection: Connection) -> list[tuple[str, str | None]]:
    """Answer `Queries.speakers`."""
    found: dict[tuple[str, str | None], None] = {}
    for row in islice(rows_backwards(connection), LOOKED_AT):
        stored = orjson.loads(row.line)["data"]
        says = stored.get("replacement", stored)
        if isinstance(speaker := says.get("speaker"), str):
            found.setdefault((speaker, says.get("speaker_role")))
    return list(found)
