"""Old versions of events: checked in their own form, read as the newest, and never rewritten."""

from typing import Any

import pytest

from tests.ledger import drafts
from tracker.domain.log.entries import Draft, content_hash
from tracker.domain.log.events import MilestoneNoted
from tracker.domain.log.parsing import parse_event, parse_unversioned, parse_written
from tracker.domain.log.upcasting import OLD_VERSIONS, Addition, StoredForm, oldest_form, versions_of
from tracker.domain.terms.vocabulary import MilestoneCategory
from tracker.errors import BadEvent

DATA = {"on": "2019-12-10", "title": "Summit"}
SUMMIT = DATA | {"category": "summit"}


def oldest(event: MilestoneNoted) -> StoredForm:
    return oldest_form(event.type, event.data())


def test_an_old_version_is_read_as_the_newest_and_keeps_its_form() -> None:
    parsed = parse_written("milestone.noted.v1", DATA)
    assert isinstance(parsed.event, MilestoneNoted)
    assert parsed.event.category is MilestoneCategory.OTHER
    assert parsed.written is None
    assert parsed.form.data == DATA
    newer = parse_written("milestone.noted.v2", DATA)
    assert newer.event == parsed.event
    assert newer.written == ("milestone.noted.v2", DATA)


def test_a_field_of_a_newer_version_is_none_of_an_old_one() -> None:
    with pytest.raises(BadEvent, match=r"category: is not a field of milestone\.noted\.v1"):
        parse_event("milestone.noted.v1", SUMMIT)


def test_a_new_event_is_written_in_the_oldest_form_that_says_it_all() -> None:
    assert oldest(MilestoneNoted(**DATA)) == ("milestone.noted.v1", DATA)
    assert oldest(MilestoneNoted(**DATA, category="other")) == ("milestone.noted.v1", DATA)
    assert oldest(MilestoneNoted(**SUMMIT)) == ("milestone.noted.v2", SUMMIT)


@pytest.mark.parametrize("name", OLD_VERSIONS)
def test_the_way_up_and_down_again_leads_back(name: str) -> None:
    old, data = OLD_VERSIONS[name], DATA | {"stance": "supports"}
    assert old.down(old.up(data)) == data
    assert versions_of(name) == versions_of(old.newer)


def test_a_replacement_may_have_any_form_of_the_type_and_is_told_by_its_fields() -> None:
    for first in ("milestone.noted.v1", "milestone.noted.v2"):
        older, newer = parse_unversioned(first, DATA), parse_unversioned(first, SUMMIT)
        assert older.written is None
        assert newer.written == ("milestone.noted.v2", SUMMIT)
        assert isinstance(newer.event, MilestoneNoted)
        assert newer.event.category is MilestoneCategory.SUMMIT
        with pytest.raises(BadEvent, match="category"):
            parse_unversioned(first, DATA | {"category": "party"})


def test_the_same_content_in_another_version_is_the_same() -> None:
    hashes = set()
    for type_name, data in (("v1", DATA), ("v2", DATA), ("v2", DATA | {"category": "other"})):
        event, written = parse_written(f"milestone.noted.{type_name}", data)
        hashes.add(content_hash(Draft(event, drafts("party RUS")[0].id, "me", written=written)))
    assert len(hashes) == 1


@pytest.mark.parametrize("value", [{}, [], ["votes"], 3, None])
def test_a_value_of_another_type_is_left_for_the_event_to_refuse(value: Any) -> None:
    for old in OLD_VERSIONS.values():
        if isinstance(old, Addition):
            assert not set(old.beyond(dict.fromkeys(old.holds, value))) & old.holds.keys()
