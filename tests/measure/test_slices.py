"""Groupings over a wide table read a copy of a few columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.measure import slices
from dataaudit.measure.slices import slice_of


@pytest.fixture
def table():
    random = np.random.default_rng(0)
    columns = {f"x{i}": random.normal(size=300) for i in range(6)}
    return pd.DataFrame(columns | {"word": random.choice(["a", "b"], 300), "y": random.integers(0, 2, 300)})


def test_a_narrow_table_and_a_long_one_are_read_as_they_are(measure, table, monkeypatch):
    facts = measure(table)
    with slice_of(facts, "train", ["x1"]) as relation:
        assert relation == "train"
    monkeypatch.setattr(slices, "MAX_COLUMNS_OF_NARROW", 3)
    monkeypatch.setattr(slices, "MAX_CELLS_TO_COPY", 299)
    with slice_of(facts, "train", ["x1"]) as relation:
        assert relation == "train"


def test_a_slice_of_a_wide_table_has_the_columns_and_the_label_and_is_gone_after(measure, table, monkeypatch):
    monkeypatch.setattr(slices, "MAX_COLUMNS_OF_NARROW", 3)
    facts = measure(table)
    engine = facts.dataset.engine
    with slice_of(facts, "train", ["x1", "word"]) as relation:
        names = [row[0] for row in engine.rows(f"DESCRIBE {relation}")]
        assert names == [facts.dataset.sql_name(name) for name in ("x1", "word", "y")]
    assert ("slice",) not in engine.rows("SELECT table_name FROM duckdb_tables()")


def test_tables_of_a_wide_table_are_those_of_a_narrow_one(measure, table, monkeypatch):
    narrow = measure(table, test=table).tables
    monkeypatch.setattr(slices, "MAX_COLUMNS_OF_NARROW", 3)
    wide = measure(table, test=table).tables
    for name, expected in narrow.items():
        for split in ("train", "test"):
            assert np.array_equal(wide[name].n_by_class[split], expected.n_by_class[split])
