"""Write the frozen histories and answers again; or, with a folder's name, all answers in full to there.

In full they are for `diff -r`, which shows where the answers of two states of the code differ.
"""

import io
import sys
import tempfile
from pathlib import Path

from tests.frozen import answers, generator
from tests.frozen.answers import Question
from tracker.storage.maintenance.migrate import create_database
from tracker.tracker import Tracker


def main() -> None:
    if len(sys.argv) > 1:
        for history in generator.HISTORIES:
            folder = Path(sys.argv[1]) / history
            folder.mkdir(parents=True, exist_ok=True)
            for number, (question, text) in enumerate(ask(answers.events_file(history)).items(), 1):
                name = answers.command_line(question).replace("/", "_")
                (folder / f"{number:03} {name}").write_bytes(text.encode())
        return
    index = []
    for history in generator.HISTORIES:
        write_events(history)
        answered = ask(answers.events_file(history))
        answers.text_file(history).write_bytes(answers.in_full(answered).encode())
        index += answers.digests(history, answered)
    answers.INDEX.write_text("\n".join(index) + "\n")


def write_events(history: str) -> None:
    """A generated history as the tracker writes it, with all of it taken in."""
    answers.events_file(history).parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database, generated = str(Path(folder) / "tracker.db"), Path(folder) / "generated.jsonl"
        generated.write_text("\n".join(generator.lines(history)))
        create_database(database)
        answers.load(database, generated)
        with Tracker.open(database) as tracker:
            tracker.export(out := io.BytesIO())
    answers.events_file(history).write_bytes(out.getvalue())


def ask(events: Path) -> dict[Question, str]:
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "tracker.db")
        create_database(database)
        answers.load(database, events)
        return {question: answers.answer(database, question) for question in answers.questions()}


if __name__ == "__main__":
    main()
