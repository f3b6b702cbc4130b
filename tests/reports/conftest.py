"""Questions about small histories, and the answers: as they are printed, and as people read them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import within_this_process
from tests.reports.test_html import Page
from tests.reports.views import TEXT


@pytest.fixture
def read(new_database: Callable[..., Any]) -> Any:
    """Asks a question of the entries of a ledger: JSON and CSV as they are, else the words on one line."""

    def asked(text: str, *question: str, form: str, width: int = 250) -> str:
        with new_database(text) as (url, _):
            ran = within_this_process(url)(*question, "--format", form, COLUMNS=str(width))
        assert ran.code == 0, ran.err
        if form in ("csv", "json"):
            return str(ran.out)
        shown = Page(ran.out).text if form == "html" else ran.out.replace("\\", "")
        return " ".join(shown.replace("→", "->").split())

    return asked


@pytest.fixture
def ask(new_database: Callable[..., Any]) -> Any:
    """Asks a question of the entries of a ledger."""

    def asked(*question: str, text: str = TEXT, width: int = 80) -> str:
        with new_database(text) as (url, _):
            ran = within_this_process(url)(*question, COLUMNS=str(width))
        assert ran.code == 0, ran.err
        return str(ran.out)

    return asked
