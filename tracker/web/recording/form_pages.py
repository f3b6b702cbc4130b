"""A form as a page: its fields with what was typed, what came of it, and what is new where it was stale."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from markupsafe import Markup, escape
from uuid_utils import uuid7

from tracker.web.frame import frame_of
from tracker.web.recording.access import FORM_MARK, Access
from tracker.web.recording.attempts import MISSING, Attempt
from tracker.web.recording.completions import completions
from tracker.web.recording.fields import MORE, Field, Sheet
from tracker.web.recording.news import news_of, words_on
from tracker.web.recording.row_forms import FORMS
from tracker.web.recording.sign_in import UNKEPT

if TYPE_CHECKING:
    from tracker.snapshot import Snapshot


class FieldView(NamedTuple):
    """A field as the page shows it. `was` is what the entry says that is to be corrected, None for other forms."""

    field: Field
    value: Markup
    problems: Sequence[str]
    was: str | None = None


class Group(NamedTuple):
    """Fields that stand together; folded unless something in them is typed or wrong."""

    title: str
    fields: Sequence[FieldView]
    folded: bool = False


class FormPages:
    """Makes the pages of forms for who is signed in."""

    def __init__(self, pages: Environment, access: Access) -> None:
        self._pages, self._access = pages, access

    def show(
        self,
        request: Request,
        sheet: Sheet,
        snapshot: "Snapshot",
        *,
        by: str,
        typed: Mapping[str, str],
        attempt: Attempt | None = None,
    ) -> Response:
        """The page of a form; after an attempt with what came of it."""
        head = snapshot.checkpoint().position
        news = news_of(snapshot, attempt) if attempt else ()
        seen = typed.get("seen", "") if not news else ""
        context = {
            "sheet": sheet,
            "attempt": attempt,
            "needed": _needed(sheet, attempt),
            "problems": _problems(sheet, attempt),
            "news": news,
            "anyway": bool(attempt and attempt.looks_like) or "anyway" in typed,
            "hidden": {
                FORM_MARK: self._access.form_mark(self._access.secret(request)),
                "form_id": typed.get("form_id") or str(uuid7()),
                "seen": seen or str(head),
            },
            "anyway_typed": "anyway" in typed,
            "live": "live" in typed,
            "missing": MISSING,
        }
        status = _status(attempt)
        if "live" in typed:
            return HTMLResponse(self._pages.get_template("recording/outcome.html").render(**context), 200, UNKEPT)
        fields = [field for _, group in sheet.groups for field in group]
        body = self._pages.get_template("recording/form.html").render(
            **context,
            frame=frame_of("/record", None, recording=True),
            by=by,
            forms=FORMS,
            more=MORE,
            groups=list(_groups(sheet, typed, attempt)),
            completions=completions(snapshot, fields),
            recorded=_recorded(request, snapshot, by),
        )
        return HTMLResponse(body, status, UNKEPT)


def _status(attempt: Attempt | None) -> int:
    if attempt is None or not attempt.problems:
        return 200
    return 409 if attempt.moved_on or attempt.looks_like or attempt.successor else 422


def _groups(sheet: Sheet, typed: Mapping[str, str], attempt: Attempt | None) -> Iterable[Group]:
    wrong: dict[str, list[str]] = {}
    for name, sentence in attempt.problems if attempt else ():
        wrong.setdefault((name or "").partition(".")[0], []).append(sentence)
    for title, fields in sheet.groups:
        views = [
            FieldView(
                field,
                escape(typed.get(field.name, sheet.was.get(field.name, ""))),
                wrong.get(field.name, ()),
                sheet.was.get(field.name),
            )
            for field in fields
        ]
        folded = title == MORE and not any(one.value or one.problems for one in views)
        yield Group(title, views, folded)


def _problems(sheet: Sheet, attempt: Attempt | None) -> list[tuple[str, str, str]]:
    """Each problem with the name and the label of its field; both empty where the form has no such field."""
    labels = {field.name: field.label for _, group in sheet.groups for field in group}
    found = []
    for name, sentence in attempt.problems if attempt else ():
        own = (name or "").partition(".")[0]
        found.append((own if own in labels else "", labels.get(own, name or ""), sentence))
    return found


def _needed(sheet: Sheet, attempt: Attempt | None) -> list[str]:
    return [label for _, label, sentence in _problems(sheet, attempt) if sentence == MISSING]


class RecordedEntry(NamedTuple):
    """An entry that a form recorded: its position, and what it says in a few words."""

    position: int
    what: str


def _recorded(request: Request, snapshot: "Snapshot", by: str) -> Sequence[RecordedEntry]:
    """The entries that the form before recorded, as the address has them; no others' if somebody changed that."""
    found = []
    for text in request.query_params.get("recorded", "").split(",")[:_MOST_SHOWN]:
        if text.isascii() and text.isdigit() and 0 < int(text[:18]) <= snapshot.checkpoint().position:
            detail = snapshot.show(f"@{int(text)}")
            if detail.entry.recorded_by == by:
                found.append(RecordedEntry(detail.entry.position, words_on(detail)))
    return found


_MOST_SHOWN = 20
