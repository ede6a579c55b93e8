"""The cost model adds every statement up under the room that wrote it."""

from __future__ import annotations

from collections import Counter

from benchmarks.cost import COLUMNS, OTHER, stage_of, table, timed


def test_rooms_are_told_apart():
    rooms = {"load/cells.py": "types and survey", "measure/hashes.py": "alike rows", "measure/twins.py": OTHER}
    assert {room: stage_of(f"src/dataaudit/{room}") for room in rooms} == rooms


def test_a_statement_counts_for_whoever_called():
    seconds, n_bytes = Counter(), Counter()
    run = timed(lambda engine, statement: f"{engine} {statement}", seconds, n_bytes)
    assert run("engine", "SELECT 1") == "engine SELECT 1"
    assert list(seconds) == [OTHER]
    assert seconds[OTHER] > 0


def test_the_table_has_a_row_per_size():
    cost = {
        "n_rows": 1_000_000, "n_columns": 51, "file_bytes": 2e8, "total": 7.0, "peak_megabytes": 600.0,
        "seconds": {"bins": 2.0}, "bytes": {"bins": 1e8, "sample": 2e8},
    }  # fmt: skip
    head, rule, row = table([cost]).splitlines()
    assert head.count("|") == rule.count("|") == row.count("|") == len(COLUMNS) + 6
    assert row.startswith("| 1,000,000 × 51 | 200 MB | 1.5 × | 7.0 s | 0.0 s | 0.0 s | 2.0 s |")
