"""Run dataaudit and its peers in turn on the same tables, and write reports/benchmark/.

The environments must be there (`make benchmark` sets them up). What is
measured already is not measured again; every pair of runs is saved at once,
so that an interrupted comparison goes on where it stopped. A peer that fails,
or whose run takes longer than five minutes, is not repeated on that table.
Results of another machine are not mixed with this one's: they are replaced.

Usage: python -m benchmarks.peers.compare [--only PEER ...] [--rows N ...] [--columns N ...] [--runs N] ...
"""

from __future__ import annotations

import argparse
import datetime as dt
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers import machine, measuring, results, table
from benchmarks.peers.results import Pair
from benchmarks.peers.tools import COLUMNS, DATAAUDIT, ENVIRONMENTS, PEERS, ROOT, ROWS, TABLES, Table, Tool

REPORTS = ROOT / "reports" / "benchmark"
LONG_SECONDS = 300


def options(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=[peer.name for peer in PEERS], default=[p.name for p in PEERS])
    parser.add_argument("--rows", nargs="+", type=int, choices=ROWS, default=ROWS)
    parser.add_argument("--columns", nargs="+", type=int, choices=COLUMNS, default=COLUMNS)
    parser.add_argument("--runs", type=int, default=3, help="paired runs per peer and table (3)")
    parser.add_argument("--limit", type=float, default=30, help="minutes that one run may take (30)")
    parser.add_argument("--again", action="store_true", help="forget earlier results of what is selected")
    return parser.parse_args(words)


def data(size: Table) -> tuple[Path, Path]:
    """Return the two files of a table, written if they are not there yet."""
    folder = ENVIRONMENTS / "tables" / f"{size.rows}x{size.columns}"
    if not folder.exists():
        part = folder.with_name(f"{folder.name}.part")
        # In a process of its own: what this one has in memory would count as the peak of those it starts.
        words = [sys.executable, "benchmarks/make_data.py", str(size.rows), str(part), str(size.columns)]
        subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        part.rename(folder)
    return folder / "train.parquet", folder / "test.parquet"


def measure(peer: Tool, size: Table, limit_seconds: float) -> Pair:
    """Run ours and then the peer on one table."""
    installed = {tool.name: tool.versions() for tool in (DATAAUDIT, peer)}
    versions = {name: version for name, (version, _) in installed.items()}
    versions["python"] = ", ".join(sorted({python for _, python in installed.values()}))
    train, test = data(size)
    ours = measuring.run(DATAAUDIT, train, test, limit_seconds)
    if ours.error:
        sys.exit(f"error: dataaudit failed on {size}: {ours.error}")
    theirs = measuring.run(peer, train, test, limit_seconds)
    return Pair(size, peer.name, ours, theirs, versions, dt.datetime.now(tz=dt.UTC).date().isoformat())


def done(pairs: list[Pair], n_runs: int) -> bool:
    """Say whether the pairs of one peer and table are enough."""
    return len(pairs) >= n_runs or any(pair.theirs.error or pair.theirs.seconds > LONG_SECONDS for pair in pairs)


def missing(peers: list[Tool], sizes: list[Table], pairs: list[Pair], n_runs: int) -> Iterator[tuple[Tool, Table]]:
    """Yield what is to be measured next until nothing is missing, the smallest tables first."""
    for size in sorted(sizes, key=lambda size: size.rows * size.columns):
        for peer in peers:
            while not done([pair for pair in pairs if (pair.peer, pair.table) == (peer.name, size)], n_runs):
                yield peer, size


def main(words: list[str]) -> None:
    """Measure what is missing, saving every pair, and write the table."""
    chosen = options(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    here, path = machine.machine(), REPORTS / "results.json"
    there, pairs = results.load(path)
    peers = [peer for peer in PEERS if peer.name in chosen.only]
    sizes = [size for size in TABLES if size.rows in chosen.rows and size.columns in chosen.columns]
    if there not in ({}, here):
        print("the results there were measured on another machine; starting anew", file=sys.stderr)
        pairs = []
    if chosen.again:
        pairs = [pair for pair in pairs if not (pair.peer in chosen.only and pair.table in sizes)]
    warm: set[str] = set()
    for peer, size in missing(peers, sizes, pairs, chosen.runs):
        if peer.name not in warm:
            measure(peer, TABLES[0], chosen.limit * 60)
            warm.add(peer.name)
        pair = measure(peer, size, chosen.limit * 60)
        pairs.append(pair)
        results.save(path, here, pairs)
        told = pair.theirs.error or f"{pair.theirs.seconds:.1f} s, {pair.theirs.megabytes:.0f} MB"
        print(f"{size}  {peer.name}: {told}; dataaudit: {pair.ours.seconds:.1f} s", flush=True)
    if not pairs:
        sys.exit("error: there is no table of that size\nhint: --columns other than 51 go with --rows 10000")
    (REPORTS / "results.md").write_text(table.markdown(here, pairs))


if __name__ == "__main__":
    main(sys.argv[1:])
