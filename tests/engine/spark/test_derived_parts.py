"""What parts of notes tell is the same on Spark as on DuckDB: words, numbers and the label's texts."""

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

N_ROWS = 240
CLASSES = ("not ok", "fine", "a_b", "naïve")


def notes(task: str) -> pd.DataFrame:
    """Return notes that hold the class, or the target, of their row, and some that are hard to read."""
    random = np.random.default_rng(0)
    number = random.normal(0, 1000, N_ROWS)
    label = random.choice(CLASSES, N_ROWS)
    words = [f"Seen {i}: it's {y.upper()}, {i % 7}" for i, y in enumerate(label)]
    first = [f"{x:.3e} paid\nby {i}" for i, x in enumerate(number)]
    last = [f"no. {i} of 007: {x:.2f} (\\d)" for i, x in enumerate(number)]
    table = pd.DataFrame({"word": words, "first": first, "last": last})
    table.loc[::20, ["word", "first"]] = None
    table.loc[3, ["word", "last"]] = ["", "9" * 400]
    return table.assign(y=number if task == "regression" else label)


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_parts_of_notes_are_the_same_on_both_engines(spark, task):
    derived, texts = [], []
    for engine in (DuckDBEngine(threads=2), engine_in(spark)):
        facts = Facts(load(engine, {"train": notes(task)}, Declared(label="y"), task))
        derived.append(facts.derived_associations)
        texts.append(facts.class_texts("word") if task == "multiclass" else None)
        engine.close()
    assert list(differences(*derived, "derived")) == []
    assert list(differences(*texts, "texts")) == []
    if task == "regression":
        assert [derived[0][name].coding for name in ("first", "last")] == ["its first number", "its last number"]
        assert min(derived[0][name].explained for name in ("first", "last")) > 0.85
    else:
        assert derived[0]["word"].coding == "which it holds of the words"
        assert texts[0].share_own > 0.9
