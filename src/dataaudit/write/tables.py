"""Rows of a source, written to a file of the same kind: cells, types and the order of columns as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dataaudit.engine.base import EngineError, quote_text
from dataaudit.engine.dataset import Source
from dataaudit.engine.opening import AnyEngine
from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.write.arrow_schema import key_value_metadata
from dataaudit.write.refused import refused
from dataaudit.write.spark import copy_with_spark


@dataclass(frozen=True)
class Added:
    """A column to be written behind the source's own: its name, and SQL over `row` and what the rows offer."""

    name: str
    expression: str


def file_name(stem: str, source: Source) -> str:
    """Return the name of a file of the source's kind.

    >>> file_name("train", Source("a.csv", "t", ("x",), ("VARCHAR",), 1, is_csv=True))
    'train.csv'
    """
    return f"{stem}.{'csv' if source.is_csv else 'parquet'}"


def write_rows(
    engine: AnyEngine,
    source: Source,
    path: Path,
    *,
    where: str | None = None,
    plan: str | None = None,
    synthetic: str | None = None,
    added: Sequence[Added] = (),
) -> int:
    """Write rows of a source and return how many there were.

    Parameters
    ----------
    engine : DuckDBEngine or SparkEngine
    source : Source
    path : Path
        The file to be made (by Spark, of Parquet, a folder of part files); it must not be there.
    where : str, optional
        A condition over `row`, `r0`, `r1`, ...: the rows that meet it are written in the order of the source, in one
        pass that holds no more than a few row groups.
    plan : str, optional
        A relation of `place` and `row`: row numbers of the source in the order of `place`; a row may stand
        several times.
    synthetic : str, optional
        A relation of `place`, `r0`, `r1`, ...: whole rows that are not in the source, numbered among the plan's.
    added : sequence of Added
        Columns behind the source's own.

    Raises
    ------
    ConfigError
        If the file cannot be written: a full disk, a folder without permission.
    """
    cells = [f"r{i}" for i in range(len(source.names))]
    extra = [f"{column.expression} AS r{len(cells) + i}" for i, column in enumerate(added)]
    if plan is None:
        condition = "" if where is None else f" WHERE {where}"
        # DuckDB keeps the order of what it reads.
        order = " ORDER BY row" if isinstance(engine, SparkEngine) else ""
        query = f"SELECT {', '.join([*cells, *extra])} FROM {source.relation} AS source{condition}{order}"
    else:
        query = (
            f"SELECT {', '.join(['place', *cells, *extra])} FROM {source.relation} AS source JOIN {plan} USING (row)"
        )
        if synthetic is not None:
            query = f"{query} UNION ALL BY NAME SELECT * FROM {synthetic}"
        query = f"SELECT * EXCLUDE (place) FROM ({query}) ORDER BY place"
    names = (*source.names, *(column.name for column in added))
    return copy_to(engine, query, names, path, source)


def copy_to(engine: AnyEngine, query: str, names: Sequence[str], path: Path, source: Source) -> int:
    """Write a query's columns under these names in the source's format; return the number of rows."""
    if isinstance(engine, SparkEngine):
        return copy_with_spark(engine, query, names, path, source)
    columns = ", ".join(f"r{i}" for i in range(len(names)))
    if source.is_csv:
        texts = [f"CAST(r{i} AS VARCHAR)" for i in range(len(names))]
        # What was nothing between two delimiters is so again, and two quotes are two quotes; where there is one column,
        # nothing would be no row.
        texts = texts if len(names) > 1 else [f"coalesce({texts[0]}, '')"]
        cells = ", ".join(f"{text} AS {_quoted(name)}" for text, name in zip(texts, names, strict=True))
        options = (
            f"FORMAT csv, HEADER {str(source.has_header).lower()}, DELIMITER {quote_text(source.delimiter or ',')}, "
            "NULLSTR '', QUOTE '\"', ESCAPE '\"'"
        )
    else:
        # Where its statistics say that no cell is missing, DuckDB writes a column that none may be missing in; whether
        # it does, would hang on how the cells were made. Of TRY it knows nothing.
        cells = ", ".join(f"TRY(r{i}) AS {_quoted(name)}" for i, name in enumerate(names))
        described = engine.rows(f"DESCRIBE SELECT * FROM ({query})")
        types = {name: str(row[1]) for name, row in zip(names, described, strict=True)}
        options = f"FORMAT parquet, COMPRESSION snappy{key_value_metadata(source, types)}"
    statement = f"COPY (SELECT {cells} FROM ({query}) AS written({columns})) TO {quote_text(str(path))} ({options})"
    try:
        with engine.planning_for(len(names)):
            return int(engine.rows(statement)[0][0])
    except EngineError as error:
        raise refused(path, error.details) from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
