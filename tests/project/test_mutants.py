"""A handful of changes of what the log means, each of which the tests of the domain have to notice."""

import subprocess
import sys

from tests.mutants import ROOT, SHORT


def test_a_change_of_what_the_log_means_is_noticed() -> None:
    """In a process of its own, which has not imported the code that is changed."""
    command = [sys.executable, "-m", "tests.mutants", "--short"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{len(SHORT)} of {len(SHORT)} noticed\n"), done.stdout + done.stderr
