"""The measurements as they are saved, and the medians that the table and the plot show."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.measuring import Run
from benchmarks.peers.tools import DATAAUDIT, Table


@dataclass(frozen=True)
class Pair:
    """A run of ours and, right after it, one of a peer on the same table."""

    table: Table
    peer: str
    ours: Run
    theirs: Run
    versions: dict[str, str]
    date: str


@dataclass(frozen=True)
class Summary:
    """The medians of one tool on one table.

    Attributes
    ----------
    times_ours
        Median over the pairs of their seconds / ours; None for ourselves.
    """

    table: Table
    tool: str
    n_runs: int
    seconds: float
    megabytes: float
    report_kilobytes: float
    times_ours: float | None = None
    error: str | None = None


def save(path: Path, machine: dict[str, Any], pairs: Iterable[Pair]) -> None:
    """Write all measurements; the file is replaced as a whole, so that an interruption loses none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"machine": machine, "pairs": [asdict(pair) for pair in pairs]}, indent=1) + "\n")
    part.replace(path)


def load(path: Path) -> tuple[dict[str, Any], list[Pair]]:
    """Read what `save` wrote: the machine and the pairs; nothing where there is no file."""
    if not path.exists():
        return {}, []
    saved = json.loads(path.read_text())
    return saved["machine"], [read_pair(pair) for pair in saved["pairs"]]


def read_pair(saved: dict[str, Any]) -> Pair:
    """Return one pair of the JSON file."""
    runs = {who: Run(**saved[who]) for who in ("ours", "theirs")}
    return Pair(**{**saved, **runs, "table": Table(**saved["table"])})


def summarize(pairs: Iterable[Pair]) -> list[Summary]:
    """Return the medians per table and tool, ours first, tables by rows and columns."""
    by_table: dict[Table, list[Pair]] = {}
    for pair in pairs:
        by_table.setdefault(pair.table, []).append(pair)
    return [
        summary
        for table in sorted(by_table, key=lambda table: (table.rows, table.columns))
        for summary in summarize_table(table, by_table[table])
    ]


def summarize_table(table: Table, pairs: list[Pair]) -> list[Summary]:
    """Return the medians of one table, ours over the runs of all pairs."""
    by_peer: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_peer.setdefault(pair.peer, []).append(pair)
    theirs = []
    for peer, of_peer in by_peer.items():
        ratio = statistics.median(pair.theirs.seconds / pair.ours.seconds for pair in of_peer)
        theirs.append(medians(table, peer, [pair.theirs for pair in of_peer], ratio))
    return [medians(table, DATAAUDIT.name, [pair.ours for pair in pairs]), *theirs]


def medians(table: Table, tool: str, runs: list[Run], times_ours: float | None = None) -> Summary:
    """Return the medians of a tool's runs, or its failure where one of them failed."""
    error = next((run.error for run in runs if run.error), None)
    return Summary(
        table,
        tool,
        len(runs),
        statistics.median(run.seconds for run in runs),
        statistics.median(run.megabytes for run in runs),
        statistics.median(run.report_kilobytes for run in runs),
        None if error else times_ours,
        error,
    )
