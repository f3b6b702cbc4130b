"""The pages for signing in with a token, and out."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment

from tracker.errors import NotSignedIn
from tracker.web.asking.address import query_text
from tracker.web.frame import frame_of
from tracker.web.recording.access import FORM_MARK, Access
from tracker.web.recording.form_data import form_of
from tracker.web.recording.sessions import new_secret

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
UNKEPT = {"Cache-Control": "no-store"}
"""What is on these pages is for one person and one moment."""
_OWN_PAGE = re.compile(r"/record(?:/[a-z]{1,20})?(?:\?[^\\\s]{0,4000})?", re.ASCII)


def sign_in_routes(pages: Environment, access: Access) -> APIRouter:
    """The routes of signing in and out."""
    router = APIRouter(include_in_schema=False)

    def show(request: Request, problem: str = "", status: int = 200) -> Response:
        secret = access.secret(request) or new_secret()
        body = pages.get_template("recording/sign_in.html").render(
            frame=frame_of(SIGN_IN, None, recording=True),
            form_mark=(FORM_MARK, access.form_mark(secret)),
            then=_own_page(request.query_params.get("then", "")),
            problem=problem,
        )
        response = HTMLResponse(body, status, UNKEPT)
        access.keep(request, response, secret)
        return response

    @router.get(SIGN_IN)
    def page(request: Request) -> Response:
        return show(request)

    @router.post(SIGN_IN)
    def sign_in(request: Request, typed: Annotated[Mapping[str, str], Depends(form_of)]) -> Response:
        access.require_own_page(request, typed)
        try:
            secret = access.sign_in(request, typed.get("token", ""))
        except NotSignedIn as refusal:
            return show(request, str(refusal), 401)
        response = RedirectResponse(_own_page(typed.get("then", "")), 303, UNKEPT)
        access.keep(request, response, secret)
        return response

    @router.post(SIGN_OUT)
    def sign_out(request: Request, typed: Annotated[Mapping[str, str], Depends(form_of)]) -> Response:
        access.require_own_page(request, typed)
        response = RedirectResponse("/", 303, UNKEPT)
        access.sign_out(request, response)
        return response

    return router


def to_sign_in(request: Request) -> Response:
    """Lead to signing in, and back from there."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{SIGN_IN}?{query_text([('then', f'{request.url.path}{query}')])}", 303, UNKEPT)


def _own_page(path: str) -> str:
    """A page of ours to go on to: one of the forms, whatever an address says."""
    return path if _OWN_PAGE.fullmatch(path) else "/record"
