"""Registers, and the names that people write."""

import pytest

from tests.ledger import entries
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.names import resolve_issue, resolve_issue_group, resolve_party
from tracker.domain.timeline.registers import Registers, registers
from tracker.domain.timeline.replay import replay
from tracker.errors import AmbiguousName, UnknownIssue, UnknownParty

TEXT = """
    r: party RUS name=Russia aliases=Moscow,the\\ Kremlin
    party USA name="United States" aliases=Washington
    party COG name=Congo
    party COD name=Congo
    issue arms/start/extension
    issue arms/start/extension-terms
    issue trade/extension
    issue arms/scope
    """


def known(extra: str = "") -> Registers:
    return registers(replay(entries(TEXT + extra)).counting)


@pytest.mark.parametrize("name", ["RUS", "rus", "russia", "MOSCOW", "the  Kremlin"])
def test_a_party_is_found_by_code_name_or_alias_whatever_the_case(name: str) -> None:
    assert resolve_party(name, known().parties) == "RUS"


def test_an_unknown_party_gets_the_nearest_and_an_ambiguous_one_all_that_bear_the_name() -> None:
    with pytest.raises(UnknownParty, match="Did you mean RUS"):
        resolve_party("Moskow", known().parties)
    with pytest.raises(AmbiguousName, match="COD, COG"):
        resolve_party("congo", known().parties)


def test_an_issue_is_found_by_an_unambiguous_tail() -> None:
    issues = known().issues
    assert resolve_issue("start/extension", issues) == "arms/start/extension"
    assert resolve_issue("Scope", issues) == "arms/scope"
    with pytest.raises(AmbiguousName, match="arms/start/extension, trade/extension"):
        resolve_issue("extension", issues)
    with pytest.raises(UnknownIssue, match="Did you mean arms/scope"):
        resolve_issue("scop", issues)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "start",
            "No issue 'start' is open. Below start: arms/start/extension, arms/start/extension-terms, arms/start/term",
        ),
        ("arms/start", "Below arms/start: arms/start/extension, arms/start/extension-terms, arms/start/terms."),
        ("arms/start/scope", "Below arms/start: arms/start/extension, arms/start/extension-terms, arms/start/terms."),
        ("start/length", "Below start: arms/start/extension, arms/start/extension-terms, arms/start/terms."),
        ("Whom it covers", "No issue 'Whom it covers' is open. Did you mean arms/scope?"),
        ("it covers", "Did you mean arms/scope?"),
        ("whom it cover", "Did you mean arms/scope?"),
    ],
)
def test_an_unknown_issue_is_looked_for_below_the_path_and_in_titles(text: str, says: str) -> None:
    issues = known("issue arms/start/terms\nreworded arms/scope 2020-01-01 title='Whom it covers'").issues
    with pytest.raises(UnknownIssue) as refused:
        resolve_issue(text, issues)
    assert says in str(refused.value)


def test_of_a_large_group_the_first_issues_are_named() -> None:
    issues = known("".join(f"\nissue many/n{number}" for number in range(10))).issues
    with pytest.raises(UnknownIssue, match=r"many/n7 and 2 more\."):
        resolve_issue("many", issues)


def test_a_filter_may_name_a_group() -> None:
    issues = known().issues
    assert resolve_issue_group("arms", issues) == "arms"
    assert resolve_issue_group("start", issues) == "arms/start"
    assert resolve_issue_group("arms/scope", issues) == "arms/scope"


def test_updates_add_names_and_corrections_replace_them() -> None:
    found = known("updated RUS name=Rossiya aliases_added=RF").parties["RUS"]
    assert (found.name, found.aliases) == ("Rossiya", ("Moscow", "the Kremlin", "RF"))
    assert known("corrected r aliases=RF").parties["RUS"].aliases == ("RF",)


def test_the_first_registration_holds_and_rewordings_apply_by_day() -> None:
    text = """
        reworded trade/extension 2021-01-01 title=New
        reworded trade/extension 2020-01-01 title=Old question=Q?
        """
    found = known(text).issues["trade/extension"]
    assert (found.title, found.question) == ("New", "Q?")


def test_a_scope_matches_prefixes_at_slashes() -> None:
    scope = Scope(issues=frozenset({"arms/start"}))
    assert scope.includes_issue("arms/start/extension")
    assert not scope.includes_issue("arms/starts")
    assert scope.concerns((), ())
