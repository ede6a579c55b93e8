"""Tables larger than the memory limit are spilled to disk, and the audit says the same of them."""

from __future__ import annotations

import duckdb
import pytest

import dataaudit

N_ROWS, N_COLUMNS = 400_000, 24
LIMIT = "100MB"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the same table as CSV (over 100 MB) and as Parquet."""
    folder = tmp_path_factory.mktemp("large")
    numbers = ", ".join(f"hash(range, {i}) % 1000003 / 7 AS x{i}" for i in range(N_COLUMNS - 4))
    query = (
        f"SELECT {numbers}, 'note ' || hash(range, 99) % 50000 AS note, 'level ' || range % 7 AS level, "
        f"range AS row_id, hash(range, 5) % 3 AS y FROM range({N_ROWS})"
    )
    paths = {ending: folder / f"table.{ending}" for ending in ("csv", "parquet")}
    for path in paths.values():
        duckdb.sql(f"COPY ({query}) TO '{path}'")
    return paths


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_larger_than_the_memory_limit(files, ending):
    assert files["csv"].stat().st_size > 100_000_000
    results = [dataaudit.audit(files[ending], label="y", memory_limit=limit) for limit in (LIMIT, "8GB")]
    assert not [check for check in results[0].checks if check.status == "crashed"]
    small, large = ([finding.fingerprint for finding in result.findings] for result in results)
    assert small == large
    assert results[0].dataset.splits[0].fingerprint == results[1].dataset.splits[0].fingerprint
