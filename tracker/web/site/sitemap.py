"""What leads to all pages of a site: a page for people, and for programs the sitemap of sitemaps.org."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from urllib.parse import quote

from tracker.web.frame import Link

MOST_ENTRIES = 5_000
"""How many pages of entries the page for people lists."""
MOST_ADDRESSES = 50_000
"""Of one sitemap, by its rules (https://www.sitemaps.org/protocol.html)."""
_GROUPS = {"": "Overview", "issues": "Issues", "parties": "Parties", "positions": "Positions", "entries": "Entries"}
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def groups_of(pages: Mapping[str, str]) -> list[tuple[str, Sequence[Link]]]:
    """Return the pages, given by file with their titles, under a heading for each kind."""
    groups: dict[str, list[Link]] = {kind: [] for kind in _GROUPS}
    for file, title in pages.items():
        if file.endswith(".html"):
            groups.setdefault(file.rpartition("/")[0].split("/")[0], []).append(Link(title or file, quote(file)))
    shown = {kind: links if kind != "entries" else links[:MOST_ENTRIES] for kind, links in groups.items()}
    return [(_GROUPS.get(kind, kind.capitalize()), links) for kind, links in shown.items() if links]


def sitemaps(base: str, pages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the sitemaps of a site at an address: a file and its contents each, `sitemap.xml` first."""
    addresses = [f"{base}{quote(page)}" for page in pages if page.endswith(".html")]
    parts = [addresses[at : at + MOST_ADDRESSES] for at in range(0, len(addresses), MOST_ADDRESSES)]
    if len(parts) == 1:
        yield "sitemap.xml", _xml("urlset", "url", parts[0])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    yield "sitemap.xml", _xml("sitemapindex", "sitemap", [f"{base}{name}" for name in names])
    for name, part in zip(names, parts, strict=True):
        yield name, _xml("urlset", "url", part)


def _xml(whole: str, one: str, addresses: Sequence[str]) -> str:
    lines = "".join(f"<{one}><loc>{escape(address)}</loc></{one}>\n" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{whole} xmlns="{_NAMESPACE}">\n{lines}</{whole}>\n'
