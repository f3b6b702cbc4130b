"""What every answer over the web has in common: its tag, that it may be kept, and shorter addresses for long ones."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from tracker.web.asking.address import query_text
from tracker.web.asking.answering import MEDIA_TYPES, Answer, Inquiry
from tracker.web.frame import api_path

CACHED = "private, no-cache"
"""Every answer may be kept, and is asked about again: the tag says whether it still holds."""


def without_empty(request: Request) -> Response | None:
    """Where an address holds empty values, as a form leaves them, the shorter one; None where it holds none."""
    pairs = request.query_params.multi_items()
    kept = [pair for pair in pairs if pair[1].strip()]
    if len(kept) == len(pairs):
        return None
    return RedirectResponse(f"{request.url.path}?{query_text(kept)}".rstrip("?"), status_code=303)


def is_known(request: Request, tag: str) -> bool:
    """Whether the reader has the answer of a tag already."""
    known = request.headers.get("if-none-match", "")
    return tag in map(str.strip, known.split(","))


def not_modified(tag: str) -> Response:
    """The answer that the reader has already."""
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": CACHED})


def download(asked: Inquiry, found: Answer, *, api: bool = False) -> Response:
    """An answer in a format, with its tag and the address of its next page."""
    headers = {"ETag": asked.tag, "Cache-Control": CACHED, "Vary": "Accept"}
    if found.next_page is not None:
        headers["Link"] = f'<{api_path(asked.address.question)}?{found.next_page}>; rel="next"'
    if found.form == "html" or not api:
        headers["Content-Disposition"] = f'attachment; filename="{asked.address.question}.{found.form}"'
    return Response(found.body, media_type=MEDIA_TYPES[found.form], headers=headers)
