"""Completion, asked for as the shells do."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_help import imported

Run = Callable[..., Any]


SAID = ("--speaker", "Sergey Lavrov", "--role", "Foreign Minister")


@pytest.fixture
def typed(desk: Run) -> Callable[[str], list[str]]:
    """The completions that bash is given for a line up to the cursor; where it breaks words is the tests' business."""
    for command in (
        ("party", "alias", "USA", "Washington"),
        ("issue", "add", "arms/inf", "--title", "INF", "--question", "Should it be kept?"),
        ("source", "add", "un:cop 25", "--title", "x", "--publisher", "y"),
        ("record", "RUS", "start", "supports", "--on", "2019-12-10", "--summary", "x", *SAID),
    ):
        assert desk(*command).code == 0

    def complete(line: str, word: str | None = None) -> list[str]:
        last = line.rpartition(" ")[2] if word is None else word
        done = desk(_TRACKER_COMPLETE="bash_complete", COMP_LINE=line, COMP_WORD=last)
        assert (done.code, done.err) == (0, "")
        return [item.partition(",")[2] for item in done.out.splitlines() if item]

    return complete


COMPLETED = {
    "tracker rec": ["record"],
    "tracker record ": ["RUS", "USA"],
    "tracker record r": ["RUS"],
    "tracker record RUS,U": ["RUS,USA"],
    "tracker record Mosc": ["RUS"],
    "tracker record washing": ["USA"],
    "tracker record RUS ": ["arms/inf", "arms/start"],
    "tracker record RUS st": ["arms/start"],
    "tracker record RUS start s": ["sceptical", "supports"],
    "tracker record RUS start supports --act de": ["demands", "denies"],
    "tracker record RUS start supports --to ": ["RUS", "USA"],
    "tracker record RUS start supports --attribution in": ["inferred"],
    "tracker record RUS start supports --source d": ["dw"],
    "tracker record RUS start supports --st": ["--standing"],
    "tracker state --party U": ["USA"],
    "tracker state --attribution direct,rep": ["direct,reported"],
    "tracker state --format j": ["json"],
    "tracker explain RUS inf": ["arms/inf"],
    "tracker party show U": ["USA"],
    "tracker party join RUS U": ["USA"],
    "tracker issue show in": ["arms/inf"],
    "tracker issue close start --outcome ag": ["agreed"],
    "tracker source show d": ["dw"],
    "tracker show @": ["@8", "@7", "@6", "@5", "@4", "@3", "@2", "@1", "@last"],
    "tracker retract @8": ["@8"],
    "tracker retract @7 @8": ["@8"],
    "tracker record wash\u00ading": ["USA"],
    "tracker corroborate @l": ["@last"],
    "tracker record RUS start supports --speaker Lav": [r"Sergey\ Lavrov"],
    "tracker history --speaker ser": [r"Sergey\ Lavrov"],
    "tracker correct @8 --speaker L": [r"Sergey\ Lavrov"],
    "tracker record RUS start supports --speaker ov": [],
    "tracker record RUS start supports --role min": [r"Foreign\ Minister"],
    "tracker source add x --publisher D": ["DW"],
    "tracker history --act proposes,of": ["proposes,offers"],
    "tracker log --by an": ["analyst"],
    "tracker --by an": ["analyst"],
    "tracker log --type position.st": ["position.stated"],
}
"""Lines up to the cursor, and what completes their last words."""


@pytest.mark.on_both_backends
def test_the_last_word_of_a_line_is_completed(typed: Run) -> None:
    assert {line: typed(line) for line in COMPLETED} == COMPLETED


@pytest.mark.on_both_backends
def test_an_entry_is_completed_by_its_id(typed: Run, desk: Run) -> None:
    event_id = desk("log", "--tail", "1", "--format", "json").out.split('"event_id": "')[1][:36]
    assert typed(f"tracker show {event_id[:20]}") == [event_id]


