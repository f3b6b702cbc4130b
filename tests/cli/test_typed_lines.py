"""Splitting a line that is being typed, as bash, zsh and fish do."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tracker.cli.completion.line import Line, read_line

SET = {"HOME": "/home/me", "DB": "a b"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", Line([], "", "", "")),
        ("tracker ", Line(["tracker"], "", "", "")),
        ("tracker  st", Line(["tracker"], "st", "st", "")),
        ('a "b c', Line(["a"], '"b c', "b c", '"')),
        ("a 'b c", Line(["a"], "'b c", "b c", "'")),
        (r"a b\ c", Line(["a"], r"b\ c", "b c", "")),
        (r'a "b\"c', Line(["a"], r'"b\"c', 'b"c', '"')),
        ("a 'b'\"c", Line(["a"], "'b'\"c", "bc", '"')),
        ("a '' b", Line(["a", ""], "b", "b", "")),
        ('$HOME/x "$DB/${DB}" ', Line(["/home/me/x", "a b/a b"], "", "", "")),
        (r"""'$HOME' \$HOME "\$HOME" $NONE/x """, Line(["$HOME", "$HOME", "$HOME", "/x"], "", "", "")),
        ("a --db=$HO", Line(["a"], "--db=$HO", "--db=$HO", "")),
    ],
)
def test_a_line_is_split_up_to_the_cursor(text: str, line: Line) -> None:
    assert read_line(text, SET) == read_line(text, SET, fish=True) == line


def test_fish_escapes_within_single_quotes() -> None:
    assert read_line(r"a 'it\'s", {}, fish=True) == Line(["a"], r"'it\'s", "it's", "'")
    assert read_line(r"a 'b\' c", {}) == Line(["a", "b\\"], "c", "c", "")


@given(some.text(alphabet=" ab\\'\"\n"))
def test_words_are_those_of_the_shell(text: str) -> None:
    try:
        words = shlex.split(text)
    except ValueError:
        return  # a quotation mark is open
    assert read_line(f"{text} ", {}).words == words
