"""On PostgreSQL a law is tried on fewer histories: what entries mean is the same Python on both back ends."""

import pytest
from hypothesis import settings

from tests.laws.laws import ON_POSTGRESQL


@pytest.fixture(autouse=True)
def fewer_histories_on_postgresql(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a law runs on PostgreSQL, it is tried on a share of its histories, and on all that it names."""
    if "backend" in request.fixturenames and request.getfixturevalue("backend") == "postgresql":
        law = request.function
        usual = law._hypothesis_internal_use_settings
        fewer = settings(usual, max_examples=max(1, round(usual.max_examples * ON_POSTGRESQL)))
        monkeypatch.setattr(law, "_hypothesis_internal_use_settings", fewer)