@pytest.mark.on_sqlite
def test_bash_replaces_only_what_stands_behind_its_last_break(typed: Run) -> None:
    assert typed("tracker show @8", "8") == ["8"]
    assert typed("tracker show --format=j", "j") == ["json"]
    assert typed("tracker record RUS start supports --source un:c", "c") == [r"cop\ 25"]
    assert typed("tracker record RUS start supports --source=un:c", "c") == [r"cop\ 25"]


@pytest.mark.on_sqlite
def test_a_new_name_is_not_completed(typed: Run) -> None:
    assert typed("tracker source add d") == typed("tracker party add R") == []


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    "line",
    [
        "tracker --db nowhere.db record ",
        "tracker --db . record ",
        "tracker --db postgresql://localhost:1/none record ",
        "tracker --db junk.db record ",
        "tracker nonsense x",
        "tracker show @x",
        "tracker 'record ",
    ],
)
def test_whatever_goes_wrong_nothing_is_offered_and_nothing_said(typed: Run, line: str) -> None:
    Path("junk.db").write_text("junk" * 1000)
    assert typed(line) == []
    assert not Path("nowhere.db").exists()


@pytest.mark.on_sqlite
def test_the_database_is_that_of_the_line(typed: Run, tmp_path: Path) -> None:
    (tmp_path / "tracker.db").rename(tmp_path / "other.db")
    assert typed("tracker record r") == []
    assert typed("tracker --db other.db record r") == ["RUS"]
    assert typed("tracker --db sqlite:///other.db record r") == ["RUS"]


@pytest.mark.on_sqlite
def test_commands_read_their_options_as_before_once_a_word_was_completed(typed: Run, desk: Run) -> None:
    command = ("state", "--attribution", "direct,reported,ascribed,inferred", "--format", "json")
    assert typed("tracker state --attribution dir") == ["direct"]
    assert desk(*command).out == desk(*command[:1], *command[3:]).out != "[]\n"


@pytest.mark.on_sqlite
def test_of_very_many_issues_the_groups_are_offered(desk: Run, typed: Run) -> None:
    rows = [("un/" + str(session) + "/" + str(number)) for session in (70, 71) for number in range(40)]
    for path in rows:
        assert desk("issue", "add", path, "--title", path, "--question", "Yes?").code == 0
    assert typed("tracker record RUS un/7") == ["un/70/", "un/71/"]
    assert len(typed("tracker record RUS un/70/")) == 40


@pytest.mark.on_sqlite
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_zsh_and_fish_are_given_names_beside_the_codes(installed: Run, shell: str) -> None:
    words = {"zsh": ("tracker record R", "2"), "fish": ("tracker record R", "R")}[shell]
    done = installed(_TRACKER_COMPLETE=f"{shell}_complete", COMP_WORDS=words[0], COMP_CWORD=words[1])
    assert ("RUS" in done.out, "Russia" in done.out, "USA" in done.out) == (True, True, False)


LINES = [
    ("tracker state --party=R", "--party=RUS"),
    ("tracker state --party R", "RUS"),
    ("tracker record USA,R", "USA,RUS"),
    ("tracker state --party=USA,R", "--party=USA,RUS"),
    ("tracker state --attribution direct,in", "direct,inferred"),
    ("tracker state --attribution=direct,in", "--attribution=direct,inferred"),
    ("tracker sta", "state"),
]


