"""Registers, and the names that people write."""

import pytest

from tests.ledger import entries
from tracker.domain.registers.names import (
    resolve_issue,
    resolve_issue_group,
    resolve_party,
    resolve_source,
    split_parties,
)
from tracker.domain.registers.registers import Registers, registers
from tracker.domain.terms.scope import Scope
from tracker.domain.timeline.counting import replay
from tracker.errors import AmbiguousName, UnknownIssue, UnknownParty, UnknownSource

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
SEEN = """
    party TUR name=Türkiye aliases=İstanbul
    party CIV name="Côte d'Ivoire"
    party HKG name="Hong Kong, China" aliases="Hong Kong,Hong\u00adkong"
    party CHN name=China
    """


def known(extra: str = "") -> Registers:
    return registers(replay(entries(TEXT + extra)).counting)


@pytest.mark.parametrize("name", ["RUS", "rus", "russia", "MOSCOW", "the  Kremlin"])
def test_a_party_is_found_by_code_name_or_alias_whatever_the_case(name: str) -> None:
    assert resolve_party(name, known().parties) == "RUS"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Türkiye", "TUR"),
        ("tu\u0308rkiye", "TUR"),
        (" TÜRKİYE ", "TUR"),
        ("ISTANBUL\u00a0", "TUR"),
        ("Côte\u2028d\u2019Ivoire", "CIV"),
        ("Hong Kong,\u00a0China", "HKG"),
        ("hongkong", "HKG"),
    ],
)
def test_a_name_is_what_people_see_of_it(name: str, code: str) -> None:
    assert resolve_party(name, known(SEEN).parties) == code


def test_a_name_that_means_two_parties_is_refused_with_both_whatever_it_is_of_each() -> None:
    parties = known("party TUR name=Türkiye aliases=Turkey\nparty TUR2 name=turkey\nparty US1 name=USA").parties
    with pytest.raises(AmbiguousName, match=r"TUR, TUR2\. Write the code"):
        resolve_party("Turkey", parties)
    with pytest.raises(AmbiguousName, match="US1, USA"):
        resolve_party("usa", parties)
    assert resolve_party("USA", parties) == "USA"  # a code as it is spelled


def test_a_former_name_still_resolves_unless_our_record_of_it_was_wrong() -> None:
    renamed = "updated RUS name=Rossiya\nu: updated RUS name=Ruthenia"
    parties = known(renamed).parties
    assert [resolve_party(name, parties) for name in ("Russia", "Rossiya", "Ruthenia")] == ["RUS"] * 3
    parties = known(f"{renamed}\ncorrected u name=Rus").parties
    assert resolve_party("rossiya", parties) == "RUS"
    with pytest.raises(UnknownParty):
        resolve_party("Ruthenia", parties)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hong Kong, China", ["Hong Kong, China"]),
        ("RUS,USA", ["RUS", "USA"]),
        ("RUS, Hong  Kong, CHINA ,USA", ["RUS", "Hong  Kong, CHINA", "USA"]),
        ("China, Hong Kong", ["China", "Hong Kong"]),
        ("Korea, Republic of", ["Korea", "Republic of"]),
        ("RUS,", ["RUS", ""]),
    ],
)
def test_a_list_of_parties_is_split_at_commas_but_not_within_a_name(text: str, names: list[str]) -> None:
    assert list(split_parties(text, known(SEEN).parties)) == names


def test_issues_and_sources_are_compared_as_people_see_them() -> None:
    paths = known("issue Énergie/prix").issues
    assert resolve_issue("e\u0301nergie/PRIX", paths) == "Énergie/prix"
    assert resolve_issue("Prix", paths) == "Énergie/prix"
    assert resolve_issue_group("e\u0301nergie", paths) == "Énergie"
    assert resolve_issue_group("TRADE", paths) == "trade"
    assert resolve_source("lE MONDE  2019", ["Le Monde 2019"]) == "Le Monde 2019"
    with pytest.raises(AmbiguousName, match="as it is registered"):
        resolve_source("a", ["A", "Á", "a\u0301", "A "])
    with pytest.raises(UnknownSource, match="Did you mean dw"):
        resolve_source("dww", ["dw"])


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
            "'start' is a group of issues. Name one of them: arms/start/extension, arms/start/extension-terms, ",
        ),
        (
            "arms/start",
            "'arms/start' is a group of issues. Name one of them: arms/start/extension, ",
        ),
        (
            "arms/start/scope",
            "Below arms/start: arms/start/extension, arms/start/extension-terms, arms/start/terms.",
        ),
        ("start/length", "Below start: arms/start/extension, arms/start/extension-terms, arms/start/terms."),
        ("Whom it covers", "No issue 'Whom it covers' is on record. Did you mean arms/scope?"),
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
    assert (found.name, found.aliases) == ("Rossiya", ("Moscow", "the Kremlin", "Russia", "RF"))
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
