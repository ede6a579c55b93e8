"""Read the same source with both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dataaudit.engine.base import Row
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import AnyEngine
from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.errors import InputError
from dataaudit.load.raw import RawTable
from dataaudit.load.sources import read_sources

Reading = tuple[RawTable, list[Row]] | InputError


@pytest.fixture
def read_both(spark_engine: SparkEngine) -> Iterator[Callable[[Any], tuple[Reading, Reading]]]:
    """Return a function from a source to what DuckDB and Spark read: description and rows in order, or the error."""
    duckdb = DuckDBEngine(threads=1)

    def read(engine: AnyEngine, source: Any) -> Reading:
        try:
            raw = read_sources(engine, {"train": source})["train"]
        except InputError as error:
            return error
        cells = ", ".join(f"r{i}" for i in range(len(raw.names)))
        return raw, engine.rows(f"SELECT row, {cells} FROM {raw.relation} AS raw ORDER BY row")

    yield lambda source: (read(duckdb, source), read(spark_engine, source))
    duckdb.close()


@pytest.fixture
def read_on_spark(spark_engine: SparkEngine) -> Callable[[Any], tuple[RawTable, list[Row]]]:
    """Return a function from a source to what Spark reads of it."""

    def read(source: Any) -> tuple[RawTable, list[Row]]:
        raw = read_sources(spark_engine, {"train": source})["train"]
        cells = ", ".join(f"r{i}" for i in range(len(raw.names)))
        return raw, spark_engine.rows(f"SELECT row, {cells} FROM {raw.relation} AS raw ORDER BY row")

    return read
