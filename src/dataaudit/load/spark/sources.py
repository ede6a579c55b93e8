"""From what the user named to one raw table per split, where Spark does the reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.engine.spark.errors import told_apart
from dataaudit.errors import InputError
from dataaudit.load.frames import frame_columns, is_frame, library_of
from dataaudit.load.paths import find_files, named_paths
from dataaudit.load.raw import RawTable
from dataaudit.load.spark.csv import read_csv
from dataaudit.load.spark.frames import from_memory, read_frame
from dataaudit.load.spark.parquet import scan_parquet
from dataaudit.load.spark.remote import is_remote, read_remote

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

TABLE = "table:"


def is_spark_frame(source: object) -> bool:
    """Return whether the source is a frame of Spark, of either kind, or of pandas on Spark."""
    return any(
        kind.__module__.partition(".")[0] == "pyspark" and kind.__name__ == "DataFrame" for kind in type(source).__mro__
    )


def session_of(sources: Mapping[str, Any]) -> object:
    """Return the session of the first source that is a frame of Spark, None if there is none."""
    frames = [_plain(source) for source in sources.values() if is_spark_frame(source)]
    return frames[0].sparkSession if frames else None


def _plain(frame: Any) -> DataFrame:
    """Return the Spark frame behind a frame of pandas on Spark."""
    # Told by its type: behind Spark Connect a frame seems to have a column of any name.
    is_pandas = type(frame).__module__.startswith("pyspark.pandas")
    plain: DataFrame = frame.to_spark() if is_pandas else frame
    return plain


def read_source(engine: SparkEngine, split: str, source: Any, keep_cells: bool = False) -> RawTable:
    """Return the raw table of one split.

    Parameters
    ----------
    source : frame of Spark, path, glob, list of paths, table of the session, or frame in memory
        A table is written `table:name`; without the prefix it is looked for
        where no file has that name.
    keep_cells : bool
        Whether cells of CSV are kept as they stand in the file.
    """
    if is_spark_frame(source):
        return _read_frame(engine, split, _plain(source), "Spark frame")
    if is_frame(source):
        names, columns = frame_columns(source, split)
        return from_memory(engine, split, names, columns, f"{library_of(source)} frame")
    named = named_paths(split, source)
    table = _table(engine, named)
    if table is not None:
        return _read_frame(engine, split, table, named[0])
    if is_remote(named):
        return read_remote(engine, split, named)
    files = find_files(named)
    if files.are_parquet:
        return scan_parquet(engine, split, files.paths, files.shown, files.folder)
    return read_csv(engine, split, files.paths, files.shown, keep_cells)


def _read_frame(engine: SparkEngine, split: str, frame: DataFrame, source: str) -> RawTable:
    with told_apart():
        return read_frame(engine, split, frame, source)


def _table(engine: SparkEngine, named: list[str]) -> DataFrame | None:
    """Return the table of the session that is meant, or None where a file is."""
    from pathlib import Path

    from pyspark.errors import PySparkException

    if len(named) > 1 or Path(named[0]).exists() or is_remote(named):
        return None
    name = named[0].removeprefix(TABLE)
    try:
        with told_apart():
            table = engine.session.table(name)
            # Behind Spark Connect a table is looked for when it is first asked about.
            return table if table.columns else None
    except PySparkException as error:
        if named[0] == name:
            return None
        raise InputError(
            f"the Spark session has no table {name!r}", hint="spark.catalog.listTables() names those it has"
        ) from error
