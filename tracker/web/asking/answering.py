"""Answers to addresses: asked in one snapshot, rendered whole before anything is sent, and known again by a tag.

No transaction stays open while bytes are sent. A long list is cut into pages, each of which links to the next at the
log position of the first, so that all pages belong to one moment.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from datetime import date
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Any

from tracker.domain.log.chain import LogHead
from tracker.domain.terms.rules import RULES
from tracker.domain.terms.scope import Query
from tracker.errors import BadValue, OtherHash
from tracker.presenting.presentation import Presentation
from tracker.reports.answers import Rows
from tracker.reports.formats import FORMATS, formats_of, render
from tracker.web.asking.address import Address, query_text
from tracker.web.asking.questions import AnswerContent, formats_name, presented, query_of
from tracker.web.release import RELEASE

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot

MOST_ROWS = 20_000
"""How many rows of data one answer has; the rest is on further pages."""
MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "table": "text/plain; charset=utf-8",
    "graphml": "application/graphml+xml",
}
"""By the name of a format. A web page takes no terminal's table for an answer of its own, so it comes last."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An address in a snapshot: its names resolved, its cut-offs met, its day known."""

    address: Address
    query: Query
    head: LogHead
    """The log's last entry at the cut."""
    today: date
    tag: str
    """The same for an answer that is the same: of the question, the record that it rests on, the rules, the release.

    It is weak, since an answer may be compressed.
    """


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in a format, as bytes, and the address of its next page if there is one."""

    body: bytes
    form: str
    next_page: str | None = None


def pose(address: Address, snapshot: "Snapshot", *, shown_as: str = "") -> Inquiry:
    """Resolve an address in a snapshot. Raises TrackerError, and OtherHash where it was cited from another log."""
    query = query_of(address, snapshot)
    head = snapshot.head_at(query.known_at)
    if address.hash is not None and not head.hash.hex().startswith(address.hash.lower()):
        raise OtherHash(head.position, head.hash.hex(), address.hash)
    rests_on = snapshot.checkpoint() if _shows_what_came_later(address) else head
    tag = tag_of(shown_as, address, query, rests_on.hash.hex(), snapshot.today)
    return Inquiry(address, query, head, snapshot.today, tag)


def _shows_what_came_later(address: Address) -> bool:
    """Whether an answer changes with entries after its cut: it says which it leaves aside, or has a cut of its own."""
    values = address.values
    leaves_aside = address.question == "explain" and not values["within_cutoffs"]
    return leaves_aside or values.get("known_from") is not None


def tag_of(*rests_on: object) -> str:
    """The tag of an answer that rests on all this, beside the rules and the release."""
    found = json.dumps([RELEASE, RULES, _plain(rests_on)])
    return f'W/"{hashlib.sha256(found.encode()).hexdigest()[:32]}"'


def _plain(value: Any) -> Any:
    """A value that has the same JSON in every process."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(one) for name, one in asdict(value).items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(_plain, value), key=str)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def form_of(address: Address, *, default: str) -> str:
    """The format that an address asks for. Raises BadValue for one that its answer does not have."""
    form = address.form or default
    known = formats_of(formats_name(address))
    if form not in known:
        raise BadValue(f"format: {form!r} is none of this answer's formats, which are {', '.join(known)}.")
    return form


def presentation_of(address: Address, form: str) -> Presentation:
    """How an address wants its answer in a format: documents show names and titles unless it says otherwise."""
    titles = FORMATS[form].is_document if address.titles is None else address.titles
    return Presentation(form, titles)


def answer(asked: Inquiry, snapshot: "Snapshot", form: str, *, whole: bool = False) -> Answer:
    """The answer as the command line would print it, a long list in pages unless it is wanted `whole`.

    Raises TrackerError.
    """
    address = asked.address
    found = presented(address, snapshot, asked.query, presentation_of(address, form))
    if FORMATS[form].is_data and isinstance(found.content, Rows) and not whole:
        page, more = _page(found.content, address.page)
        found = AnswerContent(found.answer, page)
        return Answer(_body(found, form), form, _next_page(asked) if more else None)
    if address.page > 1:
        raise BadValue(f"page: this answer has one page, not {address.page}.")
    return Answer(_body(found, form), form)


def _page(rows: Rows, page: int) -> tuple[Rows, bool]:
    """A page of rows, and whether there are more after it. Raises BadValue for a page after the last."""
    first = (page - 1) * MOST_ROWS
    shown = list(islice(rows.found, first, first + MOST_ROWS + 1))
    if page > 1 and not shown:
        raise BadValue(f"page: there are fewer than {page} pages.")
    return replace(rows, found=shown[:MOST_ROWS]), len(shown) > MOST_ROWS


def _next_page(asked: Inquiry) -> str:
    return pinned(asked, page=str(asked.address.page + 1))


def pinned(asked: Inquiry, **more: str) -> str:
    """The query of an address that gives the same answer for ever: at its log position, with its days written out."""
    given = _with_days(asked)
    replaced = {"known_at": f"@{asked.head.position}", **more}
    if asked.address.question == "explain":  # which else tells what is left out, and goes on to
        replaced["within_cutoffs"] = "1"
    kept = [(name, value) for name, value in given if name not in replaced]
    return query_text([*kept, *replaced.items()])


def days_of(asked: Inquiry) -> dict[str, date]:
    """The days that an answer is of, by their names in addresses: as given, or today where none was."""
    values, filters = asked.address.values, asked.address.filters
    days = {"on": values.get("on"), "from": values.get("after"), "to": values.get("up_to")}
    if values.get("after") is not None:
        days["to"] = days["to"] or asked.today
    elif "on" in values and asked.address.question != "find":
        days["on"] = days["on"] or asked.today
    days["published_by"] = filters.published_by
    return {name: day for name, day in days.items() if day is not None}


def _with_days(asked: Inquiry) -> Iterator[tuple[str, str]]:
    """What was given, with all days written out."""
    days = days_of(asked)
    yield from (pair for pair in asked.address.given if pair[0] not in days)
    yield from ((name, day.isoformat()) for name, day in days.items())


def _body(found: AnswerContent, form: str) -> bytes:
    body = render(found.answer, form, found.content).body
    if isinstance(body, str):
        return body.encode()
    if callable(body):
        from tracker.reports.tables.terminal import view_text

        return view_text(body).encode()
    return "".join(body).encode()
