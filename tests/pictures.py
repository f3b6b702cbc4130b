"""Draw the pictures of docs/clocks.md and of the README from the tracker's own answers."""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from tests.documents import ROOT, WIDTH_OF_TERMINAL, session, steps
from tracker.domain.terms.dates import stated_day

CHAPTER = ROOT / "docs" / "clocks.md"
PAIR = "USA china-inclusion"
DAYS = ("2026-11-02", "2026-11-09", "2026-11-12", "2026-11-16")
"""The days on which the corpus was recorded."""
CHAINS = (
    ("EUN inf", 148),
    ("USA new-start/extension", 211),
    ("RUS new-start/extension", 162),
    ("RUS new-start/one-year-freeze", 575),
)
"""What the chapter follows through its versions: a pair, and the position at which the chain began."""

WIDTH = 760
INK, SOFT, LINE = "#1f2328", "#57606a", "#d0d7de"
COLOURS = {"supports": "#1a7f37", "conditional": "#9a6700", "opposes": "#b42318", None: "#57606a"}
STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:12.5px;fill:#1f2328;"
    "paint-order:stroke;stroke:#ffffff;stroke-width:4px;stroke-linejoin:round}"
    ".soft{fill:#57606a}.head{font-size:15px;font-weight:600}.strong{font-weight:600}.sign{font-size:16px;font-weight:600}"
)

REPORT = "tracker --db tracker-demo.db report --from 2019-12-10 --to 2021-02-05 --party USA --issue new-start/extension"
"""The command that the README's picture shows."""

