"""What pages load beside themselves: style sheets (the answers' is that of their documents), the icon, the script."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from tracker.web.responses import is_known, not_modified

ASSETS = {
    "style.css": ("tracker.reports", "templates/style.css", "text/css; charset=utf-8"),
    "chart.css": ("tracker.charts", "chart.css", "text/css; charset=utf-8"),
    "page.css": ("tracker.web", "static/page.css", "text/css; charset=utf-8"),
    "icon.svg": ("tracker.web", "static/icon.svg", "image/svg+xml"),
    "site.js": ("tracker.web", "static/site.js", "text/javascript; charset=utf-8"),
    "page.js": ("tracker.web", "static/page.js", "text/javascript; charset=utf-8"),
}
"""By name: the package that has it, where, and what it is."""
RECORDING_ASSETS = {
    "recording.css": ("tracker.web", "static/recording.css", "text/css; charset=utf-8"),
    "recording.js": ("tracker.web", "static/recording.js", "text/javascript; charset=utf-8"),
}
"""Those of the pages on which people record."""


@cache
def asset(name: str) -> bytes:
    """The bytes of an asset."""
    package, place, _ = {**ASSETS, **RECORDING_ASSETS}[name]
    return files(package).joinpath(place).read_bytes()


def asset_routes(assets: Mapping[str, tuple[str, str, str]] = ASSETS) -> APIRouter:
    """A route below /static for each."""
    router = APIRouter(prefix="/static", include_in_schema=False)
    for name, (_, _, kind) in assets.items():
        router.add_api_route(f"/{name}", _route(name, kind), methods=["GET"])
    return router


def _route(name: str, kind: str) -> Callable[[Request], Response]:
    tag = f'W/"{hashlib.sha256(asset(name)).hexdigest()[:32]}"'

    def route(request: Request) -> Response:
        if is_known(request, tag):
            return not_modified(tag)
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        return Response(asset(name), media_type=kind, headers=headers)

    return route
