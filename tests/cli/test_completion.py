"""Completion, asked for as the shells do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_help import imported
from tests.command_tree import command_tree
from tracker.cli.completion.names import MAY_BE_LEFT_OUT, NAMED_BY_TYPE, Lookup
from tracker.cli.options import DAY, KNOWN_AT, POSITION, STATED, STATED_BETWEEN
from tracker.domain.log.events import MODELS

Run = Callable[..., Any]


SAID = ("--speaker", "Sergey Lavrov", "--role", "Foreign Minister")


@pytest.fixture(autouse=True)
def other_tests_find_the_commands_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Completion changes the types of parameters in its process, which otherwise does nothing else."""
    for _, command, _ in command_tree():
        for parameter in command.params:
            monkeypatch.setattr(parameter, "type", parameter.type)


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
    "tracker record RUS start supports --act de": ["demands", "denies", "declines"],
    "tracker record RUS start supports --to ": ["RUS", "USA"],
    "tracker record RUS start supports --attribution in": ["inferred"],
    "tracker record RUS start supports --source d": ["dw"],
    "tracker record RUS start supports --st": ["--stated-as", "--standing"],
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
    "tracker state --on tod": ["today"],
    "tracker state --published-by Y": ["yesterday"],
    "tracker state --on 7": ["7d", "7w"],
    "tracker report --from y": ["yesterday"],
    "tracker record RUS start supports --on tod": ["today"],
    "tracker record RUS start supports --expect-position @8": ["@8"],
    "tracker record RUS start supports --expect-position 8": ["8"],
    "tracker state --known-at tod": ["today"],
    "tracker state --known-at @8": ["@8"],
    "tracker report --known-from @8": ["@8"],
    "tracker report --since @8": ["@8"],
    "tracker log --after @8": ["@8"],
    "tracker retract @1..@8": ["@1..@8"],
    "tracker retract @8 @1..@l": ["@1..@last"],
    "tracker correct @8 --unset sp": ["speaker", "speaker_role"],
    "tracker correct @8 --unset su": [],
    "tracker correct @last --unset at": [],
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


QUOTED = [
    ('tracker history --speaker "Sergey L', "Sergey L", "Sergey Lavrov"),
    ("tracker history --speaker 'Sergey L", "Sergey L", "Sergey Lavrov"),
    (r"tracker history --speaker Sergey\ L", r"Sergey\ L", r"Sergey\ Lavrov"),
    ('tracker history --speaker="Sergey L', "Sergey L", "Sergey Lavrov"),
    (r"tracker record RUS start supports --source un:cop\ 2", r"cop\ 2", r"cop\ 25"),
    ('tracker record RUS start supports --source "un:c', "un:c", "un:cop 25"),
    ("tracker history --speaker 'Conor O", "Conor O", r"Conor O'\''Neill"),
    ('tracker history --speaker "Conor O', "Conor O", "Conor O'Neill"),
    ("tracker history --speaker Conor", "Conor", r"Conor\ O\'Neill"),
    ('tracker history --speaker "Lord', "Lord", r"Lord A\$\`AP\`"),
    ("tracker history --speaker 'Lord", "Lord", "Lord A$`AP`"),
]
"""Lines with quotes, what bash takes for the word, and what stands in its place."""


@pytest.mark.on_sqlite
def test_within_quotation_marks_bash_gets_the_value_as_it_is_written_there(typed: Run, desk: Run) -> None:
    for speaker in ("Conor O'Neill", "Lord A$`AP`"):
        said = ("--on", "2019-12-10", "--summary", "x", "--speaker", speaker)
        assert desk("record", "USA", "inf", "supports", *said).code == 0
    assert [(line, word, *typed(line, word)) for line, word, _ in QUOTED] == QUOTED


@pytest.mark.on_sqlite
def test_bash_is_kept_from_deleting_a_name_that_means_several(typed: Run, desk: Run) -> None:
    assert desk("party", "add", "GBR", "United Kingdom").code == 0
    assert typed("tracker record Uni") == ["GBR", "USA", ""]
    assert typed("tracker record RUS,Uni") == ["RUS,GBR", "RUS,USA", ""]
    assert typed("tracker state --party=Uni", "Uni") == ["GBR", "USA", ""]


@pytest.mark.on_sqlite
def test_files_are_left_to_the_shell(typed: Run, desk: Run) -> None:
    for line in ("tracker --db ", "tracker --db x", "tracker report --since x", "tracker verify --checkpoint x"):
        assert desk(_TRACKER_COMPLETE="bash_complete", COMP_LINE=line, COMP_WORD="x").out == "file,\n"


@pytest.mark.on_sqlite
def test_what_would_move_the_cursor_of_a_terminal_is_not_offered(typed: Run, desk: Run) -> None:
    said = ("--on", "2019-12-10", "--summary", "x", "--speaker", "Evil \x1b[2J")
    assert desk("record", "USA", "inf", "supports", *said).code == 0
    assert typed("tracker history --speaker Ev") == []


def test_every_field_that_an_entry_may_be_without_can_be_unset() -> None:
    needed_elsewhere = {"type", "replacement_type", "source", "name", "title", "question"}
    for model in MODELS.values():
        for name in model.model_fields.keys() - needed_elsewhere:
            assert (name in MAY_BE_LEFT_OUT) != model.model_fields[name].is_required(), (model, name)


@pytest.mark.parametrize("read", [DAY, STATED, STATED_BETWEEN, KNOWN_AT, POSITION])
def test_what_is_offered_for_a_day_or_a_position_can_be_read(typed: Run, read: Any) -> None:
    for begun in ("", "7", "@", "@1", "12", "y"):
        for item in NAMED_BY_TYPE[read](Lookup(begun, "tracker.db", "")):
            read.convert(item.value, None, None)


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


@pytest.mark.on_sqlite
def test_completing_imports_no_more_than_a_shell_may_wait_for(installed: Run) -> None:
    ran = installed(
        _TRACKER_COMPLETE="bash_complete", COMP_LINE="tracker record R", COMP_WORD="R", PYTHONPROFILEIMPORTTIME="1"
    )
    assert ran.out.strip() == "plain,RUS"
    assert "sqlite3" in imported(ran)
    assert imported(ran) & _SLOW == set()


_SLOW = {"sqlalchemy", "pydantic", "rich", "yaml", "jinja2", "psycopg", "orjson", "tempfile", "shutil", "random"}


@pytest.mark.on_sqlite
def test_the_options_of_a_choice_are_completed_with_their_stances(typed: Run, desk: Run) -> None:
    choice = ("--title", "Coal", "--question", "Which wording?", "--form", "choice")
    assert desk("issue", "add", "climate/coal", *choice).code == 0
    for option in ("phase-out", "phase-down"):
        assert desk("issue", "option", "coal", option, option).code == 0
    assert typed("tracker record RUS climate/coal --option ") == ["phase-down=", "phase-out="]
    assert typed("tracker record RUS coal --option phase-o") == ["phase-out="]
    assert typed("tracker record RUS start --option ") == []
    assert typed("tracker record RUS coal --option phase-out=s", "s") == ["sceptical", "supports"]
    assert typed("tracker issue close coal --option phase-d") == ["phase-down"]
    assert typed("tracker issue add x --form ") == ["question", "quantity", "choice"]
