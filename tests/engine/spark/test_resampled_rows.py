"""Rows that were made up or copied are found on Spark as on DuckDB, in large classes too."""

from __future__ import annotations

import numpy as np
import pandas as pd
from tests.engine.spark.test_both_engines import differences

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import engine_in
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.measure.facts import Facts
from dataaudit.measure.resampled import class_rows


def oversampled(n_real: int = 300, n_made: int = 900) -> pd.DataFrame:
    """Return a class of which rows were made up, one whose rows were copied, and one left as it was."""
    random = np.random.default_rng(0)
    real = random.gamma(3, 10, (n_real, 5))
    near = np.argsort(((real[:, None] - real) ** 2).sum(axis=2), axis=1)
    first = random.integers(0, n_real, n_made)
    second = near[first, random.integers(1, 6, n_made)]
    made = real[first] + random.random((n_made, 1)) * (real[second] - real[first])
    copied = random.gamma(3, 10, (100, 5))
    parts = {"made": [real, made], "copied": [copied, copied[random.integers(0, 100, 300)]], "left": [real + 0.5]}
    values = np.vstack([part for listed in parts.values() for part in listed])
    names = np.repeat(list(parts), [sum(len(part) for part in listed) for listed in parts.values()])
    table = pd.DataFrame(values).add_prefix("x").assign(y=names)
    return table.sample(frac=1, random_state=0, ignore_index=True)


def test_resampled_classes_are_the_same_on_both_engines(spark, monkeypatch):
    monkeypatch.setattr(class_rows, "MOST_ROWS_OF_CLASS", 600)
    table = oversampled()
    sources = {"train": table[:1200], "test": table[1200:].reset_index(drop=True)}
    found = []
    for engine in (DuckDBEngine(threads=2), engine_in(spark)):
        found.append(Facts(load(engine, sources, Declared(label="y"))).preparation.resamplings)
        engine.close()
    assert list(differences(*found, "resamplings")) == []
    made, copied = found[0]["made"], found[0]["copied"]
    assert made.segments.n_searched < made.segments.n_rows
    assert sum(made.segments.n_on.values()) > 50
    assert copied.copies.n_across > 50
    assert copied.copies.share_whole > 0.9