SCREEN = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {terminal_width} {terminal_height}" \
width="{terminal_width}" height="{terminal_height}" role="img">
<title>A change report</title>
<style>
.{unique_id}-matrix{{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;\
font-size:{char_height}px;line-height:{line_height}px}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
<rect width="{terminal_width}" height="{terminal_height}" rx="8" fill="#1e2127"/>
<g transform="translate(18, 18) scale(0.97)" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's frame for a terminal without the fonts of another host; they would make the picture depend on it."""

Ask = Callable[[str], Any]


def pictures() -> dict[str, str]:
    """The pictures by file name; nothing in them depends on when or where they are drawn."""
    text = CHAPTER.read_text()
    with session(text) as run:
        for step in steps(text):
            if step.command.startswith("cp "):
                run(step.command)

        def ask(question: str) -> Any:
            return json.loads(run(f"tracker {question} --format json --output asked") and run("cat asked"))

        return {
            "three-clocks.svg": _three_clocks(ask),
            "before-and-after.svg": _before_and_after(ask),
            "what-counts.svg": _what_counts(ask),
        }


def screenshots() -> dict[str, str]:
    """The README's picture: a report as the terminal shows it, with its command above it."""
    from rich.console import Console
    from rich.text import Text

    with session("tracker-demo.db") as run:
        shown = run(f"FORCE_COLOR=1 {REPORT}")
    console = Console(
        record=True, width=WIDTH_OF_TERMINAL, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Text(f"$ {_without_database(REPORT)}", style="bold cyan"), overflow="fold")
    console.print(Text.from_ansi(shown))
    return {"report.svg": console.export_svg(title="", code_format=SCREEN, unique_id="report")}


def _without_database(command: str) -> str:
    return command.replace("--db tracker-demo.db ", "")


@dataclass(frozen=True)
class Axis:
    """Days along a line from `left` to `right`."""

    first: date
    last: date
    left: float
    right: float

    def at(self, day: date | str) -> float:
        day = date.fromisoformat(day) if isinstance(day, str) else day
        share = (day - self.first) / (self.last - self.first)
        return round(self.left + share * (self.right - self.left), 1)

    def months(self, every: int) -> Iterator[date]:
        """The first days of months on the axis, those whose number is a multiple of `every`."""
        for number in range(self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month):
            day = date(number // 12, number % 12 + 1, 1)
            if day >= self.first and day.month % every == 0:
                yield day


def _three_clocks(ask: Ask) -> str:
    """The pair's statements by the day when they were said, the day when they were public, and log order."""
    until = "2021-02-28"
    entries = ask(f"explain {PAIR} --on {until} --known-at {DAYS[0]}")["entries"]
    told = [entry for entry in entries if _is_told(entry, until)]
    axis = Axis(date(2019, 11, 25), date(2021, 2, 15), 118, 706)
    said, public, recorded = 150, 232, 334
    days = ", ".join(sorted({entry["recorded_at"][:10] for entry in told}))
    slots = {entry["position"]: 160 + 88 * slot for slot, entry in enumerate(sorted(told, key=_position))}

    parts = [_text(20, 28, f"The United States on a place for China: {len(told)} statements on three clocks", "head")]
    for month in axis.months(every=3):
        x = axis.at(month)
        parts += [_line(x, said - 14, x, public + 24, LINE), _text(x, public + 40, f"{month:%b %Y}", "soft", "middle")]
    for name, y in (("said", said), ("public", public), ("recorded", recorded)):
        parts += [_line(96, y, 740, y, SOFT), _text(20, y + 4, name, "strong")]
    parts.append(_text(20, recorded + 20, "log order", "soft"))
    for number, entry in enumerate(told):
        parts += _statement(entry, axis, (said, public, recorded), slots[entry["position"]])
        parts += _above(axis.at(entry["on"]), said, entry, level=number % 2)
    parts.append(_text(160, recorded + 46, f"+ supports   ~ conditional   all recorded on {days}", "soft"))
    return _svg(
        parts,
        height=392,
        title="Three clocks",
        desc="When each statement was said and public, and its place in the log. One has no dated source.",
    )


def _is_told(entry: Any, until: str) -> bool:
    return bool(entry["type"] == "position.stated.v1" and entry["counts"] and entry["on"] <= until)


def _statement(entry: Any, axis: Axis, lanes: tuple[int, int, int], slot: int) -> Iterator[str]:
    """One statement's marks and the lines that join them."""
    said, public, recorded = lanes
    x, colour, first = axis.at(entry["on"]), COLOURS[entry["stance"]], stated_day(entry["stated_on"]).first
    if entry["public_on"] is None:
        yield _line(x, said, slot, recorded, colour, dashed=True)
        yield _text(x - 12, public - 22, "no dated source:", "soft", "end")
        yield _text(x - 12, public - 7, "never public", "soft", "end")
    else:
        y = axis.at(entry["public_on"])
        yield _line(x, said, y, public, colour)
        yield _line(y, public, slot, recorded, colour)
        yield _mark(y, public, entry["stance"])
        if entry["public_on"] > entry["on"]:
            yield _text(y + 7, public - 8, _day(entry["public_on"]))
    if axis.at(first) < x:
        yield _bar(axis.at(first), said - 4, x - axis.at(first), 8, colour, opacity=0.3)
    yield _mark(x, said, entry["stance"])
    yield _mark(slot, recorded, entry["stance"])
    yield _text(slot, recorded + 22, f"@{entry['position']}", anchor="middle")


def _above(x: float, lane: int, entry: Any, *, level: int) -> Iterator[str]:
    """Who said it and when, above its mark; neighbours stand on different levels."""
    y = (64, 100)[level]
    yield _line(x, y + 20, x, lane - 8, LINE)
    yield _text(x, y, f"{_glyph(entry['stance'])} {entry['speaker'].split()[-1]}", anchor="middle")
    yield _text(x, y + 15, f"{_day(entry['stated_on'])} {entry['on'][:4]}", "soft", "middle")


def _before_and_after(ask: Ask) -> str:
    """The stance over time in steps, as known before the correction and after it."""
    axis = Axis(date(2020, 3, 1), date(2021, 2, 28), 150, 730)
    parts = [_text(20, 28, "The autumn of 2020, as known before and after the correction of @194", "head")]
    for month in axis.months(every=1):
        x = axis.at(month)
        parts += [_line(x, 52, x, 316, LINE), _text(x + 2, 334, f"{month:%b}", "soft")]
    for known, top in ((DAYS[0], 92), (DAYS[2], 232)):
        parts += _panel(ask, known, axis, top)
    return _svg(
        parts,
        height=350,
        title="The stance before and after a correction",
        desc="As first known the stance falls to conditional and rises again; as corrected it stays there longer.",
    )


def _panel(ask: Ask, known: str, axis: Axis, top: int) -> Iterator[str]:
    history = ask(f"history {PAIR} --on {axis.last} --known-at {known}")
    entries = ask(f"explain {PAIR} --on {axis.last} --known-at {known}")["entries"]
    position = {entry["event_id"]: entry["position"] for entry in entries}
    height = {"supports": top, "conditional": top + 46}
    yield _text(20, top - 26, f"known on {_day(known)} {known[:4]}", "strong")
    for stance, y in height.items():
        yield _text(20, y + 4, f"{_glyph(stance)} {stance}")
        yield _line(axis.left, y, axis.right, y, LINE)
    ends = [*(max(step["on"], str(axis.first)) for step in history[1:]), str(axis.last)]
    for step, end in zip(history, ends, strict=True):
        stance, start = step["to_stance"], max(step["on"], str(axis.first))
        x, y = axis.at(start), height[stance]
        if step["from_stance"] not in (stance, None):
            yield _line(x, height[step["from_stance"]], x, y, INK, width=2)
        yield _line(x, y, axis.at(end), y, COLOURS[stance], width=4)
    for step in history:
        if step["on"] >= str(axis.first):
            x, y = axis.at(step["on"]), height[step["to_stance"]]
            style = "soft" if step["kind"] == "reaffirmed" else "strong"
            yield _mark(x, y, step["to_stance"])
            below = step["to_stance"] == "conditional"
            yield _text(x, y + (20 if below else -26), f"@{position[step['event_id']]}", style, "middle")
            yield _text(x, y + (35 if below else -11), step["kind"], style, "middle")


def _what_counts(ask: Ask) -> str:
    """Every version of what the chapter follows, and on which days of recording it counts."""
    left, wide, tall = 300, 105, 26
    parts = [_text(20, 28, "What counts, on each day of recording", "head"), _text(20, 58, "known on", "soft")]
    parts += [_text(left + wide * (n + 0.5), 58, _day(day), "strong", "middle") for n, day in enumerate(DAYS)]
    y, edges = 70, []
    for pair, rank in CHAINS:
        seen = [ask(f"explain {pair} --on 2021-01-31 --known-at {day}")["entries"] for day in DAYS]
        chain = sorted((entry for entry in seen[-1] if entry["rank"] == rank and "stance" in entry), key=_position)
        parts.append(_text(20, y + 18, _whose(pair, chain[0]), "strong"))
        y += tall
        for entry in chain:
            parts.append(_text(20, y + 17, f"@{entry['position']} {_version(entry)}"))
            parts += _life(entry, seen, (left, wide, y))
            y += tall
        y += 5
        edges.append(y)
    grid = [_line(left + wide * n, 42, left + wide * n, y, LINE) for n in range(len(DAYS) + 1)]
    grid += [_line(20, edge, left + wide * len(DAYS), edge, LINE) for edge in edges]
    parts.append(_text(20, y + 28, "+ supports   w withdrawn", "soft"))
    return _svg(
        [*grid, *parts],
        height=y + 42,
        title="What counts on each day of recording",
        desc="Each version counts from the day of its recording until another entry corrects or retracts it.",
    )


def _life(entry: Any, seen: Sequence[Sequence[Any]], place: tuple[int, int, int]) -> Iterator[str]:
    """A bar over the days on which the entry counts, and beside it what ended it."""
    left, wide, y = place
    counting = [
        number
        for number, entries in enumerate(seen)
        if any(one["event_id"] == entry["event_id"] and one["counts"] for one in entries)
    ]
    x = left + wide * counting[0]
    yield _bar(x + 3, y + 3, wide * len(counting) - 6, 20, COLOURS[entry["stance"]])
    if not entry["counts"]:
        by = {one["event_id"]: one["position"] for one in seen[-1]}
        ended = f"{entry['because']} by @{by[entry['because_of']]}"
        yield _text(x + wide * len(counting) + 5, y + 17, ended, "soft")


def _whose(pair: str, first: Any) -> str:
    party, issue = pair.split()
    what = "withdrawal" if first["stance"] is None else "statement"
    return f"{party} on {issue}: {what}"


def _version(entry: Any) -> str:
    order = f", seq. {entry['sequence']}" if entry["sequence"] else ""
    return f"{_glyph(entry['stance'])} {entry['stance'] or 'withdrawn'}, {_day(entry['stated_on'])}{order}"


def _position(entry: Any) -> int:
    return int(entry["position"])


def _glyph(stance: str | None) -> str:
    return {"supports": "+", "conditional": "~", "opposes": "x", None: "w"}[stance]


def _day(text: str) -> str:
    """A day as `3 Dec`, a month as `Aug`, each with the mark of doubt that it has."""
    plain = text.rstrip("?~")
    day = stated_day(text).effective
    shown = f"{day.day} {day:%b}" if len(plain) == len("2020-08-18") else f"{day:%b}"
    return shown + text.removeprefix(plain)


def _svg(parts: Sequence[str], *, height: float, title: str, desc: str) -> str:
    """A whole picture on white, for light and dark pages alike; its texts lie above its lines."""
    size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(desc)}</desc>",
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height:g}" rx="6" fill="#ffffff"/>',
        *sorted(parts, key=lambda part: part.startswith("<text")),
        "</svg>\n",
    ))  # fmt: skip


def _text(x: float, y: float, text: str, style: str = "", anchor: str = "start") -> str:
    look = f' class="{style}"' if style else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}"{look}{place} xml:space="preserve">{escape(text)}</text>'


def _line(x: float, y: float, x2: float, y2: float, colour: str, *, width: float = 1, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<line x1="{x:g}" y1="{y:g}" x2="{x2:g}" y2="{y2:g}" stroke="{colour}" stroke-width="{width:g}"{dash}/>'


def _bar(x: float, y: float, width: float, height: float, colour: str, *, opacity: float = 1) -> str:
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} rx="3" fill="{colour}" opacity="{opacity:g}"/>'


def _mark(x: float, y: float, stance: str | None) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{COLOURS[stance]}" stroke="#ffffff" stroke-width="1.5"/>'
