"""Text that is safe to display."""

import pytest

from tracker.domain.terms.safe_text import plain


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian: no joining within a word
        "ශ්\u200dරී ලංකා",  # Sinhala: a joiner behind the sign that it belongs to
        "അവന്\u200d",  # Malayalam: at the end of a word
        "ه\u200d.ق",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u2764\ufe0f\u200d\U0001f525",
        "Auf\u200clage",
        "co\u00adopera\u00adtion",
        "שלום\u200f (\u200eA\u200e)",
        "\u200fשלום!\u200f",
        "\u061cعربي",
    ],
)
def test_a_joiner_in_a_word_is_the_letters_business(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\u200da", "\\u200da"),
        ("a \u200d\u200db", "a \\u200d\\u200db"),
        ("1\u200c2", "1\\u200c2"),
        ("a\u202eb\u202c", "a\\u202eb\\u202c"),
        ("a\u200e\u2066\u00ad", "a\u200e\\u2066\\xad"),
        ("\u00ada 1\u00ad", "\\xada 1\\xad"),
        ("a\u202e\u200db", "a\\u202e\\u200db"),
        ("a\u200bb", "a\\u200bb"),
    ],
)
def test_what_hides_or_turns_text_shows_as_an_escape(text: str, says: str) -> None:
    assert plain(text) == says
