"""The application: the pages, the API and what both stand on, over one database."""

from collections.abc import Collection

from fastapi import FastAPI

from tracker.web.api import api_routes
from tracker.web.api_page import api_page_routes
from tracker.web.asking.database import Database
from tracker.web.assets import asset_routes
from tracker.web.feed import feed_routes
from tracker.web.frame import environment
from tracker.web.log.entries import entry_routes
from tracker.web.log.page import log_routes
from tracker.web.log.watch import LogWatch
from tracker.web.matrix.compare import compare_routes
from tracker.web.matrix.routes import matrix_routes
from tracker.web.pages import page_routes
from tracker.web.problems import handle_problems
from tracker.web.recording.access import Access
from tracker.web.recording.routes import recording_routes
from tracker.web.release import RELEASE
from tracker.web.serving.compression import Compression
from tracker.web.serving.health import HEALTH, health
from tracker.web.subjects.routes import subject_routes
from tracker.web.written import SiteFacts


def make_app(
    database: Database, *, recording: bool = False, proxies: Collection[str] = (), written: SiteFacts | None = None
) -> FastAPI:
    """The application over a database, which it only reads unless `recording`.

    Tokens are then taken over loopback, and from `proxies`: the addresses at which TLS ends before it. With `written`,
    its pages are those of a site of files, which offers nothing that a server must answer.
    """
    app = FastAPI(
        title="Negotiation positions",
        version=RELEASE,
        description="Who stands where on which issue, on any day, with the evidence.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.add_middleware(Compression)
    pages = environment(written)
    handle_problems(app)
    app.add_api_route(HEALTH, health(database), include_in_schema=False)
    app.include_router(asset_routes())
    watch = LogWatch(database)
    app.state.watch = watch
    app.include_router(entry_routes(database, watch))
    app.include_router(log_routes(database, pages, watch, recording=recording))
    app.include_router(feed_routes(database))
    app.include_router(api_routes(database))
    app.include_router(api_page_routes(database, pages, recording=recording))
    app.include_router(page_routes(database, pages, recording=recording))
    app.include_router(matrix_routes(database, pages, recording=recording))
    app.include_router(compare_routes(database, pages, recording=recording))
    app.include_router(subject_routes(database, pages, recording=recording))
    if recording:
        app.include_router(recording_routes(database, pages, Access(database, proxies=proxies)))
    return app
