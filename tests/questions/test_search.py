"""What `find` finds, in which order, and what it shows; `tests/laws` holds the index to the log."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from tests.ledger import drafts
from tracker.domain.log.kind_registry import KINDS, kind_of
from tracker.domain.terms.scope import KnownAt, Query, Scope
from tracker.domain.terms.vocabulary import Attribution
from tracker.domain.terms.words import searched_words, words_in
from tracker.errors import BadValue
from tracker.storage.backends.transactions import backend_of
from tracker.tracker import Tracker

pytestmark = pytest.mark.on_both_backends

LEDGER = """
    source press 2021-01-02 title="Debate on fisheries"
    source later 2021-03-01
    source undated
    issue sea/quota title="Catch limits" question="Should catches be limited?"
    a: stated RUS sea/quota supports 2021-01-02 summary="Ready for quotas on cod" source=press speaker="Sergey Lavrov"
    stated USA sea/quota opposes 2021-01-03 summary="No limits on cod quotas" source=undated if="prices are fair"
    corroborated a source=later quote="we would welcome a ceiling"
    stated CHN sea/quota neutral 2021-01-04 summary="Codfish is not our concern" attribution=inferred source=press
"""


def found(tracker: Tracker, words: str, query: Query | None = None) -> list[tuple[str, int, str]]:
    hits = tracker.find(words, None, query or Query()).found
    return [(hit.kind, hit.position, hit.found_in) for hit in hits]


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Miguel Arias Cañete", "canete"),
        ("inter\u00adnational co\u00adoperation", "cooperation"),
        ("Tu\u0308rkiye agrees", "Türkiye"),
        ("İstanbul", "istanbul"),
        ("Isparta", "ısparta"),
        ("Ещё не готовы", "еще"),
        ("Россия ГОТОВА продлить", "готов"),
        ("中国支持核不扩散条约", "核不扩散"),
        ("日本は支持する", "支持"),
        ("روسيا مُستعِدّة للتمديد", "مستعدة"),
        ("نمی\u200cخواهیم", "نمیخواهیم"),
        ("A\u00a0ban  on\ntests", '"ban on tests"'),
        ("ﬁnance for Ｃｌｉｍａｔｅ", "finance climate"),
    ],
)
def test_words_are_found_as_people_see_them(new_tracker: Callable[..., Any], written: str, searched: str) -> None:
    *registers, statement = drafts("stated RUS x supports 2021-01-01")
    said = replace(statement, event=statement.event.model_copy(update={"summary": written}))
    with new_tracker(drafts=[*registers, said]) as tracker:
        assert [hit.summary for hit in tracker.find(searched).found] == [written]
        assert tracker.find("zebra").found == ()


DETAILS = (
    "source press 2021-01-02\nissue sea/tons form=quantity unit=tons\n"
    'a: stated RUS sea/tons >=5 2021-01-02 source=press quote="Не меньше пяти" translation="No fewer than five" '
    'provision="Article 7" stated_as="five wagons" note="Ask again." tags=cod,fleet reasons="Jobs at sea"\n'
    'corroborated a source=press quote="пять" language=ru translation="a handful"\n'
    'withdrawn RUS sea/tons 2021-01-05 source=press quote="Нет" translation="Not any more"\n'
)


def test_what_else_a_statement_says_is_looked_through_and_says_where_it_was_found(
    new_tracker: Callable[..., Any],
) -> None:
    with new_tracker(DETAILS) as tracker:
        for words, field in (
            *(("fewer", "translation"), ("article", "provision"), ("wagons", "stated_as"), ("again", "note")),
            *(("fleet", "tags"), ("jobs", "reasons"), ("меньше", "quote")),
        ):
            assert found(tracker, words) == [("statement", 4, field)]
        assert found(tracker, "handful") == [("corroboration", 5, "translation")]
        assert found(tracker, "any more") == [("statement", 6, "translation")]
        early = Query(published_by=date(2021, 1, 1))
        assert found(tracker, "fewer", early) == []


def test_every_text_of_an_entry_is_looked_through(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        assert found(tracker, "fair") == [("statement", 8, "conditions")]
        assert found(tracker, "lavrov") == [("statement", 6, "speaker")]
        assert found(tracker, "ceiling") == [("corroboration", 9, "quote")]
        assert found(tracker, "catch") == [("issue", 4, "title")]
        assert found(tracker, "catches") == [("issue", 4, "question")]
        assert found(tracker, "fisheries") == [("source", 1, "title")]
        (hit,) = tracker.find("ceiling").found
        assert (hit.party, hit.issue, hit.summary) == ("RUS", "sea/quota", "Ready for quotas on cod")
        assert (hit.quote, hit.source) == ("we would welcome a ceiling", "later")


def test_words_in_a_row_come_first_then_whole_words_then_longer_ones(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        assert [position for _, position, _ in found(tracker, "cod quotas")] == [8, 6]
        assert [position for _, position, _ in found(tracker, "cod")] == [8, 6, 11]
        assert [position for _, position, _ in found(tracker, '"quotas on cod"')] == [6]
        assert found(tracker, "od") == []
        assert found(tracker, '"co"') == []


def test_filters_and_cut_offs_hold_for_hits(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        assert found(tracker, "catch cod", Query(Scope(frozenset({"RUS"})))) == []
        assert found(tracker, "limit", Query(Scope(frozenset({"RUS"})))) == []
        assert found(tracker, "catch", Query(Scope(issues=frozenset({"sea"})))) == [("issue", 4, "title")]
        assert found(tracker, "fisheries", Query(Scope(issues=frozenset({"sea"})))) == []
        inferred = Query(Scope(attributions=frozenset({Attribution.INFERRED})))
        assert found(tracker, "cod", inferred) == [("statement", 11, "summary")]
        assert found(tracker, "cod", Query(known_at=KnownAt("@7", position=7))) == [("statement", 6, "summary")]
        assert [position for _, position, _ in found(tracker, "cod", Query(published_by=date(2021, 1, 31)))] == [6, 11]
        assert found(tracker, "ceiling", Query(published_by=date(2021, 1, 31))) == []
        assert found(tracker, "ceiling", Query(published_by=date(2021, 3, 1))) == [("corroboration", 9, "quote")]
        assert [hit.position for hit in tracker.find("cod", date(2021, 1, 2)).found] == [6]
        assert tracker.find("cod", None, Query(published_by=date(2021, 1, 31))).left_out_undated == 1


def test_a_limit_says_that_there_is_more(new_tracker: Callable[..., Any]) -> None:
    with new_tracker(LEDGER) as tracker:
        some, all_ = tracker.find("cod", limit=2), tracker.find("cod", limit=3)
        assert ([hit.position for hit in some.found], some.has_more) == ([8, 6], True)
        assert (len(all_.found), all_.has_more) == (3, False)


def test_a_search_without_words_is_refused(new_tracker: Callable[..., Any]) -> None:
    with new_tracker() as tracker, pytest.raises(BadValue, match="holds no word to look for"):
        tracker.find("?! “”")


def test_a_passage_shows_what_was_found_in_a_long_text(new_tracker: Callable[..., Any]) -> None:
    long = f"{'before ' * 100}the co\u00adrridor opened {'after ' * 100}".strip()
    with new_tracker(f'stated RUS x supports 2021-01-01 quote="{long}"') as tracker:
        (hit,) = tracker.find("corridor").found
        assert "the co\u00adrridor opened" in hit.passage
        assert hit.passage.startswith("… before")
        assert hit.passage.endswith("after …")
        assert len(hit.passage) < 200


def test_a_damaged_index_is_found_and_mended(new_database: Callable[..., Any], backend: str) -> None:
    damage = {
        "sqlite": ("INSERT INTO word_index (word_index) VALUES ('delete-all')", "DROP TABLE word_index"),
        "postgresql": ("DROP INDEX word_index",),
    }
    for sql in (*damage[backend], "UPDATE entry_words SET words = 'other' WHERE position = 6"):
        with new_database(LEDGER) as (url, tracker):
            assert tracker.verify().sound
            engine = create_engine(backend_of(url).connect().url)
            with engine.begin() as connection:
                connection.execute(text(sql))
            engine.dispose()
            assert not tracker.verify().sound
            tracker.rebuild()
            assert tracker.verify().sound
            assert [position for _, position, _ in found(tracker, "cod")] == [8, 6, 11]


@pytest.mark.on_sqlite
def test_words_are_cut_at_punctuation_and_long_ones_shortened() -> None:
    assert words_in("A/RES/73/1: co-operation, “now”") == ["a", "res", "73", "1", "co", "operation", "now"]
    assert words_in("हिन्दी में") == ["हिन्दी", "में"]
    assert [len(word) for word in words_in("x" * 500)] == [60]


@pytest.mark.on_sqlite
@given(st.text(st.characters(max_codepoint=0x7F, exclude_categories=["Cc"])))
def test_plain_ascii_gives_the_words_that_it_gives_beside_other_letters(written: str) -> None:
    assert [*words_in(written), "e"] == words_in(f"{written} é")


@pytest.mark.on_sqlite
def test_texts_without_words_and_cuts_leave_no_empty_word() -> None:
    assert searched_words(["Yes.", "🕊", "?!", "No, never."]) == "yes ¦ no never"
    assert searched_words(["🕊"]) == ""
    assert all("" not in searched_words([f"{'x' * more} {'a ' * 100_000}"]).split(" ") for more in (1, 2))


@pytest.fixture
def words_of_milestones(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kind of facts that has words, but none of its own registers."""
    monkeypatch.setitem(KINDS, "milestone.noted", replace(KINDS["milestone.noted"], words=("title",)))
    kind_of.cache_clear()
    yield
    kind_of.cache_clear()


@pytest.mark.usefixtures("words_of_milestones")
def test_the_words_of_any_kind_of_fact_are_found_once_its_row_names_them(new_tracker: Callable[..., Any]) -> None:
    with new_tracker('milestone "Summit on cod" 2021-02-03') as tracker:
        (hit,) = tracker.find("cod").found
    assert (hit.kind, hit.on, hit.summary, hit.passage) == ("milestone", date(2021, 2, 3), *["Summit on cod"] * 2)


def test_every_kind_with_words_says_what_is_found_there() -> None:
    assert {kind.subject for kind in KINDS.values() if kind.words} == {"statement", "corroboration", "issue", "source"}
