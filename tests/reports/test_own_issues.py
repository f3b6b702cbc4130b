"""Issues on which each party answers for itself are marked in the headings of the state and of reports."""

import pytest

from tests.reports.views import Ask

TEXT = """
    party EUN
    issue goal form=quantity unit="USD bn"
    stated EUN goal 300 2024-11-05
    """
REPORT = ("report", "--from", "2024-11-01", "--to", "2024-11-20")


@pytest.mark.parametrize("form", ["table", "md", "html"])
@pytest.mark.parametrize("view", [("state", "--on", "2024-11-20"), REPORT, (*REPORT, "--inherit")])
def test_an_issue_with_amounts_of_each_partys_own_is_marked(read: Ask, view: tuple[str, ...], form: str) -> None:
    assert "each for itself" not in read(TEXT, *view, form=form)
    assert "each for itself" in read(TEXT.replace('unit="USD bn"', 'unit="USD bn" own=yes'), *view, form=form)
