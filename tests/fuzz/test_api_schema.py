"""The API does what its schema says, whatever it is asked: schemathesis makes the questions and judges the answers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import filled
from tests.databases import Databases
from tests.fuzz.conftest import CASES
from tests.web.chromium.pages import SMALL
from tracker.domain.terms.vocabulary import Act, Attribution, Priority
from tracker.web.app import make_app
from tracker.web.asking.database import Database

ASKED = max(CASES, 160)
"""How many questions are asked in all."""
STREAMS = "/api/entries/events"
"""Has no end, and tests of its own."""
SENSIBLE: Mapping[str, tuple[str, ...]] = {
    "act": tuple(Act),
    "at": ("120", "300"),
    "attribution": ("direct,reported", *Attribution),
    "from": ("2019-01-01", "2019-11-30"),
    "issue": ("arms", "arms/start", "trade", "money/goal"),
    "known_at": ("@30", "2031-01-01"),
    "known_from": ("@20", "2030-01-01"),
    "name": ("RUS", "arms/start", "15"),
    "on": ("2019-12-31", "today", "30d"),
    "party": ("RUS", "USA", "EGY"),
    "priority": tuple(Priority),
    "published_by": ("2019-12-31",),
    "since": ("@20",),
    "text": ("said", "arms start", "نحن"),
    "to": ("2019-12-20", "2020-01-01"),
}
"""Values by the name of a parameter that have something behind them: one can hardly come upon them by chance."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def api(sqlite_databases: Databases) -> Iterator[Any]:
    """The schema, and the app behind it over a small record."""
    with ExitStack() as stack:
        url, _ = stack.enter_context(filled(sqlite_databases, SMALL))
        yield schemathesis.openapi.from_asgi("/api/openapi.json", make_app(Database(url)))


def _each(api: Any, check: Callable[[Any], None], mode: GenerationMode) -> None:
    """Check cases of every operation, in equal numbers."""
    operations = [found.ok() for found in api.get_all_operations() if found.ok().path != STREAMS]
    assert len(operations) > 10
    for operation in operations:
        strategy = operation.as_strategy(generation_mode=mode)
        ask = given(case=strategy, data=st.data())(lambda case, data: check(_sensible(case, data)))
        settings(
            max_examples=ASKED // 2 // len(operations),
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=[*HealthCheck],
        )(ask)()


def _sensible(case: Any, data: st.DataObject) -> Any:
    """A case of which most values of parameters, where they may be any text, are such as have something behind them."""
    for values in (case.query or {}, case.path_parameters or {}):
        for name in values:
            if name in SENSIBLE and isinstance(values[name], str) and data.draw(st.integers(0, 4)):
                values[name] = data.draw(st.sampled_from(SENSIBLE[name]))
    (case.query or {}).pop("wait", None)  # each would take its seconds
    return case


def test_answers_to_what_the_schema_allows_are_as_it_says(api: Any) -> None:
    statuses: list[int] = []

    def check(case: Any) -> None:
        answer = case.call()
        statuses.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    _each(api, check, GenerationMode.POSITIVE)
    assert statuses.count(200) > len(statuses) / 5


def test_what_the_schema_does_not_allow_is_refused_as_it_says(api: Any) -> None:
    statuses: list[int] = []

    def check(case: Any) -> None:
        answer = case.call()
        statuses.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    _each(api, check, GenerationMode.NEGATIVE)
    assert statuses.count(400) > len(statuses) / 2  # in an address, some of it is text like any other
