"""Parquet: one file, several, or a Hive-partitioned folder, scanned where they lie."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import InputError
from dataaudit.load.raw import RawTable, quote_text


def scan_parquet(engine: DuckDBEngine, split: str, paths: list[Path], source: str, hive: bool) -> RawTable:
    """Describe Parquet files of one split as a relation; nothing is copied.

    Row numbers run through the files in the order given.

    Raises
    ------
    InputError
        If a file is truncated or not Parquet, or the files' columns differ.
    """
    listed = ", ".join(quote_text(str(path)) for path in paths)
    scan = f"read_parquet([{listed}], hive_partitioning = {str(hive).lower()})"
    try:
        described = engine.rows(f"DESCRIBE SELECT * FROM {scan}")
        firsts = _first_rows(engine, paths)
    except duckdb.Error as error:
        raise _readable(error, paths) from error
    names = _original_names(engine, paths[0], [str(row[0]) for row in described])
    columns = ", ".join(f"r{i}" for i in range(len(names)))
    number = "file_row_number" if len(paths) == 1 else f"file_row_number + {firsts}[file_index + 1]"
    return RawTable(
        split=split,
        source=source,
        relation=f"(SELECT t.*, {number} AS row FROM {scan} AS t({columns}))",
        names=names,
        types=tuple(str(row[1]) for row in described),
        n_rows=int(engine.rows(f"SELECT count(*) FROM {scan}")[0][0]),
        stored_as_text=True,
    )


def _first_rows(engine: DuckDBEngine, paths: list[Path]) -> list[int]:
    """Return the row number that each file's first row has in the whole."""
    listed = ", ".join(quote_text(str(path)) for path in paths)
    counts = {
        str(name): int(n)
        for name, n in engine.rows(f"SELECT file_name, num_rows FROM parquet_file_metadata([{listed}])")
    }
    firsts, total = [], 0
    for path in paths:
        firsts.append(total)
        total += counts[str(path)]
    return firsts


def _original_names(engine: DuckDBEngine, path: Path, shown: list[str]) -> tuple[str, ...]:
    """Return the file's own names: DuckDB tells `A` from `a` by renaming one of them."""
    listed = quote_text(str(path))
    schema = engine.rows(f"SELECT name, num_children FROM parquet_schema({listed})")
    top_level = _top_level(schema)
    names = [*top_level, *shown[len(top_level) :]]
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise InputError(
            f"{path.name}: the column name {repeated[0]!r} stands {names.count(repeated[0])} times",
            hint="give every column a name of its own",
        )
    return tuple(names)


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


def _readable(error: duckdb.Error, paths: list[Path]) -> InputError:
    text = str(error).splitlines()[0]
    name = next((path.name for path in paths if str(path) in text), paths[0].name)
    reason = text.replace(str(paths[0].parent), "").strip()
    return InputError(f"{name} cannot be read as Parquet: {reason}", hint="the file may be truncated; write it again")
