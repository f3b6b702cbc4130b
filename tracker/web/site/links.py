"""The links of a page: found, and led to the files of a site; one that leads nowhere loses its address."""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

HOST = "site.invalid"
"""The host at which the application is asked, so that whole addresses of its own are known again."""

_LINK = re.compile(
    r"<(?P<name>[a-zA-Z][\w:-]*)(?P<before>(?:\s[^<>]*)?)\s(?P<attribute>href|src|xlink:href)="
    rf'"(?:https?://{re.escape(HOST)})?(?P<address>/(?!/)[^"]*)"(?P<after>[^<>]*)>'
)
"""A tag with an address of the application, as templates write it: angle brackets and quotation marks that people wrote
are escaped."""


def links(page: str) -> Iterator[str]:
    """Yield the addresses of the application to which a page leads."""
    return (unescape(found["address"]) for found in _LINK.finditer(page))


def title_of(page: str) -> str:
    """Return the title of a page, without that of the site."""
    found = _TITLE.search(page)
    return unescape(found[1]).rpartition(" · ")[0] if found else ""


_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def relinked(page: str, lead: Callable[[str], str | None]) -> str:
    """Return a page with its links to the application led elsewhere; `lead` returns None for one that leads nowhere.

    What only names another file, as a feed, goes with its address.
    """

    def readdress(found: re.Match[str]) -> str:
        target = lead(unescape(found["address"]))
        if target is None and found["name"] == "link":
            return ""
        address = "" if target is None else f' {found["attribute"]}="{escape(target)}"'
        return f"<{found['name']}{found['before']}{address}{found['after']}>"

    return _LINK.sub(readdress, page)
