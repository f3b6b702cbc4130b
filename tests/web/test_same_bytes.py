"""The API and the downloads give the bytes of the command line, in every format, whatever is asked."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tracker.presenting.parameters import QUESTIONS
from tracker.reports.formats import formats_of
from tracker.web.asking.questions import formats_name_of
from tracker.web.frame import api_path

ARMS: Sequence[tuple[str, str, Sequence[str]]] = (
    ("state", "on=2019-12-10", ("--on", "2019-12-10")),
    (
        "state",
        "on=2019-12-10&known_at=@396&issue=arms-control",
        ("--on", "2019-12-10", "--known-at", "@396", "--issue", "arms-control"),
    ),
    (
        "state",
        "on=2021-01-31&published_by=2020-02-01&party=RUS&party=USA",
        ("--on", "2021-01-31", "--published-by", "2020-02-01", "--party", "RUS", "--party", "USA"),
    ),
    (
        "state",
        "on=2026-01-01&attribution=direct,reported&inherit=1",
        ("--on", "2026-01-01", "--attribution", "direct,reported", "--inherit"),
    ),
    (
        "state",
        "on=2020-01-01&speaker=Lavrov&stale_after=30&titles=0",
        ("--on", "2020-01-01", "--speaker", "Lavrov", "--stale-after", "30", "--no-titles"),
    ),
    ("history", "party=RUS&issue=extension&on=2026-01-01", ("RUS", "extension", "--on", "2026-01-01")),
    ("explain", "party=Russia&issue=extension&on=2020-01-01", ("Russia", "extension", "--on", "2020-01-01")),
    ("asks", "on=2020-01-01&all=1", ("--on", "2020-01-01", "--all")),
    ("conditions", "on=2020-01-01&closed=1", ("--on", "2020-01-01", "--closed")),
    (
        "report",
        "from=2019-01-01&to=2019-12-31&including=yes",
        ("--from", "2019-01-01", "--to", "2019-12-31", "--including"),
    ),
    ("report", "since=@300&to=2026-11-20", ("--since", "@300", "--to", "2026-11-20")),
    ("find", "text=missile+defence", ("missile", "defence")),
    ("find", "text=china&limit=3&party=USA", ("china", "--limit", "3", "--party", "USA")),
    ("consensus", "on=2020-01-01&issue=extension", ("extension", "--on", "2020-01-01")),
    (
        "consensus",
        "from=2018-01-01&to=2020-01-01&issue=extension",
        ("extension", "--from", "2018-01-01", "--to", "2020-01-01"),
    ),
    ("agreement", "on=2020-01-01&party=RUS", ("--on", "2020-01-01", "--party", "RUS")),
    ("agreement", "from=2018-06-01&to=2020-01-01&rows=1", ("--from", "2018-06-01", "--to", "2020-01-01", "--rows")),
)
CLIMATE: Sequence[tuple[str, str, Sequence[str]]] = (
    ("state", "on=2024-11-20&inherit=1", ("--on", "2024-11-20", "--inherit")),
    (
        "consensus",
        "on=2024-11-20&of=G77&at=250&issue=finance/goal",
        ("finance/goal", "--on", "2024-11-20", "--of", "G77", "--at", "250"),
    ),
    ("history", "red_line=1&on=2025-01-01", ("--red-line", "--on", "2025-01-01")),
    ("report", "from=2024-11-01&to=2024-11-30", ("--from", "2024-11-01", "--to", "2024-11-30")),
)


def _cases(asked: Sequence[tuple[str, str, Sequence[str]]]) -> list[object]:
    return [
        pytest.param(question, query, args, form, id=f"{question} {query} {form}")
        for question, query, args in asked
        for form in formats_of(
            "convergence" if "from=" in query and question == "consensus" else formats_name_of(question)
        )
        if form != "table"
    ]


@pytest.mark.parametrize(("question", "query", "args", "form"), _cases(ARMS))
def test_an_answer_has_the_bytes_of_the_command(
    question: str,
    query: str,
    args: Sequence[str],
    form: str,
    client: TestClient,
    arms: Path,
    printed: Callable[..., bytes],
) -> None:
    answer = client.get(f"{api_path(question)}?{query}&format={form}")
    assert answer.status_code == 200, answer.text
    assert answer.content == printed(arms, question, *args, "--format", form)


@pytest.mark.parametrize(("question", "query", "args", "form"), _cases(CLIMATE))
def test_so_has_one_on_amounts_and_choices(
    question: str,
    query: str,
    args: Sequence[str],
    form: str,
    climate_client: TestClient,
    climate: Path,
    printed: Callable[..., bytes],
) -> None:
    answer = climate_client.get(f"{api_path(question)}?{query}&format={form}")
    assert answer.status_code == 200, answer.text
    assert answer.content == printed(climate, question, *args, "--format", form)


def test_every_question_is_among_these() -> None:
    assert {question for question, _, _ in ARMS} == set(QUESTIONS)
