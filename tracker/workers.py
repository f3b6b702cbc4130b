"""Work that another process does ahead of who needs it: reading goes on there while writing goes on here.

The other process runs a module of this package, and hands over what it finds, pickled. It ends when nobody takes any
more.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any


def is_of_use() -> bool:
    """Whether there is a second processor for another process to run on."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processors > 1


def taken_from(module: str, arguments: Sequence[str]) -> Generator[Any, None, None]:
    """What a process hands over that runs a module: as much as comes before it ends, which may be nothing."""
    process = _started(module, arguments)
    if process is None:
        return
    with process:
        try:
            assert process.stdout is not None
            with suppress(EOFError, pickle.UnpicklingError):
                while True:
                    yield pickle.load(process.stdout)
        finally:
            process.kill()


def hand_over(found: Iterable[Any]) -> None:
    """Hand over what is found, one after the other, to who started this process."""
    gc.disable()
    out = sys.stdout.buffer
    try:
        for one in found:
            pickle.dump(one, out, pickle.HIGHEST_PROTOCOL)
            out.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody takes any more


def _started(module: str, arguments: Sequence[str]) -> "subprocess.Popen[bytes] | None":
    """The process, with the modules of this one, if the system lets us have it.

    A key that interrupts the command goes to the command alone.
    """
    with suppress(OSError):
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(folder or str(Path.cwd()) for folder in sys.path)},
            process_group=0,
        )
    return None
