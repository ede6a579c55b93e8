"""Frames and tables of the session, and frames from memory, as relations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.errors import InputError
from dataaudit.load.raw import RawTable
from dataaudit.load.spark.numbering import by_partition, number_rows, parts_of
from dataaudit.load.spark.types import duckdb_type

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def read_frame(engine: SparkEngine, split: str, frame: DataFrame, source: str) -> RawTable:
    """Keep a Spark frame as the relation of a split; its rows are numbered in the order in which Spark gives them.

    It is computed once: a frame may be long to compute, and its rows may come
    in another order when it is computed again.
    """
    names = tuple(frame.columns)
    check_names(names, source)
    renamed = frame.toDF(*(f"r{i}" for i in range(len(names))))
    kept = engine.keep(f"raw_{split}", by_partition(renamed), persisted=True)
    parts = parts_of(kept)
    order = sorted(parts, key=int)
    return as_raw(engine, split, number_rows(kept, parts, order), names, source, sum(p.n_rows for p in parts.values()))


def from_memory(engine: SparkEngine, split: str, names: tuple[str, ...], columns: list[Any], source: str) -> RawTable:
    """Hand the Arrow columns of a frame in memory to Spark; row i is the frame's i-th row."""
    import numpy as np
    import pyarrow as pa

    check_names(names, f"the {split} frame")
    n_rows = len(columns[0]) if columns else 0
    known = [_known(column) for column in columns]
    table = pa.table([*known, np.arange(n_rows)], names=[*(f"r{i}" for i in range(len(names))), "row"])
    frame = engine.session.createDataFrame(table)
    engine.keep(f"raw_{split}", frame, persisted=True)
    return as_raw(engine, split, frame, names, source, n_rows)


def as_raw(
    engine: SparkEngine, split: str, numbered: DataFrame, names: tuple[str, ...], source: str, n_rows: int
) -> RawTable:
    """Name a frame of the columns r0, r1, ... and row, and describe it."""
    engine.keep(f"raw_{split}", numbered, persisted=False)
    types = [duckdb_type(kind) for name, kind in numbered.dtypes if name != "row"]
    return RawTable(
        split=split,
        source=source,
        relation=f"raw_{split}",
        names=names,
        types=tuple(types),
        n_rows=n_rows,
        stored_as_text=True,
    )


def check_names(names: tuple[str, ...], source: str) -> None:
    """Raise InputError if two columns have the same name."""
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise InputError(
            f"{source} has {names.count(repeated[0])} columns named {repeated[0]!r}",
            hint="give every column a name of its own",
        )


def _known(column: Any) -> Any:
    """Return a column whose type Spark takes: whole numbers without a sign are widened, the rest becomes text."""
    import pyarrow as pa

    kind = column.type
    for is_kind, wanted in (
        (pa.types.is_uint8, pa.int16()),
        (pa.types.is_uint16, pa.int32()),
        (pa.types.is_uint32, pa.int64()),
        (pa.types.is_uint64, pa.float64()),
        (pa.types.is_date64, pa.date32()),
        (pa.types.is_string_view, pa.string()),
        (pa.types.is_time, pa.string()),
        (pa.types.is_duration, pa.string()),
    ):
        if is_kind(kind):
            return column.cast(wanted)
    return column
