"""Sites to look at: written from a small record, with names that file systems and pages trip over."""

import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tracker.presenting.filters import Filters
from tracker.web.asking.database import Database
from tracker.web.site.writing import WrittenSite, write_site

LEDGER = """
    source dw 2019-12-11 url=https://example.org/a?b=c&d=e
    party RUS name="<i>Russia</i> \\"& sons"
    party Ä.B name="../../etc"
    issue con/Ärger title="</script><script>alert(1)</script>" question=Why?
    issue coal form=choice
    issue coal/out
    a: stated RUS arms/start supports 2019-12-10 source=dw if=verified quote="<a href=\\"/log\\">no link</a>"
       stated USA arms/start opposes 2019-12-11 speaker=Pompeo addressed_to=RUS act=demands
       stated Ä.B con/Ärger neutral 2019-12-12
       stated RUS con/Ärger supports 2020-02-29
       stated Ä.B coal/out supports 2020-03-01
    c: stated RUS arms/START opposes 2020-05-01
    closed arms/start 2020-06-01 agreed
       withdrawn Ä.B con/Ärger 2020-07-01
"""
LATER = """
    updated RUS name=Later
    issue arms/later title=Later
    b: stated RUS arms/later supports 2019-12-10 summary=Later.
    d: stated CHN arms/start opposes 2019-12-13 summary=Later.
       corrected a stance=opposes reason=Later.
       retracted c reason=Later.
       reopened arms/start 2020-06-15
       reworded con/Ärger 2019-12-12 title=Later
"""
ON = date(2021, 1, 1)


def write(url: str, folder: Path, *, on: date | None = ON, base: str = "", **filters: Any) -> WrittenSite:
    """Write the site of a database, and close what was opened for it."""
    database = Database(url)
    try:
        return write_site(database, folder, filters=Filters(**filters), on=on, base=base)
    finally:
        database.close()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a site, by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def matrix_by_day(folder: Path) -> dict[str, list[str]]:
    """The pieces of the matrix on each day of change, as the script of the slider puts them together."""
    index = json.loads((folder / "days.js").read_bytes().removeprefix(b"const siteDays = ").removesuffix(b";\n"))
    found: dict[str, list[str]] = {}
    for _, name in index["parts"]:
        part = json.loads((folder / name).read_bytes().removeprefix(b"addPart(").removesuffix(b");\n"))
        pieces = part["pieces"]
        found[part["day"]] = pieces
        for day, changed in part["changes"]:
            pieces = [*pieces]
            for at, piece in changed:
                pieces[at] = piece
            found[day] = pieces
    return found


class Page(HTMLParser):
    """The addresses in a page, its forms that lead anywhere, and what a strict policy would not run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.unwanted: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "xlink:href")]
        inline = (tag == "script" and "src" not in given) or tag == "style" or "style" in given
        if inline or "action" in given or any(name.startswith("on") for name in given):
            self.unwanted.append(self.get_starttag_text() or "")


def dead_links(folder: Path) -> list[tuple[str, str]]:
    """The links of a site that lead neither to a file in it nor to a source's address."""
    dead = []
    for path in folder.rglob("*.html"):
        for address in Page(path.read_text(encoding="utf-8")).addresses:
            parts = urlsplit(address)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if parts.scheme not in ("http", "https") and not (target.is_file() and folder.resolve() in target.parents):
                dead.append((path.name, address))
    return dead
