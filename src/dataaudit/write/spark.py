"""Rows written by Spark: Parquet as a folder of part files, as Spark's users know it, CSV as one file."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dataaudit.engine.base import EngineError
from dataaudit.engine.dataset import Source
from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.engine.spark.errors import told_apart
from dataaudit.write.refused import refused

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def copy_with_spark(engine: SparkEngine, query: str, names: Sequence[str], path: Path, source: Source) -> int:
    """Write a query's columns r0, r1, ... under these names in the source's format; return the number of rows.

    Raises
    ------
    ConfigError
        If it cannot be written.
    """
    frame = engine.frame(query).toDF(*names)
    try:
        with told_apart():
            if source.is_csv:
                return _write_csv(frame, path, source)
            frame.write.option("compression", "snappy").parquet(path.absolute().as_uri())
            _tidy(path)
            return int(frame.sparkSession.read.parquet(path.absolute().as_uri()).count())
    except (EngineError, OSError) as error:
        raise refused(path, error.details if isinstance(error, EngineError) else str(error)) from error


def _write_csv(frame: DataFrame, path: Path, source: Source) -> int:
    folder = path.with_name(f"{path.name}.parts")
    whole = frame.coalesce(1)
    (
        whole.write.option("header", source.has_header)
        .option("sep", source.delimiter or ",")
        .option("quote", '"')
        .option("escape", '"')
        # A missing cell is nothing between two delimiters, as it was.
        .option("nullValue", "")
        .option("emptyValue", "")
        .option("ignoreLeadingWhiteSpace", False)
        .option("ignoreTrailingWhiteSpace", False)
        .csv(folder.absolute().as_uri())
    )
    parts = list(folder.glob("part-*.csv"))
    if parts:
        parts[0].rename(path)
    else:
        path.write_text("", encoding="utf-8")
    shutil.rmtree(folder)
    return int(frame.count())


def _tidy(folder: Path) -> None:
    """Leave the rows: marks of success and checksums of parts are Spark's own."""
    for path in (*folder.glob("_*"), *folder.glob(".*.crc")):
        path.unlink()
