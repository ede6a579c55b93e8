"""Entities, series and late dates are measured on Spark as on DuckDB, in whole tables and in samples of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.engine.spark.test_both_engines import differences

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import engine_in
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.measure import time_order
from dataaudit.measure.entity import entities
from dataaudit.measure.facts import Facts


def visits(n_patients: int = 80, n_visits: int = 6) -> pd.DataFrame:
    """Return visits of patients numbered within clinics, by the hour, with a date that is later in half of them."""
    random = np.random.default_rng(0)
    patient = np.repeat(np.arange(n_patients), n_visits)
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(len(patient)), unit="h")
    return pd.DataFrame(
        {
            "clinic": [f"clinic {i // 10}" for i in patient],
            "number": patient % 10,
            "sex": random.choice(["f", "m"], n_patients)[patient],
            "age": random.integers(20, 70, n_patients)[patient],
            "at": at,
            "closed_at": at + pd.to_timedelta(random.integers(-50, 50, len(patient)), unit="m"),
            "day": (at + pd.to_timedelta(random.integers(-2, 2, len(patient)), unit="D")).floor("D"),
            "y": np.where(np.sin(np.arange(len(patient)) / 20) > random.normal(0, 0.3, len(patient)), "p", "q"),
        }
    )


@pytest.mark.parametrize("n_rows", [480, 150])
def test_entities_orders_and_lateness_are_the_same_on_both_engines(spark, monkeypatch, n_rows):
    monkeypatch.setattr(entities, "MAX_ROWS", n_rows)
    monkeypatch.setattr(entities, "ROWS_PER_BLOCK", 20)
    monkeypatch.setattr(time_order, "MAX_ROWS", n_rows // 2)
    table = visits()
    sources = {f"{split}": table[start::2].reset_index(drop=True) for start, split in enumerate(("train", "test"))}
    found = []
    for engine in (DuckDBEngine(threads=2), engine_in(spark)):
        facts = Facts(load(engine, sources, Declared(label="y", time="at")))
        found.append([facts.entities, facts.time_orders, facts.lateness])
        engine.close()
    assert list(differences(*found, "facts")) == []
    by_columns, orders, lateness = found[0]
    assert by_columns["clinic", "number"].constant == ("age", "sex")
    assert orders["at"]["test"].sampled is (n_rows < 480)
    assert set(lateness) == {"closed_at", "day"}
