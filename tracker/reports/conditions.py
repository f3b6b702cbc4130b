"""The wording of conditions and terms, the same wherever people read them.

`conditions` holds both (DESIGN section 2). What would have to be true is a condition: of a yes it reads "if", of a no
or a doubt "unless". What is offered, a phrase without a verb of its own such as "for five years", is a term.
"""

import re
from collections.abc import Iterator, Sequence

from tracker.domain.terms.vocabulary import Stance
from tracker.domain.timeline.statement import Value


def conditions_text(conditions: Sequence[str] | None, value: Value) -> str:
    """The conditions and terms of a stance in words: `if: it is verified; terms: for five years`.

    Empty for None, which mentions none; an empty list says that there are none.
    """
    if conditions is None:
        return ""
    return "; ".join(f"{label}: {text}" for label, text in labelled(conditions, value)) or "without conditions"


def labelled(conditions: Sequence[str], value: Value) -> Iterator[tuple[str, str]]:
    """Yield the conditions, then the terms, each with its label and joined by semicolons.

    A condition that begins with a conjunction of its own (`if`, `unless`, `only if`) keeps it as its label.
    """
    by_label: dict[str, list[str]] = {}
    for text in conditions:
        label, words = _labelled(text, value)
        by_label.setdefault(label, []).append(words)
    for label in sorted(by_label, key=lambda one: one == _TERMS):
        yield label, "; ".join(by_label[label])


def is_term(text: str) -> bool:
    """Return whether a text is a term: a phrase of extent, time or manner, or a gerund, and no clause.

    It is one if it begins with such a preposition or a quantity, and with no conjunction ("for as long as ...").
    """
    words = text.strip()
    if _CLAUSE.match(words):
        return False
    if _GERUND.match(words) and not _VERB.search(words):
        return True
    return _PHRASE.match(words) is not None


def _labelled(text: str, value: Value) -> tuple[str, str]:
    if own := _CONJUNCTION.match(text):
        return own[1].lower(), text[own.end() :]
    if is_term(text):
        return _TERMS, text
    return ("unless" if value in _AGAINST else "if"), text


_TERMS = "terms"
_AGAINST = (Stance.OPPOSES, Stance.SCEPTICAL)

_CONJUNCTION = re.compile(r"\s*(only if|if|unless)[\s:,]+(?=\S)", re.IGNORECASE)
_CLAUSE = re.compile(
    r"((for )?(as|so) long as|as soon as|in (case|exchange|return)|on (the )?condition|only (if|when|once|after))\b",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"(for|until|till|by|within|in|from|at|up to|through|throughout|during|over|under|with|without|on|as|only|about"
    r"|around|between|per|via|beyond|beginning|starting|not (more|less|later|earlier|before|after)"
    r"|no (more|less|later|earlier|fewer|longer)|more than|less than|fewer than)\b"
    r"|(an? |one|two|three|four|five|six|seven|eight|nine|ten|twelve|\d[\d.,]*)[ -]?(\w+[ -])?"
    r"(days?|weeks?|months?|years?|decades?|per cent|percent|%)",
    re.IGNORECASE,
)
_GERUND = re.compile(r"(?!(?:some|any|every|no)thing\b)[a-z]{2,}ing\b")
_VERB = re.compile(r"\b(is|are|was|were|be|has|have|had|does|do|will|would|can|could|may|must|shall|should|\w+s to)\b")
