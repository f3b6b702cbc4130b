"""Why a text is not YAML, where the mistake begins rather than where YAML meets it, and what to do about it."""

import re
from typing import Any, NamedTuple

import yaml

from tracker.domain.terms.safe_text import label, plain


class Fault(NamedTuple):
    """The line of a mistake, from 1, and a sentence on it; None if the line is unknown."""

    line: int | None
    says: str


def fault_of(text: str, error: yaml.MarkedYAMLError) -> Fault:
    """Return the mistake in a text that YAML refused with this error."""
    if (amount := _amount_at(text, error)) is not None:
        return Fault(_line(error.problem_mark), f'`{amount}` begins with a sign of YAML. Put it in quotes: "{amount}".')
    problem, tokens = str(error.problem or ""), _tokens_before(text, error)
    last = tokens[-1] if tokens else None
    if error.context == "while scanning a quoted scalar" and "end of stream" in problem:
        return Fault(_line(error.context_mark), f"the quotation mark that opens here is never closed. {_CLOSE_IT}")
    if problem == "expected <block end>, but found '<scalar>'" and (quoted := _quoted_before(tokens, error)):
        return _behind_quotes(quoted, error)
    if error.context in _BRACKETS and (found := _open_bracket(text, error, tokens)):
        return found
    if problem == "could not find expected ':'":
        return _no_field(text, error.context_mark)
    if problem == "mapping values are not allowed here" and last is not None and _FIELD_AND_TEXT.match(_text_at(last)):
        return _no_field(text, last.start_mark)
    why = ", ".join(filter(None, (error.context, problem)))
    return Fault(_line(error.problem_mark), f"{plain(why)}. {_ADVICE.get(why) or _ADVICE.get(problem) or _QUOTE_IT}")


def _amount_at(text: str, error: Any) -> str | None:
    """The amount `>=1300` at which YAML stumbled, or at the sign behind its first; None if there is none."""
    at = error.problem_mark.index if error.problem_mark else 0
    found = _AT_LEAST.match(text, at) or _AT_LEAST.match(text, max(at - 1, 0))
    return found[0] if found else None


def _line(mark: Any) -> int | None:
    return mark.line + 1 if mark else None


def _tokens_before(text: str, error: yaml.MarkedYAMLError) -> list[Any]:
    """The tokens of a text up to an error: those that the scanner gave out, and those that it still held back."""
    loader: Any = yaml.SafeLoader(text)
    tokens = []
    try:
        while loader.check_token():
            tokens.append(loader.get_token())
    except yaml.YAMLError:
        tokens += loader.tokens
    end = error.problem_mark.index if error.problem_mark else len(text)
    return [token for token in tokens if isinstance(token, yaml.ScalarToken) and token.start_mark.index < end]


def _text_at(token: Any) -> str:
    return str(token.start_mark.buffer[token.start_mark.pointer : token.end_mark.pointer])


def _quoted_before(tokens: list[Any], error: Any) -> Any:
    """The text in quotation marks that ends before the error, with only blanks between them."""
    last: Any = tokens[-1] if tokens else None
    if last is None or last.style not in ("'", '"') or last.end_mark.line != error.problem_mark.line:
        return None
    return None if str(last.end_mark.buffer[last.end_mark.pointer : error.problem_mark.pointer]).strip() else last


def _behind_quotes(quoted: Any, error: yaml.MarkedYAMLError) -> Fault:
    rest = label(_rest_of_line(error.problem_mark).strip())
    if quoted.start_mark.line < quoted.end_mark.line:
        end = quoted.end_mark.line + 1
        says = f"the quotation mark that opens here is closed only in line {end}, before `{rest}`. {_CLOSE_IT}"
        return Fault(_line(quoted.start_mark), says)
    twice = "''" if quoted.style == "'" else '\\"'
    says = (
        f"`{rest}` stands behind the closing quotation mark. Write a quotation mark within the text as {twice}, "
        "or the whole text, indented, on a line below `|`."
    )
    return Fault(_line(quoted.start_mark), says)


def _rest_of_line(mark: Any) -> str:
    return str(re.split(r"[\r\n\0]", mark.buffer[mark.pointer :], maxsplit=1)[0])


def _open_bracket(text: str, error: Any, tokens: list[Any]) -> Fault | None:
    """The bracket that nothing closes, or the comment that hides its end; None if it goes wrong within it."""
    opening: Any = error.context_mark
    for token in tokens:
        comment = _COMMENT.match(text, token.end_mark.index) if token.start_mark.index >= opening.index else None
        if comment and token.style is None and error.problem_mark.index >= comment.end():
            says = f"`{label(comment[1])}` begins a comment, which hides the end of `{text[opening.index]}`."
            return Fault(_line(token.end_mark), f"{says} Put the text in quotes.")
    found = str(error.problem).rpartition("but got ")[2].strip("'")
    if found == "?" and (asked := re.search(r"[^,:{\[\]}\n]+$", text[: error.problem_mark.index])):
        says = f"in brackets, YAML takes the question mark of `{label(asked[0].strip())}?` for a sign of its own."
        return Fault(_line(error.problem_mark), f"{says} Put the text in quotes.")
    if found in ("<stream end>", "-", "?", ":"):
        says = f"`{text[opening.index]}` opens here and is not closed."
        return Fault(_line(opening), f"{says} Close it, set commas between its parts, or put the text in quotes.")
    return None


def _no_field(text: str, mark: Any) -> Fault:
    found = label(re.split(r"[\r\n]", text[mark.index :], maxsplit=1)[0].strip())
    says = f"`{found}` is no field. Write `field: value`, with a space behind the colon."
    return Fault(_line(mark), f"{says} {_QUOTE_IT}")


_BRACKETS = ("while parsing a flow sequence", "while parsing a flow mapping")
_AT_LEAST = re.compile(r">=[ ]?[-+.0-9]+")
_COMMENT = re.compile(r"[ \t]+(#[^\r\n\0]*)")
_FIELD_AND_TEXT = re.compile(r"[a-z_]+:(?!//)\S[^\r\n]*[\r\n]")
_CLOSE_IT = "Close it where the text ends."
_QUOTE_IT = "If it is part of a text, put the text in quotes or, indented, on a line below `|`."
_NO_TAB = "Indent by spaces, and put a text that holds a tab in quotes."
_INDENT = "Indent the fields of one thing alike, and begin each with its name and a colon."
_ADVICE = {
    "mapping values are not allowed here": "Put a text that holds `: ` in quotes, and indent fields alike.",
    "while scanning for the next token, found character '\\t' that cannot start any token": _NO_TAB,
    "expected <block end>, but found '<block mapping start>'": _INDENT,
    "expected <block end>, but found '<block sequence start>'": _INDENT,
    "but found another document": "Take out the line `---`, or split the file there.",
}
"""What to do about a problem, as PyYAML names it, where it is not a text that should stand in quotes."""
