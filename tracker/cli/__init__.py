"""The command line: thin over `tracker.tracker`; a command imports what it needs when it runs."""

import gc
import os
import signal
import sys
from types import FrameType

from tracker.cli.main import cli
from tracker.cli.settings import COMPLETION_VARIABLE

_COLLECT_AFTER = 100_000
"""New objects between two runs of the garbage collector: more than a command's imports make.

With Python's own 700 it runs a hundred times in `tracker state`, for a tenth of the time.
"""


def run() -> None:
    """Run the console script. A signal to end leaves nothing half done."""
    gc.set_threshold(_COLLECT_AFTER)
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _leave)
    try:
        cli()
    except SystemExit as end:
        if COMPLETION_VARIABLE in os.environ:
            sys.stdout.flush()
            os._exit(int(end.code or 0))  # clearing up the interpreter takes a tenth of the time that a shell waits
        raise


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


__all__ = ["cli", "run"]
