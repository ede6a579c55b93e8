"""What an audit costs, stage by stage: seconds, bytes read, and how often that is the whole file.

Every statement is timed and put down to the room that wrote it; what is left
is Python (statistics, models, judging, the report). Bytes are what the process
asked the operating system for, from its cache or not.

Usage: python benchmarks/cost.py FOLDER...      each with train.parquet and test.parquet of make_data.py
"""

from __future__ import annotations

import inspect
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

STAGES = {
    "types and survey": ("load/",),
    "sample": ("measure/sample",),
    "bins": ("measure/bin_counts",),
    "categories": ("measure/keys", "measure/many_values", "measure/drift"),
    "alike rows": ("measure/hashes", "measure/rows"),
}
OTHER, PYTHON = "other statements", "Python and report"
COLUMNS = (*STAGES, OTHER, PYTHON)


def stage_of(file: str) -> str:
    """Return the stage that a statement of a source file belongs to.

    >>> stage_of("src/dataaudit/measure/bin_counts.py"), stage_of("src/dataaudit/measure/twins.py")
    ('bins', 'other statements')
    """
    return next((stage for stage, rooms in STAGES.items() if any(room in file for room in rooms)), OTHER)


def bytes_read() -> int:
    """Return how many bytes this process has read so far, cached or not."""
    fields = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(fields["rchar"])


def timed(method: Callable[..., Any], seconds: Counter[str], n_bytes: Counter[str]) -> Callable[..., Any]:
    """Return an engine's method that notes what its statements take, under the stage of who called it."""

    def run(engine: Any, statement: str) -> Any:
        caller = inspect.stack(context=0)[1]
        stage = stage_of(caller.filename)
        started, before = time.perf_counter(), bytes_read()
        try:
            return method(engine, statement)
        finally:
            seconds[stage] += time.perf_counter() - started
            n_bytes[stage] += bytes_read() - before

    return run


def measure(folder: Path) -> dict[str, Any]:
    """Audit one table in this process and return what it took."""
    import dataaudit
    from dataaudit.engine.duckdb import DuckDBEngine

    seconds: Counter[str] = Counter()
    n_bytes: Counter[str] = Counter()
    for name in ("run", "rows", "arrays"):
        setattr(DuckDBEngine, name, timed(getattr(DuckDBEngine, name), seconds, n_bytes))
    train, test = folder / "train.parquet", folder / "test.parquet"
    started = time.perf_counter()
    result = dataaudit.audit(train, test=test, label="y")
    result.to_html()
    total = time.perf_counter() - started
    seconds[PYTHON] = total - sum(seconds.values())
    splits = result.dataset.splits
    return {
        "n_rows": sum(split.n_rows for split in splits),
        "n_columns": splits[0].n_columns,
        "file_bytes": train.stat().st_size + test.stat().st_size,
        "total": total,
        "seconds": seconds,
        "bytes": n_bytes,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_a_process_of_its_own(folder: str) -> dict[str, Any]:
    """Return the costs of one folder, measured where no other audit has been."""
    done = subprocess.run([sys.executable, __file__, "--one", folder], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def table(costs: list[dict[str, Any]]) -> str:
    """Return the costs as a Markdown table, one row per size."""
    heads = ("rows × columns", "files", "read", "total", *COLUMNS, "peak")
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    for cost in costs:
        n_read = sum(cost["bytes"].values()) / cost["file_bytes"]
        stages = [f"{cost['seconds'].get(stage, 0.0):.1f} s" for stage in COLUMNS]
        cells = [f"{cost['n_rows']:,} × {cost['n_columns']}", f"{cost['file_bytes'] / 1e6:,.0f} MB", f"{n_read:.1f} ×"]
        cells += [f"{cost['total']:.1f} s", *stages, f"{cost['peak_megabytes']:,.0f} MB"]
        lines.append(" | ".join(cells))
    return "\n".join(f"| {line} |" for line in lines)


def main(words: list[str]) -> None:
    """Measure every folder, smallest first."""
    match words:
        case ["--one", folder]:
            print(json.dumps(measure(Path(folder))))
        case [_, *_]:
            print(table(sorted(map(in_a_process_of_its_own, words), key=lambda cost: cost["n_rows"])))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
