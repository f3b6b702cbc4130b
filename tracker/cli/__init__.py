"""The command line: thin over `tracker.tracker`; a command imports what it needs when it runs."""

import signal
import sys
from types import FrameType

from tracker.cli.main import cli


def run() -> None:
    """The console script. Asked to end, it tidies up first: what was not finished is not kept."""
    for asked in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(asked) is signal.SIG_DFL:
            signal.signal(asked, _leave)
    cli()


def _leave(asked: int, _frame: FrameType | None) -> None:
    sys.exit(128 + asked)


__all__ = ["cli", "run"]
