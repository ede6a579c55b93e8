"""The engine keeps to its own names, computes what it keeps once, and gives the session back as it was."""

from __future__ import annotations

import numpy as np
import pytest

from dataaudit.engine.base import EngineError
from dataaudit.engine.opening import engine_in
from dataaudit.engine.spark.errors import cause
from dataaudit.engine.spark.session import SETTINGS


def names_of_views(spark):
    return {row["viewName"] for row in spark.sql("SHOW VIEWS").collect()}


def test_session_is_given_back_as_it_was(spark):
    spark.range(3).createOrReplaceTempView("train")
    spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    before, views = spark.conf.getAll, names_of_views(spark)
    engine = engine_in(spark)
    engine.run("CREATE TEMP TABLE train AS SELECT 7 AS x")
    assert engine.rows("SELECT x FROM train") == [(7,)]
    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
    engine.close()
    assert spark.conf.getAll == before
    assert names_of_views(spark) == views
    assert spark.table("train").count() == 3
    spark.catalog.dropTempView("train")
    spark.conf.unset("spark.sql.session.timeZone")


def test_two_engines_in_one_session_do_not_see_each_other(spark, spark_engine):
    other = engine_in(spark)
    spark_engine.run("CREATE TEMP TABLE a AS SELECT 1 AS x")
    other.run("CREATE TEMP TABLE a AS SELECT 2 AS x")
    assert spark_engine.rows("SELECT x FROM a") == [(1,)]
    other.close()
    assert spark_engine.rows("SELECT x FROM a") == [(1,)]


def test_table_is_computed_once(spark, spark_engine):
    spark.range(4).selectExpr("uuid() AS x").createOrReplaceTempView("drawn")
    spark_engine.run("CREATE TEMP TABLE kept AS SELECT x FROM drawn")
    assert spark_engine.rows("SELECT x FROM kept") == spark_engine.rows("SELECT x FROM kept")
    spark.catalog.dropTempView("drawn")


def test_table_grows_is_renamed_and_dropped(spark_engine):
    spark_engine.run("CREATE TEMP TABLE k (col INTEGER, key VARCHAR, s DOUBLE)")
    assert spark_engine.rows("SELECT count(*) FROM k") == [(0,)]
    spark_engine.run("INSERT INTO k SELECT 1, 'a', 0.5")
    spark_engine.run("INSERT INTO k SELECT col + 1, key, s FROM k")
    assert spark_engine.rows("SELECT * FROM k ORDER BY col") == [(1, "a", 0.5), (2, "a", 0.5)]
    spark_engine.run("ALTER TABLE k RENAME TO other")
    assert spark_engine.rows("SELECT sum(s) FROM other") == [(1.0,)]
    spark_engine.run("DROP TABLE IF EXISTS other")
    spark_engine.run("DROP TABLE IF EXISTS other")
    from pyspark.errors import AnalysisException

    with pytest.raises(AnalysisException):
        spark_engine.rows("SELECT * FROM other")


def test_arrays_are_masked_where_missing(spark_engine):
    arrays = spark_engine.arrays(
        "SELECT * FROM (VALUES (1, 0.5e0, 'a', true), (NULL, NULL, NULL, NULL)) AS t(n, v, s, f) ORDER BY n"
    )
    assert arrays["n"].tolist() == [1, None]
    assert arrays["v"].tolist() == [0.5, None]
    assert arrays["s"].tolist() == ["a", None]
    assert arrays["f"].tolist() == [True, None]
    assert not isinstance(spark_engine.arrays("SELECT 1 AS n")["n"], np.ma.MaskedArray)


def test_whole_decimals_are_whole_numbers(spark_engine):
    assert spark_engine.rows("SELECT CAST(7 AS HUGEINT), sum(CAST(2 AS HUGEINT))") == [(7, 2)]


def test_wrong_statement_is_a_defect_and_wrong_data_are_not(spark_engine, tmp_path):
    from pyspark.errors import AnalysisException

    with pytest.raises(AnalysisException):
        spark_engine.rows("SELECT nothing FROM nowhere")
    (tmp_path / "t.parquet").write_bytes(b"PAR1 this is none PAR1")
    frame = spark_engine.session.read.schema("x int").parquet(str(tmp_path / "t.parquet"))
    spark_engine.keep("t", frame, persisted=False)
    with pytest.raises(EngineError, match="the data cannot be read: ") as caught:
        spark_engine.rows("SELECT sum(x) FROM t")
    assert "\n" not in caught.value.message
    assert "org.apache" not in caught.value.message


def test_cause_is_the_innermost_one():
    assert cause("[SOME.KIND] What is wrong. SQLSTATE: 42K03") == "What is wrong."
    assert cause("a\nCaused by: x.y.Outer: b\nCaused by: java.io.IOException: c\n") == "c"
    assert cause("") == ""


def test_settings_are_known_to_spark(spark):
    """A setting that Spark does not know would be taken without a word."""
    known = {row[0] for row in spark.sql("SET -v").collect()}
    internal = {"spark.sql.caseSensitive", "spark.sql.legacy.timeParserPolicy", "spark.sql.timestampType"}
    assert set(SETTINGS) - known - internal == set()
