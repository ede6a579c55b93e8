"""Parquet on Spark: one file, several, or a Hive-partitioned folder, scanned where they lie."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dataaudit.engine.base import EngineError
from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.engine.spark.errors import told_apart
from dataaudit.errors import InputError
from dataaudit.load.raw import RawTable, rows_of_files
from dataaudit.load.remote_file import whole_names
from dataaudit.load.spark.frames import as_raw, check_names
from dataaudit.load.spark.numbering import by_file, in_path_order, number_rows, parts_of, rows_in_path_order

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# Spark would take `[1]` in a name for a pattern, and Hadoop takes these letters in no name.
OF_PATTERNS, NOT_IN_NAMES = re.compile(r"([*?\[\]{}])"), re.compile(r"[:\\]")
LOCAL = "file:"


def scan_parquet(engine: SparkEngine, split: str, paths: list[Path], shown: str, folder: Path | None) -> RawTable:
    """Describe Parquet files of one split as a relation; nothing is copied.

    Row numbers run through the files in the order given.

    Raises
    ------
    InputError
        If a file is truncated or not Parquet, or the files' columns differ.
    """
    _check_files(paths)
    try:
        with told_apart():
            reader = engine.session.read.option("mergeSchema", len(paths) > 1)
            if folder is not None:
                reader = reader.option("basePath", local_uri(folder))
            frame = reader.parquet(*(local_uri(path) for path in paths))
            return numbered_files(engine, split, frame, paths, shown)
    except EngineError as error:
        name = next((path.name for path in paths if str(path) in error.details), shown)
        reason = error.message.partition(": ")[2]
        raise InputError(
            f"{name} cannot be read as Parquet: {reason}", hint="the file may be truncated; write it again"
        ) from error


def local_uri(path: Path) -> str:
    """Return the path as Spark takes it for one of this machine, whatever file system is its default."""
    letter = NOT_IN_NAMES.search(str(path.absolute()))
    if letter is not None:
        raise InputError(f"{path.name} has a {letter[0]!r} in its path, which Spark cannot read", hint="rename it")
    return LOCAL + OF_PATTERNS.sub(r"\\\1", str(path.absolute()))


def numbered_files(engine: SparkEngine, split: str, frame: DataFrame, paths: list[Path] | None, shown: str) -> RawTable:
    """Return files as a raw table, their rows numbered in the order of the paths, without paths of their names."""
    names = tuple(frame.columns)
    check_names(names, shown)
    placed = by_file(frame, frame.metadataColumn("_metadata").getField("row_index"))
    renamed = placed.toDF(*(f"r{i}" for i in range(len(names))), *placed.columns[len(names) :])
    parts = parts_of(renamed)
    order = sorted(parts) if paths is None else in_path_order(parts, paths)
    n_rows = sum(part.n_rows for part in parts.values())
    raw = as_raw(engine, split, number_rows(renamed, parts, order), names, shown, n_rows)
    if paths is None:
        return replace(raw, files=rows_of_files(order, [parts[name].n_rows for name in order]))
    counts = rows_in_path_order(parts, paths)
    return replace(raw, files=rows_of_files(whole_names(paths), counts))


def _check_files(paths: list[Path]) -> None:
    """Look at the files' own schemas: Spark would fill a column that a file lacks with NULL."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    first: list[str] = []
    for path in paths:
        try:
            names = list(pq.read_schema(path).names)
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"{path.name} cannot be read as Parquet: {error}", hint="the file may be truncated; write it again"
            ) from error
        check_names(tuple(names), path.name)
        first = first or names
        only_one_has = sorted(set(names) ^ set(first))
        if only_one_has:
            raise InputError(
                f"{path.name} and {paths[0].name} have different columns: only one has {only_one_has[0]!r}",
                hint="files of one split must have the same columns",
            )
