"""The lists beside what was written: where every written row came from, and which rows were dropped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dataaudit.engine.base import EngineError, quote_text
from dataaudit.engine.dataset import Source
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import ConfigError
from dataaudit.write.manifest import WrittenFile
from dataaudit.write.tables import copy_to, file_name

PROVENANCE = ("row", "origin", "strategy", "source_split", "source_row", "parent_rows")
DROPPED = ("split", "row", "reason")
# Longer lists are Parquet, whatever came in.
MOST_CSV_ROWS = 1_000_000
ORIGINS = ("kept", "repeated", "synthetic")


def one_of(text: str, texts: Sequence[str]) -> str:
    """Return SQL of a text that is one of a few: a hundred million of them take no room, and no time."""
    return f"CAST({text} AS ENUM({', '.join(quote_text(known) for known in texts)}))"


def constant(text: str) -> str:
    """Return SQL of a text that is the same in every row."""
    return one_of(quote_text(text), [text])


def write_list(
    engine: DuckDBEngine, stem: str, query: str, names: Sequence[str], folder: Path, source: Source, holds: str
) -> WrittenFile:
    """Write a list in the format of the source, or, where it is very long, as Parquet; row numbers take little room."""
    if source.is_csv and source.n_rows <= MOST_CSV_ROWS:
        path = folder / file_name(stem, source)
        n_rows = copy_to(engine, query, names, path, source)
        return WrittenFile(path.name, holds, n_rows)
    path = folder / f"{stem}.parquet"
    listed = ", ".join(f"l{i} AS {name}" for i, name in enumerate(names))
    columns = ", ".join(f"l{i}" for i in range(len(names)))
    statement = (
        f"COPY (SELECT {listed} FROM ({query}) AS list({columns})) TO {quote_text(str(path))} "
        "(FORMAT parquet, PARQUET_VERSION V2, COMPRESSION snappy)"
    )
    try:
        n_rows = int(engine.rows(statement)[0][0])
    except EngineError as error:
        reason = error.details.splitlines()[0].replace(str(path), path.name)
        raise ConfigError(f"{path.name} cannot be written: {reason}", "check the space on the disk") from error
    return WrittenFile(path.name, holds, n_rows)
