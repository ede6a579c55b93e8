"""The same table in both engines, to ask both the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest

from dataaudit.engine.base import Row
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.spark.engine import SparkEngine

Ask = Callable[..., tuple[list[Row], list[Row]]]


@pytest.fixture
def ask_both(spark_engine: SparkEngine) -> Iterator[Ask]:
    """Return a function from a query over `t`, and its columns, to the rows of DuckDB and of Spark."""
    duckdb = DuckDBEngine(threads=1)

    def ask(query: str, **columns: pa.Array | list[object]) -> tuple[list[Row], list[Row]]:
        table = pa.table(
            {name: pa.array(cells) if isinstance(cells, list) else cells for name, cells in columns.items()}
        )
        duckdb.register("t", table)
        spark_engine.keep("t", spark_engine.session.createDataFrame(table), persisted=False)
        return duckdb.rows(query), spark_engine.rows(query)

    yield ask
    duckdb.close()
