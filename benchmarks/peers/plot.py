"""Draw reports/benchmark/benchmark.png from results.json. Runs in the environment of plot.txt.

Usage: python -m benchmarks.peers.plot [RESULTS.json PICTURE.png]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
from benchmarks.peers.results import Summary, load, summarize
from benchmarks.peers.spread import spread
from benchmarks.peers.tools import COLUMNS, COMMON_COLUMNS, DATAAUDIT, PEERS, ROOT, ROWS, ROWS_OF_COLUMNS
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

REPORTS = ROOT / "reports" / "benchmark"
INCHES = (8.0, 8.8)  # at 100 dots per inch what a page of 800 px shows; drawn twice as fine
DOTS_PER_INCH = 200
INK, FAINT = "#222222", "#dddddd"
LABEL_GAP = 0.075  # of an axis' height

# Colours that the colour-blind tell apart, dark enough for text; ours stands out by its width as well.
STYLES = {
    "dataaudit": ("#d55e00", "o"),
    "deepchecks": ("#0072b2", "s"),
    "evidently": ("#7a5c00", "D"),
    "fg-data-profiling": ("#007f5f", "^"),
    "cleanlab": ("#a8327f", "v"),
    "leakcheck-ml": ("#5c6570", "p"),
}

SECOND_TICKS = {0.1: "0.1 s", 1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min", 3600: "1 h"}
MEMORY_TICKS = {10: "10 MB", 100: "100 MB", 1_000: "1 GB", 10_000: "10 GB"}
REPORT_TICKS = {0.1: "100 B", 1: "1 kB", 10: "10 kB", 100: "100 kB", 1_000: "1 MB", 10_000: "10 MB", 100_000: "100 MB"}
ROW_TICKS = {rows: "1 million" if rows == 1_000_000 else f"{rows:,}" for rows in ROWS}
COLUMN_TICKS = {columns: str(columns) for columns in COLUMNS}

MEASURES: list[tuple[str, Callable[[Summary], float], dict[float, str]]] = [
    ("Time", lambda summary: summary.seconds, SECOND_TICKS),
    ("Peak memory", lambda summary: summary.megabytes, MEMORY_TICKS),
    ("Report size", lambda summary: summary.report_kilobytes, REPORT_TICKS),
]


def ticks(axis: Axis, marks: dict[float, str]) -> None:
    """Put the given marks on a logarithmic axis and no others."""
    axis.set_major_locator(FixedLocator(list(marks)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(lambda value, _: next((t for m, t in marks.items() if abs(m / value - 1) < 1e-6), ""))


def line(panel: Axes, tool: str, points: list[tuple[float, float]]) -> None:
    """Draw the line of one tool."""
    colour, marker = STYLES[tool]
    ours = tool == DATAAUDIT.name
    panel.plot(
        *zip(*points, strict=True),
        color=colour,
        marker=marker,
        linewidth=3.0 if ours else 1.5,
        markersize=7.5 if ours else 5.5,
        markeredgecolor="white",
        markeredgewidth=0.8,
        zorder=4 if ours else 3,
        clip_on=False,
    )


def labels(panel: Axes, ends: dict[str, tuple[float, float]]) -> None:
    """Write each tool's name right of the panel, at the height where its line ends."""
    to_axes = panel.transAxes.inverted()
    heights = [float(to_axes.transform(panel.transData.transform(end))[1]) for end in ends.values()]
    for (tool, end), height in zip(ends.items(), spread(heights, LABEL_GAP), strict=True):
        early = end[0] < panel.get_xlim()[1] * 0.5
        panel.annotate(
            tool,
            end if early else (1.045, height),
            xycoords="data" if early else "axes fraction",
            xytext=(0, 7) if early else (0, 0),
            textcoords="offset points",
            ha="center" if early else "left",
            va="bottom" if early else "center",
            color=STYLES[tool][0],
            fontweight="bold" if tool == DATAAUDIT.name else "normal",
            annotation_clip=False,
        )


