"""Resolve the names in input to parties, issues and sources, compared as people see them (DESIGN section 6)."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from tracker.domain.registers.registers import Issue, Party, options_of
from tracker.domain.terms.text_key import text_key
from tracker.domain.terms.vocabulary import IssueForm
from tracker.errors import (
    AmbiguousName,
    NotAnOption,
    OptionOutcomeOfAnotherForm,
    TrackerError,
    UnknownIssue,
    UnknownParty,
    UnknownSource,
)


def resolve_party(text: str, parties: Mapping[str, Party], issues: Mapping[str, Issue] | None = None) -> str:
    """Return the code of the party with this code, name, former name or alias.

    Raises UnknownParty with the nearest names, and with the issue of this name if the `issues` are given, and
    AmbiguousName if it means several parties. A code as it is spelled means its own party alone.
    """
    if text in parties:
        return text
    key = _name_key(text)
    found = [code for code, party in parties.items() if any(key == _name_key(name) for name in party.names)]
    if len(found) > 1:
        raise AmbiguousName("The party", text, found, field="party", advice="Write the code.")
    if not found:
        raise UnknownParty(text, _nearest_parties(text, parties), issue=_issue_named(text, issues or {}))
    return found[0]


def split_parties(text: str, parties: Mapping[str, Party]) -> Iterator[str]:
    """Yield the names in a list of parties separated by commas; a comma within a party's name separates nothing."""
    parts = text.split(",")
    with_comma = [name for party in parties.values() for name in party.names if "," in name] if len(parts) > 1 else []
    keys = set(map(_name_key, with_comma))
    longest = max((name.count(",") + 1 for name in with_comma), default=1)
    while parts:
        sizes = range(min(longest, len(parts)), 1, -1)
        size = next((size for size in sizes if _name_key(",".join(parts[:size])) in keys), 1)
        yield ",".join(parts[:size]).strip()
        del parts[:size]


def _name_key(name: str) -> str:
    """The key of a party's name, in which it does not matter whether a space stands beside a comma."""
    key = text_key(name)
    return ",".join(part.strip() for part in key.split(",")) if "," in key else key


def resolve_issue(text: str, issues: Mapping[str, Issue]) -> str:
    """Return the path of the issue with this path or unambiguous tail (whole segments).

    Raises UnknownIssue with those nearest by path or title, and those below the part of the path that is known, and
    AmbiguousName if several end so.
    """
    if text in issues:
        return text
    key = text_key(text).strip("/")
    keys = {path: text_key(path) for path in issues}
    found = [path for path in issues if keys[path] == key] or [
        path for path in issues if keys[path].endswith(f"/{key}")
    ]
    if len(found) > 1:
        raise AmbiguousName("The issue", text, sorted(found), field="issue")
    if not found:
        group, below = _group_of(key, issues)
        near = [] if group == key else [_told(issues[path]) for path in _nearest_issues(text, issues)]
        raise UnknownIssue(text, near, group=group, below=below)
    return found[0]


def resolve_option(text: str, choice: str, issues: Mapping[str, Issue]) -> str:
    """Return the path of the option of a choice with this id below it, or this path.

    Raises OptionOutcomeOfAnotherForm for an issue that is no choice, NotAnOption with the nearest.
    """
    if (found := issues.get(choice)) is not None and found.form is not IssueForm.CHOICE:
        raise OptionOutcomeOfAnotherForm(choice, found.form)
    options = options_of(choice, issues)
    key = text_key(text).strip("/")
    for option in options:
        if key in (text_key(option), text_key(option.rpartition("/")[2])):
            return option
    raise NotAnOption(choice, text, options)


def resolve_issue_group(text: str, issues: Mapping[str, Issue]) -> str:
    """Resolve a path, a prefix of paths (at slashes) or the unambiguous tail of one. Raises as `resolve_issue`."""
    paths = list(issues)
    prefix = text.strip("/")
    if any(path == prefix or path.startswith(f"{prefix}/") for path in paths):
        return prefix
    key = text_key(text).strip("/")
    groups = {group for path in paths if (group := _group_within(path, key)) is not None}
    if len(groups) == 1 and groups.isdisjoint(paths):
        return groups.pop()
    return resolve_issue(text, issues)


def resolve_source(text: str, sources: Iterable[str]) -> str:
    """Return the id of a registered source. Raises UnknownSource with the nearest ids, AmbiguousName."""
    ids = list(sources)
    if text in ids:
        return text
    key = text_key(text)
    found = [source for source in ids if text_key(source) == key]
    if len(found) > 1:
        raise AmbiguousName("The source", text, sorted(found), field="source", advice="Write it as it is registered.")
    if not found:
        raise UnknownSource(text, get_close_matches(text, ids, 3))
    return found[0]


def _issue_named(text: str, issues: Mapping[str, Issue]) -> str:
    """The issue or group of issues that a text names; nothing if it names none, or several."""
    try:
        return resolve_issue_group(text, issues)
    except TrackerError:
        return ""


def _group_within(path: str, key: str) -> str | None:
    """Return the beginning of a path that ends with the first occurrence of these segments."""
    segments, keys, wanted = path.split("/"), text_key(path).split("/"), key.split("/")
    starts = range(len(keys) - len(wanted) + 1)
    ends = (start + len(wanted) for start in starts if keys[start : start + len(wanted)] == wanted)
    return next(("/".join(segments[:end]) for end in ends), None)


def _nearest_parties(text: str, parties: Mapping[str, Party]) -> list[str]:
    names = {text_key(name): party.party for party in parties.values() for name in party.names}
    near = get_close_matches(text_key(text), names, 5, cutoff=0.6)
    return list(dict.fromkeys(names[name] for name in near))[:3]


def _group_of(key: str, issues: Iterable[str]) -> tuple[str, list[str]]:
    """The group that a path, or the longest beginning of it, is or is the tail of; and the issues below."""
    while key:
        if below := [path for path in issues if f"/{key}/" in f"/{text_key(path)}"]:
            return key, below
        key = key.rpartition("/")[0]
    return "", []


def _told(issue: Issue) -> str:
    """An issue that may be meant; on a choice itself no position is stated."""
    return f"{issue.issue} (a choice)" if issue.form is IssueForm.CHOICE else issue.issue


def _nearest_issues(text: str, issues: Mapping[str, Issue]) -> list[str]:
    """The issues whose title has the words of a text; then those with a path or a title like it."""
    depth = text.count("/") + 1
    titles = {text_key(issue.title): path for path, issue in issues.items()}
    tails = {"/".join(path.split("/")[-depth:]): path for path in issues} | {path: path for path in issues}
    words = text_key(text)
    titled = [path for title, path in titles.items() if words and words in title]
    near = [tails[tail] for tail in get_close_matches(text, tails, 5, cutoff=0.6)]
    near += [titles[title] for title in get_close_matches(words, titles, 3, cutoff=0.6)]
    return list(dict.fromkeys([*titled, *near]))[:3]
