"""Parquet files: Spark finds the columns and numbers the rows that DuckDB does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataaudit.errors import InputError

TABLE = pa.table(
    {
        "Row": [3, 1, None],
        "row": [0.5, None, 2.5],
        "r0": ["a", None, "c"],
        "flag": [True, None, False],
        "day": [dt.date(2024, 1, 5), None, dt.date(1960, 2, 29)],
        "time": [dt.datetime(2024, 1, 5, 1, 2, 3), None, dt.datetime(1960, 1, 1)],  # noqa: DTZ001
        "price": [Decimal("1.50"), None, Decimal("-2.25")],
        "small": pa.array([1, None, 3], pa.uint16()),
        "_metadata": ["x", "y", "z"],
        "a b.c`d": [1, 2, 3],
    }
)


def test_columns_and_cells(read_both, tmp_path):
    path = tmp_path / "t.parquet"
    pq.write_table(TABLE, path)
    (duckdb, cells), (spark, same) = read_both(path)
    assert same == cells
    assert spark.names == duckdb.names == tuple(TABLE.schema.names)
    assert (spark.n_rows, spark.stored_as_text) == (3, True)


def test_rows_are_numbered_through_files_and_row_groups(read_both, tmp_path):
    paths = []
    for name, start in (("b", 0), ("a 1", 1000), ("c[2]", 2000)):
        paths.append(tmp_path / f"{name}.parquet")
        pq.write_table(pa.table({"x": range(start, start + 500), "y": ["p"] * 500}), paths[-1], row_group_size=70)
    (duckdb, cells), (spark, same) = read_both(paths)
    assert same == cells
    assert [row[1] for row in same[499:502]] == [499, 1000, 1001]
    assert spark.files == duckdb.files == (("b.parquet", 500), ("a 1.parquet", 500), ("c[2].parquet", 500))


def test_hive_folder(read_both, tmp_path):
    for year, part in ((2023, "p"), (2024, "q")):
        folder = tmp_path / f"year={year}"
        folder.mkdir()
        pq.write_table(pa.table({"x": [1, 2], "y": [part, part]}), folder / "part.parquet")
    (duckdb, cells), (spark, same) = read_both(tmp_path)
    assert same == cells
    assert spark.names == duckdb.names == ("x", "y", "year")
    assert spark.files == duckdb.files == (("year=2023/part.parquet", 2), ("year=2024/part.parquet", 2))


def test_columns_in_another_order(read_both, tmp_path):
    pq.write_table(pa.table({"x": [1], "y": ["a"]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"y": ["b"], "x": [2]}), tmp_path / "b.parquet")
    (_, cells), (_, same) = read_both([tmp_path / "a.parquet", tmp_path / "b.parquet"])
    assert same == cells


def test_broken_files_are_told(read_both, tmp_path):
    whole, other, cut = tmp_path / "whole.parquet", tmp_path / "other.parquet", tmp_path / "cut.parquet"
    pq.write_table(pa.table({"x": [1]}), whole)
    pq.write_table(pa.table({"z": [1]}), other)
    cut.write_bytes(whole.read_bytes()[:-20])
    duckdb, spark = read_both([whole, other])
    assert spark.message == duckdb.message
    duckdb, spark = read_both(cut)
    assert isinstance(duckdb, InputError)
    assert spark.message.startswith("cut.parquet cannot be read as Parquet: ")


@pytest.mark.parametrize("source", ["no.csv", "no*.csv", ["a.csv", 3], [], 3])
def test_what_is_no_source_is_told_in_the_same_words(read_both, source):
    duckdb, spark = read_both(source)
    assert (spark.message, spark.hint) == (duckdb.message, duckdb.hint)
