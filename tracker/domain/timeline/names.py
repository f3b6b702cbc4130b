"""Resolve the names in input to parties, issues and sources."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from tracker.domain.timeline.registers import Issue, Party
from tracker.errors import AmbiguousName, UnknownIssue, UnknownParty, UnknownSource


def name_key(name: str) -> str:
    """Return the key of a name, which ignores case and white space."""
    return " ".join(name.split()).casefold()


def resolve_party(text: str, parties: Mapping[str, Party]) -> str:
    """Return the code of the party with this code, alias or name (in this order), ignoring case.

    Raises UnknownParty with the nearest names, AmbiguousName if several parties match.
    """
    if text in parties:
        return text
    key = name_key(text)
    reserved = [party.party for party in parties.values() if key in map(name_key, (party.party, *party.aliases))]
    found = reserved or [party.party for party in parties.values() if key == name_key(party.name)]
    if len(found) > 1:
        raise AmbiguousName("The party", text, found, field="party")
    if not found:
        raise UnknownParty(text, _nearest_parties(text, parties))
    return found[0]


def resolve_issue(text: str, issues: Mapping[str, Issue]) -> str:
    """Return the path of the issue with this path or unambiguous tail (whole segments).

    Raises UnknownIssue with those nearest by path or title, and those below the part of the path that is known, and
    AmbiguousName if several end so.
    """
    if text in issues:
        return text
    key = text.strip("/").casefold()
    found = [path for path in issues if path.casefold() == key] or [
        path for path in issues if path.casefold().endswith(f"/{key}")
    ]
    if len(found) > 1:
        raise AmbiguousName("The issue", text, sorted(found), field="issue")
    if not found:
        group, below = _group_of(key, issues)
        raise UnknownIssue(text, [] if group == key else _nearest_issues(text, issues), group=group, below=below)
    return found[0]


def resolve_issue_group(text: str, issues: Mapping[str, Issue]) -> str:
    """Resolve a path, a prefix of paths (at slashes) or the unambiguous tail of one. Raises as `resolve_issue`."""
    paths = list(issues)
    key = text.strip("/")
    if any(path == key or path.startswith(f"{key}/") for path in paths):
        return key
    groups = {path[: end + len(key) + 1] for path in paths if (end := f"{path}/".find(f"/{key}/")) >= 0}
    if len(groups) == 1 and not any(path.endswith(f"/{key}") for path in paths):
        return groups.pop()
    return resolve_issue(text, issues)


def resolve_source(text: str, sources: Iterable[str]) -> str:
    """Return the id of a registered source. Raises UnknownSource with the nearest ids."""
    ids = list(sources)
    if text in ids:
        return text
    raise UnknownSource(text, get_close_matches(text, ids, 3))


def _nearest_parties(text: str, parties: Mapping[str, Party]) -> list[str]:
    names = {
        name_key(name): party.party for party in parties.values() for name in (party.party, party.name, *party.aliases)
    }
    near = get_close_matches(name_key(text), names, 5, cutoff=0.6)
    return list(dict.fromkeys(names[name] for name in near))[:3]


def _group_of(key: str, issues: Iterable[str]) -> tuple[str, list[str]]:
    """The group that a path, or the longest beginning of it, is or is the tail of; and the issues below."""
    while key:
        if below := [path for path in issues if f"/{key}/" in f"/{path.casefold()}"]:
            return key, below
        key = key.rpartition("/")[0]
    return "", []


def _nearest_issues(text: str, issues: Mapping[str, Issue]) -> list[str]:
    """The issues whose title has the words of a text; then those with a path or a title like it."""
    depth = text.count("/") + 1
    titles = {name_key(issue.title): path for path, issue in issues.items()}
    tails = {"/".join(path.split("/")[-depth:]): path for path in issues} | {path: path for path in issues}
    words = name_key(text)
    titled = [path for title, path in titles.items() if words and words in title]
    near = [tails[tail] for tail in get_close_matches(text, tails, 5, cutoff=0.6)]
    near += [titles[title] for title in get_close_matches(words, titles, 3, cutoff=0.6)]
    return list(dict.fromkeys([*titled, *near]))[:3]
