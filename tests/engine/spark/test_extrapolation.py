"""What lies beyond train, and what a split can tell, is the same on both engines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.engine.spark.test_both_engines import differences

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import engine_in
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.measure.facts import Facts


def rows(n_rows: int, seed: int, is_train: bool) -> pd.DataFrame:
    """Return rows of every kind of column; train has no target between 0.5 and 1."""
    random = np.random.default_rng(seed)
    target = random.normal(size=n_rows).round(3)
    if is_train:
        target[(target > 0.5) & (target < 1)] = 2.0
    return pd.DataFrame(
        {
            "x": random.normal(0 if is_train else 0.3, 1, n_rows).round(4),
            "count": random.poisson(3, n_rows),
            "colour": random.choice(["red", "green", "blue"], n_rows),
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 10**7, n_rows), unit="s"),
            "machine": [f"m{i}" for i in random.integers(0, 60, n_rows)],
            "kind": random.choice(["p", "q"], n_rows),
            "y": target,
        }
    )


@pytest.mark.parametrize("label", ["y", "kind"])
def test_facts_are_the_same(spark, tmp_path, label):
    sources = {}
    for split, frame in (("train", rows(300, 0, True)), ("test", rows(120, 1, False))):
        sources[split] = tmp_path / f"{split}.parquet"
        frame.to_parquet(sources[split])
    declared = Declared(label=label, group=["machine"])
    duckdb, on_spark = DuckDBEngine(threads=2), engine_in(spark)
    try:
        here, there = (Facts(load(engine, sources, declared, None)) for engine in (duckdb, on_spark))
        assert list(differences(here.shifts.powers, there.shifts.powers, "powers")) == []
        names = ["joint_extrapolation"] + (["target_gaps"] if label == "y" else ["sureness"])
        for name in names:
            assert list(differences(getattr(here.spread, name), getattr(there.spread, name), name)) == []
        for column in ("x", "count", "when"):
            found = (facts.spread.rows_beyond("test", column) for facts in (here, there))
            assert list(differences(*found, column)) == []
    finally:
        duckdb.close()
        on_spark.close()
