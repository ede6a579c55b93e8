"""One scan counts every column of a split."""

from __future__ import annotations

import pandas as pd
from tests.load.loading import cells

from dataaudit.load import survey
from dataaudit.load.survey import survey_split
from dataaudit.load.typing import TypedColumn


def test_values_are_counted_exactly_where_they_may_name_the_row(engine):
    n = 30_000
    engine.run(f"CREATE TEMP TABLE train AS SELECT range AS c0, least(range, {n - 2}) AS c1 FROM range({n})")
    columns = [TypedColumn(name, "BIGINT", {}, {}) for name in ("unique", "nearly")]
    values = survey_split(engine, "train", columns, "train", n)
    assert (values["unique"].n_distinct, values["nearly"].n_distinct) == (n, n - 1)
    assert (values["unique"].minimum, values["unique"].maximum, values["unique"].is_integer) == (0.0, n - 1.0, True)


def test_more_columns_than_a_statement_takes(engine):
    n = 450
    engine.run(f"CREATE TEMP TABLE train AS SELECT {', '.join(f'{i} AS c{i}' for i in range(n))}")
    values = survey_split(engine, "train", [TypedColumn(f"x{i}", "BIGINT", {}, {}) for i in range(n)], "train", 1)
    assert [values[f"x{i}"].minimum for i in range(n)] == [float(i) for i in range(n)]


def test_infinite_cells_are_told_from_nan_and_both_are_missing(load_table, monkeypatch):
    monkeypatch.setattr(survey, "COLUMNS_PER_STATEMENT", 2)
    infinite, nan = float("inf"), float("nan")
    table = pd.DataFrame({f"x{i}": [infinite] * i + [0.5] * (6 - i) for i in range(5)} | {"y": ["cat", "dog"] * 3})
    table["x3"] = pd.arrays.ArrowExtensionArray(__import__("pyarrow").array([nan, infinite, 1.0, None, nan, -infinite]))
    dataset = load_table(table)
    counted = dataset.surveys["train"]
    assert [counted[f"x{i}"].n_infinite for i in range(5)] == [0, 1, 2, 2, 4]
    assert (counted["x3"].n_nan, counted["x3"].n_present) == (2, 1)
    assert cells(dataset, "x3") == [None, None, 1.0, None, None, None]
    assert cells(dataset, "x1") == [None, *[0.5] * 5]


def test_side_by_side_and_below_one_another_count_the_same(load_table, monkeypatch):
    dates = pd.to_datetime(["2024-01-05 10:30", None, "1969-07-20 00:00"])
    columns = {
        "whole": [3, 0, -7], "part": [0.5, None, float("-inf")], "word": ["a b", None, "ccc"], "when": dates,
        "flag": [True, False, None], "list": [[1.0], None, [2.0]], "empty": [None] * 3, "y": [1, 0, 1],
    }  # fmt: skip
    table = pd.DataFrame({name: list(cells) * 4 for name, cells in columns.items()})
    dataset = load_table(table)
    below = dataset.surveys["train"]
    monkeypatch.setattr(survey, "MAX_ROWS_TO_UNPIVOT", 0)
    columns = [TypedColumn(column.name, dataset.sql_types[column.name], {}, {}) for column in dataset.info.columns]
    beside = survey_split(dataset.engine, "typed_train", columns, "train", len(table))
    assert below == beside
    assert below["part"].n_infinite == below["whole"].n_zero == 4


def test_different_values_are_counted_in_train_alone(load_table):
    table = pd.DataFrame({"x": ["a", "b", "c"] * 4, "n": range(12), "y": ["cat", "dog"] * 6})
    dataset = load_table({"train": table, "test": table})
    assert [dataset.surveys["train"][name].n_distinct for name in ("x", "n", "y")] == [3, 12, 2]
    assert [dataset.surveys["test"][name].n_distinct for name in ("x", "n", "y")] == [0, 0, 0]
