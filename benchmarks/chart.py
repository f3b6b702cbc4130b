"""The results as a picture: each time as a multiple of the limit's, with what was to be reached, and the peers."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from matplotlib.lines import Line2D

from benchmarks.results import Result, duration
from benchmarks.run import Run

INK, SOFT, FAINT = "#1f2328", "#57606a", "#e4e8ec"
REACHED, MISSED = "#1a7f37", "#c9510c"
PEERS = {"eventsourcing": ("^", "#8250df"), "duckdb": ("D", "#9a6700"), "polars": ("s", "#0969da")}
ROW, MARGIN, WIDTH = 0.31, 1.65, 10.0

_TITLE = "How long the tracker takes, as a multiple of the bare engine's time"
_BUT = "1 is, for states by clocks, the plain state; for the late statement, an empty pair's; for commands, imports"

_LOOK = {
    "svg.hashsalt": "benchmarks",  # the same results give the same bytes
    "svg.fonttype": "none",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Helvetica", "Arial"],
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "xtick.color": SOFT,
}


def draw(run: Run, path: Path) -> None:
    """Draw the results that have something to be held against, as SVG."""
    results = [result for result in run.results if result.against]
    with mpl.rc_context(_LOOK):
        height = ROW * len(results) + MARGIN
        picture = Picture(figsize=(WIDTH, height))
        axes = picture.add_axes((0.36, 0.75 / height, 0.56, (height - MARGIN) / height))
        for row, result in enumerate(results):
            _draw_row(axes, row, result)
        _dress(axes, results)
        picture.text(0.012, 1 - 0.26 / height, _TITLE, fontsize=11, fontweight="bold")
        picture.legend(
            handles=_legend(), loc="upper left", bbox_to_anchor=(0.005, 1 - 0.33 / height), ncols=7, frameon=False,
            handletextpad=0.3, columnspacing=1.4,
        )  # fmt: skip
        picture.savefig(path, format="svg", metadata={"Title": _TITLE, "Date": None, "Creator": None})


def _draw_row(axes: Axes, row: int, result: Result) -> None:
    assert result.against is not None
    one = result.against.seconds
    ours = result.ours.seconds / one
    allowed = min((goal.allowed / one for goal in result.goals if goal.allowed), default=None)
    colour = SOFT if allowed is None else REACHED if ours <= allowed else MISSED
    axes.plot([1, ours], [row, row], color=colour, linewidth=1.6, alpha=0.45, zorder=2, solid_capstyle="round")
    for peer in result.peers:
        mark, peer_colour = PEERS.get(peer.name.split()[0], ("x", SOFT))
        axes.plot(peer.seconds / one, row, mark, markersize=5.5, color=peer_colour, fillstyle="none", zorder=3)
    if allowed is not None:
        axes.plot(allowed, row, "|", markersize=13, markeredgewidth=2, color=INK, zorder=4)
    axes.plot(ours, row, "o", markersize=7, color=colour, zorder=5, markeredgecolor="white", markeredgewidth=0.8)
    axes.text(
        1.015, row, duration(result.ours.seconds), transform=axes.get_yaxis_transform(), va="center", color=colour
    )


def _dress(axes: Axes, results: list[Result]) -> None:
    axes.set_xscale("log")
    axes.set_ylim(len(results) - 0.4, -0.6)
    axes.set_yticks(range(len(results)), [result.title for result in results])
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(axis="x", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.axvline(1, color=SOFT, linewidth=1.2, zorder=1)
    for row in range(0, len(results), 2):
        axes.axhspan(row - 0.5, row + 0.5, color="#f6f8fa", zorder=0)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel(f"logarithmic; left is faster\n{_BUT}", color=SOFT)


def _legend() -> list[Line2D]:
    """What the marks mean."""

    def mark(shape: str, colour: str, label: str, size: float = 6, fill: str = "full") -> Line2D:
        return Line2D([], [], linestyle="", marker=shape, color=colour, label=label, markersize=size, fillstyle=fill)

    return [
        mark("o", REACHED, "tracker, reached"),
        mark("o", MISSED, "tracker, not reached"),
        mark("|", INK, "to reach", size=12),
        *(mark(shape, colour, name, fill="none") for name, (shape, colour) in PEERS.items()),
        mark("x", SOFT, "other limit"),
    ]
