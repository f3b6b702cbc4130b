"""Whether this server can answer, for whatever watches over it."""

from collections.abc import Callable
from logging import getLogger

from starlette.responses import JSONResponse

from tracker.domain.terms.safe_text import plain
from tracker.errors import TrackerError
from tracker.web.asking.database import Database
from tracker.web.problems import problem_of
from tracker.web.release import RELEASE

HEALTH = "/health"


def health(database: Database) -> Callable[[], JSONResponse]:
    """Return what answers at /health: the release and the log's last position, or 503 and why there is none."""

    def check() -> JSONResponse:
        """Say whether the database can be read."""
        headers = {"Cache-Control": "no-store"}
        try:
            position = database.head().position
        except TrackerError as refusal:
            getLogger("tracker.web").warning("health: %s", plain(str(refusal)))
            detail = " ".join(problem_of(refusal).lines)
            found = {"status": "unavailable", "release": RELEASE, "position": None, "detail": detail}
            return JSONResponse(found, 503, headers)
        return JSONResponse({"status": "ok", "release": RELEASE, "position": position}, headers=headers)

    return check
