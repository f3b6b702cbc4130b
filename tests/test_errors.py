"""Refusals: their sentences name their fields, and all of them are imported from one place."""

import string
from collections.abc import Iterator

import pytest

from tracker import errors
from tracker.errors import TrackerError


def refusals(of: type[TrackerError] = TrackerError) -> Iterator[type[TrackerError]]:
    for refusal in of.__subclasses__():
        if refusal.__module__.startswith("tracker."):
            yield refusal
            yield from refusals(refusal)


REFUSALS = tuple(refusals())


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_has_a_sentence_of_its_fields(refusal: type[TrackerError]) -> None:
    sentence = refusal.sentence
    if not isinstance(sentence, str):
        assert refusal.__str__ is not TrackerError.__str__ or refusal.__subclasses__()
        return
    assert refusal.__str__ is TrackerError.__str__
    assert {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None} <= set(refusal._fields)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_refusal_is_imported_from_one_place(refusal: type[TrackerError]) -> None:
    assert getattr(errors, refusal.__name__) is refusal


def test_what_people_wrote_is_no_template() -> None:
    assert str(errors.SaidTwice("{label} on {x}")).startswith("{label} on {x} occurs twice")
