"""A client of the pages over the entries of a small ledger."""

from pathlib import Path

from starlette.testclient import TestClient

from tests.ledger import append_all, drafts
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker
from tracker.web.app import make_app
from tracker.web.asking.database import Database


def client_of(path: Path, ledger: str) -> TestClient:
    """Record a ledger in a new database. A client of its pages."""
    create_database(str(path))
    with Tracker.open(str(path)) as tracker, tracker._log.writing() as log:
        append_all(log, drafts(ledger))
    return TestClient(make_app(Database(str(path))), base_url="http://localhost")
