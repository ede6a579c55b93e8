"""The lists beside what was written: where every written row came from, and which rows were dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dataaudit.engine.base import EngineError, quote_text
from dataaudit.engine.dataset import Source
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import AnyEngine
from dataaudit.write.manifest import WrittenFile
from dataaudit.write.refused import refused
from dataaudit.write.tables import copy_to

PROVENANCE = ("row", "origin", "strategy", "source_split", "source_row", "parent_rows")
DROPPED = ("split", "row", "reason")
# Longer lists are Parquet, whatever came in.
MOST_CSV_ROWS = 1_000_000
ORIGINS = ("kept", "repeated", "synthetic")


def one_of(engine: AnyEngine, text: str, texts: Sequence[str]) -> str:
    """Return SQL of a text that is one of a few: a hundred million of them take no room, and no time."""
    if not isinstance(engine, DuckDBEngine):
        return text
    return f"CAST({text} AS ENUM({', '.join(quote_text(known) for known in texts)}))"


def constant(engine: AnyEngine, text: str) -> str:
    """Return SQL of a text that is the same in every row."""
    return one_of(engine, quote_text(text), [text])


def write_list(
    engine: AnyEngine, stem: str, query: str, names: Sequence[str], folder: Path, source: Source, holds: str
) -> WrittenFile:
    """Write a list as CSV with a header where the source is CSV, else, or where it is very long, as Parquet.

    The query's columns are named by their places, l0, l1, ...
    """
    is_csv = source.is_csv and source.n_rows <= MOST_CSV_ROWS
    path = folder / f"{stem}.{'csv' if is_csv else 'parquet'}"
    if is_csv or not isinstance(engine, DuckDBEngine):
        plain = replace(source, is_csv=is_csv, delimiter=",", has_header=True)
        columns = ", ".join(f"l{i} AS r{i}" for i in range(len(names)))
        return WrittenFile(path.name, holds, copy_to(engine, f"SELECT {columns} FROM ({query})", names, path, plain))
    listed = ", ".join(f"l{i} AS {name}" for i, name in enumerate(names))
    statement = (
        f"COPY (SELECT {listed} FROM ({query})) TO {quote_text(str(path))} "
        "(FORMAT parquet, PARQUET_VERSION V2, COMPRESSION snappy)"
    )
    try:
        n_rows = int(engine.rows(statement)[0][0])
    except EngineError as error:
        raise refused(path, error.details) from error
    return WrittenFile(path.name, holds, n_rows)


def places(expressions: Sequence[str]) -> str:
    """Return expressions named by their places.

    >>> places(["1", "row"])
    '1 AS l0, row AS l1'
    """
    return ", ".join(f"{expression} AS l{place}" for place, expression in enumerate(expressions))
