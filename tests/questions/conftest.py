"""Questions about small histories as people read the answers, on one line."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.conftest import within_this_process


@pytest.fixture
def ask(new_database: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    """Asks a question of the ledger that the test's module has as TEXT."""

    def asked(*question: str) -> str:
        with new_database(request.module.TEXT) as (url, _):
            ran = within_this_process(url)(*question, COLUMNS="200")
        assert ran.code == 0, ran.err
        return " ".join(ran.out.split())

    return asked
