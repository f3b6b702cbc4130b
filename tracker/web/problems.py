"""Refusals, as the sentences of the command line."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from jinja2 import Environment

from tracker.errors import TrackerError


def handle_problems(app: FastAPI, pages: Environment) -> None:  # noqa: ARG001
    """Answer refusals with their sentences."""

    def refuse(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=400)

    app.add_exception_handler(TrackerError, refuse)
