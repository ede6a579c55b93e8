"""The parts of the comparison with the peers that compute; no peer is installed here."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest
from benchmarks.make_data import kinds_of
from benchmarks.peers import compare, measuring, results, table
from benchmarks.peers.measuring import Run
from benchmarks.peers.results import Pair, summarize
from benchmarks.peers.spread import spread
from benchmarks.peers.tools import DATAAUDIT, PEERS, TABLES, Table, Tool

SIZE = Table(1_000, 51)
MACHINE = {"cores": 2, "memory_gigabytes": 8, "processor": "a processor", "system": "a system"}


def pair(ours: float, theirs: float, peer: str = "evidently", error: str | None = None) -> Pair:
    versions = {"dataaudit": "1.0", peer: "2.0", "python": "3.11.7"}
    return Pair(SIZE, peer, Run(ours, 100.0, 60.0), Run(theirs, 400.0, 6000.0, error), versions, "2026-01-01")


def script(tmp_path: Path, text: str) -> Tool:
    """A tool that runs a script instead of a peer's runner."""
    path = tmp_path / "script.py"
    path.write_text(text)

    class Script(Tool):
        def command(self, train: Path, test: Path, report: Path) -> list[str]:
            return [sys.executable, str(path), str(report)]

    return Script("script", "nothing")


def run(tool: Tool, limit_seconds: float = 60) -> Run:
    return measuring.run(tool, Path("train"), Path("test"), limit_seconds)


def test_medians_are_of_the_pairs_not_of_the_medians():
    ours, theirs = summarize([pair(1.0, 10.0), pair(2.0, 12.0), pair(4.0, 40.0)])
    assert (ours.tool, ours.n_runs, ours.seconds, ours.times_ours) == ("dataaudit", 3, 2.0, None)
    assert (theirs.seconds, theirs.times_ours) == (12.0, 10.0)


def test_our_median_is_over_the_runs_beside_every_peer():
    ours, *_ = summarize([pair(1.0, 1.0), pair(3.0, 1.0), pair(8.0, 1.0, peer="cleanlab")])
    assert (ours.n_runs, ours.seconds) == (3, 3.0)


def test_a_failure_is_told_and_has_no_ratio():
    pairs = [pair(1.0, 1800.0, error="stopped after 30 minutes")]
    assert summarize(pairs)[1].times_ours is None
    page = table.markdown(MACHINE, pairs)
    assert "| evidently | failed |" in page
    assert "- evidently, 1,000 × 51: `stopped after 30 minutes` (1,800 s, 400 MB)" in page


def test_the_table_shows_time_and_ratio_and_marks_a_single_run():
    page = table.markdown(MACHINE, [pair(1.0, 12.0)])
    assert (
        "| rows × columns | 1,000 × 51 |\n| --- | ---: |\n| dataaudit | 1.00 ¹ |\n| evidently | 12.0 (12×) ¹ |" in page
    )
    assert "**evidently 2.0**" in page


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0123, "0.012"), (0.999, "0.999"), (1, "1.00"), (12.34, "12.3"), (15629.2, "15,629")]
)
def test_figures_keep_two_or_three_digits(value: float, shown: str):
    assert table.figure(value) == shown


def test_saved_pairs_are_read_again(tmp_path: Path):
    pairs = [pair(1.0, 2.0), pair(1.0, 2.0, error="ended")]
    results.save(tmp_path / "new" / "results.json", MACHINE, pairs)
    assert results.load(tmp_path / "new" / "results.json") == (MACHINE, pairs)
    assert results.load(tmp_path / "none.json") == ({}, [])


def test_only_what_is_missing_is_measured():
    peers = [peer for peer in PEERS if peer.name in ("evidently", "cleanlab")]
    pairs = [pair(1.0, 2.0), pair(1.0, 2.0), pair(1.0, 2.0, peer="cleanlab", error="ended")]
    assert [peer.name for peer, _ in compare.missing(peers, [SIZE], pairs, 2)] == []
    left = compare.missing(peers, [SIZE], pairs, 3)
    assert next(left)[0].name == "evidently"
    pairs.append(pair(1.0, 2.0))
    assert list(left) == []


def test_a_long_run_is_not_repeated():
    assert not compare.done([pair(1.0, 299.0)], 3)
    assert compare.done([pair(1.0, 301.0)], 3)


def test_a_run_measures_all_that_was_written(tmp_path: Path):
    text = "import sys, pathlib\nfor n in 'ab': pathlib.Path(sys.argv[1]).with_stem(n).write_text('x' * 2000)"
    found = run(script(tmp_path, text))
    assert found.error is None
    assert found.report_kilobytes == 4.0
    assert found.seconds > 0
    assert found.megabytes > 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("raise ValueError('no such column')", "ValueError: no such column"),
        ("import sys; sys.exit(3)", "ended with exit code 3"),
        ("import os; os.kill(os.getpid(), 9)", "ended by SIGKILL: out of memory?"),
        ("", "wrote no report"),
    ],
)
def test_a_failure_is_recorded_in_one_line(tmp_path: Path, text: str, error: str):
    assert run(script(tmp_path, text)).error == error


def test_a_run_is_stopped_at_the_limit(tmp_path: Path):
    found = run(script(tmp_path, "import time; time.sleep(60)"), limit_seconds=0.3)
    assert found.error == "stopped after 0.005 minutes"
    assert found.seconds < 30


def test_an_error_names_no_folder_of_this_machine():
    text = f"Traceback\n  50%|##  |\rOSError: {Path.home()}/secret and /tmp/xyz/report.html\n\n"
    assert measuring.last_line(text, "/tmp/xyz") == "OSError: …/secret and …/report.html"


def test_labels_are_moved_apart_as_little_as_possible():
    assert spread([1.0, 5.0, 1.2], 1.0) == [0.6, 5.0, 1.6]
    assert spread([3.0, 2.0, 1.0], 1.0) == [3.0, 2.0, 1.0]
    moved = sorted(spread([0.0, 0.1, 0.2, 1.1], 1.0))
    assert all(b - a >= 1.0 - 1e-9 for a, b in itertools.pairwise(moved))


@pytest.mark.parametrize("size", TABLES, ids=str)
def test_every_table_has_the_columns_asked_for(size: Table):
    assert sum(kinds_of(size.columns)) + 3 == size.columns


def test_the_usual_table_is_as_it_was():
    assert kinds_of(51) == (30, 5, 10, 3)


@pytest.mark.parametrize("tool", PEERS, ids=lambda tool: tool.name)
def test_every_peer_has_a_runner_and_pins(tool: Tool):
    runner = Path(tool.command(Path("train"), Path("test"), Path("report"))[1])
    assert runner.exists()
    pins = (runner.parent / f"{tool.name}.txt").read_text().splitlines()
    assert all(line.startswith("#") or "==" in line for line in pins)
    assert any(line.startswith(f"{tool.name}==") for line in pins)
    assert "dataaudit" not in runner.read_text()


def test_ours_is_the_whole_command_with_all_default_rules():
    words = DATAAUDIT.command(Path("train"), Path("test"), Path("report.html"))
    assert " ".join(words[1:]) == "audit train --test test --label y --output report.html --fail-on never"
