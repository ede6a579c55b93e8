"""The measurements as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.peers.results import Pair, Summary, summarize
from benchmarks.peers.tools import COMMON_COLUMNS, DATAAUDIT, PEERS, ROWS_OF_COLUMNS, Table

Cell = Callable[[Summary], str]
SINGLE_RUN = " ¹"


def markdown(machine: dict[str, Any], pairs: list[Pair]) -> str:
    """Return the whole page: machine, versions, tables, failures and what each tool was given."""
    summaries = summarize(pairs)
    blocks = [
        "# dataaudit beside its peers",
        "![Time, memory and report size against rows and columns](benchmark.png)",
        about(machine, pairs),
    ]
    for title, cell in (("Seconds", time), ("Peak memory, MB", memory), ("Report, kB", report)):
        blocks += [f"## {title}"]
        blocks += [grid(summaries, tables, cell) for tables in axes(summaries)]
    return "\n\n".join([*blocks, *notes(summaries), given(pairs)]) + "\n"


def about(machine: dict[str, Any], pairs: list[Pair]) -> str:
    """Return what was run, how, where and when."""
    dates = sorted({pair.date for pair in pairs})
    pythons = sorted({python for pair in pairs for python in pair.versions["python"].split(", ")})
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    return (
        "Whole processes, loading included, on the Parquet tables of `benchmarks/make_data.py` (train 80 %, test 20 %\n"
        "of the rows). Medians of paired runs, ours and theirs in turn; in brackets, the median over the pairs of\n"
        "their time / ours. Peak memory is that of a tool's largest process.\n\n"
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gigabytes']} GB of memory, "
        f"{machine['system']}, Python {', '.join(pythons)};\n{when}. `make benchmark` repeats it."
    )


def axes(summaries: list[Summary]) -> list[list[Table]]:
    """Return the tables that differ in rows, and those that differ in columns, where there are any."""
    tables = list(dict.fromkeys(summary.table for summary in summaries))
    by_rows = [table for table in tables if table.columns == COMMON_COLUMNS]
    by_columns = [table for table in tables if table.rows == ROWS_OF_COLUMNS]
    return [axis for axis in (by_rows, by_columns) if axis]


def grid(summaries: list[Summary], tables: list[Table], cell: Cell) -> str:
    """Return one table: a row per tool, a column per size."""
    of = {(summary.tool, summary.table): summary for summary in summaries}
    lines = [row("rows × columns", map(str, tables)), row("---", ["---:"] * len(tables))]
    for tool in (DATAAUDIT, *PEERS):
        found = [of.get((tool.name, table)) for table in tables]
        if any(found):
            lines.append(row(tool.name, [show(summary, cell) if summary else "–" for summary in found]))
    return "\n".join(lines)


def row(first: str, rest: Any) -> str:
    """Return one line of a Markdown table."""
    return f"| {' | '.join([first, *rest])} |"


def show(summary: Summary, cell: Cell) -> str:
    """Return a cell, marked where it is a single run, or that the tool failed."""
    if summary.error:
        return "failed"
    return cell(summary) + (SINGLE_RUN if summary.n_runs == 1 else "")


def time(summary: Summary) -> str:
    """Return `12.3 (10×)`."""
    ratio = f" ({multiple(summary.times_ours)}×)" if summary.times_ours is not None else ""
    return figure(summary.seconds) + ratio


def memory(summary: Summary) -> str:
    """Return megabytes."""
    return f"{summary.megabytes:,.0f}"


def report(summary: Summary) -> str:
    """Return the size of the report in kilobytes."""
    return figure(summary.report_kilobytes)


def multiple(value: float) -> str:
    """Return a ratio with about two figures: 0.41, 1.5, 10, 102."""
    digits = 0 if value >= 10 else 1 if value >= 1 else 2
    return f"{value:,.{digits}f}"


def figure(value: float) -> str:
    """Return a number with two or three figures: 0.012, 1.23, 12.3, 1,234."""
    if value >= 100:
        return f"{value:,.0f}"
    digits = 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{digits}f}"


def notes(summaries: list[Summary]) -> list[str]:
    """Return the footnote of single runs and the list of failures, where there are any."""
    found = ["¹ one run"] if any(summary.n_runs == 1 and not summary.error for summary in summaries) else []
    failed = [
        f"- {summary.tool}, {summary.table}: `{summary.error}` ({summary.seconds:,.0f} s, {summary.megabytes:,.0f} MB)"
        for summary in summaries
        if summary.error
    ]
    return [*found, *(["## Failures", "\n".join(failed)] if failed else [])]


def given(pairs: list[Pair]) -> str:
    """Return what each tool was asked to do, with the versions that were measured."""
    lines = ["## What each tool was given", ""]
    for tool in (DATAAUDIT, *PEERS):
        versions = sorted({pair.versions[tool.name] for pair in pairs if tool.name in pair.versions})
        if versions:
            lines.append(f"- **{tool.name} {', '.join(versions)}**: {tool.given}.")
    return "\n".join(lines)
