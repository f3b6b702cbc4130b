"""Atom (RFC 4287): movements as a feed. What people wrote is text, or HTML that was escaped before."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tracker.domain.report.movements import Movement
from tracker.domain.terms.dates import instant_text
from tracker.domain.terms.safe_text import plain
from tracker.reports.movements import MovementText, movement_text
from tracker.reports.names import Names

ATOM = "http://www.w3.org/2005/Atom"
_OWN_SPACE = UUID("6a0a53a9-6c5c-5d0b-9a3b-0f3c4ad4f2a7")


class FeedHead(NamedTuple):
    """What a feed says of itself: its id, title and day of change, and the addresses of it and of its page."""

    id: str
    title: str
    subtitle: str
    updated: str
    itself: str
    page: str
    generator: str


def feed_id(log_id: str, filters: Iterable[tuple[str, str]]) -> str:
    """Return the id of the feed of a log, which its first entry names, with some filters in any order."""
    return _urn(uuid5(_OWN_SPACE, "\n".join([log_id, *(f"{name}={value}" for name, value in sorted(filters))])))


def movement_id(event_id: str, about: str) -> str:
    """Return the id of what moved by an entry: the same on every log that holds the entry, for ever."""
    return _urn(uuid5(UUID(event_id), about))


def render_feed(head: FeedHead, movements: Sequence[Movement], names: Names, *, base: str = "") -> bytes:
    """Return the feed of movements, the newest first; addresses of entries begin with `base`."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _texts(root, id=head.id, title=head.title, subtitle=head.subtitle, updated=head.updated)
    _link(root, "self", head.itself, "application/atom+xml")
    _link(root, "alternate", head.page, "text/html")
    SubElement(root, "generator").text = head.generator
    for movement in movements:
        _entry(root, movement, movement_text(movement, names), base)
    indent(root, space="")
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _entry(root: Element, movement: Movement, words: MovementText, base: str) -> None:
    entry = movement.entry
    found = SubElement(root, "entry")
    recorded = instant_text(entry.recorded_at)
    _texts(found, id=movement_id(entry.id, words.about), title=words.title, published=recorded, updated=recorded)
    _texts(SubElement(found, "author"), name=entry.recorded_by)
    SubElement(found, "category", {"term": str(words.kind)})
    _link(found, "alternate", f"{base}/entries/{entry.position}", "text/html")
    content = SubElement(found, "content", {"type": "html"})
    content.text = _content(words)


def _content(words: MovementText) -> str:
    """What was said, as HTML."""
    language = f' lang="{_html(words.language)}"' if words.language else ""
    parts = (
        f'<p dir="auto">{_html(words.summary)}</p>' if words.summary else "",
        f'<blockquote dir="auto"{language}>“{_html(words.quote)}”</blockquote>' if words.quote else "",
        f'<p dir="auto">{_html(words.translation)}</p>' if words.translation else "",
        f'<p dir="auto">{_html(words.conditions)}</p>' if words.conditions else "",
        f'<p dir="auto">{_html(", ".join(filter(None, (words.speaker, words.source))))}</p>'
        if words.speaker or words.source
        else "",
    )
    return "".join(parts) or f"<p>{_html(words.title)}</p>"


def _html(text: str) -> str:
    return escape(plain(text))


def _texts(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = plain(text)


def _link(parent: Element, rel: str, href: str, media_type: str) -> None:
    SubElement(parent, "link", {"rel": rel, "type": media_type, "href": plain(href)})


def _urn(found: UUID) -> str:
    return f"urn:uuid:{found}"
