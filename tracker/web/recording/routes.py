"""The routes of everything that people record with: who signs in, the forms, and their style and script."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from jinja2 import Environment

from tracker.web.asking.address import query_text
from tracker.web.asking.database import Database
from tracker.web.assets import RECORDING_ASSETS, asset_routes
from tracker.web.recording.access import Access
from tracker.web.recording.attempts import Attempt
from tracker.web.recording.entry_forms import ENTRY_FORMS, EntryForm, sheet_of
from tracker.web.recording.form_data import form_of
from tracker.web.recording.form_pages import FormPages
from tracker.web.recording.row_forms import FORMS, RowForm, attempt_row
from tracker.web.recording.sign_in import UNKEPT, sign_in_routes, to_sign_in
from tracker.web.recording.submission import submission_routes

FormData = Annotated[Mapping[str, str], Depends(form_of)]
Route = Callable[..., Response]
_CARRIED = ("source", "on", "speaker", "role")
"""What the next statement mostly shares with the one before."""


def recording_routes(database: Database, pages: Environment, access: Access) -> APIRouter:
    """Every route that a server has only if it was started to record."""
    router = APIRouter()
    router.include_router(asset_routes(RECORDING_ASSETS))
    router.include_router(sign_in_routes(pages, access))
    router.include_router(submission_routes(database, access))
    shown = FormPages(pages, access)
    for row_form in FORMS:
        _add(
            router,
            row_form.path,
            _show_row(row_form, database, shown, access),
            _send_row(row_form, database, shown, access),
        )
    for form in ENTRY_FORMS:
        _add(router, form.path, _show_entry(form, database, shown, access), _send_entry(form, database, shown, access))
    return router


def _add(router: APIRouter, path: str, show: Route, send: Route) -> None:
    router.add_api_route(path, show, methods=["GET"], include_in_schema=False)
    router.add_api_route(path, send, methods=["POST"], include_in_schema=False)


def _show_row(form: RowForm, database: Database, shown: FormPages, access: Access) -> Route:
    def show(request: Request) -> Response:
        if (by := access.name(request)) is None:
            return to_sign_in(request)
        with database.snapshot() as snapshot:
            return shown.show(request, form.sheet, snapshot, by=by, typed=dict(request.query_params))

    return show


def _send_row(form: RowForm, database: Database, shown: FormPages, access: Access) -> Route:
    def send(request: Request, typed: FormData) -> Response:
        by = access.require_form(request, typed)
        attempt = attempt_row(form, typed, database.tracker(), by=by, keep=_is_kept(typed))
        if attempt.recorded:
            carried = [(name, typed[name]) for name in _CARRIED if form.more and typed.get(name)]
            return _recorded(form.path, attempt, carried)
        with database.snapshot() as snapshot:
            return shown.show(request, form.sheet, snapshot, by=by, typed=typed, attempt=attempt)

    return send


def _show_entry(form: EntryForm, database: Database, shown: FormPages, access: Access) -> Route:
    def show(request: Request, entry: str) -> Response:
        if (by := access.name(request)) is None:
            return to_sign_in(request)
        with database.snapshot() as snapshot:
            sheet = sheet_of(form, snapshot.show(entry))
            return shown.show(request, sheet, snapshot, by=by, typed=dict(request.query_params))

    return show


def _send_entry(form: EntryForm, database: Database, shown: FormPages, access: Access) -> Route:
    def send(request: Request, entry: str, typed: FormData) -> Response:
        by = access.require_form(request, typed)
        with database.snapshot() as snapshot:
            detail = snapshot.show(entry)
        attempt = form.attempt(detail, typed, database.tracker(), by=by, keep=_is_kept(typed))
        if attempt.recorded:
            return _recorded(FORMS[0].path, attempt, [])
        with database.snapshot() as snapshot:
            return shown.show(request, sheet_of(form, detail), snapshot, by=by, typed=typed, attempt=attempt)

    return send


def _is_kept(typed: Mapping[str, str]) -> bool:
    return typed.get("action") == "save" and "live" not in typed


def _recorded(path: str, attempt: Attempt, carried: list[tuple[str, str]]) -> Response:
    """Lead to the next form, which tells what was recorded: to load that page again records nothing again."""
    positions = ",".join(map(str, attempt.recorded))
    return RedirectResponse(f"{path}?{query_text([('recorded', positions), *carried])}", 303, UNKEPT)
