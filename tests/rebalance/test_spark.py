"""Random over- and under-sampling and weights on Spark: the same rows as on DuckDB, written by Spark."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rebalance.tables import every_kind, listed, numbers_only, write

import dataaudit
from dataaudit.errors import DataAuditError


@pytest.mark.parametrize("strategy", ["random-over", "random-under", "random-both", "weights"])
def test_both_engines_write_the_same_rows(spark, tmp_path, strategy):
    frame = every_kind()
    path = write(frame, tmp_path / "given.parquet")
    written = []
    for name, engine in (("duckdb", "duckdb"), ("spark", spark)):
        proof = dataaudit.rebalance(
            path, label="y", strategy=strategy, target="cap=2", output=tmp_path / name, audit=False, engine=engine
        )
        written.append(pd.read_parquet(tmp_path / name / "train.parquet"))
        assert proof.rows[0].n_out == len(written[-1])
    one, other = (table.sort_values(list(table.columns), ignore_index=True) for table in written)
    pd.testing.assert_frame_equal(one, other, check_dtype=False)
    if strategy in ("random-over", "random-both"):
        came = listed(tmp_path / "spark", "provenance").sort_values("row")
        again = frame.iloc[came["source_row"]].reset_index(drop=True)
        pd.testing.assert_frame_equal(written[1], again, check_dtype=False)
    if strategy in ("random-under", "random-both"):
        gone = [set(listed(tmp_path / name, "dropped")["row"]) for name in ("duckdb", "spark")]
        assert gone[0] == gone[1]


def test_csv_is_written_by_spark(spark, tmp_path):
    frame = numbers_only()
    path = write(frame, tmp_path / "given.csv")
    dataaudit.rebalance(path, label="y", strategy="random-under", output=tmp_path / "out", audit=False, engine=spark)
    lines = (tmp_path / "out" / "train.csv").read_text().splitlines()
    gone = listed(tmp_path / "out", "dropped")["row"]
    kept = np.setdiff1d(np.arange(len(frame)), gone)
    given = (tmp_path / "given.csv").read_text().splitlines()
    assert lines == [given[0], *(given[1 + row] for row in kept)]


def test_what_needs_memory_says_so(spark, tmp_path):
    path = write(numbers_only(), tmp_path / "given.csv")
    with pytest.raises(DataAuditError, match="memory of one machine") as error:
        dataaudit.rebalance(path, label="y", strategy="smote", output=tmp_path / "out", audit=False, engine=spark)
    assert "random-over" in error.value.hint
    assert not (tmp_path / "out").exists()
