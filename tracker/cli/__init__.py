"""The command line: thin over `tracker.tracker`; a command imports what it needs when it runs."""

import gc
import signal
import sys
from types import FrameType

from tracker.cli.main import cli

_COLLECT_AFTER = 100_000
"""After so many new objects Python looks for cycles among them: a command's imports make fewer, and those stay.

After its own 700 it looks a hundred times while `tracker state` runs, for a tenth of the time.
"""


def run() -> None:
    """The console script. Asked to end, it tidies up first: what was not finished is not kept."""
    gc.set_threshold(_COLLECT_AFTER)
    for asked in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(asked) is signal.SIG_DFL:
            signal.signal(asked, _leave)
    cli()


def _leave(asked: int, _frame: FrameType | None) -> None:
    sys.exit(128 + asked)


__all__ = ["cli", "run"]
