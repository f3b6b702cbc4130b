"""Write a site: every page of a cut-off as plain files, which need neither a server nor scripts."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from tracker.domain.terms.rules import RULES
from tracker.domain.terms.scope import parse_known_at
from tracker.domain.timeline.staleness import STALE_AFTER
from tracker.errors import TrackerError
from tracker.presenting.filters import Filters
from tracker.reports.formats import FORMATS
from tracker.web.app import make_app
from tracker.web.asking.address import read_address
from tracker.web.asking.answering import answer, form_of, pose
from tracker.web.asking.database import Database
from tracker.web.frame import PATHS, environment, frame_of
from tracker.web.release import RELEASE
from tracker.web.site.crawl import START, Crawl
from tracker.web.site.cut import Cut, cut_of
from tracker.web.site.days import Days, days_of, index_script, parts_of
from tracker.web.site.folder import MARKER, finish, new_site
from tracker.web.site.places import FEED, STEMS, Place, Places
from tracker.web.site.sitemap import groups_of, sitemaps
from tracker.web.written import SiteFacts


class WrittenSite(NamedTuple):
    """A site that was written, and what it is of."""

    files: int
    cut: Cut


class _Plan(NamedTuple):
    """What there is to write."""

    cut: Cut
    days: Days
    places: Places
    addresses: list[str]
    """Of the pages that nothing leads to by necessity."""


def write_site(
    database: Database,
    target: Path,
    *,
    filters: Filters,
    on: date | None = None,
    base: str = "",
    progress: Callable[[int], None] = lambda _: None,
) -> WrittenSite:
    """Write the site of a question into a folder, whole or not at all; `base` is the address at which it will stand.

    Raises TrackerError: NotOurSite for a folder that holds something else.
    """
    with new_site(target) as folder:
        plan = _plan(database, filters, on)
        written = _written(plan)
        app = make_app(database, written=written)
        del app.exception_handlers[TrackerError]  # the caller says what is refused
        crawl = Crawl(app, plan.places, folder, base=base, entries_lead_on=not plan.cut.is_narrowed)
        asyncio.run(_write(crawl, plan, progress))
        for place in crawl.data:
            crawl.write(place.file, _data(place, database))
            progress(1)
        _write_lists(crawl, written, base)
        return WrittenSite(finish(folder, _made_from(plan.cut)), plan.cut)


def _plan(database: Database, filters: Filters, on: date | None) -> _Plan:
    with database.snapshot() as snapshot:
        cut = cut_of(snapshot, filters, on)
        pinned = Filters(
            cut.parties, cut.issues, cut.attribution, parse_known_at(f"@{cut.position}"), cut.published_by
        ).query(snapshot)
        statements = snapshot.days_of_statements(pinned)
        others = snapshot.days_of_circumstances(pinned)
        cells = len(snapshot.pairs_on_record(pinned))
        known = snapshot.registers(cut.on, known_at=cut.position)
    days = days_of(statements, others, cut.on, cells, STALE_AFTER)
    last = days.marks[-1][0] if days.marks else cut.on
    first = last - timedelta(365) if last > date(2, 1, 1) else date.min
    places = Places(cut, (first, last), lambda name: _position_of(name, database))
    addresses = [START, *(PATHS[question] for question in STEMS if places.has(question)), FEED]
    if not cut.is_narrowed:
        addresses += [f"/issues/{issue}" for issue in known.issues]
        addresses += [f"/parties/{party}" for party in known.parties]
    return _Plan(cut, days, places, addresses)


def _position_of(event_id: str, database: Database) -> int | None:
    with database.snapshot() as snapshot:
        return snapshot.positions([event_id]).get(event_id)


def _written(plan: _Plan) -> SiteFacts:
    paths = {path for question, path in PATHS.items() if plan.places.has(question)}
    formats = frozenset(name for name, form in FORMATS.items() if form.is_data)
    return SiteFacts(plan.cut.on, plan.cut.position, plan.cut.hash, frozenset(paths), formats, plan.days.remark)


async def _write(crawl: Crawl, plan: _Plan, progress: Callable[[int], None]) -> None:
    for address in plan.addresses:
        crawl.expect(address)
    await crawl.run(progress)

    async def page_on(day: date) -> str:
        body = await crawl.text_of(plan.places.matrix_on(day))
        assert body is not None
        progress(1)
        return body.decode().replace(f"on={day}&", f"on={plan.cut.on}&")  # a position has one page, whatever the day

    parts = []
    async for part in parts_of(plan.days.changes, page_on):
        parts.append((part.day, f"days/{part.day}.js"))
        crawl.write(parts[-1][1], part.script(lambda piece: crawl.led(piece, "index.html")))
    crawl.write("days.js", index_script(plan.days, parts))


def _data(place: Place, database: Database) -> bytes:
    """An answer whole, where the API cuts a long one into pages."""
    assert place.question is not None
    with database.snapshot() as snapshot:
        address = read_address(place.question, place.pairs, snapshot.today)
        return answer(pose(address, snapshot), snapshot, form_of(address, default="json"), whole=True).body


def _write_lists(crawl: Crawl, written: SiteFacts, base: str) -> None:
    """Lead the pages to each other, and write what lists them."""
    for page in crawl.pages:
        crawl.lead(page)
    groups, number = groups_of(crawl.pages), len(crawl.pages)
    template = environment(written).get_template("pages.html")
    listing = template.render(frame=frame_of("", None), groups=groups, number=number, marker=MARKER)
    crawl.write("pages.html", crawl.led(listing, "pages.html").encode())
    for file, text in sitemaps(base, ["pages.html", *crawl.pages]) if base else ():
        crawl.write(file, text.encode())


def _made_from(cut: Cut) -> dict[str, object]:
    return {
        "made_by": f"negotiation-tracker {RELEASE}",
        "rules": RULES,
        "on": cut.on.isoformat(),
        "log_position": cut.position,
        "log_hash": cut.hash,
        "asked": [list(pair) for pair in cut.pairs],
    }
