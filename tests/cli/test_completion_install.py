"""Installing completion: the script, and the line in the file that a shell reads when it starts."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    ("shell", "script", "reader"),
    [
        ("bash", ".local/share/tracker/completion.bash", ".bashrc"),
        ("zsh", ".local/share/tracker/completion.zsh", ".zshrc"),
        ("fish", ".config/fish/completions/tracker.fish", ".config/fish/conf.d/tracker.fish"),
    ],
)
def test_installing_writes_the_script_and_the_line_that_reads_it_once(
    here: Run, tmp_path: Path, shell: str, script: str, reader: str
) -> None:
    env = {"HOME": str(tmp_path), "SHELL": f"/usr/bin/{shell}", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}
    (tmp_path / ".bashrc").write_text("alias ll='ls -l'")
    for command in (("install",), ("install", shell)):
        assert here("completion", *command, **env).code == 0
    assert (tmp_path / script).read_text() == here("completion", "show", shell).out
    lines = (tmp_path / reader).read_text().splitlines()
    assert [line for line in lines if Path(script).name in line] == lines[-1:]
    assert (tmp_path / ".bashrc").read_text().startswith("alias ll='ls -l'\n" if shell == "bash" else "alias")


@pytest.mark.on_sqlite
def test_a_shell_that_is_not_known_must_be_named(here: Run, tmp_path: Path) -> None:
    refused = here("completion", "install", SHELL="/bin/sh", HOME=str(tmp_path))
    assert (refused.code, "bash, zsh, fish" in refused.err) == (2, True)
    (tmp_path / ".local").write_text("a file")
    refused = here("completion", "install", "bash", HOME=str(tmp_path), XDG_DATA_HOME="")
    assert (refused.code, "cannot be written" in refused.err) == (1, True)


@pytest.mark.on_sqlite
def test_the_file_that_a_shell_reads_may_be_in_any_encoding(here: Run, tmp_path: Path) -> None:
    (tmp_path / ".bashrc").write_bytes(b"alias caf\xe9=ls")
    for _ in range(2):
        assert here("completion", "install", "bash", HOME=str(tmp_path), XDG_DATA_HOME="").code == 0
    kept, added = (tmp_path / ".bashrc").read_bytes().splitlines()
    assert (kept, added.startswith(b"source ")) == (b"alias caf\xe9=ls", True)


@pytest.mark.on_sqlite
def test_zsh_reads_its_file_where_zdotdir_says(here: Run, tmp_path: Path) -> None:
    (tmp_path / "zsh").mkdir()
    ran = here("completion", "install", "zsh", HOME=str(tmp_path), XDG_DATA_HOME="", ZDOTDIR=str(tmp_path / "zsh"))
    assert "completion.zsh" in (tmp_path / "zsh/.zshrc").read_text()
    assert str(tmp_path / "zsh/.zshrc") in ran.err
    assert not (tmp_path / ".zshrc").exists()


@pytest.mark.on_sqlite
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("home", ["plain", "we ird$x", "`q` \"q\" 'q'", "back\\slash;(x) &", "caf\udce9"])
def test_the_script_is_read_in_whatever_home(here: Run, tmp_path: Path, home: str, shell: str) -> None:
    if (program := shutil.which(shell)) is None:
        pytest.skip(f"{shell} is not installed: completion in it is not tested")
    (folder := tmp_path / home).mkdir()
    (folder / "tracker").symlink_to("/usr/bin/true")  # fish wants to see the command
    assert here("completion", "install", shell, HOME=str(folder), XDG_DATA_HOME="", XDG_CONFIG_HOME="").code == 0
    loaded = {
        "bash": "source ~/.bashrc; complete -p tracker",
        "zsh": "autoload -Uz compinit; compinit -u -D; source ~/.zshrc; print $_comps[tracker]",
        "fish": "complete -C './tracker x' >/dev/null; functions -q _tracker_completion; and echo _tracker_completion",
    }[shell]
    ran = subprocess.run(
        [program, *(["-f"] if shell == "zsh" else []), "-c", loaded],
        cwd=folder,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert ran.stderr == b""
    assert b"_tracker_completion" in ran.stdout
