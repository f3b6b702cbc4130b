"""MkDocs hooks: pages from files outside docs/, links out of docs/, the reference's objects, and foreign resources.

The documents are written to be read on a code host, where `../CONTRIBUTING.md` works. On the site such a link goes to
the page made from that file or, for code, to the repository.
"""

import ast
import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
REPOSITORY = "https://github.com/negotiation-tracker/negotiation-tracker"

MOVED: Mapping[str, str] = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "docs/site/api.md": "api.md",
    "docs/site/favicon.svg": "favicon.svg",
    "docs/site/site.css": "site.css",
    "events/README.md": "corpus.md",
    "events/climate/README.md": "climate-corpus.md",
}
"""Files from elsewhere in the repository, by the place that they have on the site."""

_OBJECT = re.compile(r"^::: ((?:\w+\.)?\w+)$", re.M)
_LINK = re.compile(r"(\]\()([^)\s#]*)(#[^)\s]*)?(\))")
_ELSEWHERE = re.compile(r"[a-z]+:", re.I)
_FOREIGN = re.compile(
    r"""<(?:link|script|img|iframe|source|video|audio|embed|object)\b[^>]*?\b(?:href|src|srcset|data)=["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|url\(\s*["']?((?:https?:)?//[^"')\s]+)|@import\s+["']((?:https?:)?//[^"']+)""",
    re.I,
)
_FENCED = re.compile(r"(^```.*?^```$)", re.M | re.S)


def on_files(files: Files, /, *, config: Any) -> Files:
    """Add the pages that lie outside of docs/."""
    for origin, place in MOVED.items():
        files.append(File.generated(config, place, content=(ROOT / origin).read_text()))
    return files


def on_page_markdown(markdown: str, /, *, page: Any, config: Any, files: Files) -> str:  # noqa: ARG001
    """Rewrite links into the repository, and paths to Python objects, as the site names them."""
    place = page.file.src_uri
    origin = next((origin for origin, moved in MOVED.items() if moved == place), f"docs/{place}")

    def link(match: re.Match[str]) -> str:
        opening, target, anchor, closing = match.groups(default="")
        return f"{opening}{rewritten(target, origin, place, files)}{anchor}{closing}"

    markdown = _OBJECT.sub(lambda match: f"::: {path_of(match[1])}", markdown)
    parts = _FENCED.split(markdown)
    return "".join(part if number % 2 else _LINK.sub(link, part) for number, part in enumerate(parts))


def rewritten(target: str, origin: str, place: str, files: Files) -> str:
    """Where a link of a file in the repository leads on the site; unknown ones stay, for the strict build to name."""
    if not target or _ELSEWHERE.match(target):
        return target
    path = posixpath.normpath(posixpath.join(posixpath.dirname(origin), target))
    if (ROOT / path / "README.md").is_file() and path.startswith("docs/"):
        path = f"{path}/README.md"
    on_site = MOVED.get(path, path.removeprefix("docs/") if path.startswith("docs/") else None)
    if on_site is not None and files.get_file_from_path(on_site) is not None:
        return posixpath.relpath(on_site, posixpath.dirname(place) or ".")
    if (ROOT / path).exists():
        return f"{REPOSITORY}/{'tree' if (ROOT / path).is_dir() else 'blob'}/main/{path}"
    return target


def path_of(name: str) -> str:
    """Where the package defines a class or function, so that the reference names it wherever its module moves.

    Where several modules define one, the name has that of its module before it: `changes.Kind`.
    """
    module, _, bare = f".{name}".rpartition(".")
    places = [place for place in defined().get(bare, []) if f".{place}".endswith(module)]
    if len(places) != 1:
        raise PluginError(f"`::: {name}` names {len(places)} objects of the package: {', '.join(places) or 'none'}.")
    return f"{places[0]}.{bare}"


@cache
def defined() -> Mapping[str, list[str]]:
    """The public classes and functions of the package, each with the modules that define one of that name."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(module)
    return found


def on_post_build(*, config: Any) -> None:
    """Fail the build if a page would load anything from another host."""
    built = Path(config["site_dir"])
    found = {
        f"{path.relative_to(built)}: {url}"
        for path in built.rglob("*")
        if path.suffix in (".html", ".css", ".svg")
        for url in foreign(path.read_text())
    }
    if found:
        raise PluginError("Resources of other hosts:\n" + "\n".join(sorted(found)))


def foreign(text: str) -> Iterator[str]:
    """The addresses on other hosts from which a page or a style sheet loads something; links to follow are none."""
    for match in _FOREIGN.finditer(text):
        yield next(filter(None, match.groups()))
