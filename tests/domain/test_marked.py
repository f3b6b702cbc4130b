"""The words that a search looked for are marked in a text as it was written, folded as the index folds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.answers.search import is_too_short, marked, parse_search
from tracker.domain.terms.words import placed_words, words_in


def shown(search: str, text: str) -> str:
    return "".join(f"[{part}]" if is_hit else part for part, is_hit in marked(parse_search(search), text))


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ("canete", "Miguel Arias [Cañete], said"),
        ("cooperation", "inter\u00adnational [co\u00adoperation]."),
        ("Türkiye", "[Tu\u0308rkiye] agrees"),
        ("istanbul", "[İstanbul]'da"),
        ("strasse", "[STRASSE], [Straße]"),
        ("еще", "([Ещё]) не готовы"),
        ("готов", "Россия [ГОТОВА] продлить"),
        ("核不扩散", "中国支持[核不扩散]条约"),
        ("支持", "日本は[支持]する"),
        ("مستعدة", "روسيا [مُستعِدّة] للتمديد"),
        ("نمیخواهیم", "[نمی\u200cخواهیم]"),
        ("שלום", "[שָׁלוֹם] עליכם"),
        ('"ban on tests"', "[A ban]".replace("[A ban]", "A [ban  on\ntests]") + " and a ban on testing"),
        ("finance climate", "[ﬁnance] for [Ｃｌｉｍａｔｅ]"),
        ("range", "short-[range], “[ranges]” arrange"),
        ("start of", "New [START] [of] [start]"),
        ("amp lt", "a & [amp]; <b> &[lt];"),
        ("nuclear", "nothing of it"),
    ],
)
def test_what_was_looked_for_is_marked_where_it_stands(search: str, text: str) -> None:
    assert shown(search, text.replace("[", "").replace("]", "")) == text


@given(st.text(max_size=40), st.text(alphabet="aé中 م\u0651ß-\u00ad", min_size=1, max_size=30))
def test_words_have_their_places_in_the_text_and_nothing_is_lost_by_marking(one: str, other: str) -> None:
    for text in (one, other, f"{one} {other}"):
        placed = list(placed_words(text))
        assert [word for word, *_ in placed] == words_in(text)
        assert all(0 <= start < end <= len(text) for _, start, end in placed)
        for word in words_in(text)[:3]:
            parts = marked(parse_search(f'"{word}"'), text)
            assert "".join(part for part, _ in parts) == text
            assert any(is_hit for _, is_hit in parts)


@pytest.mark.parametrize(
    ("search", "is_short"),
    [("a", True), ("a b", True), ("a nuclear", False), ('"a"', False), ("核", False), ("us", False)],
)
def test_a_search_for_single_letters_is_too_short(search: str, is_short: bool) -> None:
    assert is_too_short(parse_search(search)) is is_short
