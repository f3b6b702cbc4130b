"""The page about the API lists what can be asked, and its examples can be followed."""

import re
from html import unescape
from pathlib import Path

from starlette.testclient import TestClient

from tracker.storage.maintenance.migrate import create_database
from tracker.web.app import make_app
from tracker.web.asking.database import Database

EXAMPLE = re.compile(r'For example <a href="([^"]+)"')


def test_every_path_is_on_the_page_with_its_parameters(client: TestClient) -> None:
    page = unescape(client.get("/api").text)
    for path, methods in client.get("/api/openapi.json").json()["paths"].items():
        for method, described in methods.items():
            _, _, section = page.partition(f"<code>{method.upper()} {path}</code>")
            section = section.partition("</section>")[0]
            for parameter in described.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in section, (path, parameter["name"])
                assert parameter["description"] in section


def test_examples_can_be_followed(client: TestClient) -> None:
    examples = [unescape(found) for found in EXAMPLE.findall(client.get("/api").text)]
    assert len(examples) >= 12
    for example in examples:
        if not example.endswith("/events"):
            assert client.get(example).status_code == 200, example


def test_an_empty_record_has_the_page_too(tmp_path: Path) -> None:
    create_database(str(tmp_path / "empty.db"))
    empty = TestClient(make_app(Database(str(tmp_path / "empty.db"))), base_url="http://localhost")
    for address in ("/api", "/log", "/search?text=peace", "/feed.atom", "/api/log"):
        assert empty.get(address).status_code == 200, address
    assert "<entry>" not in empty.get("/feed.atom").text
