"""Read from an earlier change report, in its JSON, what a report since then needs."""

from dataclasses import fields
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from tracker.adapters.files import name_of, read_whole
from tracker.domain.log.field_types import Day
from tracker.domain.report.change_report import EarlierReport
from tracker.domain.terms.scope import Listing, Scope
from tracker.domain.terms.vocabulary import Act, Attribution, Priority
from tracker.errors import NotAReport

_LONGEST_REPORT = 1 << 28


class _Log(BaseModel):
    position: int = Field(ge=0, lt=2**63)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


class _Filters(BaseModel):
    parties: frozenset[str] = frozenset()
    issues: frozenset[str] = frozenset()
    attributions: frozenset[Attribution] = frozenset()
    speakers: tuple[str, ...] = ()
    acts: frozenset[Act] = frozenset()
    tags: tuple[str, ...] = ()
    priorities: frozenset[Priority] = frozenset()
    red_line: bool = False
    conditions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _SavedReport(BaseModel):
    to: Day
    published_by: Day | None
    log: _Log
    filters: _Filters
    inherit: bool = False
    rules: int = 1
    """Reports said nothing of their rules before there were others than 1."""


def read_earlier(path: Path) -> EarlierReport:
    """The cut, the days and the filters of a report that was saved as JSON. Raises FileUnavailable or NotAReport."""
    content = read_whole(path, at_most=_LONGEST_REPORT)
    try:
        saved = _SavedReport.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field, is_json = ".".join(map(str, first["loc"])) or None, first["type"] != "json_invalid"
        raise NotAReport(name_of(path), field, is_json=is_json) from None
    filters = saved.filters
    return EarlierReport(
        up_to=saved.to,
        position=saved.log.position,
        hash=bytes.fromhex(saved.log.hash),
        published_by=saved.published_by,
        scope=Scope(filters.parties, filters.issues, filters.attributions),
        rules=saved.rules,
        inherits=saved.inherit,
        listing=Listing(**filters.model_dump(include={each.name for each in fields(Listing)})),
    )
