"""Resolve the names in input to parties, issues and sources, compared as people see them (DESIGN section 6)."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from tracker.domain.terms.text_key import text_key
from tracker.domain.timeline.registers import Party
from tracker.errors import AmbiguousName, UnknownIssue, UnknownParty, UnknownSource


def resolve_party(text: str, parties: Mapping[str, Party]) -> str:
    """Return the code of the party with this code, name, former name or alias.

    Raises UnknownParty with the nearest names, AmbiguousName if it means several parties. A code as it is spelled
    means its own party alone.
    """
    if text in parties:
        return text
    key = text_key(text)
    found = [code for code, party in parties.items() if any(key == text_key(name) for name in party.names)]
    if len(found) > 1:
        raise AmbiguousName("The party", text, found, field="party", advice="Write the code.")
    if not found:
        raise UnknownParty(text, _nearest_parties(text, parties))
    return found[0]


def split_parties(text: str, parties: Mapping[str, Party]) -> Iterator[str]:
    """Yield the names in a list of parties separated by commas; a comma within a party's name separates nothing."""
    parts = text.split(",")
    with_comma = [name for party in parties.values() for name in party.names if "," in name] if len(parts) > 1 else []
    keys = set(map(text_key, with_comma))
    longest = max((name.count(",") + 1 for name in with_comma), default=1)
    while parts:
        sizes = range(min(longest, len(parts)), 1, -1)
        size = next((size for size in sizes if text_key(",".join(parts[:size])) in keys), 1)
        yield ",".join(parts[:size]).strip()
        del parts[:size]


def resolve_issue(text: str, issues: Iterable[str]) -> str:
    """Return the path of the issue with this path or unambiguous tail (whole segments).

    Raises UnknownIssue with the nearest paths, AmbiguousName if several end so.
    """
    paths = list(issues)
    if text in paths:
        return text
    key = text_key(text).strip("/")
    keys = {path: text_key(path) for path in paths}
    found = [path for path in paths if keys[path] == key] or [path for path in paths if keys[path].endswith(f"/{key}")]
    if len(found) > 1:
        raise AmbiguousName("The issue", text, sorted(found), field="issue")
    if not found:
        raise UnknownIssue(text, _nearest_paths(text, paths))
    return found[0]


def resolve_issue_group(text: str, issues: Iterable[str]) -> str:
    """Resolve a path, a prefix of paths (at slashes) or the unambiguous tail of one. Raises as `resolve_issue`."""
    paths = list(issues)
    prefix = text.strip("/")
    if any(path == prefix or path.startswith(f"{prefix}/") for path in paths):
        return prefix
    key = text_key(text).strip("/")
    groups = {group for path in paths if (group := _group_within(path, key)) is not None}
    if len(groups) == 1 and groups.isdisjoint(paths):
        return groups.pop()
    return resolve_issue(text, paths)


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


def _nearest_paths(text: str, paths: list[str]) -> list[str]:
    depth = text.count("/") + 1
    tails = {"/".join(path.split("/")[-depth:]): path for path in paths} | {path: path for path in paths}
    near = get_close_matches(text, tails, 5, cutoff=0.6)
    return list(dict.fromkeys(tails[tail] for tail in near))[:3]
