"""Whatever is recorded, by hand or in a batch, it is on record well or refused in a sentence and nothing is kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz.conftest import Tally
from tests.fuzz.spoiled import HOSTILE, PLAUSIBLE, damaged, texts, values
from tracker.adapters.batch_sections import FIELDS
from tracker.adapters.batch_templates import batch_template

pytestmark = pytest.mark.on_both_backends

GOOD = {"party": "RUS", "issue": "start", "stance": "supports", "on": "2019-12-12", "summary": "Said so."}
SOME = {
    "party": ("USA", "RUS, USA", ["RUS", "USA"], "Moscow"),
    "stance": ("opposes", "Conditional", "neutral"),
    "on": ("2019", "2019-11?", "2019-12-10"),
    "summary": ("née — ✓", "\x1b[31mred", "\u202eevil", "x" * 9_999, "yes", "2019-12-10"),
    "conditions": ([], ["it is verified"], "one term"),
    "to": ("USA", ["USA"]),
    "speaker": ("Ann", "\x9b"),
    "source": ("dw",),
    "sequence": (0, 3, -1),
    "quote": ("words", {"exact": "words", "prefix": "the"}),
    "priority": ("low", "High"),
    "red_line": (True, False, "yes"),
    "reasons": ("why", ["why", "and why"]),
    "provision": ("Article 3",),
    "answers": ("@6", "@last"),
    "tags": ("a, b", ["c"]),
    "language": ("fr", "zh-Hant"),
    "translation": ("mots",),
    "amount": ("300", ">=1300", 1.5, {"at_least": 3}),
    "options": ({"phase-out": "supports"}, "phase-out=opposes"),
}


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A statement of a batch: good fields, some other good ones and, in half of them, any value at any place."""
    row: dict[str, Any] = dict(GOOD)
    for name in draw(st.lists(st.sampled_from(sorted(SOME)), max_size=3)):
        row[name] = draw(st.sampled_from(SOME[name]))
    if draw(st.booleans()):
        row[draw(st.sampled_from(sorted(FIELDS)) | texts)] = draw(values)
    if not draw(st.integers(0, 9)):
        row.pop(draw(st.sampled_from(sorted(row))))
    return row


@st.composite
def batches(draw: st.DrawFn) -> bytes:
    """A batch as JSON Lines, as one JSON document or as YAML, at times with its bytes damaged."""
    defaults = draw(st.none() | st.sampled_from(({}, {"speaker": "Ann"})) | values)
    statements = draw(st.lists(rows(), min_size=1, max_size=3))
    match draw(st.sampled_from(("lines", "document", "table", "yaml", "template"))):
        case "lines":
            given = statements if defaults is None else [{"defaults": defaults}, *statements]
            text = "\n".join(map(json.dumps, given))
        case "document":
            text = json.dumps({"statements": statements} | ({"defaults": defaults} if defaults else {}))
        case "table":
            columns = sorted({name for row in statements for name in row}) + draw(st.lists(texts, max_size=1))
            cells = [[row.get(column) for column in columns] for row in statements]
            table = {"columns": columns, "rows": draw(st.just(cells) | values)}
            text = json.dumps({"statements": table} | ({"defaults": defaults} if defaults else {}))
        case "yaml":
            text = yaml.safe_dump({"statements": statements}, allow_unicode=draw(st.booleans()))
        case _:
            text = batch_template().replace("new-start/extension", "start").replace("arms-control/scope", "start")
            text = text.replace("dw-2019-12-11", "dw")
    content = text.encode(errors="surrogatepass")
    return content if draw(st.integers(0, 3)) else draw(damaged(content))


def test_any_batch_is_recorded_whole_or_not_at_all(
    new_desk: Callable[..., Any], tally: Callable[[float], Tally]
) -> None:
    ends = tally(0.2)

    @ends.settings
    @example(json.dumps(GOOD).encode(), ())
    @example(json.dumps(GOOD | {"stance": "pro"}).encode(), ())
    @given(batches(), st.sampled_from(((), ("--check",), ("--anyway",))))
    def recorded(content: bytes, options: tuple[str, ...]) -> None:
        with new_desk() as desk:
            before = desk.tracker.checkpoint()
            done = desk.run("record", "--from-file", "-", *options, stdin=content)
            ends.add("accepted" if done.exit_code == 0 else "refused")
            assert (desk.tracker.checkpoint() != before) == (done.exit_code == 0 and "--check" not in options)
            if done.exit_code == 0:
                desk.holds()
            else:
                assert "standard input" in done.stderr

    recorded()
    ends.reached("accepted", "refused")


OPTIONS = {
    "--quote": ("words",),
    "--speaker": ("Ann", "Lavrov"),
    "--role": ("Minister",),
    "--source": ("dw", "bbc"),
    "--locator": ("p. 3",),
    "--attribution": ("direct", "ascribed"),
    "--ascribed-by": ("USA",),
    "--act": ("asks", "offers"),
    "--standing": ("remark",),
    "--condition": ("it is verified",),
    "--to": ("USA",),
    "--on-behalf-of": ("USA", "Moscow"),
    "--sequence": ("1", "-3", "9" * 4_000, "9" * 5_000),
    "--amount": ("300", ">=1300", "1..2", "-3", "9" * 4_000),
    "--option": ("phase-out=supports", "a=b", "="),
    "--could-accept": ("<=3",),
    "--stated-as": ("much",),
    "--priority": ("high",),
    "--reason": ("why",),
    "--provision": ("Article 3",),
    "--answers": ("@6", "@99", "x"),
    "--note": ("ours",),
    "--tag": ("a",),
    "--language": ("fr", "no language"),
    "--translation": ("mots",),
    "--expect-position": ("6", "0", "99999999999999999999"),
    "--on": ("2019", "yesterday", "3w"),
    "--from-file": ("-", "/", "\x00", "\udcff", "none"),
}
FLAGS = ("--red-line", "--no-red-line", "--check", "--anyway", "--no-conditions", "--template", "--help")


@st.composite
def arguments(draw: st.DrawFn) -> list[str]:
    """The arguments of `record`: good ones, with others at their places, options of every kind, or none."""
    args = ["RUS", "start", "supports", "--on", "2019-12-12", "--summary", "Said so."]
    strange = st.sampled_from(HOSTILE) | st.sampled_from(PLAUSIBLE) | st.text(max_size=8)
    for _ in range(draw(st.integers(0, 2))):
        option = draw(st.sampled_from(sorted(OPTIONS)))
        args += [option, draw(st.sampled_from(OPTIONS[option]) | strange)]
    args += draw(st.lists(st.sampled_from(FLAGS[:3]), max_size=1))
    match draw(st.integers(0, 5)):
        case 0:
            args[draw(st.integers(0, len(args) - 1))] = draw(strange)
        case 1:
            args.pop(draw(st.integers(0, len(args) - 1)))
        case 2:
            args.insert(draw(st.integers(0, len(args))), draw(strange | st.sampled_from(FLAGS)))
        case _:
            pass
    return args


def test_any_arguments_record_well_or_are_refused(
    new_desk: Callable[..., Any], tally: Callable[[float], Tally]
) -> None:
    ends = tally(0.16)

    @ends.settings
    @example(["RUS", "start", "supports", "--on", "2019-12-12", "--summary", "Said so."])
    @example(["RUS", "start"])
    @given(arguments())
    def recorded(args: list[str]) -> None:
        with new_desk() as desk:
            done = desk.run("record", *args)
            ends.add("accepted" if done.exit_code == 0 else "refused")
            if done.exit_code == 0:
                desk.holds()

    recorded()
    ends.reached("accepted", "refused")
