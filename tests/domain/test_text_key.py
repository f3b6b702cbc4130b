"""What people see of a text, for comparing."""

import unicodedata

import pytest

from tracker.domain.terms.text_key import is_blank, search_key, text_key

SAME = {
    "composed and decomposed letters": ("Türkiye", unicodedata.normalize("NFD", "Türkiye")),
    "several marks in another order": ("a\u0323\u0301", "a\u0301\u0323"),
    "case": ("Straße", "STRASSE"),
    "case of Greek, with its final sigma": ("ΟΔΟΣ", "οδος"),
    "the Turkish I with a dot": ("İstanbul", "istanbul"),
    "the Turkish I with a dot, decomposed": ("I\u0307stanbul", "Istanbul"),
    "its lower case in other languages": ("İstanbul".lower(), "ISTANBUL"),
    "the Turkish i without a dot": ("Diyarbakır", "DIYARBAKIR"),
    "the Turkish I with a dot and an accent": ("\u0130\u0301", "\u00ed"),
    "spaces doubled and at the ends": ("  Sergey  Lavrov ", "Sergey Lavrov"),
    "no-break spaces": ("Sergey\u00a0Lavrov", "Sergey\u202fLavrov"),
    "wide spaces": ("安倍\u3000晋三", "安倍 晋三"),
    "line breaks": ("Sergey\r\nLavrov\n", "Sergey\u2028Lavrov"),
    "a next line": ("Sergey\u0085Lavrov", "Sergey Lavrov"),
    "tabs": ("Sergey\tLavrov", "Sergey Lavrov"),
    "soft hyphens": ("co\u00adoperation", "cooperation"),
    "joiners": ("می\u200cخواهم", "میخواهم"),
    "spaces without width": ("Sergey\u200b Lavrov\u2060", "\ufeffSergey Lavrov"),
    "direction marks": ("\u200eRussia\u200f", "Rus\u202esia\u202c"),
    "variation selectors": ("☎\ufe0f", "☎"),
    "controls": ("Rus\x1bsia\x7f", "Russia"),
    "a mark behind an invisible character": ("u\u200d\u0308", "ü"),
    "hyphens that do not break": ("Guinea\u2011Bissau", "Guinea-Bissau"),
    "apostrophes": ("Côte d\u2019Ivoire", "côte d'ivoire"),
}
OTHER = {
    "accents": ("Côte", "Cote"),
    "words with and without a space": ("co operation", "cooperation"),
    "digits": ("x²", "x2"),
    "scripts": ("Рим", "Pum"),
}
FOUND = {
    "Spanish": ("Cañete", "canete"),
    "French, in capitals and decomposed": (unicodedata.normalize("NFD", "À LA CARTE"), "a la carte"),
    "Vietnamese": ("Nguyễn Phú Trọng", "nguyen phu trong"),
    "Polish": ("Łódź", "lodz"),
    "Norwegian": ("Tromsø", "TROMSO"),
    "Icelandic": ("Þórður", "thordur"),
    "German": ("Großbritannien", "grossbritannien"),
    "accents on a ligature": ("Ǣthelred", "aethelred"),
    "an accent that stands alone": ("an \u0301", "an"),
    "ligatures": ("e\ufb03cient", "efficient"),
    "pointed Arabic": ("مُحَمَّد", "محمد"),
    "pointed Hebrew": ("שָׁלוֹם", "שלום"),
    "soft hyphens": ("co\u00adoperation", "cooperation"),
}


@pytest.mark.parametrize("texts", SAME.values(), ids=SAME)
def test_texts_that_look_the_same_have_one_key(texts: tuple[str, str]) -> None:
    one, other = texts
    assert text_key(one) == text_key(other) != ""
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize("texts", OTHER.values(), ids=OTHER)
def test_texts_that_look_different_have_keys_of_their_own(texts: tuple[str, str]) -> None:
    one, other = texts
    assert text_key(one) != text_key(other)


@pytest.mark.parametrize("texts", FOUND.values(), ids=FOUND)
def test_a_search_ignores_diacritics(texts: tuple[str, str]) -> None:
    written, wanted = texts
    assert search_key(written) == search_key(wanted)


@pytest.mark.parametrize("text", ["が か", "कि की", "กุ กู", "각 가"])
def test_a_search_tells_vowels_and_voicing_apart(text: str) -> None:
    one, other = text.split()
    assert search_key(one) != search_key(other)


@pytest.mark.parametrize("text", [" \n\t", "\u00ad", "\u200b\u2060\ufeff", "\u202e\u202c", "\u3164", "\u2800", "\x1b"])
def test_a_text_without_a_visible_character_has_an_empty_key(text: str) -> None:
    assert text_key(text) == search_key(text) == ""
    assert is_blank(text)


def test_a_text_is_blank_if_its_key_is_empty() -> None:
    for character in map(chr, (*range(0xD800), *range(0xE000, 0x11000), *range(0xE0000, 0xE1000))):
        assert is_blank(character) == (text_key(character) == ""), hex(ord(character))


@pytest.mark.parametrize("texts", [*SAME.values(), *OTHER.values(), *FOUND.values()])
def test_the_key_of_a_key_is_itself(texts: tuple[str, str]) -> None:
    for text in texts:
        assert text_key(text_key(text)) == text_key(text)
        assert search_key(search_key(text)) == search_key(text)
