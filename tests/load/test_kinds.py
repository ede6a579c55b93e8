"""The kind of every column is told from its type and its values."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.load.loading import kinds

from dataaudit.load.kinds import count_values
from dataaudit.load.typing import TypedColumn

LABEL = ["cat", "dog"] * 60


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (range(120), "numeric"),
        ([0, 1] * 60, "numeric"),
        ([0.5] * 120, "numeric"),
        ([True, False] * 60, "boolean"),
        (pd.date_range("2024", periods=120), "datetime"),
        (["red", "blue"] * 60, "categorical"),
        ([f"name {i}" for i in range(120)], "text"),
        ([f"name {i % 50}" for i in range(120)], "categorical"),
        (["a sentence that goes on and on until it is plainly prose"] * 120, "text"),
        ([None] * 120, "categorical"),
        ([[1.0, 2.0]] * 120, "embedding"),
    ],
)
def test_kinds(load_table, column, kind):
    assert kinds(load_table(pd.DataFrame({"x": column, "y": LABEL})))["x"] == kind


def test_values_are_counted_exactly_where_they_may_name_the_row(engine):
    n = 30_000
    engine.run(f"CREATE TEMP TABLE train AS SELECT range AS c0, least(range, {n - 2}) AS c1 FROM range({n})")
    columns = [TypedColumn(name, "BIGINT", {}, {}) for name in ("unique", "nearly")]
    values = count_values(engine, "train", columns)
    assert (values["unique"].n_distinct, values["nearly"].n_distinct) == (n, n - 1)
    assert (values["unique"].minimum, values["unique"].maximum, values["unique"].all_integral) == (0.0, n - 1.0, True)


def test_more_columns_than_a_statement_takes(engine):
    n = 450
    engine.run(f"CREATE TEMP TABLE train AS SELECT {', '.join(f'{i} AS c{i}' for i in range(n))}")
    values = count_values(engine, "train", [TypedColumn(f"x{i}", "BIGINT", {}, {}) for i in range(n)])
    assert [values[f"x{i}"].minimum for i in range(n)] == [float(i) for i in range(n)]
