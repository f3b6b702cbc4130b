"""What an event may say, and the sentences for what it may not."""

import re
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from tracker.domain.log.event_parts import TextQuote, quoted_words
from tracker.domain.log.events import MODELS, ContextEvent, PositionEvent, PositionStated, RegisterEvent
from tracker.domain.log.kind_registry import KINDS, Role
from tracker.domain.log.parsing import model_of, parse_event, type_names
from tracker.domain.log.upcasting import OLD_VERSIONS, Addition
from tracker.domain.terms.vocabulary import Attribution, Stance
from tracker.errors import BadEvent, UnknownEventType

STATED: dict[str, Any] = {
    "party": "RUS",
    "issue": "arms-control/start",
    "stance": "supports",
    "stated_on": "2019-12-10",
    "summary": "For it.",
}


def stated(**fields: Any) -> PositionStated:
    event = parse_event("position.stated.v1", {**STATED, **fields})
    assert isinstance(event, PositionStated)
    return event


def problems(**fields: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(BadEvent) as refused:
        stated(**fields)
    return list(refused.value.problems)


def test_an_event_is_frozen_and_keeps_exactly_the_fields_that_were_given() -> None:
    event = stated(conditions=[], act=None, standing="official")
    assert event.data() == {**STATED, "conditions": [], "standing": "official"}
    with pytest.raises(ValidationError):
        event.stance = Stance.OPPOSES  # type: ignore[misc]


def test_the_attribution_is_direct_with_a_quote_and_reported_without() -> None:
    assert stated().attributed is Attribution.REPORTED
    assert stated(quote="Yes").attributed is Attribution.DIRECT
    assert stated(quote="Yes", attribution="inferred").attributed is Attribution.INFERRED


def test_a_quote_is_text_or_has_its_surroundings() -> None:
    event = stated(quote={"exact": "Yes", "prefix": "He said: "})
    assert event.quote == TextQuote(exact="Yes", prefix="He said: ")
    assert quoted_words(event.quote) == "Yes"
    assert event.data()["quote"] == {"exact": "Yes", "prefix": "He said: "}


def test_a_stance_has_its_place_on_the_scale() -> None:
    assert [stance.degree for stance in Stance] == [-2, -1, 0, 1, 2]


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"stance": "suports"}, "stance", "Did you mean supports?"),
        ({"act": "offer"}, "act", "Did you mean offers?"),
        ({"stated_on": "2019-02-30"}, "stated_on", "not a date of the calendar"),
        ({"stated_on": 2019}, "stated_on", "not a date"),
        ({"summary": " \n"}, "summary", "is empty"),
        ({"summary": "a\x00b"}, "summary", "NUL"),
        ({"summary": "\ud800"}, "summary", "lone surrogate"),
        ({"summary": "a" * 10_001}, "summary", "10,001 characters"),
        ({"quote": "a" * 2_001}, "quote", "at most 2,000"),
        ({"quote": {"exact": "a", "sufix": "b"}}, "quote.sufix", "Did you mean suffix?"),
        ({"summry": "x"}, "summry", "Did you mean summary?"),
        ({"type": "x"}, "type", "is not a field"),
        ({"position.stated.v1": 1}, "position.stated.v1", "is not a field"),
        ({"words": 1}, "words", "is not a field"),
        ({"quote": {"exact": "a", "words": "b"}}, "quote.words", "is not a field of a quote"),
        ({"x\n" * 90: 1}, "x x x x x x x x x x x x x x x x x x x x x x x x x x x x x...", "is not a field"),
        ({"sequence": [[[[[[[[1]]]]]]]]}, "sequence", "[[[[[[[...]]]]]]] is not a whole number"),
        ({"sequence": 10**5_000}, "sequence", "whole number"),
        ({"party": "rus"}, "party", "upper-case"),
        ({"issue": "arms control"}, "issue", "without spaces"),
        ({"issue": "arms/"}, "issue", "is not an issue path"),
        ({"addressed_to": "USA"}, "addressed_to", "is not a list"),
        ({"sequence": True}, "sequence", "whole number"),
        ({"sequence": "1"}, "sequence", "whole number"),
        ({"sequence": 2**53}, "sequence", "whole number"),
    ],
)
def test_a_bad_field_is_named_with_what_is_wrong(fields: dict[str, Any], field: str, says: str) -> None:
    found = problems(**fields)
    assert [name for name, _ in found] == [field]
    assert says in found[0][1]


def test_every_problem_of_an_event_is_reported_at_once() -> None:
    assert {field for field, _ in problems(stance="no", stated_on="x", summary="")} == {
        "stance",
        "stated_on",
        "summary",
    }


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert stated(sequence=2.0).data()["sequence"] == 2


def test_an_unknown_type_and_a_newer_version_are_told_apart() -> None:
    with pytest.raises(UnknownEventType, match=r"Did you mean position\.stated\.v1"):
        parse_event("position.statd.v1", STATED)
    with pytest.raises(UnknownEventType, match="Upgrade the tracker"):
        parse_event("position.stated.v9", STATED)


def test_every_type_name_is_versioned() -> None:
    assert len({name.rpartition(".")[0] for name in type_names()}) == len(KINDS)
    assert all(re.search(r"\.v[1-9]\d*$", name) for name in type_names())


def test_the_registry_of_kinds_and_the_models_say_the_same() -> None:
    by_kind = {name.rpartition(".")[0]: model for name, model in MODELS.items()}
    assert by_kind.keys() == KINDS.keys()
    for name, kind in KINDS.items():
        fields = by_kind[name].model_fields.keys()
        assert kind.name == name
        assert {field for field in (kind.key, kind.day, kind.title, kind.register) if field is not None} <= fields
        assert (kind.role.targets, kind.role.revises) == ("target" in fields, "reason" in fields)
        assert (by_kind[name] in get_args(RegisterEvent)) == kind.in_register
        assert (by_kind[name] in get_args(ContextEvent)) == bool(kind.in_context)
        assert (by_kind[name] in get_args(PositionEvent)) == (kind.role is Role.STATEMENT)


@pytest.mark.parametrize("name", OLD_VERSIONS)
def test_an_old_version_names_fields_of_the_newer_one(name: str) -> None:
    old = OLD_VERSIONS[name]
    assert isinstance(old, Addition)
    assert old.adds.keys() | old.needs | old.holds.keys() <= model_of(old.newer).model_fields.keys()
    assert old.adds or old.needs or old.holds
