"""Every event is written in the oldest version that can say it, and reads the same from there."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tracker.domain.log.events import MODELS, EntryCorrected, Event
from tracker.domain.log.kind_registry import Role, kind_of
from tracker.domain.log.parsing import parse_event, parse_replacement, stored_replacement
from tracker.domain.log.upcasting import OLD_VERSIONS, oldest_form, upcast, versions_of
from tracker.errors import BadEvent

ID = "d720e32d-4765-5177-b65b-42dd7f6e6445"
RECORDED = [
    json.loads(line)
    for name in ("events-v2.jsonl", "events-v3.jsonl")
    for line in (ROOT / "tests" / "golden" / name).read_text().splitlines()
]
SAID = [
    (versions_of(line["type"])[-1], dict(upcast(line["type"], line["data"])))
    for line in RECORDED
    if kind_of(line["type"]).role is not Role.CORRECTION
]


def read(type_name: str, data: dict[str, Any]) -> Event | None:
    """The event of some data; None if this version cannot have them."""
    try:
        return parse_event(type_name, data)
    except BadEvent:
        return None


def first_that_says(event: Event, data: dict[str, Any]) -> str:
    """The oldest version that takes the data without what goes without saying, and means the same by them."""
    for name in list(data):
        rest = {field: value for field, value in data.items() if field != name}
        if read(event.type, rest) == event:
            data = rest
    return next(version for version in versions_of(event.type) if read(version, data) == event)


@cache
def said_by_type() -> list[st.SearchStrategy[tuple[str, dict[str, Any], list[str]]]]:
    """What was said, each with the fields that it can do without, by type."""
    found: dict[str, list[tuple[str, dict[str, Any], list[str]]]] = {}
    for type_name, data in SAID:
        rest = {name: {field: value for field, value in data.items() if field != name} for name in sorted(data)}
        optional = [name for name, less in rest.items() if read(type_name, less) is not None]
        found.setdefault(type_name, []).append((type_name, data, optional))
    return [st.sampled_from(found[type_name]) for type_name in sorted(found)]


@st.composite
def newest_data(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """What an entry says in the newest version of its type, without some of its fields."""
    type_name, data, optional = draw(draw(st.sampled_from(said_by_type())))
    added = {field for old in versions_of(type_name)[:-1] for field in OLD_VERSIONS[old].adds}
    some = st.sets(st.sampled_from(optional)) if optional else st.just(set())
    lost = draw(some | st.just(added & data.keys()))
    return type_name, {field: value for field, value in data.items() if field not in lost}


@settings(max_examples=400)
@given(newest_data())
def test_an_event_is_written_in_the_oldest_version_that_says_it(said: tuple[str, dict[str, Any]]) -> None:
    event = read(*said)
    assume(event is not None)
    assert event is not None
    form = oldest_form(event.type, event.data())
    assert form.type == first_that_says(event, said[1])
    assert parse_event(form.type, dict(form.data)) == event


@pytest.mark.parametrize("newest", sorted(name for name in MODELS if len(versions_of(name)) > 1))
def test_the_files_have_events_of_every_type_that_need_its_newest_version_and_some_that_do_not(newest: str) -> None:
    if kind_of(newest).role is Role.CORRECTION:
        written = {line["type"] for line in RECORDED}
    else:
        written = {oldest_form(type_name, data).type for type_name, data in SAID if type_name == newest}
    assert {versions_of(newest)[0], newest} <= written


def test_a_correction_names_the_version_of_its_replacement_where_an_older_one_cannot_say_it() -> None:
    for type_name, data in SAID:
        form = oldest_form(type_name, data)
        held = stored_replacement(form)
        corrected = EntryCorrected(target=ID, reason="Misread.", **held)
        written = oldest_form(corrected.type, corrected.data())
        goes_without = form.type.endswith(".v1") or form.type == "milestone.noted.v2"
        assert written.type == ("entry.corrected.v1" if goes_without else "entry.corrected.v2")
        assert written.data.get("type") == (None if goes_without else form.type)
        parsed = parse_event(written.type, dict(written.data))
        assert isinstance(parsed, EntryCorrected)
        assert parse_replacement(type_name, parsed).event == read(type_name, data)
