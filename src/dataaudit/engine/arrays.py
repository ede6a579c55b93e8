"""Arrays as a table of an engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from dataaudit.engine.base import Engine
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.spark.engine import SparkEngine


def table_of(engine: Engine, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
    """Make a temporary table of arrays of one length, by the names of its columns."""
    import pyarrow as pa

    table = pa.table({column: pa.array(values) for column, values in columns.items()})
    if isinstance(engine, DuckDBEngine):
        engine.register(f"{name}_arrays", table)
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {name}_arrays")
        engine.forget(f"{name}_arrays")
    elif isinstance(engine, SparkEngine):
        engine.drop(name)
        engine.keep(name, engine.session.createDataFrame(table), persisted=True)
