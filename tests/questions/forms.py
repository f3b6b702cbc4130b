"""Every question in every format that its command offers."""

from collections.abc import Iterable
from typing import Any

import pytest

NOT_OFFERED = {("find", "html"), ("explain", "csv")}


def in_forms(questions: Iterable[tuple[str, ...]], *forms: str) -> list[Any]:
    """Return the questions with each format that their command offers, as parameters of a test."""
    return [
        pytest.param(question, form, id=f"{' '.join(question)}, {form}")
        for question in questions
        for form in forms
        if (question[0], form) not in NOT_OFFERED
    ]