def draw(panel: Axes, summaries: list[Summary], x: Callable[[Summary], float], y: Callable[[Summary], float]) -> None:
    """Draw all tools into one panel; a failure is a cross where the tool was stopped or broke off."""
    ends: dict[str, tuple[float, float]] = {}
    for tool in (peer.name for peer in (*PEERS, DATAAUDIT)):
        of_tool = [summary for summary in summaries if summary.tool == tool]
        points = [(x(summary), y(summary)) for summary in of_tool if not summary.error]
        failures = [(x(summary), y(summary)) for summary in of_tool if summary.error and y(summary) > 0]
        if points:
            line(panel, tool, points)
        for failure in failures:
            panel.plot(*zip(*points[-1:], failure, strict=True), color=STYLES[tool][0], linestyle=":", linewidth=1.5)
            panel.plot(*failure, color=STYLES[tool][0], marker="x", markersize=8, markeredgewidth=2, clip_on=False)
        if points or failures:
            ends[tool] = max([*points, *failures])
    panel.figure.draw_without_rendering()
    labels(panel, ends)


def frame(panel: Axes, marks_x: dict[float, str], marks_y: dict[float, str], values: list[float]) -> None:
    """Scale both axes logarithmically and draw nothing but ticks and faint lines."""
    panel.set(xscale="log", yscale="log", xlim=(min(marks_x), max(marks_x)))
    low, high = min(values) / 1.5, max(values) * 2
    panel.set_ylim(low, high)
    ticks(panel.xaxis, marks_x)
    ticks(panel.yaxis, {mark: text for mark, text in marks_y.items() if low <= mark <= high})
    panel.grid(axis="y", color=FAINT, linewidth=0.8)
    panel.spines[["top", "right", "left"]].set_visible(False)
    panel.spines["bottom"].set(color=FAINT, position=("outward", 6))
    panel.tick_params(length=0, colors=INK)
    panel.tick_params(axis="y", pad=8)


def picture(results: Path) -> Figure:
    """Return time, memory and report size against rows (left) and columns (right)."""
    machine, pairs = load(results)
    summaries = summarize(pairs)
    by_rows = [summary for summary in summaries if summary.table.columns == COMMON_COLUMNS]
    by_columns = [summary for summary in summaries if summary.table.rows == ROWS_OF_COLUMNS]
    figure = Figure(figsize=INCHES, facecolor="white")
    panels = figure.subplots(
        len(MEASURES),
        2,
        gridspec_kw={"left": 0.08, "right": 0.845, "top": 0.885, "bottom": 0.06, "wspace": 0.74, "hspace": 0.42},
    )
    for (title, y, marks), (left, right) in zip(MEASURES, panels, strict=True):
        values = [y(summary) for summary in summaries if y(summary) > 0]
        shown = {rows: text for rows, text in ROW_TICKS.items() if any(s.table.rows == rows for s in by_rows)}
        frame(left, shown if len(shown) > 1 else ROW_TICKS, marks, values)
        frame(right, COLUMN_TICKS, marks, values)
        left.set_title(f"{title} against rows", loc="left", fontweight="bold", fontsize=10)
        right.set_title(f"{title} against columns", loc="left", fontweight="bold", fontsize=10)
        draw(left, by_rows, lambda summary: summary.table.rows, y)
        draw(right, by_columns, lambda summary: summary.table.columns, y)
    figure.text(
        0.02,
        0.975,
        "dataaudit beside its peers: the same tables, whole processes",
        fontsize=13,
        fontweight="bold",
        va="top",
    )
    about = (
        f"Left: {COMMON_COLUMNS} columns. Right: {ROWS_OF_COLUMNS:,} rows. "
        f"Medians on {machine['cores']} cores. All axes are logarithmic."
    )
    failed = " A cross: stopped or failed." if any(summary.error for summary in summaries) else ""
    figure.text(0.02, 0.945, about + failed, fontsize=9, va="top", color="#555555")
    return figure


if __name__ == "__main__":
    mpl.rcParams.update({"font.size": 9, "text.color": INK, "font.family": "DejaVu Sans"})
    given = [Path(word) for word in sys.argv[1:]] or [REPORTS / "results.json", REPORTS / "benchmark.png"]
    picture(given[0]).savefig(given[1], dpi=DOTS_PER_INCH)
