"""From what the user named (a path, a glob, a folder, a frame) to one raw table per split."""

from __future__ import annotations

from collections.abc import Mapping

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import AnyEngine
from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.errors import InputError
from dataaudit.load.csv import read_csv
from dataaudit.load.frames import is_frame, register_frame
from dataaudit.load.parquet import scan_parquet
from dataaudit.load.paths import find_files, named_paths
from dataaudit.load.raw import RawTable
from dataaudit.load.remote import read_remote
from dataaudit.load.remote_file import is_remote
from dataaudit.load.spark.sources import is_spark_frame, read_source


def read_sources(engine: AnyEngine, sources: Mapping[str, object], keep_cells: bool = False) -> dict[str, RawTable]:
    """Return the raw table of every split.

    Parameters
    ----------
    sources : mapping of split name to path, glob, URL, list of them, or frame
        On Spark also frames and tables of the session.
    keep_cells : bool
        Whether cells of CSV are kept as they stand in the file.
    """
    if isinstance(engine, SparkEngine):
        raws = {split: _checked(read_source(engine, split, source, keep_cells)) for split, source in sources.items()}
        engine.expect(sum(raw.n_rows for raw in raws.values()))
        return raws
    return {split: _checked(_read(engine, split, source, keep_cells)) for split, source in sources.items()}


def _checked(raw: RawTable) -> RawTable:
    if not raw.names:
        raise InputError(f"{raw.source} has no columns", hint="give a table with a label and features")
    if raw.n_rows == 0:
        raise InputError(f"{raw.source} has columns but no rows", hint="give a table with rows")
    return raw


def _read(engine: DuckDBEngine, split: str, source: object, keep_cells: bool) -> RawTable:
    if is_spark_frame(source):
        raise InputError(f"{split} is a frame of Spark, which duckdb cannot read", hint="leave engine='duckdb' out")
    if is_frame(source):
        return register_frame(engine, split, source)
    named = named_paths(split, source)
    if any(is_remote(name) for name in named):
        return read_remote(engine, split, named)
    files = find_files(named)
    if files.are_parquet:
        return scan_parquet(engine, split, files.paths, files.shown, hive=files.folder is not None)
    return read_csv(engine, split, files.paths, files.shown, keep_cells)
