"""The folder of a site: it appears whole or not at all, and takes the place of nothing but an earlier site."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tracker.errors import FileUnavailable, NotOurSite

MARKER = "tracker-site.json"
"""The file by which a folder is known to be a site of ours: what it was made from, and all that it holds."""


@contextmanager
def new_site(target: Path) -> Iterator[Path]:
    """Give a new folder to write a site into, which takes the target's place at the end, if nothing is raised.

    `finish` must have been called by then. Raises NotOurSite and FileUnavailable.
    """
    place = Path(os.path.realpath(target))
    try:
        _require_ours(place, target)
        place.parent.mkdir(parents=True, exist_ok=True)
        written = Path(mkdtemp(prefix=f".{place.name[:50]}-", dir=place.parent))
        try:
            yield written
            _require_ours(place, target)
            _take_place(written, place)
        finally:
            shutil.rmtree(written, ignore_errors=True)
    except OSError as error:
        raise FileUnavailable(str(target), f"the site cannot be written there ({error.strerror})") from error


def finish(written: Path, made_from: Mapping[str, Any]) -> int:
    """Write the marker of a site, with the hash of every file, and return their number."""
    files = {name: sha256((written / name).read_bytes()).hexdigest() for name in _names(written)}
    marker = written / MARKER
    marker.write_text(json.dumps({**made_from, "files": files}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(files) + 1


def _names(folder: Path) -> list[str]:
    """The files below a folder, links among them, in order."""
    found = (Path(at, name) for at, _, names in os.walk(folder) for name in names)
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _require_ours(place: Path, shown: Path) -> None:
    """Refuse a folder that holds anything that no site of ours wrote. Raises NotOurSite."""
    if not place.exists():
        return
    if not place.is_dir():
        raise NotOurSite(str(shown), "is a file")
    if Path.cwd().is_relative_to(place) and any(place.iterdir()):
        raise NotOurSite(str(shown), "is the folder in which this command runs")
    ours = _written_by_us(place / MARKER)
    if (other := next((name for name in _names(place) if name not in ours), None)) is not None:
        raise NotOurSite(str(shown), f"holds {other}, which no site of the tracker wrote")


def _written_by_us(marker: Path) -> frozenset[str]:
    """The files of the site that a marker is of; none without one."""
    try:
        return frozenset([MARKER, *json.loads(marker.read_text(encoding="utf-8"))["files"]])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def _take_place(written: Path, place: Path) -> None:
    """Move the new folder into its place. The earlier site is moved aside first, and back if that fails."""
    written.chmod(0o777 & ~_umask())
    if not place.exists():
        written.rename(place)
        return
    aside = Path(mkdtemp(prefix=f".{place.name[:50]}-", dir=place.parent))
    try:
        place.rename(aside)
        try:
            written.rename(place)
        except BaseException:
            aside.rename(place)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
