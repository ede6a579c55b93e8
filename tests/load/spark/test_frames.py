"""Frames of Spark and from memory, tables of the session, and addresses that only it can read."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataaudit.errors import InputError


def test_spark_frame_in_the_order_of_its_rows(spark, read_on_spark):
    frame = spark.range(0, 1000, 1, numPartitions=3).selectExpr("id AS `a.b`", "id % 7 AS row", "'t' AS `_metadata`")
    raw, rows = read_on_spark(frame)
    assert raw.names == ("a.b", "row", "_metadata")
    assert raw.types == ("BIGINT", "BIGINT", "VARCHAR")
    assert [row[0] for row in rows] == [row[1] for row in rows] == list(range(1000))
    assert (raw.n_rows, raw.source, raw.stored_as_text) == (1000, "Spark frame", True)


def test_spark_frame_with_empty_partitions(spark, read_on_spark):
    frame = spark.range(0, 100, 1, numPartitions=5).where("id > 70")
    _, rows = read_on_spark(frame)
    assert rows == [(i, 71 + i) for i in range(29)]


def test_spark_frame_is_computed_once(spark, spark_engine, read_on_spark):
    raw, rows = read_on_spark(spark.range(50).selectExpr("id", "uuid() AS x"))
    assert spark_engine.rows(f"SELECT row, r0, r1 FROM {raw.relation} ORDER BY row") == rows


def test_two_columns_of_one_name(spark, read_on_spark):
    with pytest.raises(InputError, match="Spark frame has 2 columns named 'x'"):
        read_on_spark(spark.range(3).selectExpr("id AS x", "id AS x"))


def test_empty_frame(spark, read_on_spark):
    with pytest.raises(InputError, match="has columns but no rows"):
        read_on_spark(spark.range(0))


FRAME = {
    "n": pd.array([1, None, 3], dtype="UInt8"),
    "v": [0.5, None, float("inf")],
    "t": pd.to_datetime(["2024-01-05 00:00", None, "2024-02-29 10:00"]),
    "c": pd.Categorical(["a", None, "b"]),
    "d": pd.to_timedelta(["1 day", None, "2 days"]),
    "o": [1, "x", None],
    "f": pd.array([True, None, False], dtype="boolean"),
}


def test_pandas_frame(read_both):
    (duckdb, cells), (spark, same) = read_both(pd.DataFrame(FRAME).drop(columns=["d"]))
    in_utc = [tuple(cell.replace(tzinfo=None) if hasattr(cell, "tzinfo") else cell for cell in row) for row in same]
    assert in_utc == cells
    assert spark.names == duckdb.names


def test_polars_and_arrow_frames(read_both):
    columns = {"x": [1, None, 3], "y": ["a", None, "c"], "z": [[1.0], None, [2.0, 3.0]]}
    for frame in (pl.DataFrame(columns), pl.DataFrame(columns).lazy(), pa.table(columns)):
        (_, cells), (spark, same) = read_both(frame)
        assert same == cells
        assert spark.types[2] == "DOUBLE[]"


def test_types_that_spark_lacks_are_read_in_some_way(read_on_spark):
    raw, rows = read_on_spark(pd.DataFrame(FRAME)[["d", "n"]])
    assert raw.types == ("VARCHAR", "SMALLINT")
    assert rows[1] == (1, None, None)


def test_tables_of_the_session(spark, read_on_spark):
    spark.range(4).selectExpr("id AS x", "id % 2 AS y").createOrReplaceTempView("known")
    for name in ("known", "table:known"):
        raw, rows = read_on_spark(name)
        assert (raw.source, [row[1] for row in rows]) == (name, [0, 1, 2, 3])
    spark.catalog.dropTempView("known")
    with pytest.raises(InputError, match="the Spark session has no table 'known'"):
        read_on_spark("table:known")
    with pytest.raises(InputError, match="there is no file known"):
        read_on_spark("known")


def test_table_kept_by_a_format(read_on_spark, tmp_path):
    """As a Delta table is named where the session reads them: delta.`/path`."""
    pq.write_table(pa.table({"x": [1, 2]}), tmp_path / "t.parquet")
    _, rows = read_on_spark(f"table:parquet.`{tmp_path}/t.parquet`")
    assert rows == [(0, 1), (1, 2)]


def test_addresses_are_read_by_the_session(read_on_spark, tmp_path):
    pq.write_table(pa.table({"x": [1, 2]}), tmp_path / "t.parquet")
    (tmp_path / "t.csv").write_text('x,y\n1,"a\nb"\nNA,c\n')
    assert read_on_spark(f"file://{tmp_path}/t.parquet")[1] == [(0, 1), (1, 2)]
    assert read_on_spark(f"file://{tmp_path}/t.csv")[1] == [(0, "1", "a\nb"), (1, None, "c")]


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_rows_of_the_files_at_addresses(read_on_spark, tmp_path, ending):
    for name, n_rows in (("b", 3), ("a", 2)):
        pq.write_table(pa.table({"x": ["1"] * n_rows}), tmp_path / f"{name}.parquet")
        (tmp_path / f"{name}.csv").write_text("x,y\n" + "1,2\n" * n_rows)
    raw, rows = read_on_spark([f"file://{tmp_path}/{name}.{ending}" for name in "ba"])
    assert raw.files == ((f"a.{ending}", 2), (f"b.{ending}", 3))
    assert [row[0] for row in rows] == [0, 1, 2, 3, 4]


def test_address_that_cannot_be_read(read_on_spark, tmp_path):
    with pytest.raises(InputError, match=r"none.parquet cannot be read by Spark: Path does not exist"):
        read_on_spark(f"file://{tmp_path}/none.parquet")
    with pytest.raises(InputError, match=r"t.parquet cannot be read by Spark: "):
        read_on_spark("nowhere://bucket/t.parquet")
    (tmp_path / "t.csv").write_text("x,y\n1,a\n2\n")
    with pytest.raises(InputError, match=r"t.csv, record 3: another number of cells than the header's 2"):
        read_on_spark(f"file://{tmp_path}/t.csv")