def ask_shell(shell: str, installed: Run, folder: Path, commands: Callable[[Path], str]) -> list[str]:
    """The lines that a real shell prints which has read the completion script."""
    if (found := shutil.which(shell)) is None:
        pytest.skip(f"{shell} is not installed")
    script = folder / f"completion.{shell}"
    script.write_text(installed("completion", "show", shell).out)
    done = subprocess.run(
        [found, *(["-f"] if shell == "zsh" else ["--no-config"]), "-c", commands(script)],
        cwd=folder,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.on_sqlite
def test_fish_itself_completes_lists_and_values_of_options(installed: Run, tmp_path: Path) -> None:
    def commands(script: Path) -> str:
        return "\n".join([f"source {script}", *(f"complete -C '{line}'; echo ,," for line, _ in LINES)])

    answers = "\n".join(ask_shell("fish", installed, tmp_path, commands)).split(",,\n")
    assert [[line.partition("\t")[0] for line in one.splitlines()][:1] for one in answers][: len(LINES)] == [
        [word] for _, word in LINES
    ]


@pytest.mark.on_sqlite
def test_zsh_itself_completes_lists_and_values_of_options(installed: Run, tmp_path: Path) -> None:
    def commands(script: Path) -> str:
        says = """
            compdef() { : }
            _describe() { print -rl -- "${(@)completions_with_descriptions%%:*}" }
            compadd() { print -rl -- "${completions[@]}" }
        """
        asks = [f"words=({line}); CURRENT=$#words; _tracker_completion; print -- ,," for line, _ in LINES]
        return "\n".join([says, f"source {script}", *asks])

    answers = "\n".join(ask_shell("zsh", installed, tmp_path, commands)).split(",,")
    assert [one.split()[:1] for one in answers][: len(LINES)] == [[word] for _, word in LINES]


@pytest.mark.on_sqlite
def test_completing_imports_no_more_than_a_shell_may_wait_for(installed: Run) -> None:
    ran = installed(
        _TRACKER_COMPLETE="bash_complete", COMP_LINE="tracker record R", COMP_WORD="R", PYTHONPROFILEIMPORTTIME="1"
    )
    assert ran.out.strip() == "plain,RUS"
    assert "sqlite3" in imported(ran)
    assert imported(ran) & {"sqlalchemy", "pydantic", "rich", "yaml", "jinja2", "psycopg", "orjson"} == set()


@pytest.mark.on_sqlite
def test_bash_itself_completes_a_line(installed: Run, tmp_path: Path) -> None:
    script = tmp_path / "completion.bash"
    script.write_text(installed("completion", "show", "bash").out)
    line = "tracker record RU"
    commands = f"""
        source {script}
        COMP_LINE='{line}' COMP_POINT={len(line)}
        _tracker_completion "$TRACKER" RU record
        printf '%s\\n' "${{COMPREPLY[@]}}"
        complete -p tracker
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", commands],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "TRACKER": str(Path(sys.executable).parent / "tracker")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["RUS", "complete -o nosort -F _tracker_completion tracker"]


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    ("shell", "script", "reader"),
    [
        ("bash", ".local/share/tracker/completion.bash", ".bashrc"),
        ("zsh", ".local/share/tracker/completion.zsh", ".zshrc"),
        ("fish", ".config/fish/completions/tracker.fish", None),
    ],
)
def test_installing_writes_the_script_and_the_line_that_reads_it_once(
    here: Run, tmp_path: Path, shell: str, script: str, reader: str | None
) -> None:
    env = {"HOME": str(tmp_path), "SHELL": f"/usr/bin/{shell}", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}
    (tmp_path / ".bashrc").write_text("alias ll='ls -l'")
    for command in (("install",), ("install", shell)):
        assert here("completion", *command, **env).code == 0
    assert (tmp_path / script).read_text() == here("completion", "show", shell).out
    if reader:
        lines = (tmp_path / reader).read_text().splitlines()
        assert [line for line in lines if script in line] == lines[-1:]
    assert (tmp_path / ".bashrc").read_text().startswith("alias ll='ls -l'\n" if shell == "bash" else "alias")


@pytest.mark.on_sqlite
def test_a_shell_that_is_not_known_must_be_named(here: Run, tmp_path: Path) -> None:
    refused = here("completion", "install", SHELL="/bin/sh", HOME=str(tmp_path))
    assert (refused.code, "bash, zsh, fish" in refused.err) == (2, True)
    (tmp_path / ".local").write_text("a file")
    refused = here("completion", "install", "bash", HOME=str(tmp_path), XDG_DATA_HOME="")
    assert (refused.code, "cannot be written" in refused.err) == (1, True)
