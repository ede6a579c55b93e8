"""How long the whole command takes, beside DuckDB's own SUMMARIZE of the same files.

Runs both in turn (A B A B ...) as processes of their own and prints the
medians of wall time and peak memory, and of the ratio pair by pair.

Usage:
  python benchmarks/speed.py table FOLDER [N_RUNS]        train.parquet and test.parquet of make_data.py
  python benchmarks/speed.py csv TRAIN TEST LABEL [N_RUNS]
  python benchmarks/speed.py help [N_RUNS]                dataaudit --help
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SUMMARIZE = """
import sys, duckdb
for path in sys.argv[1:]:
    duckdb.sql(f"SUMMARIZE SELECT * FROM '{path}'").fetchall()
"""


@dataclass(frozen=True)
class Run:
    """What one process took."""

    seconds: float
    peak_megabytes: float


def run(command: list[str]) -> Run:
    """Run a command to its end; findings (exit 1) are fine, anything else is not."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    message = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {code}: {message}")
    return Run(seconds, usage.ru_maxrss / 1024)


def dataaudit_command() -> str:
    """Return the installed command of this Python's environment."""
    beside = Path(sys.executable).parent / "dataaudit"
    found = str(beside) if beside.exists() else shutil.which("dataaudit")
    if found is None:
        sys.exit("dataaudit is not installed here: pip install .")
    return found


def report(name: str, runs: list[Run]) -> None:
    """Print the median, least and greatest time, and the greatest peak memory."""
    seconds = [one.seconds for one in runs]
    peak = max(one.peak_megabytes for one in runs)
    print(
        f"{name:12} median {statistics.median(seconds):7.2f} s   min {min(seconds):7.2f}   "
        f"max {max(seconds):7.2f}   peak {peak:6.0f} MB   ({len(runs)} runs)"
    )


def compare(train: str, test: str, label: str, n_runs: int) -> None:
    """Time the audit with its HTML report against SUMMARIZE, one warm-up each."""
    with tempfile.TemporaryDirectory() as folder:
        audit = [dataaudit_command(), "audit", train, "--test", test, "--label", label]
        audit += ["--output", str(Path(folder) / "report.html"), "--force"]
        summarize = [sys.executable, "-c", SUMMARIZE, train, test]
        run(audit), run(summarize)
        pairs = [(run(audit), run(summarize)) for _ in range(n_runs)]
        size = (Path(folder) / "report.html").stat().st_size
    report("dataaudit", [ours for ours, _ in pairs])
    report("SUMMARIZE", [theirs for _, theirs in pairs])
    ratio = statistics.median(ours.seconds / theirs.seconds for ours, theirs in pairs)
    print(f"median ratio {ratio:.2f}; report {size / 1024:.0f} kB")


def main(words: list[str]) -> None:
    """Read the command line and run one comparison."""
    match words:
        case ["table", folder, *rest]:
            files = [str(Path(folder) / f"{split}.parquet") for split in ("train", "test")]
            compare(*files, "y", int(rest[0]) if rest else 5)
        case ["csv", train, test, label, *rest]:
            compare(train, test, label, int(rest[0]) if rest else 5)
        case ["help", *rest]:
            report("--help", [run([dataaudit_command(), "--help"]) for _ in range(int(rest[0]) if rest else 11)])
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
