"""The command line: thin over `tracker.tracker`; a command imports what it needs when it runs."""

from tracker.cli.main import cli


def run() -> None:
    """The console script."""
    cli()


__all__ = ["cli", "run"]
