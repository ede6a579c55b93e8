"""How long random under-sampling takes, beside DuckDB copying the same Parquet file.

Makes a table of five columns (a double, an integer, a category, a number of two decimals and a label of 2 % "yes"), and
runs `dataaudit rebalance --strategy random-under --no-audit` and DuckDB's COPY in turn (A B A B ...) as processes of
their own. Prints the medians of wall time and peak memory, and of the ratio pair by pair.

Usage: python -m benchmarks.rebalance_speed FOLDER [N_ROWS] [N_RUNS] [STRATEGY]
"""

from __future__ import annotations

import shutil
import statistics
import sys
from pathlib import Path

import duckdb
from benchmarks.speed import Run, run

N_ROWS = 100_000_000
N_RUNS = 3
SHARE_RARE = 0.02
COPY = """
import sys, duckdb
duckdb.sql(f"COPY (SELECT * FROM read_parquet('{sys.argv[1]}')) TO '{sys.argv[2]}' (FORMAT parquet)")
"""


def make(path: Path, n_rows: int) -> None:
    """Write the table, if it is not there yet."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '2GB'; SELECT setseed(0.5)")
    connection.execute(
        "COPY (SELECT random() * 100 AS amount, CAST(floor(random() * 1000) AS INTEGER) AS age, "
        "'level ' || CAST(floor(random() * 12) AS INTEGER) AS kind, round(random() * 10, 2) AS ratio, "
        f"CASE WHEN random() < {SHARE_RARE} THEN 'yes' ELSE 'no' END AS y FROM range({n_rows})) "
        f"TO '{path}' (FORMAT parquet, COMPRESSION snappy)"
    )


def show(name: str, runs: list[Run]) -> None:
    """Print the medians of some runs."""
    seconds = statistics.median(one.seconds for one in runs)
    megabytes = statistics.median(one.peak_megabytes for one in runs)
    print(f"{name}: {seconds:.1f} s, peak {megabytes:,.0f} MB")


def main(folder: Path, n_rows: int, n_runs: int, strategy: str) -> None:
    """Make the table, run both in turn, and print what they took."""
    table, output, copied = folder / f"{n_rows}.parquet", folder / "rebalanced", folder / "copied.parquet"
    make(table, n_rows)
    ours, copies = [], []
    command = [sys.executable, "-m", "dataaudit", "rebalance", str(table), "--label", "y", "--strategy", strategy]
    for _ in range(n_runs):
        copies.append(run([sys.executable, "-c", COPY, str(table), str(copied)]))
        copied.unlink()
        ours.append(run([*command, "--no-audit", "--output", str(output)]))
        shutil.rmtree(output)
    show("DuckDB COPY", copies)
    show(f"dataaudit rebalance --strategy {strategy}", ours)
    ratio = statistics.median(own.seconds / copy.seconds for own, copy in zip(ours, copies, strict=True))
    print(f"ratio, pair by pair: {ratio:.2f}")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    given = [*sys.argv[2:], *("", "", "")[len(sys.argv) - 2 :]]
    main(Path(sys.argv[1]), int(given[0] or N_ROWS), int(given[1] or N_RUNS), given[2] or "random-under")
