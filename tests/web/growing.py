"""A record that grows while somebody reads it."""

from pathlib import Path

from click.testing import CliRunner

from tracker.cli import cli


def record(path: Path, summary: str, *, party: str = "FRA", by: str = "analyst", on: str = "2026-02-01") -> None:
    """Record a statement on the extension."""
    args = ["record", party, "extension", "supports", "--on", on, "--summary", summary, "--anyway"]
    done = CliRunner().invoke(cli, ["--db", str(path), "--by", by, *args])
    assert done.exit_code == 0, done.output
