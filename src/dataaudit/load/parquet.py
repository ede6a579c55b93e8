"""Parquet: one file, several, or a Hive-partitioned folder, scanned where they lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from dataaudit.engine.base import EngineError
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import InputError
from dataaudit.load.raw import RawTable, quote_paths, rows_of_files
from dataaudit.load.remote_file import AnyFile, out_of_reach, whole_names
from dataaudit.urls import without_credentials


def scan_parquet(engine: DuckDBEngine, split: str, paths: Sequence[AnyFile], source: str, hive: bool) -> RawTable:
    """Describe Parquet files of one split as a relation; nothing is copied.

    Row numbers run through the files in the order given.

    Raises
    ------
    InputError
        If a file is truncated, out of reach or not Parquet, or the files' columns differ.
    """
    # By name: the files of a folder may have their columns in different orders and integers of different widths.
    options = f"hive_partitioning = {str(hive).lower()}, union_by_name = {str(len(paths) > 1).lower()}"
    scan = f"read_parquet({quote_paths(paths)}, {options})"
    try:
        top_level = _common_names(engine, paths)
        described = engine.rows(f"DESCRIBE SELECT * FROM {scan}")
        counts = _row_counts(engine, paths)
    except EngineError as error:
        raise out_of_reach(error, paths) or _readable(error, paths) from error
    # DuckDB tells `A` from `a` by renaming one of them; partition columns follow those of the files.
    names = (*top_level, *(str(row[0]) for row in described[len(top_level) :]))
    engine.make_room_for(len(names))
    columns = ", ".join(f"r{i}" for i in range(len(names)))
    return RawTable(
        split=split,
        source=source,
        relation=f"(SELECT t.*, {_row_number(counts)} AS row FROM {scan} AS t({columns}))",
        names=names,
        types=tuple(str(row[1]) for row in described),
        n_rows=sum(counts),
        stored_as_text=True,
        files=rows_of_files(whole_names(paths), counts),
        paths=tuple(str(path) for path in paths),
    )


def _readable(error: EngineError, paths: Sequence[AnyFile]) -> InputError:
    """Return an error for people from DuckDB's about one of the files."""
    told = {without_credentials(str(path)): path.name for path in paths}
    name = next((name for full, name in told.items() if full in error.details), paths[0].name)
    folder = next(iter(told)).removesuffix(paths[0].name)
    reason = error.message.partition(": ")[2].replace(folder, "").strip()
    return InputError(f"{name} cannot be read as Parquet: {reason}", hint="the file may be truncated; write it again")


def _row_counts(engine: DuckDBEngine, paths: Sequence[AnyFile]) -> list[int]:
    query = f"SELECT file_name, num_rows FROM parquet_file_metadata({quote_paths(paths)})"
    counts = {str(name): int(n) for name, n in engine.rows(query)}
    return [counts[str(path)] for path in paths]


def _row_number(counts: list[int]) -> str:
    """Return SQL of a row's number in the whole: its number in its file and the rows of the files before it."""
    if len(counts) == 1:
        return "file_row_number"
    firsts = list(accumulate(counts[:-1], initial=0))
    return f"file_row_number + list_extract({firsts}, CAST(file_index AS BIGINT) + 1)"


def _common_names(engine: DuckDBEngine, paths: Sequence[AnyFile]) -> list[str]:
    """Return the names of the first file's columns, having checked that all files have them and no others."""
    query = f"SELECT file_name, name, num_children FROM parquet_schema({quote_paths(paths)})"
    schemas: dict[str, list[tuple[str, int | None]]] = {}
    for file, name, n_children in engine.rows(query):
        schemas.setdefault(str(file), []).append((str(name), n_children))
    names = {path: _top_level(schemas[str(path)]) for path in paths}
    first = names[paths[0]]
    _check_names(paths[0], first)
    for path, others in names.items():
        only_one_has = sorted(set(others) ^ set(first))
        if only_one_has:
            raise InputError(
                f"{path.name} and {paths[0].name} have different columns: only one has {only_one_has[0]!r}",
                hint="files of one split must have the same columns",
            )
        if others != first and len({name.lower() for name in first}) < len(first):
            raise InputError(
                f"{path.name} and {paths[0].name} have columns in different orders that differ by case alone",
                hint="rename them",
            )
    return first


def _check_names(path: AnyFile, names: list[str]) -> None:
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise InputError(
            f"{path.name}: the column name {repeated[0]!r} stands {names.count(repeated[0])} times",
            hint="give every column a name of its own",
        )


def _top_level(schema: list[tuple[str, int | None]]) -> list[str]:
    """Walk the schema's depth-first list and keep the root's children."""
    names: list[str] = []
    to_skip = 0
    for name, n_children in schema[1:]:
        if to_skip:
            to_skip += (n_children or 0) - 1
            continue
        names.append(name)
        to_skip = n_children or 0
    return names
