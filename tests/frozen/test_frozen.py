"""Frozen histories: exports, hashes and answers stay the same to the byte, on both back ends.

Where a change of an answer is meant, `python -m tests.frozen` writes them again; where it is not,
`python -m tests.frozen FOLDER` before and after, and `diff -r`, show it in full. Hashing of text is seeded
anew for every run of the tests, so that an order that depends on it does not last.
"""

import json
from typing import get_args

import pytest

from tests.databases import Databases
from tests.frozen import answers
from tests.frozen.generator import HISTORIES
from tracker.domain.log.events import Event
from tracker.domain.log.upcasting import OLD_VERSIONS

INDEX = answers.INDEX.read_text().splitlines()
TYPES = {json.loads(line)["type"] for name in HISTORIES for line in answers.events_file(name).read_bytes().splitlines()}


@pytest.mark.parametrize("history", HISTORIES)
def test_a_frozen_history_gives_the_same_answers(sqlite_databases: Databases, history: str) -> None:
    with sqlite_databases.empty() as url:
        answers.load(url, answers.events_file(history))
        answered = {question: answers.answer(url, question) for question in answers.questions()}
    assert answered["export",].encode() == answers.events_file(history).read_bytes()
    assert answers.in_full(answered) == answers.text_file(history).read_bytes().decode()
    assert answers.digests(history, answered) == [line for line in INDEX if f" {history}: " in line]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("history", ["everything"])
def test_a_frozen_history_gives_the_same_data_on_postgresql(databases: Databases, backend: str, history: str) -> None:
    with databases.empty() as url:
        answers.load(url, answers.events_file(history))
        answered = {
            question: answers.answer(url, question) for question in filter(answers.in_json, answers.questions())
        }
    assert len(answered) > 40
    assert set(answers.digests(history, answered)) <= set(INDEX)


def test_the_frozen_histories_hold_every_type_of_entry() -> None:
    events = get_args(get_args(Event)[0])
    assert {model.model_fields["type"].default for model in events} | set(OLD_VERSIONS) == TYPES
