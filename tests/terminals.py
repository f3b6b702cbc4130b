"""Real shells in terminals of their own: the line that stands there once it was typed and the Tab key pressed."""

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import PATIENCE

_SETUP = {
    "bash": """\
PS1='ready> '; for setting in 'completion-query-items 0' 'page-completions off'; do bind "set $setting"; done
write_line() {{ printf %s "$READLINE_LINE" > {line}.new; mv {line}.new {line}; }}
bind -x '"\\C-xp": write_line'
""",
    "zsh": """\
PS1='ready> '; LISTMAX=-1; autoload -Uz compinit; compinit -u -D
write_line() {{ print -rn -- "$BUFFER" > {line}.new; mv {line}.new {line} }}
zle -N write_line; bindkey '^Xp' write_line
""",
    "fish": """\
function fish_prompt; echo 'ready> '; end
function write_line; commandline | read -z typed; printf %s $typed > {line}.new; mv {line}.new {line}; end
bind \\cxp write_line
""",
}
"""What binds the keys Control-X p, in each shell, to writing the line to a file."""
_START = {
    "bash": ("--rcfile", "{setup}", "-i"),
    "zsh": ("-d", "-i"),
    "fish": ("--no-config", "-i", "-C", "source {setup}"),
}
_WRITE_LINE, _KILL_LINE = b"\x18p", b"\x15"


class Terminal:
    """A shell that runs in a folder, which is also its user's own; it reads a script when it starts."""

    def __init__(self, shell: str, folder: Path, script: str) -> None:
        if (program := shutil.which(shell)) is None:
            pytest.skip(f"{shell} is not installed: completion in it is not tested")
        self._line = folder / ".typed-line"
        setup = folder / ".zshrc"  # where zsh looks for it, and the others are told to
        setup.write_text(_SETUP[shell].format(line=self._line) + script)
        given = {"TERM": "xterm", "LC_ALL": "C.UTF-8", "HOME": str(folder), "PATH": "/usr/bin:/bin"}
        self._shell, self._descriptor = pty.fork()
        if self._shell == 0:  # pragma: no cover - another process
            os.chdir(folder)
            os.execve(program, [shell, *(flag.format(setup=setup) for flag in _START[shell])], given)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 120, 0, 0))
        self.seen = b""
        self._wait_until(lambda: b"ready> " in self.seen)

    def type(self, text: str) -> str:
        """The line once a text was typed, in which a tab is the Tab key. Then the line is emptied."""
        self._line.unlink(missing_ok=True)
        os.write(self._descriptor, text.encode() + _WRITE_LINE)
        self._wait_until(self._line.exists)
        os.write(self._descriptor, _KILL_LINE)
        return self._line.read_text().removesuffix("\n")

    def close(self) -> None:
        """Kill the shell."""
        os.kill(self._shell, signal.SIGKILL)
        os.close(self._descriptor)
        os.waitpid(self._shell, 0)

    def _wait_until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < end, f"the shell does not answer: {self.seen[-2000:]!r}"
            if select.select([self._descriptor], [], [], 0.02)[0]:
                self.seen += os.read(self._descriptor, 65_536)
