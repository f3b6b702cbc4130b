"""The wheel: installed far from the checkout it can do what the checkout can."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT


def test_a_wheel_in_an_empty_environment_can_init_demo_and_upgrade(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    wheel = next(tmp_path.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert "tracker/py.typed" in names
    assert "tracker/_migrations/versions/0001_log_and_projections.py" in names
    assert "tracker/_corpus/01-parties-and-issues.jsonl" in names
    assert "tracker/_corpus/climate/01-parties-and-issues.jsonl" in names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]

    site = tmp_path / "site"
    install = ["pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run([sys.executable, "-m", *install], check=True, capture_output=True)
    # The checkout is out of reach: the wheel's folder comes first, and the third-party packages after it.
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    launch = f"import sys; sys.path[:0] = [{str(site)!r}, {packages!r}]; from tracker.cli import run; run()"
    for command, says in (
        (["init"], "Created"),
        (["demo"], "nuclear arms control"),
        (["demo", "--corpus", "climate"], "last night of Baku"),
        (["upgrade"], "Nothing to do"),
    ):
        done = subprocess.run(
            [sys.executable, "-S", "-c", launch, *command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert says in done.stdout


def test_the_package_gives_the_tracker_and_imports_it_only_when_asked() -> None:
    code = "import sys, tracker; before = 'tracker.tracker' in sys.modules; tracker.Tracker.open; print(before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
